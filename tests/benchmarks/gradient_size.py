"""Print what a gradient costs in n variables: run `python -m tests.benchmarks.gradient_size`."""

from __future__ import annotations

import time

from autodiff_cli.engine.cost import counts
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read

SIZES = (10, 100, 1000, 10_000, 100_000)


def product(n: int) -> Graph:
    """Return x1·x2·…·xn."""
    return read(["*".join(f"x{k}" for k in range(1, n + 1))]).graph


def rosenbrock(n: int) -> Graph:
    """Return Rosenbrock's function in n variables."""
    terms = (f"100*(x{k + 1} - x{k}^2)^2 + (1 - x{k})^2" for k in range(1, n))
    return read([" + ".join(terms)]).graph


def main() -> None:
    """Print one row for each function and size; stop where a bound does not hold."""
    heads = f"{'value':>10}{'reverse':>10}{'× value':>9}{'forward × value':>17}"
    print(f"{'function':<12}{'n':>8}{heads}{'nodes':>10}{'gradient':>10}{'× nodes':>9}{'s':>7}")
    for function in (product, rosenbrock):
        for n in SIZES:
            start = time.perf_counter()
            cost = counts(function(n))
            reverse, size = cost.reverse / cost.value, cost.gradient_nodes / cost.nodes
            forward = cost.forward / cost.value
            print(f"{function.__name__:<12}{n:>8}{cost.value:>10}{cost.reverse:>10}"
                  f"{reverse:>9.2f}{forward:>17,.1f}{cost.nodes:>10}{cost.gradient_nodes:>10}{size:>9.2f}"
                  f"{time.perf_counter() - start:>7.1f}")  # fmt: skip
            if reverse > 4 or size > 5:
                raise SystemExit("beyond 4 times the value's operations, or 5 times its nodes")


if __name__ == "__main__":
    main()
