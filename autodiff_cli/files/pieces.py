"""The pieces of a data set: its files, or row groups of them, as plain values.

A name of `--data` is a file, a folder, a pattern or a URL; each process can open what it is given.
"""

from __future__ import annotations

import errno
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autodiff_cli.errors import AutodiffError, named, shortened
from autodiff_cli.files import cells, places
from autodiff_cli.files.compression import bare, compression
from autodiff_cli.files.dialect import PLAIN, Dialect
from autodiff_cli.files.reach import ANYWHERE, Reach

Kind = Literal["csv", "parquet"]

#: Ending of a name, without that of a compression → what the file is, and what is between cells.
ENDINGS: dict[str, tuple[Kind, str | None]] = {
    ".csv": ("csv", None), ".tsv": ("csv", "\t"), ".tab": ("csv", "\t"),
    ".parquet": ("parquet", None),
}  # fmt: skip

#: What Hive calls a folder of rows that have no value there.
NOTHING = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A column that the names of folders give: `year=2024`.

    Attributes:
        header: its name.
        value: what stands in each row of the piece; None where nothing does.
        kind: what all pieces of the data set have there.
    """

    header: str
    value: str | None
    kind: Literal["integer", "number", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file of a data set, or some row groups of one.

    Attributes:
        path: its path or URL, as it is opened and shown.
        stem: its path below the data set without its endings, unlike those of the other pieces.
        kind: what the file is.
        dialect: how it is written, if it is CSV.
        compression: how it is compressed, or None.
        size: bytes of the file, or None where that is not known.
        modified: when it was changed, in seconds since 1970, or None likewise.
        partitions: columns that the names of its folders give.
        groups: the first of its row groups, and that after the last; None are all of them.
        before: rows of the file that stand before those groups.
    """

    path: str
    stem: str
    kind: Kind
    dialect: Dialect = PLAIN
    compression: str | None = None
    size: int | None = None
    modified: float | None = None
    partitions: tuple[Partition, ...] = ()
    groups: tuple[int, int] | None = None
    before: int = 0


def kind_of(path: str) -> tuple[Kind, str | None] | None:
    """Return what a file is by its name, and the sign between its cells; None of other names."""
    return ENDINGS.get(posixpath.splitext(bare(path.partition("?")[0]).lower())[1])


def pieces(
    names: Sequence[str], dialect: Dialect = PLAIN, reach: Reach = ANYWHERE
) -> tuple[Piece, ...]:
    """Return the files of a data set, in the order of the names, and sorted below each.

    In a folder, and where a pattern matches others too, only files are taken whose ending says
    that they hold rows; a file that is named by itself is CSV unless its name says otherwise.
    A folder or a file whose name begins with `.` or `_` is passed over.

    Args:
        names: files, folders, patterns such as `runs/*.csv`, and URLs.
        dialect: how CSV files are written.
        reach: the files that may be read.

    Raises:
        AutodiffError: nothing is found, a file is found twice or is out of reach, or the folders
            of two files name different columns.
        OSError: a folder cannot be read.
    """
    found = [one for name in names for one in _found(name, reach)]
    seen: dict[str, str] = {}
    for _, one in found:
        key = one.path if places.scheme(one.path) else os.path.realpath(one.path)
        if key in seen:
            other = "" if seen[key] == one.path else f", as {named(seen[key])} too"
            message = f"{named(one.path)} is among the data twice{other}"
            raise AutodiffError(message, mend="name each file once, links to it among them")
        seen[key] = one.path
    below = _below(found)
    partitions = _partitions([one.path for _, one in found], [one.below for _, one in found])
    return tuple(
        _piece(one, stem, columns, dialect)
        for (_, one), stem, columns in zip(found, _stems(below), partitions, strict=True)
    )


def _found(name: str, reach: Reach) -> Iterator[tuple[str, places.Found]]:
    """Yield the files of one name, each with the folder that it was looked for in."""
    if name == "-":
        raise AutodiffError("--data reads a file, not stdin", mend="write --data FILE.csv")
    name = _placed(places.local(name), reach)
    reach.check_name(name)
    place = places.place(places.fixed(name) if places.is_pattern(name) else name)
    kind = place.kind(name) if not (places.scheme(name) and places.is_pattern(name)) else ""
    if kind != "folder" and (kind or not places.is_pattern(name)):
        reach.check_read(name)
        yield posixpath.dirname(name), place.file(name)
        return
    if kind == "folder":
        inside = place.walk(name)
        root = places.fixed(name) if "=" in name else name
    else:
        inside, root = places.matching(name), places.fixed(name)
    taken = {one.path: one for one in inside if all(map(places.shown, one.below.split("/")))}
    known = [one for one in taken.values() if kind_of(one.below)]
    if kind != "folder" and not taken:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    if kind == "folder" and not known:
        message = f"{named(name)} has no .csv or .parquet file below it"
        raise AutodiffError(message, mend="give a file, a folder or a pattern such as 'runs/*.csv'")
    above = _between(root, name) if kind == "folder" else ""
    for one in sorted(known or taken.values(), key=lambda one: one.path):
        reach.check_read(one.path)
        yield root, one._replace(below=posixpath.join(above, one.below))


