"""A film shown frame by frame: where it stands, what is typed, and what the screen shows of it.

It knows nothing of a terminal: keys come by name, and lines go out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autodiff_cli.formats.signs import Signs
from autodiff_cli.teach.frames import Frame
from autodiff_cli.teach.prediction import Question, answered, questions
from autodiff_cli.views.legend import legend
from autodiff_cli.views.register import OPEN, Hidden
from autodiff_cli.views.stage import Line, Stage, clipped

#: Steps that Page Up and Page Down go over.
LEAP = 10

#: Characters of an answer.
LONGEST = 200


class Projector:
    """Shows the frames of a film, one at a time.

    Args:
        film: the frames, at least one.
        signs: the signs of the screen.
        predict: whether numbers are asked for before they are shown.

    Attributes:
        place: which frame is shown.
        done: whether the reader has left.
    """

    def __init__(self, film: Sequence[Frame], signs: Signs, *, predict: bool = False) -> None:
        self.film, self.signs = film, signs
        self.place, self.done = 0, False
        self._stage = Stage(film, signs)
        self._predict = predict
        self._typed = ""
        self._said: list[str] = []
        self._page = -1  # of the help; -1 where it is not shown
        self._open: set[int] = set()  # frames whose numbers have been shown
        self._answered = 0  # questions of this frame that are done with
        self._first = True  # whether the next answer is the first to its question
        self._right, self._asked = 0, 0
        self._enter_frame(0)

    @property
    def frame(self) -> Frame:
        """The frame that is shown."""
        return self.film[self.place]

    def press(self, key: str) -> None:
        """Take a key by its name."""
        if key in ("resize", "redraw"):
            return
        if key == "end of input":
            self.done = True
        elif self._page >= 0:
            self._page = self._page + 1 if key in (" ", "right", "down", "page down") else -1
        elif key == "?" and not self._typed:
            self._page = 0
        elif self._pending():
            self._answer(key)
        else:
            self._go(key)

    def lines(self, columns: int, height: int) -> list[Line]:
        """Return what a screen of this size shows."""
        if self._page >= 0:
            return self._helping(columns, height)
        question = self._question()
        below, keys = [*self._said], self._keys(question)
        if question is not None:
            below += ["".join(question.asked()), f"> {self._typed}_"]
        elif self._typed:
            below.append(f"go to step: {self._typed}_")
        score = ""
        if self._predict:
            score = f", predicted: {self._right} of {self._asked}" if self._asked else ", predict"
        return self._stage.lines(
            self.frame, columns, height,
            hidden=self._hidden(), below=below, keys=keys, mode=score,
        )  # fmt: skip

    def _helping(self, columns: int, height: int) -> list[Line]:
        """Return one page of the help; beyond the last, the help is over."""
        text = legend(self.frame, self.signs, columns)
        room = max(1, height - 1)
        pages = -(-len(text) // room)
        if self._page >= pages:
            self._page = -1
            return self.lines(columns, height)
        shown = text[self._page * room : (self._page + 1) * room]
        shown += [""] * (room - len(shown))
        last = "any key goes back"
        if self._page + 1 < pages:
            last = f"page {self._page + 1} of {pages}: space shows more"
        return [(line, False) for line in [*shown, clipped(last, columns)]]

    def _keys(self, question: Question | None) -> list[str]:
        right, left = ("->", "<-") if self.signs.plain else ("→", "←")
        if question is not None:
            return ["Enter check", f"{right} show it", f"{left} back", "? keys",
                    "Esc no more asking"]  # fmt: skip
        return [f"{right} next", f"{left} back", "? keys", "q quit", "p predict", "f forward",
                "r reverse", "12 Enter: step 12"]  # fmt: skip

    # Where it stands

    def _enter_frame(self, place: int) -> None:
        """Show a frame, from its first question on."""
        self.place, self._answered, self._first = place, 0, True
        self._typed, self._said = "", []
        if not self._pending():
            self._open.add(place)

    def _go(self, key: str) -> None:
        """Move, jump, or change what is done."""
        if key.isascii() and key.isdigit() and len(self._typed) < len(str(len(self.film))):
            self._typed += key
            return
        if self._typed and key in ("enter", "backspace"):
            self._jump(key)
            return
        self._typed = ""
        moves: dict[str, Callable[[], int]] = {
            **dict.fromkeys(("right", "down", " ", "enter"), lambda: self.place + 1),
            **dict.fromkeys(("left", "up", "backspace"), lambda: self.place - 1),
            "home": lambda: 0,
            "end": lambda: len(self.film) - 1,
            "page down": lambda: min(self.place + LEAP, len(self.film) - 1),
            "page up": lambda: max(self.place - LEAP, 0),
            "f": lambda: 0,
            "r": self._next_reverse,
        }
        if key in ("q", "Q"):
            self.done = True
        elif key == "p":
            self._predict = not self._predict
            self._open = {self.place}  # what was shown before is asked for as well
            self._said = ["From the next step on you are asked for each number."
                          if self._predict else "No more asking."]  # fmt: skip
        elif key in moves:
            self._move(moves[key]())
        else:
            self._said = ["? shows the keys"] if key not in ("escape", "tab", "delete") else []

    def _move(self, place: int) -> None:
        if place < 0:
            self._said = ["This is the first step."]
        elif place >= len(self.film):
            self._said = ["This was the last step: Home begins again, q ends."]
        else:
            self._enter_frame(place)

    def _jump(self, key: str) -> None:
        if key == "backspace":
            self._typed = self._typed[:-1]
            return
        number, self._typed = int(self._typed), ""
        if 1 <= number <= len(self.film):
            self._enter_frame(number - 1)
        else:
            self._said = [f"There are steps 1 to {len(self.film):,}."]

    def _next_reverse(self) -> int:
        """Return the first frame of the reverse sweep; of several, of the next one."""
        found = [
            frame.number for frame in self.film
            if frame.sweep == "reverse" and self.film[frame.number - 1].of is not frame.of
        ]  # fmt: skip
        later = [number for number in found if number > self.place]
        return (later or found or [self.place])[0]

    # What is asked

    def _pending(self) -> bool:
        return self._question() is not None

    def _question(self) -> Question | None:
        """Return what is asked for now."""
        if not self._predict or self.place in self._open:
            return None
        asked = questions(self.frame)
        return asked[self._answered] if self._answered < len(asked) else None

    def _hidden(self) -> Hidden:
        """Return what of the frame is not shown yet."""
        if not self._pending():
            return OPEN
        left = questions(self.frame)[self._answered :]
        return Hidden(
            value=any(one.kind == "value" for one in left),
            tangents=frozenset(one.name for one in left if one.kind == "tangent"),
            adjoint=any(one.kind in ("seed", "term", "sum") for one in left),
            sentences=self._unsaid(left),
        )

    def _unsaid(self, left: Sequence[Question]) -> frozenset[int]:
        """Return which sentences would tell what is asked for; in reverse all."""
        if self.frame.sweep == "reverse":
            return frozenset(range(len(self.frame.sentences())))
        return frozenset(one.sentence for one in left)

    def _answer(self, key: str) -> None:
        """Take a key of an answer, or one that goes elsewhere."""
        if key == "enter":
            self._check(self._typed.strip())
        elif key == "backspace":
            self._typed = self._typed[:-1]
        elif key == "clear" or (key == "escape" and self._typed):
            self._typed = ""
        elif key == "escape":
            self._predict = False
            self._reveal()
        elif key in ("right", "down", "tab"):
            self._reveal()
        elif key in ("left", "up", "home", "end", "page up", "page down"):
            self._go(key)
        elif len(key) == 1 and len(self._typed) < LONGEST:
            self._typed += key

    def _check(self, text: str) -> None:
        """Judge an answer, and go on to the next question if it is right."""
        question = self._question()
        assert question is not None
        if text in ("q", "quit") and text not in self.frame.of.report.graph.variables:
            self.done = True
            return
        if not text:
            self._reveal()
            return
        right, said = answered(question, text)
        self._said = [said]
        if right is None:
            return
        self._typed = ""
        if self._first:
            self._asked += 1
            self._right += right
            self._first = False
        if right:
            self._next_question(said)

    def _next_question(self, said: str) -> None:
        self._answered += 1
        self._first = True
        self._said = [said]
        if not self._pending():
            self._open.add(self.place)

    def _reveal(self) -> None:
        """Show all numbers of the frame; a question that is left open counts as asked."""
        if self._first and self._pending():
            self._asked += 1
        self._open.add(self.place)
        self._typed, self._said, self._first = "", [], True
