"""High orders at a point, judged: SymPy's formulas as far as its time reaches.

Beyond them stand differences of the value, in thousands of digits: values alone, no rule. A second
look at autodiff's numbers is its own propagation of series in more digits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mpmath import mp

from autodiff_cli.engine.directions import mixed
from autodiff_cli.engine.rounding import errors
from autodiff_cli.engine.taylor import along
from autodiff_cli.engine.uncertain import Bounds, Uncertain
from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic import expression
from autodiff_cli.symbolic.differences import differences
from autodiff_cli.symbolic.evaluation import DIGITS, TARGET
from autodiff_cli.symbolic.expression import Translation
from autodiff_cli.symbolic.jumps import DEEPEST, met
from autodiff_cli.symbolic.loss import SLACK, missing
from autodiff_cli.symbolic.many_digits import Digits
from autodiff_cli.symbolic.recomputation import Derived, Path, digits
from autodiff_cli.symbolic.verdict import agree

#: Share of the time that SymPy's formulas may take, and by what the next may take longer.
FORMULAS, LONGER = 0.35, 4.0

#: Binary digits that series are propagated in, in turn, until two agree.
PRECISIONS = (200, 400, 800, 1600, 3200, 6400)


class Look:
    """Derivatives of one formula at one point that autodiff found by series.

    Args:
        graph: the formula.
        point: a number for every variable.
        paths: the variables that each is taken by, low orders first: the orders in one variable,
            or all derivatives in several.
        found: autodiff's numbers.
        over: tells whether the time is up.
    """

    def __init__(
        self,
        graph: Graph,
        point: Sequence[float],
        paths: Sequence[Path],
        found: Sequence[float],
        over: Callable[[], bool],
    ) -> None:
        self.graph, self.paths, self.found, self.over = graph, paths, found, over
        self.at = dict(zip(graph.variables, point, strict=True))
        self.names = tuple(name for name in graph.variables if any(name in path for path in paths))
        self.order = len(paths[-1])
        self._graphs = Derived(graph)
        self._own: list[str] | None = None
        self._bounds: list[float] | None = None

    def differences(self) -> list[str | None]:
        """Return each derivative from values alone, None where time or the function ends before.

        Only those in one variable are found so.
        """
        if len(self.names) > 1 or not all(map(math.isfinite, self.at.values())):
            return [None] * len(self.paths)
        return differences(self.graph, self.at, self.names[0], self.order, self.over)

    def judged(self, place: int, text: str | None) -> dict[str, Any]:
        """Return a value, and where autodiff's number is another what its own series gives.

        Args:
            place: which derivative.
            text: the value to hold it against.
        """
        number = self.found[place]
        again: dict[str, Any] = {}
        finite = text is not None and text[-1].isdigit() and math.isfinite(float(text))
        if text and finite and not self.over():
            right = agree(number, text)
            jump = met(self._graphs, self.paths[place], self.at, _turned if right else _any)
            if jump is not None:
                again["0"] = [text, False, *jump, True]
            elif not right:
                again["0"] = self._none(place) or self._again(place, number, text)
        return {"values": [text], "again": again}

    def _again(self, place: int, number: float, text: str) -> list[Any]:
        own = self.own()[place]
        if not own[-1].isdigit():
            return [own, False, None, "", False]
        if not math.isfinite(number):  # a step of the series has a number, and float64 none
            return [own, True, None, "", False]
        if self._bounds is None:
            at = {name: Uncertain(value) for name, value in self.at.items()}
            numbers = Bounds()
            errors = [bound.error for bound in self._derived(at, numbers, Uncertain)]
            self._bounds = [math.inf] * len(errors) if numbers.turned else errors
        gap = abs(number - float(text))
        return [own, not gap > SLACK * self._bounds[place], None, "", False]

    def _none(self, place: int) -> list[Any] | None:
        """Return that the graph of a low derivative has no number at the point; None where it has.

        Series go on where floats stand beside a point at which there is none.
        """
        path = self.paths[place]
        if len(path) > DEEPEST:
            return None
        try:
            graph, output = self._graphs.of(path)
        except AutodiffError:
            return None
        found, guessed = digits(graph, output, self.at)
        if guessed or found[-1].isdigit():
            return None
        return [found, False, *missing(graph, output, self.at, self.graph), False]

    def own(self) -> list[str]:
        """Return autodiff's own derivatives in more digits, "huge" where two precisions differ."""
        if self._own is None:
            before: list[Any] = []
            for precision in PRECISIONS:
                with mp.workprec(precision):
                    at = {name: mp.mpf(value) for name, value in self.at.items()}
                    numbers = self._derived(at, Digits(precision), mp.mpf)
                    largest = _largest(self.paths, numbers)
                    if before:
                        pairs = zip(before, numbers, largest, strict=True)
                        self._own = [_text(*pair) for pair in pairs]
                        if "huge" not in self._own:
                            break
                before = numbers
                if self.over():
                    break
            self._own = self._own or ["huge"] * len(self.paths)
        return self._own

    def _derived(
        self, at: Mapping[str, Any], numbers: Any, number: Callable[[Any], Any]
    ) -> list[Any]:
        """Return all derivatives as autodiff finds them, in other numbers."""

        def derived(direction: Mapping[str, float], order: int) -> list[Any]:
            moving = {name: number(step) for name, step in direction.items()}
            terms = along(self.graph, at, moving, order, numbers)
            return [term * number(math.factorial(k)) for k, term in enumerate(terms)]

        if len(self.names) == 1:
            return derived({self.names[0]: 1.0}, self.order)[1:]
        found = mixed(
            self.names, self.order, derived,
            lambda slope, weight: numbers.divide(
                slope * number(weight.numerator), number(weight.denominator)
            ),
        )  # fmt: skip
        counts = [Counter(path) for path in self.paths]
        return [found[tuple([count[name] for name in self.names])] for count in counts]


