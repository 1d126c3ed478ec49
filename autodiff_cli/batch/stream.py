"""A file that is bigger than one block: differentiated and written block by block."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from autodiff_cli.answers.beside import Answer
from autodiff_cli.answers.drawn import Draw
from autodiff_cli.answers.gradient import road
from autodiff_cli.answers.judging import Judged
from autodiff_cli.batch.block import Work, differentiated
from autodiff_cli.batch.progress import progress
from autodiff_cli.batch.summary import Summary
from autodiff_cli.files.blockwise import Writer, is_parquet, writer
from autodiff_cli.files.reach import Reach
from autodiff_cli.files.replacing import replacing
from autodiff_cli.files.table import Data
from autodiff_cli.notes.counting import Place
from autodiff_cli.notes.note import Note

#: Judges the rows of a draw, told how many rows stand before one.
Judge = Callable[[Draw, Callable[[Place], int]], Judged]


def stream(
    work: Work,
    blocks: Iterable[Data],
    output: str | None,
    reach: Reach,
    *,
    expression: str,
    unasked: str,
    judge: Judge | None = None,
    quiet: bool = False,
) -> Answer:
    """Write the value and the gradient at every row of big data, and return what to show.

    Args:
        work: what is done at every row.
        blocks: the rows, at least one block.
        output: the file to write, which appears when all is done; "-" is the standard output, and
            None writes no rows.
        reach: the files that may be written.
        expression: the formula as typed.
        unasked: why SymPy is not asked, where there is no `judge`.
        judge: asks SymPy about the rows that were drawn.
        quiet: show no progress.

    Raises:
        AutodiffError: a row of the file is wrong, or the output is out of reach.
        OSError: a file cannot be read or written.
    """
    kept: Summary | None = None
    with (
        _table(output, reach) as table,
        progress(sys.stderr, quiet=quiet) as tell,
    ):
        for block in blocks:
            start, before = (Place(0, kept.points), kept.draw) if kept else (Place(0, 0), None)
            rows, summary = differentiated(work, block, start, before)
            if table is not None:
                table.write(rows)
            kept = summary if kept is None else kept + summary
            tell(block.share, kept.points)
    assert kept is not None
    return answer(work, kept, expression, unasked, judge)


def answer(work: Work, kept: Summary, expression: str, unasked: str, judge: Judge | None) -> Answer:
    """Return what to show of very many rows.

    Args:
        work: what was done at each.
        kept: what is kept of them.
        expression: the formula as typed.
        unasked: why SymPy is not asked, where there is no `judge`.
        judge: asks SymPy about the rows that were drawn.
    """
    said = [*road(work.reading, work.wrt, work.backend)]
    said += [Note(None, "reading", text) for text in work.reading.remarks]
    said += kept.departures.notes()
    judged: Judged | None = None
    if judge is not None and kept.draw is not None:
        judged = judge(kept.draw, kept.departures.number)
        said += judged.notes
    elif work.wrt:
        said.append(Note(None, "skipped", f"symbolic side skipped: {unasked}"))
    variables = work.reading.graph.variables
    columns = kept.ends.columns()
    value, *slopes = columns[len(variables) :]
    shown = dict(zip(variables, columns, strict=False))
    return Answer(
        expression=expression,
        graph=work.reading.graph,
        at={**work.at, **{name: shown[name].tolist() for name in variables if name not in work.at}},
        value=value,
        gradient=dict(zip(work.wrt, slopes, strict=True)),
        mode=work.mode,
        symbolic=None,
        verdict=kept.verdict if judged is None else judged.verdict,
        sample=None if judged is None else judged.sample,
        notes=tuple(said),
        between=kept.between,
    )


@contextmanager
def _table(output: str | None, reach: Reach) -> Iterator[Writer | None]:
    """Open what the rows are written to, if they are."""
    if output is None:
        yield None
    elif output == "-":
        with writer("csv", cast(BinaryIO, StandardOutput())) as table:
            yield table
    else:
        kind = "parquet" if is_parquet(output) else "csv"
        with replacing(output, reach) as target, writer(kind, target) as table:
            yield table


class StandardOutput(io.RawIOBase):
    """The standard output, which takes text, as a file of UTF-8."""

    def write(self, content: Any, /) -> int:
        """Write some whole lines."""
        sys.stdout.write(bytes(content).decode())
        return len(content)
