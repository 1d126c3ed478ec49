"""Random formulas over the whole table against another library: value, gradient, second order.

Each case that differs is explained by name or listed. Forward mode is held against reverse mode
on the same cases by the dot product test (Griewank & Walther, section 3.4).
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, field

from autodiff_cli.engine import reverse
from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.higher import hessian
from autodiff_cli.engine.linearise import Linearisation, linearise
from autodiff_cli.engine.rules import BLOCKED
from tests.crosscheck.cases import Case, case
from tests.crosscheck.explanations import Question, close, explain
from tests.crosscheck.libraries import LIBRARIES
from tests.crosscheck.magnitude import magnitudes

#: Share of the contributions' magnitudes within which the two modes agree.
MODES = 1e-12

#: What is rounding in a second derivative, as a share of the largest slope.
RELATIVE = 1e-9

#: Below this a product loses digits by underflow, in one mode and not in the other.
TINY = 1e-290


@dataclass
class Tally:
    """What a run found.

    Attributes:
        compared: formulas compared.
        edges: how many of them at a point of `EDGES`.
        finite: how many of them with a finite value and gradient.
        second: how many of them to the second order; with JAX and autograd, only off the edges.
        modes: how many of them in forward mode too: where no number on the way is infinite, nan or
            about to underflow.
        differing: how many of them differ.
        rows: row of the operation table → formulas that it is in.
        reasons: (order, reason) → formulas that differ there for it.
        examples: (order, reason) → the first of them.
        unexplained: formulas that differ without a reason, each in full.
    """

    compared: int = 0
    edges: int = 0
    finite: int = 0
    second: int = 0
    modes: int = 0
    differing: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count in what another run found."""
        for name in ("compared", "edges", "finite", "second", "modes", "differing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.rows += other.rows
        self.reasons += other.reasons
        self.examples = other.examples | self.examples
        self.unexplained += other.unexplained


def run(library: str, count: int, second: int, start: int) -> Tally:
    """Compare `count` cases, the first `second` of them to the second order, from a seed on."""
    tally = Tally()
    for number in range(count):
        _compare(library, case(start + number), number < second, tally)
    return tally


def run_share(share: tuple[str, int, int, int]) -> Tally:
    """Run with the arguments of `run` in one, as a pool gives them."""
    return run(*share)


def _compare(library: str, question: Case, second: bool, tally: Tally) -> None:
    graph, at = question.graph, question.at
    theirs = LIBRARIES[library](graph, at, second)
    linearisation = linearise(graph, at)
    slopes = reverse.gradient(linearisation)
    found = [float(linearisation.values[graph.outputs[0]]), *slopes.values()]
    tally.compared += 1
    tally.edges += question.edge
    tally.finite += all(map(math.isfinite, found))
    tally.rows.update({operation.name for operation in graph.operations})
    _modes(question, linearisation, slopes, tally)
    wanted = (*theirs.value, *theirs.gradient)
    first = _judge(library, question, "first order", found, wanted, tally)
    if second and (library == "torch" or not question.edge):
        tally.second += 1
        matrix = hessian(graph, at).matrix
        rows = [float(matrix[name][other]) for name in at for other in at]
        if first:
            wanted = theirs.second
            if library != "torch":
                wanted = _defined(rows, wanted, RELATIVE * max(map(abs, found[1:]), default=0.0))
            _judge(library, question, "second order", rows, wanted, tally)


def _defined(found: list[float], wanted: tuple[float, ...], noise: float) -> tuple[float, ...]:
    """Return a library's second derivatives where both sides have one, autodiff's elsewhere.

    Only PyTorch's answers at kinks and beyond poles are autodiff's contract. The others build more
    from pieces: where the pieces cancel, what is left is rounding, a small share of the slopes.
    """
    return tuple(
        b if math.isfinite(a) and math.isfinite(b) and abs(a - b) > noise else a
        for a, b in zip(found, wanted, strict=True)
    )


def _judge(
    library: str, question: Case, order: str, found: list[float], wanted: tuple[float, ...],
    tally: Tally,
) -> bool:  # fmt: skip
    """Count a difference and its reasons; tell whether there is none."""
    if all(map(close, found, wanted)):
        return True
    tally.differing += 1
    line = f"{question}: {order} is {found}, {library} has {list(wanted)}"
    asked = Question(question.graph, question.at, order == "second order", wanted)
    reasons = explain(library, asked)
    for reason in reasons:
        tally.reasons[order, reason] += 1
        tally.examples.setdefault((order, reason), line)
    if not reasons:
        tally.unexplained.append(line)
    return False


def _modes(
    question: Case, linearisation: Linearisation, slopes: dict[str, float], tally: Tally
) -> None:
    """Hold the tangent along a random direction against the gradient times that direction."""
    choose = random.Random(question.seed)
    direction = {name: choose.uniform(-1, 1) for name in question.at}
    tangents = forward(linearisation, direction)
    sizes = magnitudes(linearisation)
    partials = [p for row in linearisation.partials for p in row if p is not BLOCKED]
    numbers = [*partials, *sizes.values(), *tangents, *reverse.reverse(linearisation)]
    if not all(not number or TINY < abs(number) < math.inf for number in numbers):
        return
    tally.modes += 1
    tangent = tangents[linearisation.graph.outputs[0]] or 0.0
    product = sum(slopes[name] * direction[name] for name in direction)
    if not abs(tangent - product) <= MODES * sum(sizes.values()):
        tally.differing += 1
        tally.unexplained.append(f"{question}: forward mode has {tangent}, reverse mode {product}")
