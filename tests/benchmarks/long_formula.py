"""One long formula, text to value and gradient: the time for each operation."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

from autodiff_cli import grad
from tests.benchmarks import peers
from tests.benchmarks.measure import OURS, Peak, Row, measured, timed


class Formula(NamedTuple):
    """A formula of any length: its text, its operations, its variables, and its builder."""

    name: str
    text: Callable[[int], str]
    operations: Callable[[int], int]
    variables: Callable[[int], int]
    build: peers.Build | None


FORMULAS = (
    Formula(
        "sum of sin(i*x)*y",
        lambda n: " + ".join(f"sin({i}*x)*y" for i in range(1, n + 1)),
        lambda n: 4 * n - 1, lambda n: 2, peers.sum_of_sines,
    ),
    Formula("chain of sines", lambda n: "sin(" * n + "x" + ")" * n, lambda n: n, lambda n: 1,
            peers.chain),
    Formula("product of n variables", lambda n: "*".join(f"x{k}" for k in range(1, n + 1)),
            lambda n: n - 1, lambda n: n, peers.product),
)  # fmt: skip

#: Measured alone: what is typed as statements.
STEPS = Formula(
    "named steps",
    lambda n: "; ".join(["s0 = x", *(f"s{k} = s{k - 1}*y + x" for k in range(1, n // 2 + 1))]),
    lambda n: n, lambda n: 2, None,
)  # fmt: skip

#: Terms → who is measured beside, the largest ratio to each that is accepted, and rounds.
SIZES = {
    1000: (("torch", "jax", "autograd", "micrograd", "casadi"), {"micrograd": 1.1}, 9),
    10_000: (("torch",), {"torch": 0.5}, 3),
}
AST = "ast.parse"


def rows() -> list[Row]:
    """Return one row for each formula and size, and one for each long formula."""
    found = []
    for formula in FORMULAS:
        for n, (names, limits, repeats) in SIZES.items():
            found.append(_against_peers(formula, n, names, limits, repeats))
    for formula in (*FORMULAS, STEPS):
        found += _growth(formula)
    return found


def _against_peers(
    formula: Formula, n: int, names: tuple[str, ...], limits: dict[str, float], repeats: int
) -> Row:
    text, count = formula.text(n), formula.variables(n)
    known = [f"x{k}" for k in range(1, count + 1)] if count > 2 else ["x", "y"][:count]
    at = dict.fromkeys(known, peers.POINT)
    runs = {OURS: timed(lambda: grad(text, at))}
    if n == 1000:
        runs[AST] = timed(lambda: ast.parse(text))
        limits = {**limits, AST: 1.8}
    for name in names:
        run = peers.RUNS[name]
        runs[name] = timed(lambda run=run: run(formula.build, n, count))
    what = f"{formula.name}, n = {n:,}"
    scale = 1e6 / formula.operations(n)
    return measured(what, "µs per operation", runs, limits, repeats, scale=scale)


def _growth(formula: Formula) -> list[Row]:
    """Return the time and the memory at 1,000,000 operations, each beside that at 10,000."""
    few, many = (alone(formula, operations) for operations in (10_000, 1_000_000))
    ratio = many[0] / few[0]
    what = f"{formula.name}, 1,000,000 operations"
    return [
        Row(what, "µs per operation", {OURS: many[0], "at 10,000": few[0]},
            {"at 10,000": ratio}, {"at 10,000": 1.3}, {}),
        Row(what, "bytes per node", {OURS: many[1], "limit": 600.0},
            {"limit": many[1] / 600}, {"limit": 1.0}, {}),
    ]  # fmt: skip


def alone(formula: Formula, operations: int) -> tuple[float, float]:
    """Return µs per operation and bytes per node, in a process of its own: the best of three."""
    command = [sys.executable, "-m", "tests.benchmarks.long_formula", formula.name, str(operations)]
    found = []
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(tuple(map(float, done.stdout.split())))
    return min(time for time, _ in found), min(size for _, size in found)


def main() -> None:
    """Differentiate the formula named on the command line and print its time and its memory."""
    formula = next(formula for formula in (*FORMULAS, STEPS) if formula.name == sys.argv[1])
    operations = int(sys.argv[2])
    n = operations // 4 if formula.operations(4) == 15 else operations
    text, count = formula.text(n), formula.variables(n)
    names = [f"x{k}" for k in range(1, count + 1)] if count > 2 else ["x", "y"][:count]
    at = dict.fromkeys(names, 1.0000001)
    kept = []
    with Peak() as peak:
        seconds = timed(lambda: kept.append(grad(text, at)))()
    print(1e6 * seconds / operations, peak.bytes / len(kept[0].graph))


if __name__ == "__main__":
    main()
