"""Every method beside each other at one point: the rows of `compare`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import NamedTuple

from autodiff_cli.engine import forward, reverse
from autodiff_cli.engine.cost import operations
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.engine.linearise import Linearisation, linearise
from autodiff_cli.errors import shortened
from autodiff_cli.graph.collection import Uncollected
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods import differences as difference
from autodiff_cli.methods import float32 as single
from autodiff_cli.methods import frameworks
from autodiff_cli.methods.evaluate import Result, Unavailable, bounded


class Opinion(NamedTuple):
    """What one method answers for one variable.

    Attributes:
        method: its name.
        value: its number, or None where it has no answer.
        seconds: wall time without loading the method's library; of the whole gradient where the
            method gives no less.
        reason: why there is no answer, or "".
    """

    method: str
    value: float | None
    seconds: float
    reason: str = ""


def opinions(
    graph: Graph, at: Mapping[str, float], wrt: tuple[str, ...], *, float32: bool = False
) -> dict[str, list[Opinion]]:
    """Return variable → what each method answers, SymPy aside.

    Args:
        graph: the formula.
        at: one point.
        wrt: the variables to differentiate with respect to.
        float32: ask for the reverse sweep in single precision too.
    """
    found: dict[str, list[Opinion]] = {name: [] for name in wrt}
    count = operations(graph)
    anew = partial(bounded, "sweeps", count * len(wrt))
    _all(found, "reverse mode", _swept(reverse.gradient, graph, at, wrt))
    _all(found, "forward mode", anew(_swept(forward.gradient, graph, at, wrt)))
    if float32:
        derived = cache(lambda: gradient_graph(graph, wrt))  # written in the first run, not timed
        _all(found, single.METHOD, lambda: single.gradient(derived(), at, wrt))
    function = difference.few(graph)
    for name in wrt:
        for method, given, slope in (
            ("forward difference", function, difference.forward),
            ("central difference", function, difference.central),
            ("complex step", graph, difference.complex_step),
        ):
            compute = anew(lambda f=slope, g=given, n=name: float(f(g, at, n)))  # type: ignore[misc]
            found[name].append(_one(method, compute))
    for library in frameworks.installed():
        ask = bounded("libraries", count, partial(frameworks.gradient, library, graph, at))
        _all(found, library, ask)
    return found


def _swept(
    sweep: Callable[[Linearisation], Mapping[str, float]],
    graph: Graph,
    at: Mapping[str, float],
    wrt: tuple[str, ...],
) -> Callable[[], Mapping[str, float]]:
    """Return what linearises the formula and sweeps over its partials."""

    def compute() -> Mapping[str, float]:
        with Uncollected():
            return sweep(linearise(graph, at, wrt))

    return compute


def _one(method: str, compute: Callable[[], float]) -> Opinion:
    try:
        value, seconds = _timed(compute)
    except Unavailable as error:
        return Opinion(method, None, 0.0, failure(method, error))
    return Opinion(method, value, seconds)


def _timed(compute: Callable[[], Result]) -> tuple[Result, float]:
    """Return a result and the time of the second run: the first one may load a library."""
    compute()
    start = time.perf_counter()
    return compute(), time.perf_counter() - start


def _all(
    found: dict[str, list[Opinion]], method: str, compute: Callable[[], Mapping[str, float]]
) -> None:
    """Add a method that gives all derivatives at once; a library that breaks is a reason."""
    try:
        gradient, seconds = _timed(compute)
    except Exception as error:  # another library's failure must not be ours
        reason = failure(method, error)
        for rows in found.values():
            rows.append(Opinion(method, None, 0.0, reason))
        return
    for name, rows in found.items():
        rows.append(Opinion(method, gradient[name], seconds))


def failure(method: str, error: Exception) -> str:
    """Return why a method has no answer, in one line."""
    if isinstance(error, Unavailable):
        return str(error)
    first = str(error).strip().partition("\n")[0]
    return f"{method} failed: {type(error).__name__}{': ' if first else ''}{shortened(first)}"
