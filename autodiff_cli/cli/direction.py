"""A direction by name, `x=1,y=-0.5`, as `jvp` and `hvp` take it."""

from __future__ import annotations

from autodiff_cli.cli.arguments import assignments
from autodiff_cli.cli.values import number
from autodiff_cli.errors import VariableError, shortened
from autodiff_cli.language.tokens import variable_name


def named_components(text: str) -> dict[str, float]:
    """Return name → component, for the names given.

    Raises:
        AutodiffError: a name stands twice, or a name or a number is wrong.
    """
    named: dict[str, float] = {}
    for spelling, value in assignments(text):
        name = variable_name(spelling)
        if name in named:
            raise VariableError(f"the direction has two components for '{shortened(name)}'")
        named[name] = number(f"the component of {shortened(name)}", value)
    return named
