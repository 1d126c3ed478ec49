"""A derivation: which rule of calculus was used where, from the outermost operation inwards.

Each step is one rule on one node of the formula as it was typed; what it does not differentiate
yet still stands there as d/dx[…]. With a point, the machine's record of the same nodes is beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autodiff_cli.answers.trace import trace
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import CONSTANT, VARIABLE
from autodiff_cli.language.parser import Reading
from autodiff_cli.teach.algebra import extent
from autodiff_cli.teach.derivation import Explanation, Stretch
from autodiff_cli.teach.paths import along_paths
from autodiff_cli.teach.tidying import MOST_SIGNS
from autodiff_cli.teach.walk import derived

#: Operations of a formula that is derived: nobody reads more lines.
MOST = 300


def explain(
    reading: Reading,
    at: Mapping[str, float] | None = None,
    *,
    wrt: Sequence[str] | None = None,
    every: bool = False,
) -> Explanation:
    """Return the derivation of a formula's derivatives.

    Args:
        reading: the formula.
        at: variable → number, or None.
        wrt: the variables to differentiate by; all by default.
        every: give x′ = 1 and c′ = 0 lines of their own.

    Raises:
        AutodiffError: the formula is too long to be explained, or a name or value is wrong.
    """
    graph = reading.graph
    long = extent(graph, graph.outputs[0]) > MOST_SIGNS
    count = sum(1 for row in graph.operations if row not in (VARIABLE, CONSTANT))
    if count > MOST or long:
        said = f"{count:,} operations" if count > MOST else f"more than {MOST_SIGNS:,} signs"
        raise AutodiffError(
            f"the formula has {said}, and nobody reads its derivation",
            mend="explain a part of it, or name its parts; trace and grad take it whole",
        )
    names = graph.variables if wrt is None else tuple(wrt)
    recorded = trace(reading, at, wrt=names) if at else None
    found = Explanation(
        graph=graph,
        at=dict(at or {}),
        derivations={
            name: derived(
                graph,
                Stretch.whole(graph, name),
                None if recorded is None else recorded.gradient[name],
                every=every,
            )
            for name in names
        },
        recorded=recorded,
        notes=recorded.notes if recorded else (),
    )
    return along_paths(found, every=every)
