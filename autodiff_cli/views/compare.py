"""Every method beside each other: a table a variable, claims above and costs below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.compare import Comparison, Operations
from autodiff_cli.answers.sampled import Points
from autodiff_cli.errors import AutodiffError, visible
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.methods.step_sizes import Sweep
from autodiff_cli.views import claim, sampled, step_sizes
from autodiff_cli.views.beside import error, symbolic_text, write_shorter
from autodiff_cli.views.gradient import answer_payload, reason
from autodiff_cli.views.head import called, value_of, write_head, write_notes

if TYPE_CHECKING:
    from autodiff_cli.views.shapes import Picture


def write(out: Format, report: Comparison) -> None:
    """Write the claims, a table for each variable, the operations and the verdict."""
    question = report.question
    write_head(out, question.graph, question.given if question.at_a_point else {})
    for one in report.claims:
        claim.write(out, one, called(report.question.graph))
    if report.claims:
        out.line()
    if question.at_a_point:
        out.line(value_of(question.graph, float(report.answer.value), out.signs))
    for name in report.methods:
        out.line()
        _methods(out, report, name)
    step_sizes.write(out, report.sweeps, called(report.question.graph))
    if report.points is not None:
        sampled.write(out, report, report.points)
    elif question.points:
        out.paragraph("nothing to sample points for: there is no derivative")
    out.line()
    _operations(out, report.operations)
    why = reason(report.answer) if report.verdict == report.answer.verdict else ""
    out.paragraph(f"verdict: {report.verdict}{_blamed(report) or why}")
    write_notes(out, report.answer.notes)


def _methods(out: Format, report: Comparison, name: str) -> None:
    """Write one variable's methods, with SymPy's 30 digits as the yardstick."""
    slope = out.signs.slope(called(report.question.graph), name)
    symbolic = (report.answer.symbolic or {}).get(name)
    if symbolic is not None:
        text = symbolic_text(symbolic, out.signs)
        out.paragraph(slope, " = ", text, " (SymPy)")
        write_shorter(out, slope, symbolic.shorter)
    digits = report.digits.get(name)
    if digits is not None:
        out.paragraph(slope, f" = {digits} (SymPy, 30 digits)")
    cells = []
    reasons = []
    for row, off in zip(report.methods[name], report.errors[name], strict=True):
        if row.value is None:
            reasons.append(f"{row.method}: {row.reason}")
            continue
        value, mistake = out.signs.number(row.value), error(off, out.signs)
        cells.append((row.method, value, mistake, _time(row.seconds)))
    out.table(Grid((slope, "value", "error", "time"), tuple(cells), frozenset((0,))))
    for text in reasons:
        out.paragraph(text)


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else f"{seconds:.2f} s"


def _operations(out: Format, found: Operations) -> None:
    out.paragraph(f"operations of the value: {found.value:,}")
    if found.reverse is not None:
        out.paragraph(
            f"operations of the value and the gradient: {found.reverse:,} by reverse mode, "
            f"{found.forward:,} by forward mode"
        )
    if found.symbolic is not None:
        written, shared = found.symbolic
        out.paragraph(
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


def picture(report: Comparison, digits: int | None = None) -> Picture:
    """Return the errors of differences against the step size.

    Raises:
        AutodiffError: no step sizes were tried, or nothing has an error.
    """
    from autodiff_cli.views import error_curves
    from autodiff_cli.views.axes import drawn
    from autodiff_cli.views.captions import formula

    if not report.sweeps:
        raise AutodiffError("the picture of compare is of step sizes", mend="add --steps")
    figure = error_curves.figure(
        formula(report.question.graph), report.sweeps, visible(report.question.graph.called)
    )
    if not figure.panels:
        raise AutodiffError("there is no error to draw", mend="leave the picture out")
    return drawn(figure)


def payload(report: Comparison) -> dict[str, Any]:
    """Return `autodiff.compare/1`: what `grad --json` has, and every method beside it."""
    methods = {
        name: [
            {
                "method": row.method,
                "value": row.value,
                "error": off,
                "seconds": row.seconds,
                "reason": row.reason or None,
            }
            for row, off in zip(rows, report.errors[name], strict=True)
        ]
        for name, rows in report.methods.items()
    }
    points, names = report.points, report.question.graph.variables
    sweeps = {name: list(map(_sweep, several)) for name, several in report.sweeps.items()}
    return {
        **answer_payload(report.answer),
        "schema": "autodiff.compare/1",
        "verdict": report.verdict,
        "digits": dict(report.digits),
        "methods": methods,
        "operations": asdict(report.operations),
        "claims": [claim.payload(one) for one in report.claims],
        "steps": sweeps or None,
        "points": None if points is None else _points(points, names),
    }


def _sweep(sweep: Sweep) -> dict[str, Any]:
    return {
        "precision": sweep.precision,
        "against": sweep.against,
        "best": {curve.method: curve.best for curve in sweep.curves},
        "shape": {curve.method: curve.shape for curve in sweep.curves},
        "rows": [step._asdict() for step in sweep.steps],
    }


def _points(points: Points, names: Sequence[str]) -> dict[str, Any]:
    return {
        "asked": points.asked,
        "found": len(points.at),
        "at": {name: [point[name] for point in points.at] for name in names},
        "against": points.against,
        "reason": points.reason or None,
        "unmeasured": dict(points.unmeasured),
        "verdict": points.verdict,
        "worst": {
            name: [{**row._asdict(), "reason": row.reason or None} for row in rows]
            for name, rows in points.worst.items()
        },
    }
