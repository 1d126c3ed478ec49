"""One frame of a film on a screen: the table up to now, the graph beside it, and what happens.

The table has the columns that fit, and the rows around the active one; the graph stands beside it
where it fits. What is not known yet is blank, and what is asked for is a question mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autodiff_cli.errors import visible, width
from autodiff_cli.formats.lines import wrapped
from autodiff_cli.formats.signs import Signs
from autodiff_cli.graph.printer import expression
from autodiff_cli.graph.steps import steps
from autodiff_cli.teach.frames import Frame
from autodiff_cli.views.head import NAMED, equation, point
from autodiff_cli.views.layered import Lit, Sketch, sketched
from autodiff_cli.views.register import OPEN, Hidden, Register
from autodiff_cli.views.trace import partials

#: Nodes up to which a graph is drawn beside its table.
MOST_DRAWN = 60

#: Columns between the table and the graph.
APART = 3

#: Frames whose sentences decide how many lines are kept for them.
LOOKED_AT = 300

#: Characters of an operation that stands in a box.
LONGEST = 28

#: A space at which no line is broken.
TIED = "\N{NO-BREAK SPACE}"

#: The text of a line, and whether it stands out.
Line = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What fits on a screen: columns of the table, the graph beside it, and the lines of both."""

    columns: tuple[str, ...]
    sketch: Sketch | None
    height: int


