"""A data set that is done."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from autodiff_cli.schemas.gradients import SampleObject
from autodiff_cli.schemas.parts import NoteObject, Number, Verdict


class ExtremeObject(TypedDict):
    """The least or the greatest number of a column.

    Attributes:
        value: the number.
        file: the file of the data where it is; of equal numbers the first.
        row: where it is in that file, in words: line 12, row 3.
    """

    value: Number
    file: str
    row: str


class ColumnObject(TypedDict):
    """A column of results, over all rows.

    Attributes:
        finite: how many of its numbers are finite; the rest is of those.
        least: the least; null where no number is finite.
        greatest: the greatest; null likewise.
        mean: the mean, of an exact sum; null likewise.
    """

    finite: int
    least: ExtremeObject | None
    greatest: ExtremeObject | None
    mean: Number | None


class FileObject(TypedDict):
    """A file of results.

    Attributes:
        file: its path below the folder.
        of: the file of the data that it is from.
        groups: the first of the row groups that it is from, and that after the last; null for all.
        rows: how many rows it has.
        bytes: its size.
    """

    file: str
    of: str
    groups: list[int] | None
    rows: int
    bytes: int | None


class RowObject(TypedDict):
    """A row at which a claimed derivative is off.

    Attributes:
        file: the file of the data.
        row: where it is in that file, in words.
        at: variable → its number there.
        claimed: what is claimed there.
        found: what autodiff finds there.
    """

    file: str
    row: str
    at: dict[str, Number]
    claimed: Number
    found: Number


class HeldObject(TypedDict):
    """How a claimed derivative stands on all rows.

    Attributes:
        variable: the variable that it is by.
        claim: its formula.
        of: whose it is.
        beyond: at how many rows it is further from autodiff's number than 1e-9 of them.
        judged: how many of those rows were judged one by one, with the rounding of each.
        outcome: agrees at all rows, or but for rounding, or WRONG.
        wrong: the rows judged at which it is wrong, the worst first.
        furthest: the rows at which it is furthest off.
    """

    variable: str
    claim: str
    of: Literal["you", "SymPy"]
    beyond: int
    judged: int
    outcome: Literal["agrees", "rounding", "WRONG"]
    wrong: list[RowObject]
    furthest: list[RowObject]


class ManifestObject(TypedDict):
    """A data set that is done: what stands in _manifest.json beside the results.

    Attributes:
        schema: autodiff.manifest/1.
        command: what was asked.
        expression: the formula as typed.
        mode: of grad, the sweep that was used.
        backend: of grad, what computed it.
        seed: of grad, what the rows that SymPy is asked about are drawn by; null for none.
        at: variable → its number, for those that are no column.
        wrt: the variables that it was differentiated by.
        na: whether a row that lacks a number is an error, or left out.
        format: the format of the files that was asked for; null for that of the data.
        versions: program and libraries → version.
        files: the files of results, in the order of the data.
        rows: how many rows there are.
        left_out: how many rows were left out, for want of a number.
        columns: header → the column of results.
        notes: what departs from plain calculus, counted over all rows.
        verdict: the verdict on all rows; of compare, on the claims.
        sample: of grad, the rows that SymPy was asked about, and what came out.
        expressions: of jacobian, the formulas as typed.
        direction: of hvp, variable → component.
        claimed: of compare, the claims as typed.
        claims: of compare, how the claims, or SymPy's derivatives, stand.
    """

    schema: Literal["autodiff.manifest/1"]
    command: str
    expression: str
    mode: NotRequired[Literal["reverse", "forward"]]
    backend: NotRequired[Literal["numpy", "c"]]
    seed: NotRequired[int | None]
    at: dict[str, Number]
    wrt: list[str]
    na: Literal["error", "skip"]
    format: Literal["csv", "parquet"] | None
    versions: dict[str, str]
    files: list[FileObject]
    rows: int
    left_out: int
    columns: dict[str, ColumnObject]
    notes: list[NoteObject]
    verdict: Verdict | Literal["WRONG"]
    sample: NotRequired[SampleObject]
    expressions: NotRequired[list[str]]
    direction: NotRequired[dict[str, Number]]
    claimed: NotRequired[list[str]]
    claims: NotRequired[list[HeldObject]]
