"""The gradient as a graph: the sweeps of `reverse` and `forward`, written down instead of run.

Every rule comes from the operation table. The product with an adjoint stands inside the `where`
that blocks an edge, so that evaluating the new graph gives the sweep's number, kinks included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from autodiff_cli.engine import point
from autodiff_cli.engine.folding import fold, is_zero
from autodiff_cli.engine.linearise import activity
from autodiff_cli.engine.rules import answers, formula, written
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import ADD, COMPARISONS, MULTIPLY, WHERE
from autodiff_cli.ops.row import Operation

_EQUAL = COMPARISONS["=="]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A graph's nodes and their derivatives, in one builder.

    Attributes:
        builder: holds both.
        values: node of the original → its place in the builder.
        derivatives: node of the original → place of its adjoint or tangent, None where there is
            none.
        wrt: the variables of a gradient.
        result: node of the original that is differentiated.
        mode: "reverse" for adjoints, "forward" for tangents.
    """

    builder: Builder
    values: Sequence[int]
    derivatives: Sequence[int | None]
    wrt: tuple[str, ...]
    result: int
    mode: str

    def graph(self) -> Graph:
        """Return the value, and the partial derivatives or the tangent, as a graph."""
        return self.builder.graph(self.outputs())

    def outputs(self) -> list[int]:
        """Return the places of the value, and of the partial derivatives or the tangent."""
        if self.mode == "forward":
            ends = [self.derivatives[self.result]]
        else:
            places = {name: index for index, name in enumerate(self.builder.variables)}
            ends = [self.derivatives[places[name]] for name in self.wrt]
        absent = self.builder.constant(literal("0")) if None in ends else 0
        return [self.values[self.result], *(absent if end is None else end for end in ends)]


def gradient_graph(
    graph: Graph,
    wrt: Sequence[str] | None = None,
    output: int | None = None,
    *,
    exact: bool = False,
    again: bool = False,
) -> Graph:
    """Return a graph over the same variables whose outputs are the value and its gradient.

    Griewank & Walther, Evaluating Derivatives (2nd ed.), section 3.2, on symbols.

    Args:
        graph: the graph to differentiate; it is not changed.
        wrt: variables to differentiate with respect to; all by default.
        output: the node to differentiate; the graph's first output by default.
        exact: fold only what changes no number, and multiply the 0 of an edge that is blocked
            everywhere on, as the sweep does: the numbers are the sweep's at every point.
        again: an exact gradient is differentiated again: a 0 that an equality selects is the limit
            of the product beside it, and keeps its slope.

    Returns:
        Outputs are the value, then one partial derivative for each variable of `wrt`, the
        constant 0 where there is none. Equal nodes are shared, none is dead, and the foldings of
        `folding` are the only simplifications. So a literal 0 of a rule takes all below it along:
        where a slope below a floor or a sign is infinite, the sweep meets 0·inf, the graph 0.

    Raises:
        VariableError: `wrt` names something that is not a variable of the graph.
        LimitError: the gradient would have more nodes than the limit on operations.
    """
    return derive_reverse(graph, wrt, output, exact=exact, again=again).graph()


def tangent_graph(graph: Graph, wrt: Sequence[str] | None = None) -> Graph:
    """Return a graph whose outputs are the value and its tangent, for any direction.

    The tangents of the variables of `wrt` (all by default) are variables of the new graph, after
    the graph's own: `x_dot` for x, with more `_` where that name is taken. Raises as
    `gradient_graph` does. A blocked tangent is 0 here, where the forward sweep calls it absent.
    """
    return derive_forward(graph, wrt).graph()


def derive_reverse(
    graph: Graph,
    wrt: Sequence[str] | None = None,
    output: int | None = None,
    *,
    exact: bool = False,
    again: bool = False,
) -> Derivation:
    """Write the reverse sweep; see `gradient_graph`."""
    names = _checked(graph, wrt)
    builder, values = _copy(graph, graph.variables)
    start = graph.outputs[0] if output is None else output
    active = graph.dependent if names == graph.variables else activity(graph, names)
    most = _most()
    arriving: dict[int, list[int]] = {}
    adjoints: list[int | None] = [None] * len(graph)
    if active[start]:
        arriving[start] = [builder.constant(literal("1"))]
    for index in range(start, -1, -1):
        contributions = arriving.pop(index, None)
        if contributions is None:
            continue
        adjoint = _sum(builder, contributions, exact)
        adjoints[index] = adjoint
        operation, operands = graph.operations[index], graph.operands[index]
        places = tuple([values[operand] for operand in operands])
        for position, operand in enumerate(operands):
            if active[operand] and operation.rule(position):
                edge = (operation, position, places, values[index])
                if is_zero_node(builder, adjoint) and not exact:
                    passing = adjoint
                else:
                    passing = pass_edge(builder, adjoint, *edge, exact=exact, again=again)
                arriving.setdefault(operand, []).append(passing)
        if len(builder.operations) > most:
            raise exceeded("operations")
    return Derivation(builder, values, adjoints, names, start, "reverse")


