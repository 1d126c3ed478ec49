"""A class marked: the answers of all students to a worksheet, one mark for each, nothing lost."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autodiff_cli.engine.brief import brief
from autodiff_cli.errors import AutodiffError, shortened, visible
from autodiff_cli.teach.marking import Mark, Marker
from autodiff_cli.teach.question import Key

#: Headers of a table with one answer a row.
QUESTION, ANSWER, STUDENT = "question", "answer", "student"

#: Signs that may stand between the cells.
DELIMITERS = ",;\t"

#: Names of questions that are not in the sheet that a note shows.
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a student, as it was typed."""

    student: str
    question: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Gradebook:
    """The marks of a class.

    Attributes:
        questions: the ids of the questions, in order.
        rows: student → question → mark, in the order of the answers.
        notes: what a teacher should know of the answers.
        wide: whether one row a student is wanted, in place of one an answer.
    """

    questions: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Mark]]
    notes: tuple[str, ...] = ()
    wide: bool = False

    __repr__ = brief

    def total(self, student: str) -> float:
        """Return the points of a student, without what a person has to read."""
        return sum(one.score or 0.0 for one in self.rows[student].values())

    def unread(self, student: str) -> int:
        """Return how many answers of a student a person has to read."""
        return sum(one.score is None for one in self.rows[student].values())


def marked(keys: Sequence[Key], answers: Sequence[Answer]) -> Gradebook:
    """Mark the answers of a class.

    Args:
        keys: of the worksheet.
        answers: in any order; of two to the same question the later counts.
    """
    markers = {key.id: Marker(key) for key in keys}
    texts: dict[str, dict[str, str]] = {}
    twice, unknown = 0, []
    for one in answers:
        own = texts.setdefault(one.student, {})
        if one.question not in markers:
            unknown += [one.question] if one.text.strip() else []
            continue
        twice += one.question in own and own[one.question] != one.text
        own[one.question] = one.text
    rows = {student: _one(markers, own) for student, own in texts.items()}
    return Gradebook(questions=tuple(markers), rows=rows, notes=tuple(_notes(twice, unknown)))


def _one(markers: Mapping[str, Marker], texts: Mapping[str, str]) -> dict[str, Mark]:
    """Return the marks of one student."""
    found = {}
    for id, marker in markers.items():
        earlier = [(markers[other], texts.get(other, "")) for other in marker.key.after]
        found[id] = marker.mark(texts.get(id, ""), earlier)
    return found


def _notes(twice: int, unknown: Sequence[str]) -> Iterator[str]:
    if twice:
        were = "answer was" if twice == 1 else "answers were"
        yield f"{twice:,} {were} given again: the last one counts"
    if unknown:
        names = list(dict.fromkeys(unknown))
        shown = ", ".join(map(shortened, names[:NAMED])) + (", …" if len(names) > NAMED else "")
        are = "answer is to a question" if len(unknown) == 1 else "answers are to questions"
        yield f"{len(unknown):,} {are} that the sheet has not: {shown}"


def answers_of(text: str, path: str, keys: Sequence[Key]) -> list[Answer]:
    """Read a table of answers: one row a student, or one a student and question.

    Args:
        text: CSV with a header.
        path: of the file, for errors.
        keys: of the worksheet, whose ids are headers of a table with one row a student.

    Raises:
        AutodiffError: it has no header, or none of its columns is a question of the sheet.
    """
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\s*", first):
        text, delimiter = rest, first[4]
    else:
        delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        message = f"{visible(path)}, line {reader.line_num} is not CSV: {error}"
        raise AutodiffError(message, mend="check the quotation marks there") from None
    if not rows:
        raise AutodiffError(f"{visible(path)} is empty", mend=f"its first line is {_header(keys)}")
    headers = [cell.strip() for cell in rows[0]]
    lowered = [header.casefold() for header in headers]
    student = lowered.index(STUDENT) if STUDENT in lowered else 0
    if QUESTION in lowered and ANSWER in lowered:
        question, answer = lowered.index(QUESTION), lowered.index(ANSWER)
        return [
            Answer(student=_cell(row, student), question=_id(_cell(row, question)),
                   text=_cell(row, answer))
            for row in rows[1:]
        ]  # fmt: skip
    known = {key.id for key in keys}
    ids = {place: _id(header) for place, header in enumerate(headers) if place != student}
    ids = {place: id for place, id in ids.items() if id in known or re.fullmatch(r"\d+[a-z]?", id)}
    if not known & set(ids.values()):
        message = f"{visible(path)} has no column that is a question of the sheet"
        raise AutodiffError(message, mend=f"let its first line be {_header(keys)}")
    names = _apart([_cell(row, student) for row in rows[1:]])
    return [
        Answer(student=name, question=id, text=_cell(row, place))
        for name, row in zip(names, rows[1:], strict=True)
        for place, id in ids.items()
    ]


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are the same: each row is a student's."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        name = name or f"row {place}"
        count = 1 + names[: place - 1].count(name)
        found.append(name if count == 1 else f"{name} ({count})")
    return found


def _header(keys: Sequence[Key]) -> str:
    ids = [key.id for key in keys]
    return ",".join([STUDENT, *ids[:3], *(["…"] if len(ids) > 3 else [])])


def _id(header: str) -> str:
    """Return the id that a header means: Q3, question 3b and 3B are 3, 3b and 3b."""
    match = re.fullmatch(r"(?:q|question)?[\s._#-]*(\d+)\s*[.(]?([a-z]?)\)?", header.strip(), re.I)
    return f"{match[1]}{match[2].lower()}" if match else header.strip()


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
