"""Named steps: each differentiated by what stands in it, and the products added over all paths.

With h = …; L = … a book has dL/dh, and from it dL/dx: what the reverse sweep does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autodiff_cli.engine.folding import fold
from autodiff_cli.engine.forward import push
from autodiff_cli.engine.linearise import Linearisation, activity, linearise
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import ADD, MULTIPLY
from autodiff_cli.teach.algebra import extent
from autodiff_cli.teach.derivation import Derivation, Explanation, Stretch, Total
from autodiff_cli.teach.tidying import tidied
from autodiff_cli.teach.walk import Board, Walk, derived

#: Signs of a sum over paths that is still written as one formula.
WRITTEN = 150


def along_paths(report: Explanation, *, every: bool = False) -> Explanation:
    """Return an explanation with the derivatives of its named steps, where it has some.

    Args:
        report: the derivations by the variables.
        every: as for `explain`.
    """
    graph, wrt = report.graph, tuple(report.derivations)
    result = graph.outputs[0]
    below, active = set(graph.below([result])), activity(graph, wrt)
    named = sorted(k for k in graph.names if active[k] and k in below and k != result)
    if not named:
        return report
    names = {k: graph.names[k] for k in named}
    names |= {k: name for k, name in enumerate(graph.variables) if active[k] and k in below}
    swept = linearise(graph, report.at, wrt) if report.at else None
    pieces = _pieces(graph, [*reversed(named), result], names, swept, every=every)
    return replace(report, pieces=pieces, totals=_totals(report, pieces, [*reversed(named)], names))


def _pieces(
    graph: Graph,
    named: Sequence[int],
    names: Mapping[int, str],
    swept: Linearisation | None,
    *,
    every: bool,
) -> tuple[Derivation, ...]:
    """Return the derivation of the result and of each named step, by each name in it."""
    found: list[Derivation] = []
    first = 1
    for root in sorted(named, reverse=True):
        held = frozenset(named) - {root}
        inside = set(graph.below([root], held)) - {root}
        for by in sorted(inside & names.keys(), key=lambda k: (k < len(graph.variables), k)):
            stretch = Stretch(root=root, by=by, name=names[by], held=held)
            value = None if swept is None else _number(swept, stretch)
            found.append(derived(graph, stretch, value, every=every, first=first))
            first += sum(1 for step in found[-1].listed() if step.same_as is None)
    return tuple(found)


def _number(swept: Linearisation, stretch: Stretch) -> float:
    """Return how fast the root moves when `by` does: a forward sweep through the stretch."""
    graph, active = swept.graph, stretch.activity(swept.graph)
    tangents: dict[int, float] = {stretch.by: 1.0}
    for index in range(stretch.by + 1, stretch.root + 1):
        edges = zip(graph.operands[index], swept.partials[index], strict=False)
        arriving = [
            push(partial, tangents[operand])
            for operand, partial in (edges if active[index] else ())
            if partial is not None and operand in tangents
        ]
        if known := [part for part in arriving if part is not None]:
            tangents[index] = float(sum(known))
    return tangents.get(stretch.root, 0.0)


def _totals(
    report: Explanation,
    pieces: Sequence[Derivation],
    named: Sequence[int],
    names: Mapping[int, str],
) -> tuple[Total, ...]:
    """Return the derivative of the result by each name, from those of the steps that use it."""
    graph, result = report.graph, report.graph.outputs[0]
    board = Board(graph)
    builder = board.builder
    sums: dict[int, int] = {}
    asked = (*named, *[k for k in names if k < len(graph.variables)])
    for by in asked:
        terms = []
        for piece in (piece for piece in pieces if piece.stretch.by == by):
            local = _short(builder, Walk(graph, piece.stretch, board=board).whole())
            root = piece.stretch.root
            terms.append(local if root == result else fold(builder, MULTIPLY, (sums[root], local)))
        sums[by] = _short(
            builder, terms[0] if len(terms) == 1 else fold(builder, ADD, tuple(terms))
        )
    written = [by for by in asked if extent(builder, sums[by]) <= WRITTEN]
    book = builder.graph([sums[by] for by in written])
    places = dict(zip(written, book.outputs, strict=True))
    steps = report.recorded.steps if report.recorded else ()
    adjoints = {step.node: step.adjoint for step in steps}
    return tuple(
        Total(
            stretch=Stretch(root=result, by=by, name=names[by]),
            pieces=tuple(piece for piece in pieces if piece.stretch.by == by),
            book=book,
            form=places.get(by),
            value=adjoints.get(by),
        )
        for by in asked
    )


def _short(builder: Builder, node: int) -> int:
    """Return a formula tidied up, where it is not too long to be written."""
    return tidied(builder, node) if extent(builder, node) <= WRITTEN else node
