"""A folder of results while it grows: it appears whole, by one rename, or stays where it grew.

It grows beside its place, in `.autodiff-NAME`: what is done in `results`, what is kept of each
piece in `records`, files that are not whole in `temporaries`. In an object store, which renames
nothing, objects stand in place when they are whole, and `_SUCCESS` when all are.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.files import places
from autodiff_cli.files.reach import Reach
from autodiff_cli.files.replacing import replacing, settle

#: What stands beside the results: readers of data sets pass over names that begin so.
MANIFEST, SUCCESS, RECORDS, WORK = "_manifest.json", "_SUCCESS", "_records", "_work.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where a run writes.

    Attributes:
        path: the folder, or the URL of one, as it was named.
        results: where the files of results are written.
        records: where it is written what is done.
        temporaries: where files are that are not whole; None where an object store has none.
        reach: the files that may be written.
    """

    path: str
    results: str
    records: str
    temporaries: str | None
    reach: Reach

    @property
    def grows(self) -> str:
        """Where it is until it is whole."""
        return self.results if self.temporaries is None else os.path.dirname(self.results)

    def file(self, name: str) -> str:
        """Return the path of a file of results."""
        return posixpath.join(self.results, name)

    def done(self, name: str) -> Any:
        """Return what is kept of a piece that is done and whole, or None."""
        told = self._read(posixpath.join(self.records, f"{name}.json"))
        if told is None or told["bytes"] != size(self.file(name)):
            return None
        return told

    def keep(self, name: str, told: Mapping[str, Any]) -> None:
        """Write what is kept of a piece that is done."""
        self._write(posixpath.join(self.records, f"{name}.json"), told)

    def finish(self, manifest: Mapping[str, Any], names: Collection[str]) -> None:
        """Let the results appear, all at once.

        Args:
            manifest: what is said of them.
            names: the files of results; others are of data that an earlier run had, and no more.
        """
        if self.temporaries is not None:
            _keep_only(self.results, names)
        self._write(posixpath.join(self.results, MANIFEST), manifest)
        if self.temporaries is None:
            self._write(posixpath.join(self.results, SUCCESS), None)
            system, place = places.remote(self.records)
            with places.telling(self.records):
                system.delete_dir(place)
            return
        _settled(self.results)
        target = os.path.abspath(self.path)
        os.rename(self.results, target)
        self.reach.made.add(os.path.realpath(target))
        settle(os.path.dirname(target))
        removed(self.grows)

    def tidy(self) -> None:
        """Take away what is not whole, and all where nothing is."""
        if self.temporaries is not None:
            empty = not any(files for _, _, files in os.walk(self.results))
            removed(self.grows if empty else self.temporaries)

    def _read(self, path: str) -> Any:
        if size(path) is None:
            return None
        with places.opened(path) as stream:
            return json.loads(stream.read())

    def _write(self, path: str, told: Mapping[str, Any] | None) -> None:
        text = "" if told is None else json.dumps(told, indent=1, ensure_ascii=False) + "\n"
        if self.temporaries is not None:
            for place in (os.path.dirname(path), self.temporaries):
                os.makedirs(place, exist_ok=True)
        with replacing(path, self.reach, self.temporaries) as stream:
            stream.write(text.encode())


def begin(path: str, work: Mapping[str, Any], reach: Reach, *, resume: bool) -> Folder | None:
    """Return where a run writes, new or as an earlier one left it.

    Args:
        path: the folder, or the URL of one.
        work: what is done, all that the results depend on but the data.
        reach: the files that may be written.
        resume: whether an earlier run may be gone on with.

    Returns:
        The folder; None where an earlier run did all of this.

    Raises:
        AutodiffError: something is in the folder already, or an earlier run was not finished and
            is not to be gone on with, or did something else.
        OSError: it cannot be written.
    """
    folder = _placed(path, reach)
    reach.check_write(folder.path)
    remote = folder.temporaries is None
    before = folder._read(posixpath.join(folder.records, WORK))
    told = json.loads(json.dumps(work))
    if before is None and (_object_there(folder) if remote else _taken(folder.path)):
        found = folder._read(posixpath.join(folder.path, MANIFEST)) if resume else None
        if found is not None and _other(found, told) is None:
            return None
        message = f"{named(path)} is there already, with something in it"
        raise AutodiffError(message, mend="name a new folder, or take that one away")
    if before is not None and not resume:
        message = f"a run into {named(path)} was begun and not finished"
        mend = f"add --resume to go on, or take {named(folder.grows)} away to begin anew"
        raise AutodiffError(message, mend=mend)
    if before is not None and (other := _other(before, told)) is not None:
        message = f"the run into {named(path)} was begun with another {other}"
        mend = f"give the same one, or take {named(folder.grows)} away to begin anew"
        raise AutodiffError(message, mend=mend)
    if folder.temporaries is not None:
        removed(folder.temporaries)
        os.makedirs(folder.results, exist_ok=True)
    folder._write(posixpath.join(folder.records, WORK), told)
    return folder


def _placed(path: str, reach: Reach) -> Folder:
    path = places.local(path)
    if places.scheme(path):
        place = path.rstrip("/")
        records = posixpath.join(place, RECORDS)
        return Folder(path=place, results=place, records=records, temporaries=None, reach=reach)
    place = os.path.abspath(path)
    beside = os.path.join(os.path.dirname(place), f".autodiff-{os.path.basename(place)}")
    return Folder(
        path=place,
        results=os.path.join(beside, "results"),
        records=os.path.join(beside, "records"),
        temporaries=os.path.join(beside, "temporaries"),
        reach=reach,
    )


def _other(before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Return what of the work is another than before, or None."""
    return next((key for key in now if before.get(key) != now[key]), None)


def _object_there(folder: Folder) -> bool:
    return any(size(folder.file(name)) is not None for name in (SUCCESS, MANIFEST))


def _taken(path: str) -> bool:
    return os.path.lexists(path) and not (os.path.isdir(path) and not os.listdir(path))


def size(path: str) -> int | None:
    """Return the bytes of a file, or None where there is none."""
    place = places.place(path)
    return place.file(path).size if place.kind(path) == "file" else None


def removed(folder: str) -> None:
    """Remove a folder, though somebody may still be writing into it."""
    import shutil
    import time

    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(0.1)


def _keep_only(folder: str, names: Collection[str]) -> None:
    for where, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(where, file)
            if os.path.relpath(path, folder).replace(os.sep, "/") not in names:
                os.unlink(path)


def _settled(folder: str) -> None:
    """Put on the disk which files all folders have."""
    for where, _, _ in os.walk(folder):
        with suppress(OSError):
            settle(where)
