"""What is said of a data set when it is done: of which program, from which files, how many rows."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autodiff_cli.answers.beside import Answer
from autodiff_cli.batch.claimed import Held
from autodiff_cli.batch.dataset import Done, Missing, Outcome
from autodiff_cli.batch.folder import Folder
from autodiff_cli.batch.summary import Summary
from autodiff_cli.engine.brief import brief
from autodiff_cli.errors import Unfinished, named
from autodiff_cli.files.blockwise import LeftOut
from autodiff_cli.files.pieces import Piece
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note
from autodiff_cli.symbolic.verdict import Verdict

#: Missing files that are named.
NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Results:
    """A data set that is done.

    Attributes:
        work: what was done: the command, the formula as typed, what it is differentiated by.
        versions: program and libraries → version.
        graph: the formula.
        path: the folder of results, as it was named; "" where none were written.
        files: the pieces, in their order.
        kept: what is kept of all rows.
        answer: what `grad` says of them; None of another command.
        notes: what a reader should know.
        verdict: the verdict on all rows.
        claims: how claims stand, of `compare`.
    """

    work: Mapping[str, Any]
    versions: Mapping[str, str]
    graph: Graph
    path: str
    files: tuple[Done, ...]
    kept: Summary
    answer: Answer | None
    notes: tuple[Note, ...]
    verdict: Verdict | Literal["WRONG"]
    claims: tuple[Held, ...] = ()

    __repr__ = brief


def standing(claims: Sequence[Held]) -> Verdict | Literal["WRONG"]:
    """Return the verdict on all claims: the user's, then SymPy's."""
    outcomes = {(one.claim.mine, one.outcome) for one in claims}
    if (False, "WRONG") in outcomes:
        return "MISMATCH"
    if (True, "WRONG") in outcomes:
        return "WRONG"
    if {(True, "rounding"), (False, "rounding")} & outcomes:
        return "rounding"
    return "match" if claims else "skipped"


def versions() -> dict[str, str]:
    """Return the versions of what the numbers depend on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"autodiff": program()}
    for name in ("numpy", "pyarrow"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def program() -> str:
    """Return the version of the package that this process has."""
    version: str = sys.modules["autodiff_cli"].__version__
    return version


def left_out(kept: Summary, pieces: Sequence[Piece]) -> list[Note]:
    """Say how many rows were left out, for want of a number."""
    rows, first, row = kept.left
    if first is None:
        return []
    where = f"{row} of {named(pieces[first.piece].path)}"
    return [Note(None, "data", LeftOut(rows=rows, first=where).said())]


def unfinished(outcome: Outcome, place: Folder | None) -> Unfinished:
    """Return the error that says which files are missing, and how to go on."""
    missing = outcome.missing
    count = len(outcome.done) + len(missing)
    plural, verb = "file" if count == 1 else "files", "is" if len(missing) == 1 else "are"
    lines = [f"{len(missing):,} of {count:,} {plural} {verb} missing", *map(_said, missing[:NAMED])]
    if len(missing) > NAMED:
        lines.append(f"and {len(missing) - NAMED:,} more")
    last = "mend them, or take them out of the data"
    if place is not None and outcome.done:
        last = f"what is whole is kept in {named(place.grows)}: mend them, then --resume goes on"
    return Unfinished("\n".join([*lines, last]))


def _said(one: Missing) -> str:
    path = named(one.path)
    return one.reason if path in one.reason else f"{path}: {one.reason}"
