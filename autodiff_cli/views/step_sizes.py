"""Differences over falling steps on the screen: a table, a chart, and why it is V-shaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Signs
from autodiff_cli.methods.step_sizes import Curve, Sweep
from autodiff_cli.views.chart import chart

#: What stands before the smallest error of a column.
BEST = "*"

#: Method → how its error falls with h, and the power of epsilon that is its best h.
ORDER = {"forward": ("h", "the square root"), "central": ("h²", "the cube root")}


def write(out: Format, sweeps: Mapping[str, Sequence[Sweep]], function: str) -> None:
    """Write what differences in each variable answer, and once what to learn from it."""
    told: set[str] = set()
    for name, several in sweeps.items():
        for sweep in several:
            out.line()
            _sweep(out, sweep, name, function)
            lessons = [text for text in _lessons(sweep, function, bool(told)) if text not in told]
            if lessons:
                out.line()
            for text in lessons:
                out.paragraph(text, hanging=0)
            told.update(lessons)


def _sweep(out: Format, sweep: Sweep, name: str, function: str) -> None:
    """Write the table and the chart of one sweep."""
    slope = out.signs.slope(function, name)
    precision = "" if sweep.precision == "float64" else f" in {sweep.precision}"
    out.paragraph(slope, f" by differences with step h{precision}: errors against {sweep.against}")
    out.table(_table(sweep, out.signs))
    _best(out, sweep)
    sizes = [[None if e is None else abs(e) for e in curve.errors] for curve in sweep.curves]
    lines = chart([step.h for step in sweep.steps], (sizes[0], sizes[1]), out.signs, out.columns)
    if lines:
        first, second, both = out.signs.marks
        out.line()
        out.paragraph(f"error against h: {first} forward, {second} central, {both} both")
        out.figure(lines)


def _table(sweep: Sweep, signs: Signs) -> Grid:
    cells = [
        (f"{step.h:.0e}", *[_error(curve, place, step.h, signs) for curve in sweep.curves])
        for place, step in enumerate(sweep.steps)
    ]
    return Grid(("h", "forward error", "central error"), tuple(cells))


def _error(curve: Curve, place: int, h: float, signs: Signs) -> str:
    error = curve.errors[place]
    if error is None:
        return "none"
    shown = signs.small(abs(error))
    return signs.formula(f"{BEST} {shown}") if h == curve.best else shown


def _best(out: Format, sweep: Sweep) -> None:
    found = [f"{curve.method} {curve.best:.0e}" for curve in sweep.curves if curve.best is not None]
    if found:
        out.paragraph(f"best h ({BEST}): {', '.join(found)}")


def _lessons(sweep: Sweep, function: str, again: bool) -> list[str]:
    """Return why the curves look as they do; `again`, where it was said before, in short."""
    said = []
    valleys = [curve.method for curve in sweep.curves if curve.shape == "valley"]
    if valleys:
        valley = _valley_again if again else _valley
        said.append(valley(sweep, valleys, function))
    for shape, text in SHAPES.items():
        methods = [curve.method for curve in sweep.curves if curve.shape == shape]
        if methods:
            said.append(text.format(_named(methods)))
    return said


#: Shape of a curve → why, with the methods that have it.
SHAPES = {
    "rounding": "Nothing is cut off for {} here: the Taylor series ends before. What is left is "
    "rounding, which is divided by h, so the largest steps are the best.",
    "exact": "No error at any step for {}: nothing is cut off, and no rounding shows.",
    "falling": "For {} the error falls to the smallest step: rounding does not show here.",
    "flat": "Smaller steps do not help {}: the error hardly changes. That is so at a kink or a "
    "jump, where the slopes on the two sides differ; the central difference finds their mean.",
    "missing": "There is no error to show for {}: the derivative or the differences have no "
    "finite value.",
}


def _named(methods: list[str]) -> str:
    difference = "difference" if len(methods) == 1 else "differences"
    return f"the {' and the '.join(methods)} {difference}"


def _valley(sweep: Sweep, methods: list[str], function: str) -> str:
    falls = " and ".join(
        f"with {ORDER[method][0]} for the {method} difference" for method in methods
    )
    return (
        "Why a V: on the right h is large, and the difference cuts off the rest of the Taylor "
        f"series (truncation), which falls {falls}. On the left h is small: two almost equal "
        "numbers are subtracted, and their rounding, about epsilon = "
        f"{sweep.epsilon:.1e} times {function}, is divided by h and grows. The best h is where "
        f"both are equal, near {_balance(sweep, methods)}. Automatic differentiation has neither: "
        "it takes no step."
    )


def _valley_again(sweep: Sweep, methods: list[str], function: str) -> str:
    return (
        f"The V again: rounding is about epsilon = {sweep.epsilon:.1e} times {function} in "
        f"{sweep.precision}, so expect the best h near {_balance(sweep, methods)}."
    )


def _balance(sweep: Sweep, methods: list[str]) -> str:
    """Return where truncation and rounding are equal, by the rule of thumb."""
    powers = {"forward": sweep.epsilon ** (1 / 2), "central": sweep.epsilon ** (1 / 3)}
    places = [
        f"{ORDER[method][1]} of epsilon for the {method} one ({powers[method]:.0e})"
        for method in methods
    ]
    return f"{' and '.join(places)}, times the size of x"
