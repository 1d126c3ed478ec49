"""A film in the terminal: shown frame by frame as keys ask for it, or with questions in lines."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from autodiff_cli.answers.trace import Trace
from autodiff_cli.cli.projector import Projector
from autodiff_cli.cli.terminal import Terminal
from autodiff_cli.formats.colour import paints, strong
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import Rounding, carried
from autodiff_cli.teach.frames import frames
from autodiff_cli.teach.prediction import Question, answered, questions
from autodiff_cli.views.stage import Line
from autodiff_cli.views.stepper import Film, heading_of, sentence, signs_of, write_top


def play(traces: Sequence[Trace], digits: int, *, predict: bool) -> None:
    """Show the frames of traces on a screen of their own, until the reader leaves.

    Args:
        traces: the record, one for each output; there is a frame at least.
        digits: to which numbers are rounded.
        predict: whether numbers are asked for before they are shown.
    """
    signs = carried(sys.stdout.encoding).rounding(Rounding(digits))
    projector = Projector(frames(traces, signs), signs, predict=predict)
    gc.enable()  # the start of the program did without
    with Terminal() as terminal:
        while not projector.done:
            columns, height = terminal.size()
            terminal.show([*map(_styled, projector.lines(columns, height))])
            for key in terminal.pressed():
                projector.press(key)


def _styled(line: Line) -> str:
    """Return a line as the terminal takes it; what stands out has a sign of its own as well."""
    text, stands_out = line
    return strong(text) if stands_out and paints(sys.stdout) else text


def ask(out: Format, report: Film) -> None:
    """Go through the frames of a film line by line, each number asked for before it is said.

    Answers are lines of stdin: an empty one shows the number, and where they end nothing more is
    asked.

    Args:
        out: where questions and sentences go.
        report: the record, one for each output, and whether signs are words.
    """
    write_top(out, report)
    right = asked = 0
    heading, over = "", False
    signs = signs_of(out, report)
    for frame in frames(report.traces, signs):
        if heading != heading_of(frame):
            heading = heading_of(frame)
            out.line()
            out.line(heading)
        for question in questions(frame):
            if over:
                break
            out.paragraph(f"{frame.number + 1}. ", *question.asked())
            first, over = _asked(out, question)
            asked += first is not None
            right += bool(first)
        out.paragraph(f"{frame.number + 1}. ", *sentence(frame, signs))
    if asked:
        out.line()
        out.line(f"predicted at the first try: {right} of {asked}")


def _asked(out: Format, question: Question) -> tuple[bool | None, bool]:
    """Ask until the answer is right or empty.

    Returns:
        Whether the first answer is right, None without one; and whether there are no more lines.
    """
    first: bool | None = None
    while True:
        out.stream.flush()
        line = sys.stdin.readline()
        if not line.strip():
            return (first if not line else bool(first)), not line
        right, said = answered(question, line.strip())
        out.paragraph(said)
        first = right if first is None else first
        if right:
            return first, False
