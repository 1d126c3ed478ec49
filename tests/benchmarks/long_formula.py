"""One long formula, text to gradient: the time for each operation, which must not grow."""

from __future__ import annotations

import time

from autodiff_cli import grad, parse

#: name → text of n operations (four a term in the sum).
FORMULAS = {
    "sum of sin(i*x)*y": lambda n: " + ".join(f"sin({i}*x)*y" for i in range(1, n // 4 + 1)),
    "nested sines": lambda n: "sin(" * n + "x" + ")" * n,
    "product": lambda n: "*".join(["x", "y"] * (n // 2)),
}


def rows(sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> list[tuple[str, int, float, float]]:
    """Return (formula, operations, µs per operation to read, µs per operation to differentiate)."""
    found = []
    for name, make in FORMULAS.items():
        for size in sizes:
            text = make(size)
            start = time.perf_counter()
            graph = parse(text)
            read = time.perf_counter()
            grad(graph, dict.fromkeys(graph.variables, 0.9))
            done = time.perf_counter()
            found.append((name, size, 1e6 * (read - start) / size, 1e6 * (done - read) / size))
    return found
