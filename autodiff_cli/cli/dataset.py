"""`-o FOLDER/`: the answer at every row of a data set, each of its files into one of its own.

In this process file by file, by several processes, or on many machines: with the same result.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autodiff_cli.cli.options import Active, Formula, Many, Several, Shown, Table, Values
from autodiff_cli.cli.request import Request, read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, ExpressionError, LimitError, named

if TYPE_CHECKING:
    from autodiff_cli.answers.beside import Answer
    from autodiff_cli.batch.claimed import Held
    from autodiff_cli.batch.dataset import Outcome, Runner, Work
    from autodiff_cli.batch.folder import Folder
    from autodiff_cli.batch.results import Results
    from autodiff_cli.batch.summary import Summary
    from autodiff_cli.files.pieces import Kind

#: Files whose columns are looked at until one has those that the formula needs.
LOOKED = 20


def is_folder(shown: Shown, many: Many) -> bool:
    """Tell whether the answer goes into a folder: by its name, what is there, or who does it."""
    output = shown.output
    if output is None:
        return False
    named_so = output.endswith("/") or (many != Many() and not os.path.splitext(output)[1])
    return named_so or os.path.isdir(output)


def check_alone(many: Many) -> None:
    """Refuse what is for a folder where the answer goes elsewhere."""
    given = many._asdict()
    for name, absent in Many()._asdict().items():
        if given[name] != absent:
            message = f"--{name} is for a folder of results"
            raise AutodiffError(message, mend="write -o FOLDER/ with --data, or leave it out")


def _check(session: Session, many: Many) -> None:
    """Refuse workers of two kinds, and any for a text that is run."""
    if many.workers is not None and many.scheduler is not None:
        message = "--workers are started here, and those of --scheduler are there already"
        raise AutodiffError(message, mend="give one of the two")
    if session.reach.folder is not None and many._replace(resume=False) != Many():
        name = "workers" if many.scheduler is None else "scheduler"
        message = f"a text that is run has no use for --{name}"
        raise AutodiffError(message, mend="run this line by itself")


def read(
    session: Session, formula: Formula | Several, values: Values, active: Active, table: Table
) -> Request:
    """Return what is asked, by the columns of the first file that has those of the formula.

    Args:
        session: the run of the program.
        formula: what the line has of formulas.
        values: what it has of values.
        active: what it says of variables.
        table: the data.

    Raises:
        AutodiffError, OSError: no file can be read, or a formula or a name is wrong.
    """
    from autodiff_cli.batch.dataset import divided
    from autodiff_cli.files.dialect import read_dialect
    from autodiff_cli.files.pieces import pieces

    if not table.data:
        raise AutodiffError("a folder is for the results of data", mend="add --data")
    dialect = read_dialect(table.delimiter, table.decimal)
    found = pieces(table.data, dialect, session.reach)
    wrong: AutodiffError | OSError | None = None
    for piece in found[:LOOKED]:
        try:
            asked = read_request(session, formula, values, active, table, among=[piece])
        except (ExpressionError, LimitError):
            raise
        except (AutodiffError, OSError) as error:
            wrong = wrong or error
            continue
        for name, value in asked.given.items():
            if isinstance(value, list) and name not in columns(asked):
                message = f"{name} has several values beside a data set"
                raise AutodiffError(message, mend="give it one, or a column")
        return asked._replace(pieces=divided(found), rest=None, left=None)
    assert wrong is not None
    raise wrong


def columns(asked: Request) -> frozenset[str]:
    """Return the variables that are columns of the data."""
    assert asked.data is not None
    return frozenset(asked.graph.variables).intersection(filter(None, asked.data.names))


def numbers(asked: Request) -> dict[str, float]:
    """Return the variables that have one number beside the data."""
    return {name: at for name, at in asked.given.items() if isinstance(at, float)}


@contextmanager
def _runner(session: Session, many: Many) -> Iterator[Runner]:
    """Give what does the tasks."""
    from autodiff_cli.batch.dataset import one_by_one

    if many.workers is None and many.scheduler is None:
        yield one_by_one
        return
    from autodiff_cli.batch.cluster import cluster

    with cluster(many.workers, many.scheduler) as found:
        if not session.quiet and sys.stderr.isatty():
            sys.stderr.write(f"the workers' dashboard: {found.dashboard}\n")
        yield found


def into_folder(
    session: Session,
    asked: Request,
    work: Work,
    told: Mapping[str, Any],
    shown: Shown,
    many: Many,
    *,
    skip: bool,
    strict: bool,
    answer: Callable[[Summary], Answer] | None = None,
    judge: Callable[[Summary], tuple[Held, ...]] | None = None,
) -> Results | None:
    """Do a data set, let its results appear, show what is kept of them, and return it.

    Args:
        session: the run of the program.
        asked: the formula and the data.
        work: what is done with each block.
        told: what that is, in words: the command, its formula, its options.
        shown: where the answer goes, and how it looks.
        many: who does it.
        skip: whether a row that lacks a number is left out.
        strict: whether only a match is good enough.
        answer: returns what `grad` says of all rows.
        judge: returns how claims stand, of `compare`.

    Returns:
        What was shown; None where an earlier run had done all.

    Raises:
        AutodiffError: the folder is taken, or an option is wrong.
        OSError: the folder cannot be written, or a scheduler not be reached.
        Unfinished: a file could not be done.
    """
    from autodiff_cli.batch import folder as folders
    from autodiff_cli.batch.manifest import manifest
    from autodiff_cli.batch.results import Results, left_out, standing, unfinished, versions
    from autodiff_cli.cli.output import chosen, show
    from autodiff_cli.views import dataset as view

    _check(session, many)
    kind: Kind | None = shown.format if shown.format in ("csv", "parquet") else None  # type: ignore[assignment]
    screen = shown._replace(output=None, format=None if kind else shown.format)
    chosen(view, screen)
    whole = {
        "command": session.command, **told, "at": numbers(asked), "wrt": list(asked.wrt),
        "na": "skip" if skip else "error", "format": kind,
    }  # fmt: skip
    made = versions()
    place: Folder | None = None
    if shown.output is not None:
        identity = {**whole, "versions": made}
        place = folders.begin(shown.output, identity, session.reach, resume=many.resume)
        if place is None:
            sys.stderr.write(f"{named(shown.output)} is whole: there is nothing to go on with\n")
            return None
    outcome = _done(session, asked, work, place, many, kind, skip)
    if outcome.missing:
        raise unfinished(outcome, place)
    kept = outcome.summary
    assert kept is not None
    found = None if answer is None else answer(kept)
    claims = () if judge is None else judge(kept)
    notes = [*asked.notes, *left_out(kept, asked.pieces)]
    notes += [*asked.readings, *kept.departures.notes()] if found is None else found.notes
    verdict = kept.verdict if found is None else found.verdict
    report = Results(
        work=whole,
        versions=made,
        graph=asked.graph,
        path=shown.output or "",
        files=outcome.done,
        kept=kept,
        answer=None if found is None else replace(found, notes=tuple(notes)),
        notes=tuple(notes),
        verdict=verdict if judge is None else standing(claims),
        claims=claims,
    )
    if place is not None:
        place.finish(manifest(report), {one.name for one in outcome.done})
    show(session, view, report, screen, strict=strict, title=asked.expression)
    return report


def _done(
    session: Session,
    asked: Request,
    work: Work,
    place: Folder | None,
    many: Many,
    kind: Kind | None,
    skip: bool,
) -> Outcome:
    """Do what is not done yet; what is interrupted leaves what is whole."""
    from autodiff_cli.batch.dataset import run
    from autodiff_cli.batch.progress import progress
    from autodiff_cli.files.replacing import Ended, ending

    needed = columns(asked) if skip else None
    try:
        with (
            ending(),
            _runner(session, many) as runner,
            progress(sys.stderr, quiet=session.quiet) as tell,
        ):
            return run(work, asked.pieces, place, runner, kind=kind, needed=needed, tell=tell)
    except (KeyboardInterrupt, Ended):
        if place is not None:
            sys.stderr.write(f"what is whole is kept in {named(place.grows)}: --resume goes on\n")
        raise
    finally:
        if place is not None:
            place.tidy()
