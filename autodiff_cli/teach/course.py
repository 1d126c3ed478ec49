"""A course at work: the lessons, and what a student sees of them.

Pure: a course and a student give a screen. What is typed gives the next student, see `turn`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autodiff_cli.teach.learner import Learner
from autodiff_cli.teach.task import Lesson, Paragraph, Piece, Task

#: A place in a phrase for what the program knows.
BLANK = re.compile(r"\{([a-z]+)\}")

Awaits = Literal["answer", "letter", "next", "lesson", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that begins something new."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A lesson in the list: its number, title, tasks, those that are done, and a word."""

    number: int
    title: str
    tasks: int
    done: int
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list of lessons."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is shown, what is then waited for, and the words of the prompt."""

    pieces: tuple[Piece | Heading | Listing, ...]
    awaits: Awaits
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The lessons of a language in their order, and what is said around them."""

    lessons: tuple[Lesson, ...]
    phrases: Mapping[str, str]

    def index(self, name: str) -> int:
        """Return the place of a lesson; of one that is not there, the first."""
        return next((k for k, one in enumerate(self.lessons) if one.name == name), 0)

    def say(self, phrase: str, **values: object) -> Paragraph:
        """Return a phrase with its blanks filled in."""
        return Paragraph(text=self.fill(phrase, **values))

    def fill(self, phrase: str, **values: object) -> str:
        """Return a phrase as text; whoever wrote it can put in nothing but what is given here."""
        return BLANK.sub(lambda blank: str(values[blank[1]]), self.phrases[phrase])

    def tasks(self, until: int) -> Iterator[tuple[str, Task, bool]]:
        """Yield the tasks of the first lessons: key, task, and whether it is one to come back."""
        for lesson in self.lessons[: until + 1]:
            for fresh, tasks in ((True, lesson.again), (False, lesson.tasks)):
                for task in tasks:
                    yield f"{lesson.name}/{task.name}", task, fresh


def screen(course: Course, learner: Learner) -> Screen:
    """Return what a student sees now: the step at work, or the end of a lesson."""
    index = course.index(learner.lesson)
    lesson = course.lessons[index]
    if learner.place < len(lesson.steps):
        step = lesson.steps[learner.place]
        pieces: list[Piece | Heading | Listing] = []
        if learner.place == 0:
            head = course.fill(
                "heading", number=index + 1, count=len(course.lessons), title=lesson.title
            )
            pieces += [Heading(text=head), Paragraph(text=lesson.idea)]
        pieces += step.pieces
        if step.task is None:
            return Screen(pieces=tuple(pieces), awaits="next", prompt=course.phrases["next"])
        count = len(lesson.tasks)
        number = lesson.tasks.index(step.task) + 1
        head = course.fill("task", number=number, count=count)
        return _asked([*pieces, *_question(step.task, head)], step.task)
    found = _returned(course, learner)
    if found is not None:
        head = course.phrases["again"]
        return _asked([course.say("back"), *_question(found, head)], found)
    return _ended(course, learner, index)


def _question(task: Task, head: str) -> list[Paragraph]:
    choices = zip(task.letters, task.choices, strict=True)
    return [
        Paragraph(text=f"{head} {task.ask}"),
        *[Paragraph(text=f"  {letter}) {choice}") for letter, choice in choices],
    ]


def _asked(pieces: Sequence[Piece | Heading | Listing], task: Task) -> Screen:
    awaits: Awaits = "letter" if task.kind == "choice" else "answer"
    return Screen(pieces=tuple(pieces), awaits=awaits)


def _ended(course: Course, learner: Learner, index: int) -> Screen:
    """Return the end of a lesson, or of the course."""
    lesson = course.lessons[index]
    results = [learner.results.get(f"{lesson.name}/{task.name}") for task in lesson.tasks]
    first = sum(one is not None and not one.missed for one in results)
    done = course.say("done", title=lesson.title, first=first, tasks=len(results))
    if index + 1 < len(course.lessons):
        following = course.say("following", title=course.lessons[index + 1].title)
        return Screen(
            pieces=(done, following), awaits="next", prompt=course.phrases["next"]
        )  # fmt: skip
    if learner.missed:
        topics = ", ".join(one.topic for one in learner.missed)
        more = course.say("missed", topics=topics)
        return Screen(pieces=(done, more), awaits="next", prompt=course.phrases["next"])
    return Screen(pieces=(done, course.say("finished")), awaits="end")


def task_of(course: Course, learner: Learner) -> tuple[str, Task] | None:
    """Return the task on the screen with its key, or None."""
    lesson = course.lessons[course.index(learner.lesson)]
    if learner.place < len(lesson.steps):
        task = lesson.steps[learner.place].task
        return None if task is None else (f"{lesson.name}/{task.name}", task)
    found = _returned(course, learner)
    return None if found is None else (learner.back[0], found)


def _returned(course: Course, learner: Learner) -> Task | None:
    """Return the task that has come back, or None."""
    if not learner.back:
        return None
    every = course.tasks(len(course.lessons))
    return next((task for key, task, _ in every if key == learner.back[0]), None)


def letters(course: Course, learner: Learner) -> tuple[str, ...]:
    """Return the letters of the choices on the screen."""
    found = None if learner.answered else task_of(course, learner)
    return () if found is None else found[1].letters


def rows(course: Course, learner: Learner) -> tuple[Row, ...]:
    """Return the list of lessons, with what a student has done of each."""
    found = []
    for number, lesson in enumerate(course.lessons, 1):
        results = [learner.results.get(f"{lesson.name}/{task.name}") for task in lesson.tasks]
        done = sum(one is not None for one in results)
        word = "here" if lesson.name == learner.lesson else ""
        if not word and done == len(results):
            word = "complete"
        found.append(
            Row(
                number=number,
                title=lesson.title,
                tasks=len(results),
                done=done,
                word=course.phrases[word] if word else "",
            )
        )
    return tuple(found)