def _placed(name: str, reach: Reach) -> str:
    """Return where a name lies: beside a text that is run, if it is not in this folder."""
    if not places.is_pattern(name):
        return reach.place(name)
    base = places.fixed(name)
    moved = reach.place(base)
    return name if moved == base else os.path.join(moved, name[len(base) :].lstrip("/"))


def _between(root: str, folder: str) -> str:
    """Return the path from one folder to another below it."""
    if places.scheme(folder):
        return folder.partition("?")[0].removeprefix(root.partition("?")[0]).strip("/")
    between = os.path.relpath(folder, root or ".").replace(os.sep, "/")
    return "" if between == "." else between


def _below(found: Sequence[tuple[str, places.Found]]) -> list[str]:
    """Return for each file its path below the folder that all of them are in."""
    roots = {root for root, _ in found}
    if len(roots) < 2:
        return [one.below for _, one in found]
    if any(map(places.scheme, roots)):  # what they are below is no one folder
        order = sorted(roots)
        return [f"{order.index(root) + 1}/{one.below}" for root, one in found]
    whole = [os.path.abspath(one.path) for _, one in found]
    common = os.path.commonpath([os.path.dirname(path) for path in whole])
    return [os.path.relpath(path, common).replace(os.sep, "/") for path in whole]


def _stems(below: Sequence[str]) -> Iterator[str]:
    """Yield paths without their endings where they are unlike then, and else with them."""
    bared = [posixpath.splitext(bare(path))[0] if kind_of(path) else path for path in below]
    counts: dict[str, int] = {}
    for stem in bared:
        counts[stem] = counts.get(stem, 0) + 1
    yield from (s if counts[s] == 1 else path for s, path in zip(bared, below, strict=True))


def _partitions(paths: Sequence[str], below: Sequence[str]) -> list[tuple[Partition, ...]]:
    """Return for each file the columns that the names of its folders give.

    Raises:
        AutodiffError: two files have different ones.
    """
    from urllib.parse import unquote

    folders = [
        [part.partition("=") for part in path.split("/")[:-1] if "=" in part] for path in below
    ]
    headers = [tuple(unquote(header) for header, _, _ in parts) for parts in folders]
    for path, has in zip(paths, headers, strict=True):
        if has != headers[0]:
            first = "/".join(f"{header}=…" for header in headers[0]) or "no such folders"
            message = f"the folders of {named(path)} are not {shortened(first)} as of the first"
            raise AutodiffError(message, mend="give all files the same folders")
    values = [[None if v == NOTHING else unquote(v) for _, _, v in parts] for parts in folders]
    kinds = [_kind(column) for column in zip(*values, strict=True)]
    return [
        tuple(
            Partition(header=header, value=value, kind=kind)
            for header, value, kind in zip(headers[0], row, kinds, strict=True)
        )
        for row in values
    ]


def _kind(values: Iterable[str | None]) -> Literal["integer", "number", "text"]:
    told = [value for value in values if value is not None]
    if all(re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", value) for value in told):
        return "integer"
    return "number" if all(cells.number(value) is not None for value in told) else "text"


def _piece(one: places.Found, stem: str, columns: tuple[Partition, ...], dialect: Dialect) -> Piece:
    kind, delimiter = kind_of(one.path) or ("csv", None)
    how = compression(one.path.partition("?")[0] if places.scheme(one.path) else one.path)
    if kind == "parquet" and how is not None:
        message = f"{named(one.path)} is compressed once more, which Parquet files are not"
        raise AutodiffError(message, mend="unpack it: its columns are compressed inside")
    if kind == "csv" and dialect.delimiter is None and delimiter is not None:
        dialect = replace(dialect, delimiter=delimiter)
    return Piece(
        path=one.path, stem=stem, kind=kind, dialect=dialect, compression=how,
        size=one.size, modified=one.modified, partitions=columns,
    )  # fmt: skip


def result_name(piece: Piece, kind: Kind) -> str:
    """Return what the file of a piece's results is called, below the results' folder.

    It is the same at every try, and unlike those of the other pieces.
    """
    part = "" if piece.groups is None else f"-{piece.groups[0]:05}"
    return f"{piece.stem}{part}.{kind}"
