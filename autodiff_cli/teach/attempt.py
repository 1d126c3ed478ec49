"""How a question is asked until it is done: tries are marked, and help comes step by step.

After the first wrong try comes the rule, after the second that rule for this formula, after the
third the solution. Who asks for help gets the next of these at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autodiff_cli.teach.marking import Mark, Marker
from autodiff_cli.teach.prose import Prose
from autodiff_cli.teach.question import Question

#: What a question comes to.
Outcome = Literal["first", "right", "shown", "skipped"]


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One question and what has happened with it.

    Attributes:
        question: what is asked.
        marker: marks its answers.
        tries: the first answer, and every other, that could be read.
        helped: how many steps of help were given.
        slips: the names of what went wrong.
        outcome: None while it is asked.
    """

    question: Question
    marker: Marker
    tries: list[str]
    helped: int = 0
    slips: list[str]
    outcome: Outcome | None = None

    def tried(self, text: str) -> Mark:
        """Mark an answer."""
        mark = self.marker.mark(text)
        if mark.status in ("unreadable", "blank"):
            return mark
        self.tries.append(text)
        if mark.status == "right":
            self.outcome = "first" if len(self.tries) == 1 and not self.helped else "right"
        elif mark.status == "wrong" and mark.slips:
            self.slips.append(mark.slips[0])
        return mark

    def help(self) -> tuple[Prose, ...]:
        """Return the next step of help: a hint, another, and then the solution."""
        hints = self.question.hints
        self.helped += 1
        if self.helped <= len(hints):
            return (hints[self.helped - 1],)
        self.outcome = "shown"
        return self.question.solution
