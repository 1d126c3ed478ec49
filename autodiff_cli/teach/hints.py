"""What helps with a derivative: the rule that it takes, that rule written out, all of the steps."""

from __future__ import annotations

from collections.abc import Mapping

from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading
from autodiff_cli.teach.derivation import Derivation, Step
from autodiff_cli.teach.explain import explain
from autodiff_cli.teach.prose import (
    Joined,
    Prose,
    Written,
    equals,
    number,
    place,
    slope,
)


def derived(graph: Graph, by: str) -> Derivation:
    """Return the derivation of a formula by one variable."""
    return explain(Reading(graph, ()), wrt=(by,)).derivations[by]


def hints(graph: Graph, derivation: Derivation) -> tuple[Prose, Prose]:
    """Return the name of the outermost rule, and its line with what is still to be found.

    Args:
        graph: the formula.
        derivation: of it.
    """
    first = derivation.listed()[0]
    rule = f"the outermost operation takes the {first.rule}".replace("the the ", "the ")
    if first.inner is not None and first.law:
        article = "" if first.law.endswith("functions") else "the "
        rule += f", with {article}{first.law}"
    return (rule,), (f"the {first.rule} says ", _line(graph, derivation, first))


def solution(
    graph: Graph, derivation: Derivation, at: Mapping[str, float], answer: float | None
) -> tuple[Prose, ...]:
    """Return the steps, the derivative, and its number at the point.

    Args:
        graph: the formula.
        derivation: of it.
        at: the point.
        answer: the number; None where only the formula is asked for.
    """
    found: list[Prose] = []
    for step in derivation.listed():
        if step.same_as is None:
            line = _line(graph, derivation, step)
            found.append((f"{step.number}. {step.rule}: ", line))
    name = slope(graph, derivation.variable)
    if derivation.tidy:
        result = Written(graph=derivation.book, node=derivation.tidy[-1])
        found.append(("together: ", equals(name, result)))
    if answer is not None:
        found.append(("at ", place(at), " that is ", equals(name, number(answer))))
    return tuple(found)


def _line(graph: Graph, derivation: Derivation, step: Step) -> Joined:
    """Return a rule on its node as an equation: d/dx[…] = …."""
    several = len(graph.variables) > 1
    inside = {
        node: Written(graph=graph, node=node) for node in (*derivation.standing.values(), step.node)
    }
    standing = {
        put: (derivation.variable, inside[node]) for put, node in derivation.standing.items()
    }
    before = Written(
        graph=graph, node=step.node, several=several,
        standing={step.node: (derivation.variable, inside[step.node])},
    )  # fmt: skip
    after = Written(graph=derivation.book, node=step.after, standing=standing, several=several)
    return equals(before, after)
