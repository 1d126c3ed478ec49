"""The words of a plot: its title, and what happens at each place where it breaks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from autodiff_cli.answers.contours import Contours
from autodiff_cli.answers.curve import Curve
from autodiff_cli.engine.breaks import Break, Kind
from autodiff_cli.errors import visible
from autodiff_cli.formats.signs import UNICODE
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import TERMINAL, expression
from autodiff_cli.graph.steps import steps
from autodiff_cli.views.head import formula as head_formula

#: Kind of a break → what is said of it.
WORDS: dict[Kind, str] = {
    "pole": "a pole, {left} on the left and {right} on the right",
    "jump": "a jump from {left} to {right}",
    "kink": "a kink, slope {lslope} on the left and {rslope} on the right",
    "vertical": "an upright place, slope {lslope} on the left and {rslope} on the right",
    "hole": "a hole: both sides tend to {left}, and the value is {value}",
    "end": "the real values end: {left} on the left and {right} on the right",
    "unsettled": "the values settle nowhere",
    "overflow": "beyond the range of float64",
}


#: How numbers are written.
Number = Callable[[float], str]


#: Characters of a formula in a title.
LONGEST = 62


#: Breaks that are told one by one.
TOLD = 12


def title(report: Curve | Contours, number: Number) -> str:
    """Return the formula as a title."""
    names = (report.name,) if isinstance(report, Curve) else report.names
    held = ", ".join(
        f"{visible(key)} = {limit(value, number)}" for key, value in held_values(report)
    )
    called = visible(report.graph.called)
    shown = f"{called}({', '.join(map(visible, names))}) = {formula(report.graph)}"
    return shown + (f"   with {held}" if held else "")


def formula(graph: Graph) -> str:
    """Return a formula that fits above a picture, with its named steps behind."""
    named = steps(graph, UNICODE.notation) if len(graph) <= LONGEST else []
    parts = [str(head_formula(graph, UNICODE)), *[f"{name} = {text}" for name, text in named]]
    text = visible(", ".join(parts))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 21]}…{text[-20:]}"


def held_values(report: Curve | Contours) -> Iterator[tuple[str, float]]:
    """Return the variables that do not move, with their values."""
    moving = {report.name} if isinstance(report, Curve) else set(report.names)
    return ((key, value) for key, value in report.at.items() if key not in moving)


def captions(report: Curve | Contours, number: Number, most: int = TOLD) -> Iterator[str]:
    """Yield what is said below the picture: of so many breaks at most, 0 for all."""
    called = visible(report.graph.called)
    if isinstance(report, Curve):
        if not report.pieces:
            low, high = (limit(end, number) for end in report.interval)
            yield (
                f"no finite value of {called} was found from {report.name} = {low} to {high}: "
                "there is nothing to draw"
            )
        for tangent in report.tangents:
            where = _pairs([report.name], [tangent.place], number)
            found = [tangent.value, tangent.slope]
            yield f"at {where}: {_pairs([called, f'{called}′'], found, number)}"
        told = report.breaks[: most or None]
        for place in told:
            yield said(report, place, number)
        if len(report.breaks) > len(told):
            yield f"and {len(report.breaks) - len(told)} more such places"
    else:
        yield _seen(report, called)
        for arrow in report.marks:
            slopes = [UNICODE.slope(called, name) for name in report.names]
            where = _pairs(report.names, arrow.place, number)
            yield f"at {where}: {_pairs(slopes, arrow.gradient, number)}"


def _seen(report: Contours, called: str) -> str:
    """Say what a picture over two variables shows; lines and arrows may be missing."""
    if any(level.lines for level in report.levels):
        return "lines of equal value; the arrows are the gradient, longer where it is steeper"
    if not report.arrows:
        return f"no finite value and slope of {called} was found there: there is nothing to draw"
    if len({arrow.value for arrow in report.arrows}) == 1:
        return f"{called} is the same wherever it was looked at: there is nothing to draw"
    return "no line of equal value was found; the arrows are the gradient"


def _pairs(names: Sequence[str], numbers: Sequence[float], number: Number) -> str:
    return ", ".join(
        f"{name} = {limit(value, number)}" for name, value in zip(names, numbers, strict=True)
    )


def said(report: Curve, place: Break, number: Number) -> str:
    """Say what happens at a break, and which node's condition it is."""
    names = report.graph.named()
    words = WORDS[place.kind].format(
        left=_side(place.left.value, place.left.defined, number),
        right=_side(place.right.value, place.right.defined, number),
        lslope=limit(place.left.slope, number),
        rslope=limit(place.right.slope, number),
        value=limit(place.value, number),
    )
    nodes = [
        visible(" = ".join(filter(None, (report.graph.names.get(node), names[node], text))))
        for node in place.nodes
        if node in names and (text := expression(report.graph, node, TERMINAL, names))
    ]
    why = f" ({', '.join(nodes[:3])})" if nodes else ""
    return f"{report.name} = {limit(place.x, number)}: {words}{why}"


def _side(value: float, defined: bool, number: Number) -> str:
    if not defined and math.isnan(value):
        return "no value"
    return limit(value, number)


def limit(value: float, number: Number) -> str:
    """Return a limit as a reader wants it: a number, ∞, or that there is none."""
    if math.isnan(value):
        return "none"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return number(value).replace("-", "−")
