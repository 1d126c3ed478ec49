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
    """Write the claims, a table for each variable, the operations and the verdict."""
    for claim in report.claims:
        _claim(screen, claim)
    if report.claims:
        screen.line()
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
    screen.line(f"verdict: {report.verdict}{_blamed(report)}")


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


def _blamed(report: Comparison) -> str:
    """Return which claims a verdict on claims is about, and then what SymPy says."""
    names = [one.name for one in report.claims if one.outcome == report.verdict]
    if not names:
        return ""
    claims = "claim" if len(names) == 1 else "claims"
    return f" (the {claims} for {', '.join(names)}; autodiff and SymPy: {report.calculus})"


def _claim(screen: Screen, one: Claim) -> None:
    """Write a claim and how it stands."""
    claimed = f"claim {screen.alphabet.slope('f', one.name)} = {one.text}"
    wrong = one.disagreement
    if wrong is not None:
        screen.paragraph(f"{claimed}: WRONG at {point_text(dict(wrong.at))}")
        screen.line(f"  the claim gives  {number(wrong.claimed)}")
        screen.line(f"  autodiff finds   {number(wrong.found)}")
        return
    screen.paragraph(f"{claimed}: {_outcome(one)}")
    if one.unreached:
        screen.paragraph(f"no point was found with {', '.join(one.unreached)}: not tried there")


def _outcome(one: Claim) -> str:
    """Say how a claim stands that is not wrong."""
    given = len(one.points) > one.sampled
    if one.outcome == "undecided":
        why = "at most points there is no number, or none that rounding leaves alone"
        return f"undecided: {why if one.points else 'no point inside the domain was found'}"
    if given and not one.sampled:
        first = "agrees with autodiff at the point"
    else:
        many = one.told - (one.points[0].agrees is not None if given else 0)
        first = f"agrees with autodiff at the point and at {many} others"
        if not given:
            first = f"agrees with autodiff at {many} sampled points"
    side = next((point.side for point in one.points if point.side), "")
    if side:
        return (
            f"right on the {side} alone: the point is a kink, where there is no one slope, and "
            f"autodiff uses {number(one.points[0].found)}"
        )
    return first
