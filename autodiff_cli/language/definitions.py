"""Functions of the user's own: a body is read once, and a call makes its nodes anew.

In the body, nodes of their own stand for the parameters. A call copies what depends on them, so
a chain of calls costs what it adds to the graph, however deep the definitions stand in each other.
"""

from __future__ import annotations

from autodiff_cli.graph.graph import Builder, below
from autodiff_cli.language.tokens import Definition, Kind, Symbol
from autodiff_cli.ops import CONSTANT


class Called(Symbol):
    """The token of a function of the user's own."""

    __slots__ = ("definition",)

    def __init__(self, name: str, definition: Definition) -> None:
        super().__init__(Kind.FUNCTION, name, name)
        self.definition = definition


def complete(builder: Builder, definition: Definition, start: int, result: int) -> None:
    """Keep what a call must make anew of a body that is read.

    Args:
        builder: holds the body's nodes.
        definition: gets the nodes.
        start: the first node that was made for the body; its parameters come first.
        result: the node of the whole body.
    """
    definition.result = result
    own = {token.place for token in definition.parameters}
    reached = [k for k in below(builder.operands, [result]) if k >= start and k not in own]
    if builder.share:  # what depends on no parameter is the same node in every call
        bound = set(own)
        for k in sorted(reached):
            if not bound.isdisjoint(builder.operands[k]):
                bound.add(k)
        reached = [k for k in reached if k in bound]
    definition.body = tuple(sorted(reached))


def expand(builder: Builder, definition: Definition, operands: tuple[int, ...]) -> int:
    """Return the node of a call."""
    known = definition.known.get(operands) if builder.share else None
    if known is not None:
        return known
    places = {
        token.place: node for token, node in zip(definition.parameters, operands, strict=True)
    }
    spellings = builder.spellings
    for k in definition.body:
        if builder.operations[k] is CONSTANT:
            places[k] = builder.constant(builder.constants[k], spellings.get(k, ""))
        else:
            below_it = tuple([places.get(operand, operand) for operand in builder.operands[k]])
            places[k] = builder.apply(builder.operations[k], below_it, spellings.get(k, ""))
    result = places.get(definition.result, definition.result)
    definition.known[operands] = result
    return result