def _turned(graph: Graph, output: int, at: Mapping[str, float]) -> bool:
    """Tell whether rounding may turn a choice on the way to an output."""
    return not errors(graph, at)[1][graph.outputs[output]] < math.inf


def _any(graph: Graph, output: int, at: Mapping[str, float]) -> bool:
    """Tell that an output is looked at, whatever it is."""
    return True


def remarks(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say where SymPy's formulas end, and where there is nothing to hold a number against."""
    written = sum(1 for record in records if record["text"])
    held = sum(1 for record in records if record["values"] != [None])
    if written < len(records):
        yield f"SymPy has had time for the first {written} of these {len(records)} derivatives" + (
            f"; those up to the number {held} are held against differences of the value in "
            "thousands of digits"
            if held > written
            else ""
        )
    if held < len(records):
        yield (
            f"no verdict on the derivatives after the first {held}: the time ran out, or there is "
            "no value beside the point"
        )


def formulas(
    translation: Translation,
    node: int,
    paths: Sequence[Sequence[int]],
    clock: Callable[[], float],
    seconds: float,
) -> Iterator[Any]:
    """Yield SymPy's derivatives one by one, as long as the next is likely to be in time."""
    begun = before = clock()
    last = 0.0
    for count, path in enumerate(paths):
        if count and before - begun + LONGER * last > FORMULAS * seconds:
            return
        formula = translation.repeated(node, path)
        expression.text(formula)  # it is printed as well, which may take longer
        yield formula
        now = clock()
        before, last = now, now - before


def _largest(paths: Sequence[Path], numbers: Sequence[Any]) -> list[Any]:
    """Return the size of the largest derivative of the order of each, or of one beside it."""
    sizes: dict[int, Any] = {}
    for path, number in zip(paths, numbers, strict=True):
        if mp.isfinite(number):
            sizes[len(path)] = max(sizes.get(len(path), mp.zero), abs(number))
    return [max(sizes.get(len(path) + beside, mp.zero) for beside in (-1, 0, 1)) for path in paths]


def _text(before: Any, number: Any, largest: Any) -> str:
    """Return a number as text, "huge" where two precisions differ; both may be only rounding."""
    if not (mp.isfinite(before) and mp.isfinite(number)):
        return "huge"
    gap = abs(before - number)
    if gap > mp.ldexp(max(abs(number), largest), -TARGET):
        return "huge"
    if gap > mp.ldexp(abs(number), -TARGET):
        return "0"
    written = mp.nstr(number, DIGITS, min_fixed=-5, max_fixed=DIGITS)
    return str(written).removesuffix(".0")
