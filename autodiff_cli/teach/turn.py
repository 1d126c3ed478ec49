"""One turn: what a student types, and the screen and the student after it.

A topic that was missed comes back at the end of a later lesson, as a fresh question where it can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from autodiff_cli.teach.course import Course, Listing, Screen, rows, screen, task_of
from autodiff_cli.teach.learner import Learner, Missed, Result
from autodiff_cli.teach.task import KEYS, SPELLED, Command, Figure, Paragraph, Task
from autodiff_cli.teach.tutor import judge

#: Topics that come back at the end of one lesson, at most.
BACK = 3

#: Wrong answers after which a hint, and after which the solution, is offered.
OFFER_HINT, OFFER_SOLUTION = 1, 3

HINT, LIST, SOLUTION, NEXT, QUIT = KEYS


def given(course: Course, learner: Learner, text: str) -> tuple[Screen, Learner]:
    """Return the screen and the student after something was typed.

    Args:
        course: the lessons.
        learner: the student before.
        text: an answer, or one of the keys; "" is the key of Enter.
    """
    typed = text.strip()
    key = SPELLED.get(typed.lower(), typed.lower())
    found = task_of(course, learner)
    if key == QUIT:
        return Screen(pieces=(course.say("quit"),), awaits="end"), learner
    if key == LIST:
        listing = Listing(rows=rows(course, learner))
        choose = course.phrases["choose"]
        return Screen(pieces=(listing,), awaits="lesson", prompt=choose), learner
    if found is None or learner.answered:
        if key == NEXT or not typed:
            after = following(course, learner)
            return screen(course, after), after
        return _again(course, learner, [course.say("nothing")]), learner
    name, task = found
    if key == HINT:
        return _hinted(course, learner, task)
    if key == SOLUTION:
        pieces = [course.say("solution", answer=_shown(task)), Paragraph(text=task.solution)]
        return _closed(course, learner, name, task, "shown", pieces)
    if key == NEXT:
        after = following(course, _recorded(course, learner, name, task, "skipped"))
        return screen(course, after), after
    if not typed:
        return _again(course, learner, []), learner
    return _judged(course, learner, name, task, typed)


def _judged(
    course: Course, learner: Learner, name: str, task: Task, typed: str
) -> tuple[Screen, Learner]:
    """Return what is said of an answer."""
    found = judge(task, typed)
    if found.outcome == "right":
        right = course.phrases["right"]
        return _closed(
            course,
            learner,
            name,
            task,
            "solved",
            [Paragraph(text=f"{right} {task.right}".rstrip())],
        )
    if found.outcome != "wrong":
        said = [_told(one) for one in found.said]
        return _again(course, learner, [course.say(found.outcome), *said]), learner
    after = replace(learner, wrong=learner.wrong + 1)
    reply = " ".join(found.said) or course.phrases["unnamed"]
    pieces = [Paragraph(text=f"{course.phrases['wrong']} {reply}")]
    if after.wrong >= OFFER_SOLUTION:
        pieces.append(course.say("offer"))
    elif after.wrong >= OFFER_HINT and after.hints < len(task.hints):
        pieces.append(course.say("help"))
    return _again(course, after, pieces), after


def _told(text: str) -> Paragraph | Figure:
    """Return a sentence; of an error with a caret below its text, the lines as they are."""
    return Figure(lines=tuple(text.split("\n"))) if "\n" in text else Paragraph(text=text)


def _hinted(course: Course, learner: Learner, task: Task) -> tuple[Screen, Learner]:
    if learner.hints >= len(task.hints):
        return _again(course, learner, [course.say("nomore")]), learner
    head = course.fill("hint", number=learner.hints + 1, count=len(task.hints))
    text = f"{head} {task.hints[learner.hints]}"
    after = replace(learner, hints=learner.hints + 1)
    return _again(course, after, [Paragraph(text=text)]), after


def _again(course: Course, learner: Learner, pieces: Sequence[Paragraph | Figure]) -> Screen:
    """Return some words, and then wait for the same as before."""
    before = screen(course, learner)
    if learner.answered:
        before = Screen(pieces=(), awaits="next", prompt=course.phrases["next"])
    return replace(before, pieces=tuple(pieces))


def _closed(
    course: Course,
    learner: Learner,
    name: str,
    task: Task,
    ending: Literal["solved", "shown"],
    said: Sequence[Paragraph],
) -> tuple[Screen, Learner]:
    """Return the end of a task: what is said, what shows it, and then only `next`."""
    pieces: tuple[Paragraph | Command, ...] = (*said, *([task.show] if task.show else []))
    after = replace(_recorded(course, learner, name, task, ending), answered=True)
    return Screen(pieces=pieces, awaits="next", prompt=course.phrases["next"]), after


def _recorded(
    course: Course,
    learner: Learner,
    name: str,
    task: Task,
    ending: Literal["solved", "shown", "skipped"],
) -> Learner:
    """Return the student with the end of a task: a topic missed, or no longer."""
    result = Result(ending=ending, wrong=learner.wrong, hints=learner.hints)
    lesson = course.lessons[course.index(learner.lesson)].name
    others = tuple(one for one in learner.missed if one.topic != task.topic)
    before = next((one for one in learner.missed if one.topic == task.topic), None)
    if result.missed:
        missed = (*others, Missed(topic=task.topic, task=name, lesson=lesson))
    elif before is not None and learner.back[:1] != (name,):
        missed = learner.missed  # it still comes back: later, when it is not fresh
    else:
        missed = others
    return replace(learner, results={**learner.results, name: result}, missed=missed)


def following(course: Course, learner: Learner) -> Learner:
    """Return the student one step on: in the lesson, in what comes back, in the next lesson."""
    fresh = replace(learner, wrong=0, hints=0, answered=False)
    index = course.index(learner.lesson)
    lesson = course.lessons[index]
    if learner.place < len(lesson.steps):
        after = replace(fresh, lesson=lesson.name, place=learner.place + 1)
        ends = after.place == len(lesson.steps)
        return replace(after, back=_due(course, after, index)) if ends else after
    if learner.back:
        return replace(fresh, back=learner.back[1:])
    if index + 1 < len(course.lessons):
        return replace(fresh, lesson=course.lessons[index + 1].name, place=0)
    return replace(fresh, back=_due(course, fresh, index))


def at_lesson(course: Course, learner: Learner, index: int) -> Learner:
    """Return the student at the beginning of a lesson."""
    name = course.lessons[index].name
    return replace(
        learner, lesson=name, place=0, back=(), wrong=0, hints=0, answered=False
    )  # fmt: skip


def _due(course: Course, learner: Learner, index: int) -> tuple[str, ...]:
    """Return the tasks that come back at the end of a lesson."""
    last = index + 1 == len(course.lessons)
    here = course.lessons[index].name
    due = [one for one in learner.missed if last or one.lesson != here]
    return tuple(_chosen(course, learner, one, index) for one in due[:BACK])


def _chosen(course: Course, learner: Learner, missed: Missed, index: int) -> str:
    """Return a task about a topic: a fresh one, else another, else the one that was missed."""
    fitting = [
        (key, fresh) for key, task, fresh in course.tasks(index) if task.topic == missed.topic
    ]
    fresh = [key for key, again in fitting if again and key not in learner.results]
    known = [key for key, _ in fitting if key in learner.results and key != missed.task]
    return (*fresh, *known, missed.task)[0]


def _shown(task: Task) -> str:
    """Return the right answer as it is shown."""
    (first, *_) = task.answers
    if task.kind != "choice":
        return first
    return f"{first}) {task.choices[task.letters.index(first)]}"
