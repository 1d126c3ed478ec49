"""Intervals of variables, `--x=-2..2`, among the values of a command that draws."""

from __future__ import annotations

from autodiff_cli.cli.arguments import assignments
from autodiff_cli.cli.options import Values
from autodiff_cli.cli.request import Request
from autodiff_cli.cli.values import number
from autodiff_cli.errors import VariableError, shortened
from autodiff_cli.language.tokens import variable_name
from autodiff_cli.ops import CONSTANTS

#: Where a variable without an interval or a value runs, and how far on both sides of a value.
WIDE = 5.0

#: Variables that a picture can move.
MOST = 2

Interval = tuple[float, float]


def split(values: Values) -> tuple[dict[str, Interval], Values, frozenset[str]]:
    """Return the variables that run over an interval, and the other values.

    The last answer are variables that got a value only because the language has a constant of
    their name, `e` or `pi`, which they are not.

    Raises:
        AutodiffError: an end is no number, or a variable has two intervals.
    """
    found: dict[str, Interval] = {}
    kept: list[str] = []
    for text in values.at or ():
        for spelling, value in assignments(text):
            low, dots, high = value.partition("..")
            if not dots:
                kept.append(f"{spelling}={value}")
                continue
            name = variable_name(spelling)
            if name in found:
                message = f"the variable '{shortened(name)}' has two intervals"
                raise VariableError(message, mend=f"write one: --{name}=-2..2")
            found[name] = (number(name, low), number(name, high))
    given = {variable_name(text.partition("=")[0]) for text in kept}
    constants = frozenset(name for name in found if name in CONSTANTS and name not in given)
    kept += [f"{name}=0" for name in found if name in constants]
    return found, values._replace(at=kept), constants


def moving(asked: Request, intervals: dict[str, Interval]) -> dict[str, Interval]:
    """Return the variables that a picture moves, each with its interval, in the formula's order.

    Those with an interval; else those without a value; else the only one, around its value.

    Raises:
        VariableError: there are none, more than two, or an interval for what is no variable.
    """
    variables = asked.graph.variables
    for name in intervals:
        if name not in variables:
            has = ", ".join(variables[:8]) or "none"
            message = f"the expression has no variable '{shortened(name)}'"
            raise VariableError(message, mend=f"its variables are: {has}")
    free = [name for name in variables if name not in asked.given]
    names = [name for name in variables if name in intervals or name in free]
    if not names:
        names = list(variables)
    if not names:
        raise VariableError("the formula has no variable to draw it over", mend="write one with x")
    if len(names) > MOST:
        shown = ", ".join(shortened(name) for name in names[:8])
        held = " ".join(f"--{shortened(name)} 1" for name in names[MOST:4])
        raise VariableError(
            f"a picture moves one variable or two, not {len(names)}: {shown}",
            mend=f"give the others values: {held}",
        )
    return {name: intervals.get(name) or _around(asked, name) for name in names}


def _around(asked: Request, name: str) -> Interval:
    """Return an interval around the values of a variable that has none, or around 0."""
    given = asked.given.get(name, 0.0)
    places = given if isinstance(given, list) else [given]
    return min(places) - WIDE, max(places) + WIDE
