"""Lessons tried out: every answer and wrong answer judged, every command run, every hint read.

What a teacher who writes a lesson wants to know before a student does; `learn --check` says it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autodiff_cli.answers.trace import trace
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.errors import AutodiffError, width
from autodiff_cli.language.parser import read
from autodiff_cli.teach.course import Course
from autodiff_cli.teach.task import Command, Figure, Lesson, Task, Wrong
from autodiff_cli.teach.tutor import equal, judge, plain_word, value

#: Columns of the narrowest screen, exit statuses of a command that says something, and how near
#: a number of a lesson is to the machine's.
NARROW, SAYS, NEAR = 40, (0, 3), 5e-5

#: A number in prose: not the 3 of w3 or of x^3.
_NUMBER = re.compile(r"(?<![\w.^])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w^])")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with a lesson: the file, the line, of a task its first one, and what."""

    lesson: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What was tried, and what was found."""

    lessons: int
    tasks: int
    again: int
    wrongs: int
    diagnosed: int
    hints: int
    commands: int
    flaws: tuple[Flaw, ...]


def rehearse(course: Course, run: Callable[[Command], int]) -> Rehearsal:
    """Try out all lessons.

    Args:
        course: the lessons.
        run: runs a command line and returns its exit status.
    """
    tasks = [(lesson, task) for lesson in course.lessons for task in (*lesson.tasks, *lesson.again)]
    commands = [(lesson, one) for lesson in course.lessons for one in _commands(lesson)]
    flaws = [
        Flaw(lesson=lesson.name, line=task.line, text=f"{task.name}: {text}")
        for lesson, task in tasks
        for text in _flaws(task)
    ]
    flaws += [flaw for lesson in course.lessons for flaw in _narrow(lesson)]
    flaws += _strays(course)
    for lesson, command in commands:
        status = run(command)
        if status not in SAYS:
            text = f"autodiff {command.line} ends with status {status}"
            flaws.append(Flaw(lesson=lesson.name, line=command.number, text=text))
    return Rehearsal(
        lessons=len(course.lessons),
        tasks=sum(len(lesson.tasks) for lesson in course.lessons),
        again=sum(len(lesson.again) for lesson in course.lessons),
        wrongs=sum(len(task.wrongs) for _, task in tasks),
        diagnosed=sum(bool(one.slip) for _, task in tasks for one in task.wrongs),
        hints=sum(len(task.hints) for _, task in tasks),
        commands=len(commands),
        flaws=tuple(flaws),
    )


def _commands(lesson: Lesson) -> Iterator[Command]:
    for step in lesson.steps:
        yield from (one for one in step.pieces if isinstance(one, Command))
    yield from (task.show for task in (*lesson.tasks, *lesson.again) if task.show)


def _flaws(task: Task) -> Iterator[str]:
    for answer in task.answers:
        found = judge(task, answer)
        if found.outcome != "right":
            yield f"its answer {answer} is called {found.outcome}"
    for wrong in task.wrongs:
        yield from _of_wrong(task, wrong)
    for letter in task.letters:
        if letter not in task.answers and all(one.answer != letter for one in task.wrongs):
            yield f"nothing is said of the choice {letter}"
    for hint in task.hints:
        if gives_away(task, hint):
            yield f"a hint has the answer in it: {hint}"
    if task.find:
        yield from _of_machine(task)


def _of_wrong(task: Task, wrong: Wrong) -> Iterator[str]:
    found = judge(task, wrong.answer)
    if found.outcome != "wrong":
        yield f"the wrong answer {wrong.answer} is called {found.outcome}"
    elif wrong.slip and wrong.slip not in found.slips:
        named = ", ".join(found.slips) or "none of the usual slips"
        yield f"the wrong answer {wrong.answer} is not {wrong.slip}, but {named}"
    elif wrong.reply and found.said != (wrong.reply,):
        yield f"the wrong answer {wrong.answer} gets another reply: {' '.join(found.said)}"
    said = " ".join(found.said)
    if gives_away(task, said):
        yield f"the reply to {wrong.answer} has the answer in it: {said}"


def _of_machine(task: Task) -> Iterator[str]:
    """Yield what is wrong where the machine itself finds another answer."""
    (answer,) = task.answers
    try:
        if task.kind == "formula":
            wanted = read([task.formula]).graph
            slope = gradient_graph(wanted, (task.find[1],), exact=True).select((1,))
            if not equal(slope, read([answer]).graph):
                yield f"its answer {answer} is not the {' '.join(task.find)} of {task.formula}"
            return
        found = of_machine(task)
    except (AutodiffError, KeyError, IndexError, StopIteration) as error:
        yield f"find: {' '.join(task.find)} cannot be found: {error}"
        return
    if not math.isclose(found, value(answer), rel_tol=NEAR, abs_tol=0.0):
        yield f"its answer is {answer}, and the machine finds {found}"


def of_machine(task: Task) -> float:
    """Return the number that a task asks of the machine.

    Raises:
        AutodiffError, KeyError, IndexError, StopIteration: there is no such number.
    """
    at = {name: value(text) for name, text in task.at.items()}
    report = trace(task.formula, at)
    what, *names = task.find
    if what == "value":
        return report.value
    if what == "derivative" or (what == "adjoint" and names[0] in report.gradient):
        return report.gradient[names[0]]
    step = next(one for one in report.steps if one.label == names[0])
    if what == "tangent":
        return (step.tangents or {})[names[1]]
    if what == "adjoint":
        return step.adjoint if step.adjoint is not None else math.nan
    if what == "partial":
        edge = next(one for one in step.edges if one.operand == names[1])
        return edge.partial if edge.partial is not None else math.nan
    raise AutodiffError(f"there is no {what}", mend="value, derivative, tangent, adjoint, partial")


def gives_away(task: Task, text: str) -> bool:
    """Tell whether a text has the answer to a task in it."""
    first = task.answers[0]
    if task.kind == "number":
        wanted = value(first)
        numbers = [float(found[0]) for found in _NUMBER.finditer(text.replace("−", "-"))]
        return any(math.isclose(number, wanted, rel_tol=5e-4) for number in numbers)
    if task.kind == "formula":
        return _squeezed(first) in _squeezed(text)
    if task.kind == "choice":
        right = task.choices[task.letters.index(first)]
        return plain_word(right) in plain_word(text) or f"{first})" in text
    return any(
        re.search(rf"(?<!\w){re.escape(plain_word(answer))}(?!\w)", plain_word(text))
        for answer in task.answers
    )


def _squeezed(text: str) -> str:
    """Return a text without spaces and signs of multiplication, powers as they are typed."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"^{found[0].translate(_LOWERED)}", text)
    return re.sub(r"[\s*·]", "", text.replace("−", "-"))


def _narrow(lesson: Lesson) -> Iterator[Flaw]:
    """Yield the figures that are too broad for a narrow screen."""
    figures = [piece for step in lesson.steps for piece in step.pieces if isinstance(piece, Figure)]
    for figure in figures:
        for line in figure.lines:
            if width(line) > NARROW:
                text = f"a figure is broader than {NARROW} columns: {line.strip()}"
                yield Flaw(lesson=lesson.name, line=figure.number, text=text)


def _strays(course: Course) -> list[Flaw]:
    """Return the questions to come back whose topic no lesson until then has asked about."""
    known: set[str] = set()
    flaws = []
    for lesson in course.lessons:
        known |= {task.topic for task in lesson.tasks}
        flaws += [
            Flaw(
                lesson=lesson.name, line=task.line, text=f"{task.name}: its topic is asked nowhere"
            )
            for task in lesson.again
            if task.topic not in known
        ]
    return flaws
