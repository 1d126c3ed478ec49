"""The order of nodes that a reader of the printed text would find: step by step, left to right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import CONSTANT, VARIABLE
from autodiff_cli.ops.row import COMPARISON

#: Operations that a formula's text may have before the parts that it repeats get names.
WRITTEN_OUT = 100_000


def ordered(
    builder: Builder, outputs: Sequence[int], titles: Sequence[str], declared: Collection[str]
) -> Graph:
    """Return the frozen graph, its nodes in the order in which the printed text has them.

    Args:
        builder: holds the nodes, and the names of steps in the order of the statements.
        outputs: the nodes that are the results.
        titles: the name of each output, or "".
        declared: variables that stay even if no output needs them.
    """
    needed = builder.needed(outputs)
    count = len(builder.variables)
    roots = [*(node for node in builder.names if needed[node]), *outputs]
    order = list(_post_order(builder, roots))
    found = [node for node in order if builder.operations[node] is VARIABLE]
    first = [place for place, name in enumerate(builder.variables) if name in declared]
    kept = list(dict.fromkeys((*first, *found)))
    for place in kept:
        needed[place] = 1
    if all(needed) and kept == list(range(count)):
        return builder.graph(outputs, titles)
    anew = Builder([builder.variables[place] for place in kept], share=False)
    places = {place: new for new, place in enumerate(kept)}
    for node in order:
        spelling = builder.spellings.get(node, "")
        if builder.operations[node] is CONSTANT:
            places[node] = anew.constant(builder.constants[node], spelling)
        elif builder.operations[node] is not VARIABLE:
            operands = tuple([places[k] for k in builder.operands[node]])
            places[node] = anew.apply(builder.operations[node], operands, spelling)
    anew.names = {places[node]: name for node, name in builder.names.items() if needed[node]}
    return anew.graph([places[node] for node in outputs], titles)


def _post_order(builder: Builder, roots: Iterable[int]) -> Iterable[int]:
    """Yield each node below the roots once, operands before their operation, left to right."""
    state = bytearray(len(builder.operations))  # 1 is met, 2 is yielded
    for root in roots:
        todo = [root]
        while todo:
            node = todo[-1]
            if state[node] == 0:
                state[node] = 1
                todo += [k for k in reversed(builder.operands[node]) if not state[k]]
                continue
            todo.pop()
            if state[node] == 1:
                state[node] = 2
                yield node


def repeated(builder: Builder, outputs: Sequence[int]) -> list[int]:
    """Return the nodes that must have names so that the text of the outputs stays short.

    None, if written out it is not much longer than the graph; else every operation without a name
    that is used more than once.
    """
    needed = builder.needed(outputs)
    uses = [0] * len(needed)
    sizes = [1] * len(needed)
    longest = 0
    for node in range(len(needed)):
        if needed[node] and builder.operands[node]:
            size = 1
            for operand in builder.operands[node]:
                uses[operand] += 1
                size += 1 if operand in builder.names else sizes[operand]
            sizes[node] = min(size, WRITTEN_OUT + 1)
            longest = max(longest, sizes[node])
    if longest <= WRITTEN_OUT or longest <= len(needed):
        return []
    return [
        node
        for node in range(len(needed))
        if uses[node] > 1
        and builder.operands[node]
        and builder.operations[node].precedence != COMPARISON
        and node not in builder.names
    ]
