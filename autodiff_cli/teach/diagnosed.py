"""An answer that is wrong, with the usual slips that give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autodiff_cli.answers.reading import single
from autodiff_cli.engine import point
from autodiff_cli.graph.graph import Graph
from autodiff_cli.methods.claim import Claim
from autodiff_cli.teach.slips import Finding, Mistakes
from autodiff_cli.teach.typed import Typed, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed(Claim):
    """A claimed derivative and how it stands.

    Attributes:
        slips: the usual slips that give it where it is wrong, the commonest first.
        rounded: whether it is a number that is right to the digits that were typed.
    """

    slips: tuple[Finding, ...] = ()
    rounded: bool = False


def diagnosed(graph: Graph, answer: Graph, claim: Claim, at: Mapping[str, float]) -> Diagnosed:
    """Return a claim with the slips that give it.

    Args:
        graph: the formula.
        answer: the claimed derivative.
        claim: how it stands.
        at: the point given, or only some of its values.
    """
    slips: tuple[Finding, ...] = ()
    rounded = False
    wrong = claim.disagreement
    if wrong is not None and wrong.by == "SymPy":  # a slip gives a number that float64 has lost too
        number = typed(claim.text, graph)
        rounded = isinstance(number, Typed) and number.equals(wrong.found)
    elif wrong is not None:
        points = [at] if at.keys() >= set(graph.variables) else []
        mistakes = Mistakes(graph, claim.name)
        given = answer if any(answer.dependent[k] for k in answer.outputs) else claim.text
        slips = mistakes.diagnose(points, given)
        rounded = isinstance(given, str) and mistakes.is_right(points, given) is True
    return Diagnosed(
        name=claim.name,
        text=claim.text,
        points=claim.points,
        sampled=claim.sampled,
        unreached=claim.unreached,
        slips=slips,
        rounded=rounded,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """An answer and how it stands.

    Attributes:
        right: whether it is the derivative; None where no point can tell.
        slips: the usual slips that give it where it is not, the commonest first; none where it is
            none of them.
    """

    right: bool | None
    slips: tuple[Finding, ...]


def diagnose(
    expression: Graph | str,
    answer: Graph | str | float,
    at: Mapping[str, float] | None = None,
    *,
    wrt: str | None = None,
    sweep: bool = False,
) -> Diagnosis:
    """Say whether an answer is the derivative, and which usual slip gives it where it is not.

    Args:
        expression: the formula.
        answer: a number as it was typed, so that its digits are known, or a formula.
        at: the point; may be left out for a formula.
        wrt: the variable; may be left out where there is one only.
        sweep: slips of the sweep over the graph, in place of those of calculus.

    Raises:
        AutodiffError: the formula or the answer cannot be read, or a name or value is wrong.
    """
    graph = single(expression, at or {})
    points = [point.bind(graph, at)] if at else []
    mistakes = Mistakes(graph, wrt, sweep=sweep)
    right, slips = mistakes.is_right(points, answer), mistakes.diagnose(points, answer)
    return Diagnosis(right=right, slips=slips)
