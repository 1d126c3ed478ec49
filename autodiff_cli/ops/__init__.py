"""The operation table, one row an operation: the one place where it is declared.

A new function is one row in the family it belongs to; everything else reads the table.
"""

from __future__ import annotations

import copyreg
import math

from autodiff_cli.ops import (
    activation,
    arithmetic,
    exponential,
    hyperbolic,
    piecewise,
    reciprocal,
    signal,
    trigonometric,
)
from autodiff_cli.ops.row import Operation

FAMILIES: dict[str, tuple[Operation, ...]] = {
    "arithmetic": arithmetic.ROWS,
    "exponentials and logarithms": exponential.ROWS,
    "trigonometric": trigonometric.ROWS,
    "hyperbolic": hyperbolic.ROWS,
    "reciprocals and their inverses": reciprocal.ROWS,
    "pieces": piecewise.ROWS,
    "activations": activation.ROWS,
    "signals": signal.ROWS,
}

OPERATIONS: tuple[Operation, ...] = tuple(row for rows in FAMILIES.values() for row in rows)

#: What stands at the leaves of a graph: rows without a rule, in no family.
VARIABLE = Operation(name="variable", rules=(), summary="variable")
CONSTANT = Operation(name="constant", rules=(), summary="constant")

_BY_NAME = {(row.name, len(row.rules)): row for row in (*OPERATIONS, VARIABLE, CONSTANT)}


def find(name: str, arity: int) -> Operation:
    """Return the row with this name and number of rules."""
    return _BY_NAME[name, arity]


# A row is pickled, and copied, as its name: what comes back is the row of the table itself.
copyreg.pickle(Operation, lambda row: (find, (row.name, len(row.rules))))


ADD = find("add", 1)
SUBTRACT = find("subtract", 2)
NEGATE = find("negate", 1)
MULTIPLY = find("multiply", 2)
DIVIDE = find("divide", 2)
POWER = find("power", 2)
SQRT = find("sqrt", 1)
ABS = find("abs", 1)
WHERE = find("where", 3)
COMPARISONS = {row.symbol: row for row in piecewise.COMPARISONS}

#: Name or alias in a call → the rows it may mean, which differ in arity.
FUNCTIONS: dict[str, tuple[Operation, ...]] = {}
for _row in OPERATIONS:
    if not _row.symbol:
        for _name in (_row.name, *_row.aliases):
            FUNCTIONS[_name] = (*FUNCTIONS.get(_name, ()), _row)

#: Constants of the language → (the name they are equal under, value).
CONSTANTS = {"e": ("e", math.e), "pi": ("pi", math.pi), "π": ("pi", math.pi)}
