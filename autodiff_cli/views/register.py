"""The table of a film at one moment: a row a node, with what is known of it until then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autodiff_cli.engine.record import Step
from autodiff_cli.errors import visible, width
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.teach.frames import FOLLOWED, Frame, Sweep

#: Rows whose texts decide how broad the columns are; of a longer film those that are shown.
MEASURED, NEAR = 1000, 100

#: Rows from which on it is said how many are left out.
LEAST = 3

#: Columns between two columns.
GAP = 2

#: Characters of an operation in the table.
LONGEST = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What of a frame is not shown yet, because it is asked for.

    Attributes:
        value: whether its value is.
        tangents: the variables for which its tangent is.
        adjoint: whether what its adjoint comes to is.
        sentences: which of its sentences are not said.
    """

    value: bool = False
    tangents: frozenset[str] = frozenset()
    adjoint: bool = False
    sentences: frozenset[int] = frozenset()


OPEN = Hidden()


class Column(NamedTuple):
    """A column of the table.

    Attributes:
        heading: what stands above it.
        left: whether its texts are set to the left.
        cell: the text of a node at a moment.
        ever: all texts that it may have for a node in a sweep, so that it is as broad all the time.
    """

    heading: str
    left: bool
    cell: Callable[[Step, Frame, Hidden], str]
    ever: Callable[[Step, Sweep], list[str]]


