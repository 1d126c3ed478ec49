"""Text templates: a program as a Python function, for floats or for one block of arrays.

The only text that is run is written here: names are v0, v1, … by place, functions the table's,
numbers their repr. Nothing that a user typed is in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from autodiff_cli.compiled.program import Instruction, Program
from autodiff_cli.engine import rules
from autodiff_cli.ops import DIVIDE, POWER, WHERE


def defined(source: str, name: str, functions: Mapping[str, Any]) -> Callable[..., Any]:
    """Run the definition of one function that a template of this package wrote, and return it."""
    space = dict(functions)
    exec(source, space)  # noqa: S102 (see the docstring above)
    found: Callable[..., Any] = space[name]
    return found


def number(value: float) -> str:
    """Return a constant as Python text; `inf` and `nan` are names that functions are given."""
    return repr(value) if value >= 0 else f"({value!r})"


def scalar_source(program: Program) -> str:
    """Return a function of floats that raises where `math` does, and asks `otherwise` then.

    Its answer is (value, (derivative, …)). Whatever is not a float is asked of `otherwise` too.
    """
    places = range(len(program.variables))
    names = {place: f"v{place}" for place in places}
    names |= {place: number(value) for place, value in program.constants.items()}
    lines = []
    for instruction in program.instructions:
        result = names[instruction.result] = f"v{instruction.result}"
        operands = [names[operand] for operand in instruction.operands]
        lines.append(f"            {result} = {_expression(instruction, operands)}")
    value, *slopes = [names[output] for output in program.outputs]
    lines.append(f"            return {value}, ({''.join(f'{slope}, ' for slope in slopes)})")
    given = "".join(f"v{place}=missing, " for place in places)
    passed = ", ".join([*(f"v{place}" for place in places), "*more"])
    floats = " and ".join(f"type(v{place}) is float" for place in places) or "True"
    return "\n".join(
        [
            f"def value_and_gradient({given}*more):",
            f"    if {floats} and not more:",
            "        try:",
            *lines,
            "        except raised:",
            "            pass",
            f"    return otherwise({passed})",
            "",
        ]
    )


def _expression(instruction: Instruction, operands: list[str]) -> str:
    operation = instruction.operation
    if operation.python:
        if len(operands) == 1:
            return f"{operation.python}{operands[0]}"
        return f" {operation.python} ".join(operands)
    if operation is DIVIDE:
        return " / ".join(operands)
    if operation is WHERE:
        return f"{operands[1]} if {operands[0]} else {operands[2]}"
    return f"{operation.name}({', '.join(operands)})"


def scalar_function(program: Program, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function of floats.

    Args:
        program: what it computes.
        otherwise: a function of the same arguments, for all that is not an ordinary float.
    """
    functions = {
        name: getattr(function, "__wrapped__", function)
        for name, function in rules.scalar_functions().items()
    }
    functions |= {
        POWER.name: math.pow, "inf": math.inf, "nan": math.nan, "raised": rules.RAISED,
        "otherwise": otherwise, "missing": MISSING,
    }  # fmt: skip
    return defined(scalar_source(program), "value_and_gradient", functions)


class _Missing:
    """What stands for an argument that was not given."""


MISSING = _Missing()