class Stage:
    """A film on a screen.

    Args:
        film: its frames, at least one.
        signs: the signs of the screen.
    """

    def __init__(self, film: Sequence[Frame], signs: Signs) -> None:
        self.film, self.signs = film, signs
        self.register = Register(film, signs)
        self._reserved: dict[tuple[int, int], int] = {}
        self._plans: dict[tuple[int, int, str], _Plan] = {}
        self._sketches = self._drawn()

    def lines(
        self,
        frame: Frame,
        columns: int,
        height: int,
        *,
        hidden: Hidden = OPEN,
        below: Sequence[str] = (),
        keys: Sequence[str] = (),
        mode: str = "",
    ) -> list[Line]:
        """Return the lines of a screen: exactly as many as it has.

        Args:
            frame: what is shown.
            columns: how broad the screen is.
            height: how many lines it has.
            hidden: what of the frame is not shown yet.
            below: paragraphs under what is said: a question, an answer to it.
            keys: words for the last line, the most important first.
            mode: what is added to the line that says which step it is.
        """
        head = self._head(frame, columns, height)
        where = self._where(frame, mode, columns)
        said = self._said(frame, hidden, columns, height)
        asked = [line for text in below for line in broken(text, columns)]
        last = [fitting(keys, columns)] if keys else []
        words = max(len(said) + len(asked), self._reserve(columns, height))
        spare = height - len(where) - words - len(last)
        room = spare - len(head) - 2
        if room < 4:  # the table is worth more than the formula and the gaps
            head, room = [], spare
        body = self._body(frame, columns, room, hidden) if room >= 3 else []
        gap = [("", False)] if room < spare else []
        found = [(text, False) for text in (*head, *where)] + gap + body + gap
        found += [(text, False) for text in (*said, *asked)]
        found = found[: height - len(last)]
        found += [("", False)] * (height - len(last) - len(found))
        return [*found, *[(text, False) for text in last]]

    def _reserve(self, columns: int, height: int) -> int:
        """Return how many lines are kept for what is said, so that the table stays in its place."""
        known = self._reserved.get((columns, height))
        if known is None:
            frames = self.film[:LOOKED_AT]
            known = max(len(self._said(frame, OPEN, columns, height)) for frame in frames)
            self._reserved[columns, height] = known
        return min(known, height // 3)

    def _head(self, frame: Frame, columns: int, height: int) -> list[str]:
        """Return the formula and the point, in few lines."""
        report, signs, most = frame.of.report, self.signs, max(1, height // 10)
        formula = "".join(equation(report.graph, signs, report.graph.called))
        at = [f"at{TIED}{_pairs(point(report.at, signs))}"] if report.at else []
        named = [f"{name} = {text}" for name, text in steps(report.graph, signs.notation)[:NAMED]]
        for parts in ([*named, formula], [formula]):
            text = self._text("  ".join(["; ".join(parts), *at]))
            whole = broken(text, columns)
            if len(whole) <= most:
                return whole
        return [*whole[: most - 1], clipped(whole[most - 1], columns, signs.ellipsis)]

    def _where(self, frame: Frame, mode: str, columns: int) -> list[str]:
        """Return which step it is, in as many words as fit into a line."""
        step = f"step {frame.number + 1:,} of {len(self.film):,}"
        sweep, what = "forward sweep", "values and tangents" if frame.tangents else "values"
        if frame.sweep == "reverse":
            sweep, what = f"reverse sweep from {frame.of.report.graph.called}", "adjoints"
        said = [f"{step}, {sweep}: {what}", f"{step}, {sweep}", f"{step}, {frame.sweep}", step]
        texts = [self._text(f"{text}{mode}") for text in said]
        return broken(next((text for text in texts if width(text) <= columns), texts[-1]), columns)

    def _said(self, frame: Frame, hidden: Hidden, columns: int, height: int) -> list[str]:
        """Return what happens, and what the notes say of the node; in short where that is long."""
        notes = [] if hidden is not OPEN else self._notes(frame)
        for short in (False, True):
            sentences = frame.sentences(short=short)
            texts = ["".join(x) for k, x in enumerate(sentences) if k not in hidden.sentences]
            if frame.sweep == "forward" and not (short or hidden.value or hidden.tangents):
                texts[1:1] = partials(frame.step, self.signs, self.signs.brief)
            lines = [
                line for text in [*texts, *notes] for line in broken(self._text(text), columns)
            ]
            if len(lines) <= height // 2:
                break
        return lines

    def _notes(self, frame: Frame) -> list[str]:
        """Return what the notes say of a node when it is computed, and of the text at the ends."""
        last = frame.number + 1 == len(self.film)
        found = []
        for note in self.film[0].of.report.notes:
            here = frame.sweep == "forward" and note.node == frame.node
            if note.node is None:
                here = frame.number == 0 if note.kind == "reading" else last
            if here:
                found.append(f"note ({note.kind.replace('-', ' ')}): {note.text}")
        return found

    def _text(self, text: str) -> str:
        return visible(self.signs.text(text))

    def _body(self, frame: Frame, columns: int, room: int, hidden: Hidden) -> list[Line]:
        """Return the table, what `.grad` holds, and the graph beside them."""
        plan = self._plan(frame, columns, room)
        grads = self._grads(frame, hidden, self._beside(frame, plan, columns))
        if len(grads) + 3 > plan.height:
            grads = []
        table = self.register.lines(frame, plan.columns, plan.height - len(grads), hidden)
        left = [*table, *[(text, False) for text in grads]]
        if plan.sketch is None:
            return left
        drawn = plan.sketch.lines(_lit(frame))
        broad = self._beside(frame, plan, columns)
        count = max(len(left), len(drawn))
        left += [("", False)] * (count - len(left))
        drawn += [""] * (count - len(drawn))
        return [
            (f"{text}{' ' * (broad - width(text) + APART)}{line}".rstrip(), out)
            for (text, out), line in zip(left, drawn, strict=True)
        ]

    def _beside(self, frame: Frame, plan: _Plan, columns: int) -> int:
        """Return how many columns are left of the graph: all where there is none."""
        return columns if plan.sketch is None else self.register.broad(frame, plan.columns)

    def _grads(self, frame: Frame, hidden: Hidden, columns: int) -> list[str]:
        """Return what `.grad` of the variables holds, in the reverse sweep."""
        report = frame.of.report
        if frame.sweep == "forward" or len(report.wrt) > NAMED:
            return []
        held = []
        for name in report.wrt:
            node = report.graph.variables.index(name)
            known = None if hidden.adjoint and frame.step.node == node else frame.grads.get(name)
            number = "None" if known is None else self.signs.number(known)
            held.append(_pairs(f"{self.signs.name(name)}.grad = {number}"))
        return ["", *broken(self._text("   ".join(held)), columns)]

    def _plan(self, frame: Frame, columns: int, room: int) -> _Plan:
        """Return what fits: the graph with more of the table, or the table alone."""
        key = columns, room, frame.sweep
        known = self._plans.get(key)
        if known is not None:
            return known
        register = self.register
        found = None
        for names in register.choices(frame.sweep):
            broad = register.broad(frame, names)
            rows = len(frame.of.report.steps) + 1 + len(self._grads(self.film[-1], OPEN, broad))
            for sketch in self._sketches:
                lines = sketch.lines()
                # What stands out may be a bracket broader.
                whole = broad + APART + max(map(width, lines)) + 1
                if found is None and whole <= columns and max(len(lines), rows) <= room:
                    found = _Plan(names, sketch, room)
        if found is None:
            choices = register.choices(frame.sweep)
            fits = [names for names in choices if register.broad(frame, names) <= columns]
            found = _Plan(fits[0] if fits else register.least(), None, room)
        self._plans[key] = found
        return found

    def _drawn(self) -> list[Sketch]:
        """Return the graph as a picture: with operations in boxes, then smaller and smaller."""
        graph, signs = self.film[0].of.report.graph, self.signs
        names = {node: str(signs.label(label)) for node, label in graph.named().items()}
        if len(names) > MOST_DRAWN:
            return []
        texts = {node: expression(graph, node, signs.notation, names) for node in names}
        if max(map(width, texts.values()), default=0) <= LONGEST:
            whole = {node: visible(f"{name} = {texts[node]}") for node, name in names.items()}
            kinds = [(whole, False), (whole, True), (names, False), (names, True)]
        else:
            kinds = [(names, False), (names, True)]
        return [sketched(graph, found, signs, slim=slim) for found, slim in kinds]


def _lit(frame: Frame) -> Lit:
    """Return what stands out in the graph: the node, and the edges that its number comes along."""
    node = frame.step.node
    if frame.sweep == "forward":
        graph = frame.of.report.graph
        places = {label: index for index, label in graph.named().items()}
        return Lit(node, tuple((node, places[edge.operand]) for edge in frame.step.edges))
    if frame.consumer is None:
        return Lit(node)
    return Lit(node, ((frame.consumer.node, node),), down=True)


def _pairs(text: str) -> str:
    """Keep each name with its number."""
    return text.replace(" = ", f"{TIED}={TIED}")


def broken(text: str, columns: int, hanging: int = 2) -> list[str]:
    """Break a text into lines that are no broader than a screen, at spaces where there are any.

    Args:
        text: the text.
        columns: how broad the screen is.
        hanging: by how many columns all lines but the first are indented, unless it is narrow.
    """
    found = []
    for line in wrapped(text, columns, hanging if columns > 20 else 0):
        rest = line
        while width(rest) > columns:
            kept = clipped(rest, columns)
            found.append(kept)
            rest = rest[len(kept) :]
        found.append(rest)
    return [line.replace(TIED, " ").rstrip() for line in found]


def clipped(text: str, columns: int, ellipsis: str = "") -> str:
    """Return as much of a text as fits; with an ellipsis, whole words and that."""
    if ellipsis:
        words = text.split(" ")
        while len(words) > 1 and width(" ".join(words)) + width(ellipsis) + 1 > columns:
            words.pop()
        return f"{' '.join(words)} {ellipsis}"
    kept = 0
    while kept < len(text) and width(text[: kept + 1]) <= columns:
        kept += 1
    return text[: max(1, kept)]


def fitting(words: Sequence[str], columns: int) -> str:
    """Return as many words of a line as fit, the first ones."""
    line = ""
    for word in words:
        longer = f"{line}  {word}" if line else word
        if width(longer) > columns:
            break
        line = longer
    return line
