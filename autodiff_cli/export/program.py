"""A derivation as a straight-line program: which node gets a name, in what order, and why.

Language-neutral. Every `w`, every adjoint and every piece that is used twice has a name, so the
code is as long as the graph and computes nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from autodiff_cli.engine.gradient_graph import Derivation, derive_forward, derive_reverse
from autodiff_cli.engine.rules import formula, instantiate
from autodiff_cli.graph.bounded import LONGEST, readable
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.ops.row import COMPARISON

#: Operations inside each other before a piece gets a name of its own: compilers nest so far only.
DEEPEST = 12

#: Terms of a sum that stand in one assignment.
MANY = 20

#: Derivatives that are written out in the docstring.
SHOWN = 8

#: Partials in one comment.
MOST = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """One assignment: the node it computes, its name, and comments that stand before it."""

    node: int
    name: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """What an exporter writes.

    Attributes:
        graph: values and derivatives; its outputs are the value, then the derivatives.
        inputs: the variables of the function, then their tangents in forward mode.
        values, derivatives: assignments in order; `names` has each one's node.
        names: node → name.
        called: the name of the value, as the text has it, or f.
        formula: text of the expression, or "" if it is too long to read.
        slopes: for each of the first `SHOWN` derivatives its name and its text.
        mode: "reverse" or "forward".
        wrt: the variables of the derivatives.
    """

    graph: Graph
    inputs: tuple[str, ...]
    values: tuple[Statement, ...]
    derivatives: tuple[Statement, ...]
    names: dict[int, str]
    formula: str
    called: str
    slopes: tuple[tuple[str, str], ...]
    mode: str
    wrt: tuple[str, ...]


def program(
    graph: Graph,
    mode: str,
    stem: str = "w",
    piece: str = "t",
    wrt: Sequence[str] | None = None,
    steps: Collection[str] = (),
) -> Program:
    """Return the program of a graph's value and derivatives.

    Args:
        graph: the formula; its first output is exported.
        mode: "reverse" for the gradient, "forward" for the tangent along a direction.
        stem: begins the name of every node.
        piece: begins the name of every shared piece.
        wrt: variables to differentiate with respect to; all by default.
        steps: names of steps that can be names in the code; the other nodes have labels.
    """
    graph = graph.select((0,))
    derive = derive_reverse if mode == "reverse" else derive_forward
    derivation = derive(graph, wrt, exact=True)
    places, kept = _positions(derivation)
    own = {k: stem + label.removeprefix(graph.letter) for k, label in graph.named().items()}
    own |= {k: name for k, name in graph.names.items() if k in own and name in steps}
    names: dict[int, str] = {}
    comments: dict[int, str] = {}
    for index, name in own.items():
        names.setdefault(places[derivation.values[index]], name)
    last = max(names, default=-1)
    suffix = "_bar" if mode == "reverse" else "_dot"
    rules = _partials(graph, own, mode)
    for index in sorted(own, reverse=mode == "reverse"):
        made = derivation.derivatives[index]
        place = None if made is None else places.get(made)
        if place is not None and kept.operations[place] is not CONSTANT and place not in names:
            names[place] = own[index] + suffix
            comments[place] = rules.get(index, "")
    for number, place in enumerate(_pieces(kept, names), start=1):
        names[place] = f"{piece}{number}"
    statements = [Statement(k, names[k], comments.get(k, "")) for k in sorted(names)]
    return Program(
        graph=kept,
        inputs=kept.variables,
        values=tuple(s for s in statements if s.node <= last),
        derivatives=tuple(s for s in statements if s.node > last),
        names=names,
        called=graph.called,
        formula=readable(kept, kept.outputs[0]),
        slopes=_slopes(derivation, kept),
        mode=mode,
        wrt=derivation.wrt,
    )


def _positions(derivation: Derivation) -> tuple[dict[int, int], Graph]:
    """Return the derivation's graph, and where each node that it keeps has gone."""
    graph = derivation.graph()
    builder = derivation.builder
    needed = bytearray(len(builder.operations))
    needed[: len(builder.variables)] = b"\x01" * len(builder.variables)
    for end in derivation.outputs():
        needed[end] = 1
    for index in range(len(needed) - 1, -1, -1):
        if needed[index]:
            for operand in builder.operands[index]:
                needed[operand] = 1
    places: dict[int, int] = {}
    for index, wanted in enumerate(needed):
        if wanted:
            places[index] = len(places)
    return places, graph


def _pieces(graph: Graph, names: dict[int, str]) -> list[int]:
    """Return the unnamed operations that are used twice, or that would nest too deep."""
    uses = [0] * len(graph)
    for operands in graph.operands:
        for operand in operands:
            uses[operand] += 1
    for output in graph.outputs:
        uses[output] += 1
    depth = [0] * len(graph)
    found = []
    for index, operation in enumerate(graph.operations):
        if operation in (VARIABLE, CONSTANT) or index in names:
            continue
        below = [depth[k] for k in graph.operands[index]]
        depth[index] = 1 + max(below, default=0)
        simple = operation.precedence == COMPARISON or not graph.dependent[index]
        shared = uses[index] > 1 and not (simple and depth[index] <= 1)
        long = len(graph.operands[index]) > MANY
        if (shared or long or depth[index] > DEEPEST) and operation.precedence != COMPARISON:
            found.append(index)
            depth[index] = 0
    return found


def _partials(graph: Graph, names: dict[int, str], mode: str) -> dict[int, str]:
    """Return for each node the rules of the edges by which its adjoint or tangent arrives."""
    texts: dict[int, list[str]] = {}
    more: dict[int, int] = {}
    for index, operation in enumerate(graph.operations):
        for position, operand in enumerate(graph.operands[index]):
            if operand not in names or index not in names or not operation.rule(position):
                continue
            node = operand if mode == "reverse" else index
            if len(texts.setdefault(node, [])) >= MOST:
                more[node] = more.get(node, 0) + 1
                continue
            text = _partial(graph, index, position, names)
            texts[node].append(f"∂{names[index]}/∂{names[operand]} = {text}")
    return {
        node: ", ".join(rules) + (f", … and {more[node]} more" if node in more else "")
        for node, rules in texts.items()
    }


def _partial(graph: Graph, index: int, position: int, names: dict[int, str]) -> str:
    """Return the rule on one edge, folded, with the names of the nodes in it."""
    operation, operands = graph.operations[index], graph.operands[index]
    if not formula(operation.rule(position)).variables:
        return operation.rule(position)
    nodes = sorted(islice(graph.below([index], stop=names), LONGEST + 1))
    if len(nodes) > LONGEST:
        return operation.rule(position)  # a long formula without variables: in a, b and y
    used = [k for k in nodes if k in names]
    builder = Builder([names[k] for k in used])
    place = {k: position for position, k in enumerate(used)}
    for k in nodes:
        if k not in names:
            place[k] = builder.copy(graph, k, place)
    arguments = tuple([place[k] for k in operands])
    written = builder.graph([instantiate(builder, operation, position, arguments, place[index])])
    return readable(written, written.outputs[0]) or operation.rule(position)


def _slopes(derivation: Derivation, graph: Graph) -> tuple[tuple[str, str], ...]:
    if derivation.mode == "forward":
        return (("tangent", readable(graph, graph.outputs[1])),)
    return tuple(
        (f"∂/∂{name}", readable(graph, output))
        for name, output in zip(derivation.wrt[:SHOWN], graph.outputs[1:], strict=False)
    )
