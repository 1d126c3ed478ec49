"""A worksheet's file read back: the keys of its questions, for marking.

The file comes from anywhere: what it lacks, or has of another kind, is told and never trusted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from autodiff_cli.errors import AutodiffError, shortened, visible
from autodiff_cli.language.parser import read
from autodiff_cli.teach.question import Cell, Form, Key, Wrong

SCHEMA = "autodiff.worksheet/1"


def keys_of(text: str, path: str) -> tuple[Key, ...]:
    """Return the keys of a worksheet.

    Args:
        text: what `worksheet --format json` wrote.
        path: of the file, for errors.

    Raises:
        AutodiffError: it is no worksheet, or one that a person has changed for the worse.
    """
    shown = visible(path)
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        mend = "write one: autodiff worksheet -o sheet.json"
        raise AutodiffError(f"{shown} is no worksheet as JSON", mend=mend)
    keys: dict[str, Key] = {}
    questions = found.get("questions")
    for place, one in enumerate(questions if isinstance(questions, list) else [], start=1):
        try:
            key = _key(one)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"{shown}, question {place}, cannot be marked"
            raise AutodiffError(what, mend=f"look at its {shortened(str(error))}") from None
        if key.id in keys:
            raise AutodiffError(f"{shown} has two questions {shortened(key.id)}", mend="rename one")
        keys[key.id] = key
    if not keys:
        raise AutodiffError(f"{shown} has no questions", mend="write another")
    return tuple(keys.values())


def _key(one: Mapping[str, Any]) -> Key:
    form: Form = one["form"]
    if form not in get_args(Form):
        raise ValueError("form")
    number = form == "number"
    at = {str(name): float(value) for name, value in (one["at"] or {}).items()}
    cell = one.get("cell")
    key = Key(
        id=str(one["id"]),
        kind=str(one["kind"]),
        topic=str(one["topic"]),
        level=int(one["level"]),
        form=form,
        expression=str(one["expression"] or ""),
        at=at,
        by=str(one.get("by") or ""),
        answer=float(one["answer"]) if number else str(one["answer"]),
        tolerance=float(one["tolerance"] or 0.0),
        wrong=tuple(
            Wrong(
                id=str(slip["id"]),
                answer=float(slip["answer"]) if number else str(slip["answer"]),
                text=str(slip.get("feedback", slip["id"])),
            )
            for slip in one["slips"]
        ),
        options={str(letter): str(text) for letter, text in (one.get("options") or {}).items()},
        cell=Cell(column=cell["column"], label=str(cell["node"])) if cell else None,
        after=tuple(map(str, one.get("after") or ())),
    )
    _check(key)
    return key


def _check(key: Key) -> None:
    """Refuse a key that no answer could be marked by."""
    if key.form == "choice":
        if key.answer not in key.options:
            raise ValueError("answer")
        return
    graph = read([key.expression], tuple(key.at)).graph
    if len(graph.outputs) != 1 or key.by not in graph.variables:
        raise ValueError("by")
    if not set(graph.variables) <= set(key.at):
        raise ValueError("at")
    if key.form == "formula":
        for text in (str(key.answer), *[str(wrong.answer) for wrong in key.wrong]):
            if not set(read([text], graph.variables).graph.variables) <= set(graph.variables):
                raise ValueError("answer")
    if key.cell and (
        key.cell.column not in ("value", "tangent", "adjoint")
        or key.cell.label not in graph.labels()
    ):
        raise ValueError("cell")
