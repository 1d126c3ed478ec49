"""Every method beside each other on the screen: a table a variable, costs and claims below."""

from __future__ import annotations

from autodiff_cli.answers.compare import Comparison, Operations
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.screen import Screen
from autodiff_cli.graph.printer import number
from autodiff_cli.methods.claim import Claim
from autodiff_cli.views import sampled as many
from autodiff_cli.views import step_sizes as steps
from autodiff_cli.views.gradient import program_text
from autodiff_cli.views.point import point_text
from autodiff_cli.views.sampled import shown


def write(screen: Screen, report: Comparison) -> None:
    """Write a table for each variable, the operations, the claims and the verdict."""
    if report.question.at_a_point:
        screen.line(f"f = {number(report.answer.value)}")
    for name in report.methods:
        screen.line()
        _methods(screen, report, name)
    steps.write(screen, report.sweeps)
    if report.points is not None:
        many.write(screen, report, report.points)
    elif report.question.points:
        screen.paragraph("nothing to sample points for: there is no derivative")
    screen.line()
    _operations(screen, report.operations)
    for claim in report.claims:
        _claim(screen, claim)
    screen.line(f"verdict: {report.verdict}")


def _methods(screen: Screen, report: Comparison, name: str) -> None:
    """Write one variable's methods, with SymPy's 30 digits as the yardstick."""
    slope = screen.alphabet.slope("f", name)
    symbolic = (report.answer.symbolic or {}).get(name)
    if symbolic is not None:
        screen.paragraph(f"{slope} = {program_text(symbolic.derivative)} (SymPy)")
    digits = report.digits.get(name)
    if digits is not None:
        screen.paragraph(f"{slope} = {digits} (SymPy, 30 digits)")
    cells = []
    reasons = []
    for row, error in zip(report.methods[name], report.errors[name], strict=True):
        if row.value is None:
            reasons.append(f"{row.method}: {row.reason}")
            continue
        cells.append((row.method, number(row.value), shown(error), _time(row.seconds)))
    screen.table(Grid((slope, "value", "error", "time"), tuple(cells), frozenset((0,))))
    for reason in reasons:
        screen.paragraph(reason)


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else f"{seconds:.2f} s"


def _operations(screen: Screen, found: Operations) -> None:
    screen.paragraph(f"operations of the value: {found.value:,}")
    if found.reverse is not None:
        screen.paragraph(
            f"operations of the value and the gradient: {found.reverse:,} by reverse mode, "
            f"{found.forward:,} by forward mode"
        )
    if found.symbolic is not None:
        written, shared = found.symbolic
        screen.paragraph(
            f"operations in SymPy's derivatives: {written:,} as written, "
            f"{shared:,} with common parts shared"
        )


def _claim(screen: Screen, one: Claim) -> None:
    wrong = one.disagreement
    slope = screen.alphabet.slope("f", one.name)
    if wrong is None:
        places = [] if len(one.points) == one.sampled else ["at the point"]
        places += [f"at {one.sampled} {'others' if places else 'sampled points'}"]
        screen.paragraph(f"claim {slope} = {one.text}: agrees with autodiff {' and '.join(places)}")
        return
    screen.paragraph(f"claim {slope} = {one.text}: WRONG at {point_text(dict(wrong.at))}")
    screen.line(f"  the claim gives  {number(wrong.claimed)}")
    screen.line(f"  autodiff finds   {number(wrong.found)}")