class Register:
    """The table of a film.

    Args:
        film: its frames.
        signs: the signs of the screen.
    """

    def __init__(self, film: Sequence[Frame], signs: Signs) -> None:
        self.signs = signs
        report = film[0].of.report
        self.steps = report.steps
        self.places = {step.label: place for place, step in enumerate(self.steps)}
        self._graph = report.graph
        self._labels = {step.node: str(signs.label(step.label)) for step in self.steps}
        self.columns = self._columns(report.graph.letter, film)
        self._sweeps = [*{id(frame.of): frame.of for frame in film}.values()]
        self._broad: dict[str, int] = {}

    def choices(self, sweep: str) -> list[tuple[str, ...]]:
        """Return which columns may be shown together in a sweep, the most telling first."""
        every = tuple(self.columns)
        tangents = [name for name in every if name.startswith("tangent")]
        # Forward nothing is known of adjoints, and backward tangents have been seen.
        idle = ["adjoint"] if sweep == "forward" else tangents
        needed = [name for name in ("operation", *tangents[::-1]) if name not in idle]
        dropped: list[list[str]] = [[], ["operation"], idle, [*idle, "operation"]]
        if sweep == "forward":
            dropped += [[*idle, *needed[:count]] for count in range(2, len(needed) + 1)]
        return [tuple(name for name in every if name not in names) for names in dropped]

    def least(self) -> tuple[str, ...]:
        """Return the columns for a screen on which no choice fits."""
        return ("node",)

    def broad(self, frame: Frame, names: Sequence[str]) -> int:
        """Return how broad the table is with these columns."""
        return 2 + sum(self._width(frame, name) + GAP for name in names) - GAP

    def lines(
        self, frame: Frame, names: Sequence[str], height: int, hidden: Hidden
    ) -> list[tuple[str, bool]]:
        """Return the lines of the table, each with whether it stands out.

        Args:
            frame: the moment.
            names: the columns.
            height: how many lines there are; rows far from the active one are left out.
            hidden: what is not shown yet.
        """
        widths = [self._width(frame, name) for name in names]
        heads = [self.columns[name].heading for name in names]
        found = [(self._row("", heads, names, widths), False)]
        first, last = self._window(frame, height - 1)
        count = len(self.steps)
        said = height - 1 >= LEAST
        if first and said:
            found.append((self._more(first, self.signs.up), False))
        for step in self.steps[first:last]:
            cells = [self.columns[name].cell(step, frame, hidden) for name in names]
            mark = self._mark(step, frame)
            found.append((self._row(mark, cells, names, widths), step.label == frame.node))
        if last < count and said:
            found.append((self._more(count - last, self.signs.down), False))
        return found

    def _window(self, frame: Frame, height: int) -> tuple[int, int]:
        """Return the first row that is shown, and the one after the last."""
        count = len(self.steps)
        if count <= height:
            return 0, count
        active = self.places[frame.node]
        first = max(0, min(active - height // 2, count - height))
        last = first + height
        if height < LEAST:
            return first, last
        return first + (first > 0), last - (last < count)

    def _more(self, count: int, sign: str) -> str:
        return f"  {sign} {count:,} more"

    def _mark(self, step: Step, frame: Frame) -> str:
        """Mark the active node, and those that its number comes from."""
        plain = self.signs.plain
        if step.label == frame.node:
            return ">" if plain else "→"
        sources = [edge.operand for edge in frame.step.edges]
        if frame.sweep == "reverse":
            sources = [] if frame.part is None else [frame.part.consumer]
        return ("*" if plain else "·") if step.label in sources else ""

    def _row(
        self, mark: str, cells: Sequence[str], names: Sequence[str], widths: Sequence[int]
    ) -> str:
        parts = []
        for name, cell, wide in zip(names, cells, widths, strict=True):
            blank = " " * (wide - width(cell))
            parts.append(f"{cell}{blank}" if self.columns[name].left else f"{blank}{cell}")
        return f"{mark or ' '} {(' ' * GAP).join(parts)}".rstrip()

    def _width(self, frame: Frame, name: str) -> int:
        """Return how broad a column is: in all frames alike, unless the film is very long."""
        known = self._broad.get(name)
        if known is not None:
            return known
        column, steps = self.columns[name], self.steps
        if len(steps) > MEASURED:
            active = self.places[frame.node]
            steps = steps[max(0, active - NEAR) : active + NEAR]
        texts = [text for sweep in self._sweeps for step in steps
                 for text in column.ever(step, sweep)]  # fmt: skip
        found = max(map(width, [column.heading, *texts]))
        if len(self.steps) <= MEASURED:
            self._broad[name] = found
        return found

    def _columns(self, letter: str, film: Sequence[Frame]) -> dict[str, Column]:
        signs = self.signs
        found = {
            "node": Column(signs.node(letter), True, lambda step, *_: self._name(step),
                           lambda step, _: [self._name(step)]),
            "operation": Column("operation", True, lambda step, *_: self._operation(step),
                                lambda step, _: [self._operation(step)]),
            "value": Column("value", False, self._value,
                            lambda step, _: [signs.number(step.value)]),
        }  # fmt: skip
        moving = tuple(self.steps[0].tangents or ())
        for name in moving[:FOLLOWED]:
            found[f"tangent {name}"] = self._tangent(letter, name)
        if any(frame.sweep == "reverse" for frame in film):
            found["adjoint"] = Column(signs.adjoint(letter), False, self._adjoint, self._sums)
        return found

    def _name(self, step: Step) -> str:
        label = self._labels[step.node]
        name = self._graph.names.get(step.node)
        return self._text(f"{label} = {self.signs.name(name)}" if name else label)

    def _operation(self, step: Step) -> str:
        text = self._text(expression(self._graph, step.node, self.signs.notation, self._labels))
        return text if width(text) <= LONGEST else self.signs.ellipsis

    def _text(self, text: str) -> str:
        return visible(self.signs.text(text))

    def _value(self, step: Step, frame: Frame, hidden: Hidden) -> str:
        if hidden.value and step.label == frame.node:
            return "?"
        known = frame.values.get(step.label)
        return "" if known is None else self.signs.number(known)

    def _tangent(self, letter: str, name: str) -> Column:
        """Return the column of the tangents for one variable."""

        def cell(step: Step, frame: Frame, hidden: Hidden) -> str:
            if name in hidden.tangents and step.label == frame.node:
                return "?"
            known = frame.tangents.get(step.label)
            return "" if known is None else self.signs.number(known[name])

        def ever(step: Step, _: Sweep) -> list[str]:
            return [self.signs.number((step.tangents or {})[name])]

        heading = self._text(f"{self.signs.tangent(letter)} ({self.signs.name(name)})")
        return Column(heading, False, cell, ever)

    def _adjoint(self, step: Step, frame: Frame, hidden: Hidden) -> str:
        """Return the sum so far: 24 + … while more is to come."""
        terms = frame.terms(step.label)
        if hidden.adjoint and step.label == frame.node:
            return "?" if frame.before is None else f"{self.signs.number(frame.before)} + ?"
        if not terms:
            return ""
        return self._sum(step, terms, frame.adjoints[step.label])

    def _sum(self, step: Step, terms: int, total: float) -> str:
        more = terms < len(step.contributions)
        return f"{self.signs.number(total)}{f' + {self.signs.ellipsis}' if more else ''}"

    def _sums(self, step: Step, sweep: Sweep) -> list[str]:
        arrived = sweep.adjoints.get(step.label, ())
        return [self._sum(step, terms, total) for terms, (_, total) in enumerate(arrived, 1)]