def derive_forward(
    graph: Graph, wrt: Sequence[str] | None = None, *, exact: bool = False
) -> Derivation:
    """Write the forward sweep of one direction; see `tangent_graph`, and `gradient_graph`."""
    names = _checked(graph, wrt)
    seeds: dict[str, str] = {}
    taken = frozenset(graph.variables)
    for name in names:
        seed = f"{name}_dot"
        while seed in taken:
            seed += "_"
        seeds[name] = seed
    builder, values = _copy(graph, (*graph.variables, *seeds.values()))
    tangents: list[int | None] = [None] * len(graph)
    places_of = {name: index for index, name in enumerate(graph.variables)}
    for place, name in enumerate(names, start=len(graph.variables)):
        tangents[places_of[name]] = place
    most = _most()
    for index in range(len(graph.variables), len(graph)):
        operation = graph.operations[index]
        places = tuple([values[operand] for operand in graph.operands[index]])
        contributions = []
        for position, operand in enumerate(graph.operands[index]):
            tangent = tangents[operand]
            if tangent is None or not operation.rule(position):
                continue
            edge = (operation, position, places, values[index])
            if is_zero_node(builder, tangent):  # it was blocked on the way, and stays so
                contributions.append(tangent)
            else:
                contributions.append(pass_edge(builder, tangent, *edge, exact=exact))
        if contributions:
            moving = [place for place in contributions if not is_zero_node(builder, place)]
            tangents[index] = _sum(builder, moving or contributions[:1], exact)
        if len(builder.operations) > most:
            raise exceeded("operations")
    return Derivation(builder, values, tangents, names, graph.outputs[0], "forward")


def pass_edge(
    builder: Builder,
    arriving: int,
    operation: Operation,
    position: int,
    operands: tuple[int, ...],
    result: int,
    *,
    exact: bool = False,
    again: bool = False,
) -> int:
    """Write what passes an edge: `arriving` times the partial, inside the `where` that blocks it.

    Args:
        builder: the graph under construction; all other nodes are its nodes.
        arriving: the consumer's adjoint, or the operand's tangent.
        operation: the row whose edge is passed.
        position: the operand on whose edge.
        operands: the row's operands.
        result: the row's result.
        exact: fold only what changes no number; the product is not differentiated again,
        again: or it is.
    """
    text, possible = _answers(operation.rule(position))
    places = written(builder, text, operands, result, exact=exact)
    blocks: set[int] = set()
    passing: dict[int, int] = {}
    for index in possible:
        if text.operations[index] is WHERE:
            condition, first, second = text.operands[index]
            if first in blocks or second in blocks:
                blocks.add(index)
                test, this, other = places[condition], passing[first], passing[second]
                if (
                    text.operations[condition] is _EQUAL
                    and is_zero(text, first)
                    and (again or not exact)
                ):
                    this = _removable(builder, test, this, other)
                passing[index] = fold(builder, WHERE, (test, this, other), exact=exact)
                continue
        if is_zero(text, index):
            blocks.add(index)
            passing[index] = places[index]
        else:
            passing[index] = fold(builder, MULTIPLY, (arriving, places[index]), exact=exact)
    return passing[text.outputs[0]]


def _removable(builder: Builder, test: int, zero: int, product: int) -> int:
    """Return the 0 of an edge that an equality blocks, such as that of a^b where b is 0.

    An equality selects a point of a formula that holds around it: the 0 is that product, which can
    be differentiated again (a^b by a, then by b), and the number 0 where the product is none.
    """
    if not builder.dependent[test]:
        return zero
    return builder.apply(WHERE, (builder.apply(_EQUAL, (product, zero)), product, zero))


@cache
def _answers(rule: str) -> tuple[Graph, tuple[int, ...]]:
    """Return a rule, and the nodes that it may answer in the order of its graph."""
    text = formula(rule)
    return text, tuple(sorted(answers(text)))


def is_zero_node(builder: Builder, index: int) -> bool:
    """Tell whether a node under construction is the literal 0."""
    constant = builder.constants.get(index)
    return constant is not None and constant.value == 0


def _checked(graph: Graph, wrt: Sequence[str] | None) -> tuple[str, ...]:
    names = graph.variables if wrt is None else tuple(dict.fromkeys(wrt))
    point.check_wrt(graph.variables, names)
    return names


def _most() -> int:
    """Nodes that a derivative may have: that of a formula at the limit is 2 to 6 times as large."""
    return 8 * limit("operations")


def _copy(graph: Graph, variables: tuple[str, ...]) -> tuple[Builder, list[int]]:
    """Return a builder that holds the graph, shared, and the place of each of its nodes."""
    builder = Builder(variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        places.append(builder.copy(graph, index, places))
    return builder, places


def _sum(builder: Builder, terms: list[int], exact: bool) -> int:
    return terms[0] if len(terms) == 1 else fold(builder, ADD, tuple(terms), exact=exact)
