"""What `taylor` says: the polynomial, where its derivatives come from, and how near it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.taylor import Development
from autodiff_cli.errors import visible
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid, ends
from autodiff_cli.formats.signs import PLAIN, UNICODE, Formula, Rounding, Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.views.axes import drawn
from autodiff_cli.views.beside import error
from autodiff_cli.views.braille import lines
from autodiff_cli.views.captions import Number, formula
from autodiff_cli.views.figure import Axis, Figure, Panel, Spots, Trail, spread
from autodiff_cli.views.head import called, notes_payload, write_head, write_notes
from autodiff_cli.views.higher import write_orders
from autodiff_cli.views.shapes import Picture
from autodiff_cli.views.svg import svg

if TYPE_CHECKING:
    from autodiff_cli.answers.curve import Curve

#: Digits of numbers in a picture, unless more are asked for.
DIGITS_DRAWN = 6

#: Orders of a polynomial that is written in full; of a longer one the middle is left out.
SHORT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """Taylor's polynomial, with the curve that it is drawn against.

    Attributes:
        answer: the polynomial.
        curve: the function around the point; None where it is not drawn.
        plot: draw in the terminal too.
        ascii: without Braille.
    """

    answer: Development
    curve: Curve | None = None
    plot: bool = False
    ascii: bool = False

    @property
    def verdict(self) -> str:
        """The worst verdict on the derivatives."""
        return self.answer.verdict


def write(out: Format, report: Developed) -> None:
    """Write the formula, the polynomial, its derivatives with SymPy's, and the remainder."""
    answer = report.answer
    found, signs = answer.found, out.signs
    write_head(out, found.graph, dict(found.at))
    polynomial = found.polynomial
    if polynomial is None:
        out.line()
        out.paragraph(
            "no polynomial: a derivative is no finite number there, or its coefficient is none"
        )
    else:
        text = expression(polynomial, polynomial.outputs[0], signs.notation)
        shown = text if len(found.derivatives) <= SHORT else signs.brief(text)
        out.line()
        out.paragraph(signs.formula(f"{_name(report, signs)} = {shown}"))
    out.line()
    write_orders(out, answer.judged)
    if polynomial is not None:
        out.line()
        _remainder(out, report)
    if report.curve is not None and polynomial is not None:
        _draw(out, report)
    write_notes(out, answer.notes)


def _name(report: Developed, signs: Signs, order: int | None = None) -> Formula:
    """Return what the polynomial is called: P(x)."""
    found = report.answer.found
    letter = "P" if "P" not in (found.graph.called, *found.graph.variables) else "T"
    if order is not None:
        return signs.formula(f"{letter}{order}")
    return signs.formula(f"{signs.name(letter)}({signs.name(found.name)})")


def _remainder(out: Format, report: Developed) -> None:
    """Write how the polynomials of each degree come nearer at the second point."""
    answer, signs = report.answer, out.signs
    found, number = answer.found, signs.number
    name = signs.name(found.name)
    function = signs.name(called(found.graph))
    out.paragraph(
        "at ", signs.formula(f"{name} = {number(answer.to)}"), ", where ",
        signs.formula(f"{function} = {number(answer.value)}"), ":",
    )  # fmt: skip
    rows = list(enumerate(zip(found.coefficients, answer.sums, strict=True)))
    kept, skipped = ends(rows, out.rows)
    cells = tuple(
        (
            str(order),
            number(coefficient),
            number(total),
            error(answer.value - total, signs) if math.isfinite(answer.value) else "",
        )
        for order, (coefficient, total) in kept
    )
    headings = ("degree", "coefficient", "polynomial", "remainder")
    out.line()
    out.table(Grid(headings, cells, frozenset(), skipped))
    out.line()
    parts: list[str] = ["remainder: ", number(answer.remainder)]
    if answer.following and math.isfinite(answer.following):
        parts += ["; the first term that is left out is ", number(answer.following)]
    out.paragraph(*parts)


def _draw(out: Format, report: Developed) -> None:
    if out.PICTURES:
        out.line()
        out.image(svg(drawn(figure(report, out.signs.number))))
    elif out.DRAWS and report.plot:
        signs = PLAIN if report.ascii else out.signs
        out.line()
        (panel,) = figure(report, signs.number).panels
        out.figure(lines(panel, signs, out.columns))


def figure(report: Developed, number: Number) -> Figure:
    """Return the polynomial against the function, as one panel."""
    answer, curve = report.answer, report.curve
    assert curve is not None
    found = answer.found
    values: list[float] = []
    spans: list[float] = []
    for piece in curve.pieces:
        values += piece.values
        spans += [1.0] * len(piece.values)
    cut = any(place.kind in ("pole", "overflow") for place in curve.breaks)
    low, high = spread(values, spans, cut)
    across = Axis(low=curve.interval[0], high=curve.interval[1], name=found.name)
    count = 240
    step = (across.high - across.low) / count
    places = [across.low + k * step for k in range(count + 1)]
    polynomial = tuple((x, found(x)) for x in places)
    called_it = f"{visible(found.graph.called)}({visible(found.name)})"
    trails = [
        Trail(points=tuple(zip(piece.places, piece.values, strict=True)), style="curve",
              name="" if k else called_it)
        for k, piece in enumerate(curve.pieces)
    ]  # fmt: skip
    degree = len(found.coefficients) - 1
    trails.append(Trail(points=polynomial, style="tangent", name=f"polynomial of degree {degree}"))
    points = ((found.centre, found.derivatives[0]), (answer.to, answer.value))
    spots = Spots(points=tuple(p for p in points if math.isfinite(p[1])), style="point")
    panel = Panel(
        across=across, up=Axis(low=low, high=high), trails=tuple(trails), spots=(spots,),
        height=360.0,
    )  # fmt: skip
    return Figure(
        title=f"{called_it} = {formula(found.graph)}",
        description=f"The function and its Taylor polynomial of degree {degree} at "
        f"{visible(found.name)} = {number(found.centre)}.",
        panels=(panel,),
        captions=(
            f"at {visible(found.name)} = {number(answer.to)} the remainder is "
            f"{number(answer.remainder)}",
        ),
    )


def picture(report: Developed, digits: int | None = None) -> Picture:
    """Return the picture, numbers rounded to so many digits, 0 not at all."""
    rounding = Rounding(DIGITS_DRAWN if digits is None else digits)
    return drawn(figure(report, UNICODE.rounding(rounding).number))


def payload(report: Developed) -> dict[str, Any]:
    """Return `autodiff.taylor/1`."""
    answer = report.answer
    found = answer.found
    symbolic: list[Any] | None = [
        None
        if entry.symbolic is None
        else {"derivative": entry.symbolic.derivative, "value": entry.symbolic.value}
        for entry in answer.judged.entries
    ]
    if symbolic and None in symbolic:
        symbolic = None
    polynomial = found.polynomial
    return {
        "schema": "autodiff.taylor/1",
        "expression": answer.expression,
        "at": dict(found.at),
        "variable": found.name,
        "value": found.derivatives[0],
        "derivatives": list(found.derivatives[1:]),
        "symbolic": symbolic,
        "coefficients": list(found.coefficients),
        "polynomial": None if polynomial is None else str(polynomial),
        "to": answer.to,
        "remainder": {
            "value": answer.value,
            "polynomials": list(answer.sums),
            "remainder": answer.remainder,
            "following": answer.following,
        },
        "verdict": answer.verdict,
        "notes": notes_payload(answer.notes),
    }
