"""`python -m tests.named_slips`: is every usual slip named, and is no right answer accused?

Formulas as a textbook has them; each slip's number at a point as a generator chooses it, typed to
five digits, must be told by the slip's name. Right answers in the forms that SymPy gives them, and
at four digits, must be told nothing. Exits 1 where one fails.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from autodiff_cli.methods.sampling import samples
from autodiff_cli.teach.slips import Mistakes

#: Textbook formulas: {} is another one, or the variable.
OUTER = ("sin({})", "cos({})", "exp({})", "ln({})", "sqrt({})", "({})^3", "({})^2", "tan({})",
         "atan({})", "2^({})", "tanh({})", "1/({})", "sigmoid({})")  # fmt: skip
INNER = (
    "x^2",
    "3x",
    "x^3 + 1",
    "2x + 5",
    "x^2 + 1",
    "sin(x)",
    "exp(x)",
    "1 - x^2",
    "5x^2 - x",
    "x",
)
JOINED = ("{}*{}", "{}/({})", "{} + {}", "{} - {}", "4{} + 7", "{}*exp(x)", "x^2*{}",
          "{}/(x^2 + 1)", "x*{} - 3x")  # fmt: skip

#: Points tried for a formula, and digits that are typed.
TRIED, DIGITS = 12, 5


def formulas(count: int, seed: int) -> list[str]:
    """Return textbook formulas over x."""
    choose = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        text = choose.choice(JOINED)
        while "{}" in text:
            part = choose.choice(OUTER).format(choose.choice(INNER))
            text = text.replace("{}", part, 1)
        if text not in found:
            found.append(text)
    return found


@dataclass
class Measured:
    """What came of slips: how many, how many were the only one named, and what went wrong."""

    slips: int = 0
    alone: int = 0
    missed: list[str] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)
    pairs: dict[tuple[str, ...], int] = field(default_factory=dict)


def chosen(mistakes: Mistakes, graph: Graph) -> dict[str, float] | None:
    """Return the point, of some, at which most slips give numbers of their own."""

    def distinct(point: dict[str, float]) -> int:
        found = mistakes.wrong_answers(point)
        texts = {(f"{one.value:.4g}", one.slip.id) for one in found if not one.hidden}
        return len({text for text, _ in texts}) - len(texts)

    points = [{"x": round(point["x"], 1)} for point in samples(graph, {"x": 1.0}, 0, TRIED)]
    points = [point for point in points if point["x"] not in (0.0, 1.0, -1.0, 2.0)]
    return max(points, key=distinct, default=None)


def measured(texts: Sequence[str]) -> Measured:
    """Type every slip's number, and the right one, and count what is told."""
    found = Measured()
    for text in texts:
        graph = read([text]).graph
        for sweep in (False, True):
            mistakes = Mistakes(graph, "x", sweep=sweep)
            point = chosen(mistakes, graph)
            if point is None:
                continue
            right = float(mistakes.numbers([point])[0, 0])
            for digits in (4, DIGITS):
                if mistakes.diagnose([point], f"{right:.{digits}g}"):
                    found.accused.append(f"{text} at {point}: {right:.{digits}g}")
            for one in mistakes.wrong_answers(point):
                answer = f"{one.value:.{DIGITS}g}"
                if one.hidden or mistakes.is_right([point], answer):
                    continue
                named = [other.slip.id for other in mistakes.diagnose([point], answer)]
                found.slips += 1
                found.alone += named == [one.slip.id]
                if one.slip.id not in named:
                    found.missed.append(f"{text} at {point}: {one.slip.id} {answer} is {named}")
                elif len(named) > 1:
                    key = tuple(named)
                    found.pairs[key] = found.pairs.get(key, 0) + 1
    return found


def forms(text: str) -> Iterator[str]:
    """Yield the derivative of a formula by x in other forms."""
    import sympy

    from autodiff_cli.symbolic.expression import text as printed
    from autodiff_cli.symbolic.expression import translate

    graph = read([text]).graph
    translation = translate(graph)
    formula, slope = (
        translation.value(graph.outputs[0]),
        translation.derivative(graph.outputs[0], 0),
    )
    other = sympy.expand(formula).diff(translation.symbols[0])
    shapes = (sympy.simplify, sympy.factor, sympy.expand, sympy.together)
    for form in (slope, other, *[shape(slope) for shape in shapes]):
        if not form.has(sympy.Piecewise):
            yield re.sub(r"\bE\b", "e", printed(form).replace("Abs", "abs"))


def accused(texts: Sequence[str]) -> tuple[int, list[str]]:
    """Return how many right answers in other forms were typed, and which were called slips."""
    count, wrong = 0, []
    for text in texts:
        graph = read([text]).graph
        for form in dict.fromkeys(forms(text)):
            for sweep in (False, True):
                count += 1
                if Mistakes(graph, "x", sweep=sweep).diagnose([], form):
                    wrong.append(f"{text}: {form}")
    return count, wrong


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.named_slips", description=__doc__)
    parser.add_argument("--formulas", type=int, default=400, metavar="N")
    parser.add_argument("--right", type=int, default=2000, metavar="N", help="right answers")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    options = parser.parse_args()
    began = time.process_time()
    found = measured(formulas(options.formulas, options.seed))
    print(f"{found.slips:,} slips of {options.formulas:,} formulas: "
          f"{len(found.missed):,} not named, {found.alone / max(found.slips, 1):.1%} named alone, "
          f"{len(found.accused):,} right numbers accused")  # fmt: skip
    for pair, many in sorted(found.pairs.items(), key=lambda one: -one[1])[:12]:
        print(f"  {many:6,} times together: {', '.join(pair)}")
    count, wrong = 0, list[str]()
    seed = options.seed
    while count < options.right:
        seed += 1
        more, called = accused(formulas(25, seed))
        count, wrong = count + more, wrong + called
    print(f"{count:,} right answers in other forms: {len(wrong):,} accused")
    for line in [*found.missed, *found.accused, *wrong][:20]:
        print(f"  {line}")
    print(f"{time.process_time() - began:.0f} s of CPU")
    return 1 if found.missed or found.accused or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
