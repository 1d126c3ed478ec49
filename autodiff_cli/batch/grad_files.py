"""`grad` at every row of a data set, into a folder, as `autodiff grad --data … -o FOLDER/` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

from autodiff_cli.answers.gradient import Mode, road
from autodiff_cli.answers.reading import reading_of
from autodiff_cli.batch import folder as folders
from autodiff_cli.batch.block import Work
from autodiff_cli.batch.dataset import Runner, divided, one_by_one, run
from autodiff_cli.batch.manifest import manifest
from autodiff_cli.batch.results import Results, left_out, unfinished, versions
from autodiff_cli.batch.summary import LEAST
from autodiff_cli.engine import point
from autodiff_cli.errors import AutodiffError, one_of, words, yes_or_no
from autodiff_cli.files.blockwise import blocks
from autodiff_cli.files.dialect import PLAIN
from autodiff_cli.files.pieces import Piece, pieces
from autodiff_cli.files.reach import ANYWHERE
from autodiff_cli.graph.graph import Graph
from autodiff_cli.notes.note import Note


def grad_files(
    expression: Graph | str,
    data: str | Sequence[str],
    output: str,
    *,
    at: Mapping[str, float] | None = None,
    wrt: Sequence[str] | None = None,
    mode: Mode = "reverse",
    backend: Literal["numpy", "c"] = "numpy",
    format: Literal["csv", "parquet"] | None = None,
    na: Literal["error", "skip"] = "error",
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    tell: Callable[[float | None, int], None] = lambda share, rows: None,
) -> Results:
    """Write the value and the gradient at every row of a data set, a file for each of its files.

    Args:
        expression: a graph from `parse`, or text.
        data: files, folders, patterns or URLs: CSV or Parquet, whose columns are variables.
        output: the folder of results, or the URL of one; it appears when all is done.
        at: variable → number, for those that are no column.
        wrt: the variables to differentiate with respect to; by default all columns of the formula.
        mode: "reverse" or "forward".
        backend: "numpy", or "c": compiled C where there is a compiler, else NumPy with a note.
        format: what the files of results are; by default what each file of the data is.
        na: whether a row that lacks a number is an error, or left out ("skip").
        workers: how many processes do it, by Dask; by default this one.
        scheduler: the address of a Dask cluster that does it.
        resume: go on with a run that was not finished.
        tell: is told how much is done, from 0 to 1 or None, and how many rows.

    Returns:
        The manifest's content: `files`, `kept`, `notes` and `verdict`.

    Raises:
        AutodiffError: the text, a name, the folder or a number of the first file is wrong.
        OSError: something cannot be read or written, or a scheduler not be reached.
        Unfinished: files are missing; its text says which, and `resume=True` goes on.
    """
    one_of("mode", mode, ("reverse", "forward"))
    one_of("na", na, ("error", "skip"))
    one_of("backend", backend, ("numpy", "c"))
    yes_or_no("resume", resume)
    if format is not None:
        one_of("format", format, ("csv", "parquet"))
    given = {name: float(value) for name, value in (at or {}).items()}
    found = divided(pieces(words("the data", data), PLAIN, ANYWHERE))
    columns = _columns(found)
    reading = reading_of(expression, dict.fromkeys((*given, *columns), 0.0))
    graph = reading.graph
    active = [name for name in graph.variables if name not in given] if wrt is None else wrt
    work = Work(
        reading=reading, at=given, wrt=point.chosen(graph, active), mode=mode, shown=LEAST,
        backend=backend, described=True,
    )  # fmt: skip
    told = {
        "command": "grad", "expression": str(graph), "mode": mode, "backend": work.backend,
        "seed": None, "at": given, "wrt": list(work.wrt), "na": na, "format": format,
    }  # fmt: skip
    made = versions()
    place = folders.begin(output, {**told, "versions": made}, ANYWHERE, resume=resume)
    if place is None:
        raise AutodiffError("the folder is whole: there is nothing to go on with")
    needed = frozenset(graph.variables) - given.keys() if na == "skip" else None
    try:
        with _runner(workers, scheduler) as runner:
            outcome = run(work, found, place, runner, kind=format, needed=needed, tell=tell)
    finally:
        place.tidy()
    kept = outcome.summary
    if outcome.missing or kept is None:
        raise unfinished(outcome, place)
    remarks = [*road(reading, work.wrt, backend)]
    remarks += [Note(None, "reading", text) for text in reading.remarks]
    results = Results(
        work=told,
        versions=made,
        graph=graph,
        path=output,
        files=outcome.done,
        kept=kept,
        answer=None,
        notes=(*left_out(kept, found), *remarks, *kept.departures.notes()),
        verdict=kept.verdict,
    )
    place.finish(manifest(results), {one.name for one in outcome.done})
    return results


def _columns(found: Sequence[Piece]) -> list[str]:
    """Return the columns of the first file that can be read.

    Raises:
        AutodiffError, OSError: none can.
    """
    wrong: AutodiffError | OSError | None = None
    for piece in found:
        try:
            return [name for name in next(blocks(piece)).names if name is not None]
        except (AutodiffError, OSError) as error:
            wrong = wrong or error
    assert wrong is not None
    raise wrong


def _runner(workers: int | None, scheduler: str | None) -> AbstractContextManager[Runner]:
    if workers is None and scheduler is None:
        return nullcontext(one_by_one)
    if workers is not None and scheduler is not None:
        raise AutodiffError("workers and a scheduler are given", mend="give one of the two")
    from autodiff_cli.batch.cluster import cluster

    return cluster(workers, scheduler)
