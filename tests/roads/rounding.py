"""Whether two answers differ by rounding alone: elementary functions that are some ulp off.

The program's own arithmetic again, each function's result moved by up to `ULPS` units in its last
place: a number between the answers so found is one that another library's functions may give.
"""

from __future__ import annotations

import math
import random

from autodiff_cli.compiled.program import Program, program
from autodiff_cli.engine import rules
from autodiff_cli.ops import DIVIDE
from autodiff_cli.ops.row import COMPARISON
from tests.roads.answers import Row
from tests.roads.cases import Case
from tests.roads.functions import EXACT

#: How far a library's function may be off, in ulp of its result, and how often this is tried.
ULPS, TRIALS = 4, 24

#: The same for libraries that are further off, and in a quotient too.
WIDER = {"jax": 16}


def explained(case: Case, point: Row, found: Row, right: Row, language: str = "") -> bool:
    """Tell whether an answer differs from the engine's by no more than rounding."""
    if all(map(_near, found, right)):
        return True
    code = program(case.graph, case.graph.variables)
    ulps = WIDER.get(language, ULPS)
    rows = [right, *(_moved(code, point, ulps, random.Random(trial)) for trial in range(TRIALS))]
    return all(map(_between, found, zip(*rows, strict=True)))


def departs(case: Case, point: Row, language: str) -> str:
    """Return what a library's own arithmetic does at a point as float64's does not, or ""."""
    code = program(case.graph, case.graph.variables)
    values = _run(code, point, 0, random.Random(0))
    if language == "jax" and any(map(_small, values.values())):
        return "numbers below 2.3e-308, which it takes for 0"
    for instruction in code.instructions if language == "torch" else ():
        operation, operands = instruction.operation, instruction.operands
        if operation.name == "fmod" and _many_times(values, *operands):
            return "fmod beyond 2^52 times the divisor, where it has nan"
        if operation is DIVIDE and operands[0] in code.constants and _small(values[operands[1]]):
            return "c/w below 2.3e-308, which it computes as 1/w times c"
    return ""


def _small(number: float) -> bool:
    return 0 < abs(number) < 2.3e-308


def _many_times(values: dict[int, float], place: int, divisor: int) -> bool:
    return not abs(rules.value(DIVIDE)(values[place], values[divisor])) < 2.0**52


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


def _moved(code: Program, point: Row, ulps: int, choose: random.Random) -> Row:
    values = _run(code, point, ulps, choose)
    return tuple(float(values[place]) for place in code.outputs)


def _run(code: Program, point: Row, ulps: int, choose: random.Random) -> dict[int, float]:
    """Return place → number, the results of functions moved by up to so many ulp."""
    values: dict[int, float] = dict(enumerate(point)) | code.constants
    for place, number in code.constants.items():
        if number != float(f"{number:.9g}"):  # no literal: compilers compute it as they like
            values[place] = _step(number, choose.randint(-ulps, ulps))
    for instruction in code.instructions:
        operation = instruction.operation
        result = rules.value(operation)(*[values[k] for k in instruction.operands])
        exact = operation.name in EXACT or operation.precedence == COMPARISON
        if not exact or (operation is DIVIDE and ulps > ULPS):
            result = _step(result, choose.randint(-ulps, ulps))
        values[instruction.result] = result
    return values


def _step(number: float, ulps: int) -> float:
    if number == 0 or not math.isfinite(number):
        return number
    return number + ulps * math.ulp(number)
