"""Whether two answers differ by rounding alone: elementary functions that are some ulp off.

The program's own arithmetic again, each function's result moved by up to `ULPS` units in its last
place: a number between the answers so found is one that another library's functions may give.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from autodiff_cli.compiled.program import Program, program
from autodiff_cli.engine import rules
from autodiff_cli.ops.row import COMPARISON
from tests.roads.answers import Row
from tests.roads.cases import Case
from tests.roads.functions import EXACT

#: How far a library's function may be off, in ulp of its result, and how often this is tried.
ULPS, TRIALS = 4, 24


def explained(case: Case, point: Row, found: Row, right: Row) -> bool:
    """Tell whether an answer differs from the engine's by no more than rounding."""
    if all(map(_near, found, right)):
        return True
    code = program(case.graph, case.graph.variables)
    rows = [right, *(_moved(code, point, random.Random(trial)) for trial in range(TRIALS))]
    return all(map(_between, found, zip(*rows, strict=True)))


def flushed(case: Case, point: Row) -> bool:
    """Tell whether a number below float64's normal range arises: some libraries take it for 0."""
    return any(0 < abs(number) < 2.3e-308 for number in _numbers(case, point))


def _numbers(case: Case, point: Row) -> Iterator[float]:
    values = _run(program(case.graph, case.graph.variables), point, None)
    yield from values.values()


def _near(found: float, right: float) -> bool:
    """Tell whether two numbers agree to 1e-13, sign of 0, infinities and nan included."""
    if found != found or right != right:
        return found != found and right != right
    if found == right:
        return math.copysign(1.0, found) == math.copysign(1.0, right)
    return abs(found - right) <= 1e-13 * abs(right) < math.inf


def _between(found: float, reached: tuple[float, ...]) -> bool:
    """Tell whether a number lies among those reached, give or take twice their distance."""
    finite = [number for number in reached if math.isfinite(number)]
    if len(finite) < len(reached) and (finite or len(set(map(str, reached))) > 1):
        return True  # rounding decides what kind of number it is
    if any(_near(found, number) for number in reached):
        return True
    if not finite:
        return False
    low, high = min(finite), max(finite)
    beyond = 2 * (high - low)
    return low < high and low - beyond <= found <= high + beyond


def _moved(code: Program, point: Row, choose: random.Random) -> Row:
    values = _run(code, point, choose)
    return tuple(float(values[place]) for place in code.outputs)


def _run(code: Program, point: Row, choose: random.Random | None) -> dict[int, float]:
    """Return place → number; with `choose`, results of functions are moved."""
    values: dict[int, float] = dict(enumerate(point)) | code.constants
    for instruction in code.instructions:
        operation = instruction.operation
        result = rules.value(operation)(*[values[k] for k in instruction.operands])
        exact = operation.name in EXACT or operation.precedence == COMPARISON
        if choose is not None and not exact:
            result = _step(result, choose.randint(-ULPS, ULPS))
        values[instruction.result] = result
    return values


def _step(number: float, ulps: int) -> float:
    if number == 0 or not math.isfinite(number):
        return number
    return number + ulps * math.ulp(number)
