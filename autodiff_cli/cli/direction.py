"""A direction as `jvp` and `hvp` take it: one number a variable, or by name, `x=1,y=-0.5`."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff_cli.cli.arguments import assignments
from autodiff_cli.cli.values import number, split
from autodiff_cli.engine.point import components
from autodiff_cli.errors import AutodiffError, VariableError, shortened
from autodiff_cli.language.tokens import variable_name


def read_direction(text: str | None, variables: Sequence[str]) -> dict[str, float]:
    """Read `1,0` in the order of the variables, or `x=1,y=0` with 0 for those left out.

    Raises:
        AutodiffError: there is none, or a name or a number of it is wrong.
    """
    example = ",".join(["1", *["0"] * (min(len(variables), 8) - 1)])
    if text is None and not variables:
        return {}
    if text is None:
        shown = ", ".join(variables[:8]) + (", …" if len(variables) > 8 else "")
        mend = f"write --direction {example}, one number for each of {shown}"
        raise AutodiffError("no direction", mend=mend)
    if "=" in text:
        return components(variables, _named(text))
    parts = split(text) if text.strip() else []
    return components(variables, [number("the direction", part) for part in parts])


def _named(text: str) -> dict[str, float]:
    """Return name → component, for the names given."""
    named: dict[str, float] = {}
    for spelling, value in assignments(text):
        name = variable_name(spelling)
        if name in named:
            raise VariableError(f"the direction has two components for '{shortened(name)}'")
        named[name] = number(f"the component of {shortened(name)}", value)
    return named
