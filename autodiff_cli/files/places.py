"""Where files lie: in a folder of this machine, or where a URL such as `s3://bucket/a.csv` says.

Folders are `os`'s; whatever has a scheme is `pyarrow.fs`'s, which a `file://` does not need.
"""

from __future__ import annotations

import errno
import glob
import os
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple, Protocol

from autodiff_cli.errors import AutodiffError, named, visible
from autodiff_cli.files.extra import require

#: A scheme, and what follows it.
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)


class Found(NamedTuple):
    """A file.

    Attributes:
        path: its path or URL, as it is opened and shown.
        below: its path below where it was looked for, with `/` between folders.
        size: bytes, or None where the file system does not tell.
        modified: when it was changed, in seconds since 1970, or None likewise.
    """

    path: str
    below: str
    size: int | None
    modified: float | None


class Place(Protocol):
    """A file system, as far as a data set needs it."""

    def kind(self, path: str) -> str:
        """Return "file", "folder", "other" (a pipe, a device) or "" for nothing there."""

    def walk(self, folder: str) -> Iterator[Found]:
        """Yield the files below a folder, in no order."""

    def file(self, path: str) -> Found:
        """Return one file."""


class Local:
    """The folders of this machine."""

    def kind(self, path: str) -> str:
        """Return what is there."""
        if os.path.isfile(path):
            return "file"
        if os.path.isdir(path):
            return "folder"
        return "other" if os.path.exists(path) else ""

    def walk(self, folder: str) -> Iterator[Found]:
        """Yield the files below a folder; links to folders are not followed, which may circle."""

        def fail(error: OSError) -> None:
            raise error

        for where, folders, files in os.walk(folder, onerror=fail):
            folders[:] = [name for name in folders if shown(name)]
            for name in files:
                path = os.path.join(where, name)
                below = os.path.relpath(path, folder).replace(os.sep, "/")
                if os.path.isfile(path):
                    yield self.file(path)._replace(below=below)

    def file(self, path: str) -> Found:
        """Return one file."""
        if not os.path.isfile(path):  # a pipe has no size, and opening says what is not there
            return Found(path, os.path.basename(path), None, None)
        told = os.stat(path)
        return Found(path, os.path.basename(path), told.st_size, told.st_mtime)


class Remote:
    """What a URL names, by pyarrow.

    Args:
        url: any on the same file system.

    Raises:
        AutodiffError: pyarrow is not installed, or knows no such file system.
        OSError: it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.system, _ = remote(url)
        head, path, self._options = _parts(url)
        self._head = head + ("anonymous@" if path.startswith("anonymous@") else "")

    def kind(self, path: str) -> str:
        """Return what is there."""
        import pyarrow.fs

        names = {pyarrow.fs.FileType.File: "file", pyarrow.fs.FileType.Directory: "folder"}
        with telling(path):
            return names.get(self._info(path).type, "")

    def walk(self, folder: str) -> Iterator[Found]:
        """Yield the files below a folder."""
        import pyarrow.fs

        with telling(folder):
            base = remote(folder)[1].rstrip("/")
            listed = self.system.get_file_info(pyarrow.fs.FileSelector(base, recursive=True))
        for info in listed:
            below = posixpath.relpath(info.path, base)
            if info.type == pyarrow.fs.FileType.File and all(map(shown, below.split("/")[:-1])):
                yield self._found(info, below)

    def file(self, path: str) -> Found:
        """Return one file."""
        with telling(path):
            info = self._info(path)
        return self._found(info, posixpath.basename(info.path))._replace(path=path)

    def _info(self, path: str) -> Any:
        return self.system.get_file_info(remote(path)[1].rstrip("/"))

    def _found(self, info: Any, below: str) -> Found:
        from urllib.parse import quote

        changed = info.mtime_ns
        url = self._head + quote(info.path) + self._options
        return Found(url, below, info.size, None if changed is None else changed / 1e9)


def place(name: str) -> Place:
    """Return the file system where a path or a URL lies."""
    return Remote(name) if scheme(name) else Local()


def scheme(name: str) -> str:
    """Return the scheme of a URL, in small letters; "" of a path."""
    found = _URL.fullmatch(name)
    return found[1].lower() if found else ""


def local(name: str) -> str:
    """Return a path for a `file://` URL, and all else as it is."""
    if scheme(name) != "file":
        return name
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    parts = urlsplit(name)
    if parts.netloc not in ("", "localhost"):
        message = f"{named(name)} names another machine"
        raise AutodiffError(message, mend="write file:///folder/file, with three strokes")
    return url2pathname(parts.path)


def remote(url: str) -> tuple[Any, str]:
    """Return pyarrow's file system for a URL, and the path there.

    Raises:
        AutodiffError: pyarrow is not installed, or knows no such file system; or a key stands in
            the URL, which is shown and written beside results.
        OSError: it cannot be reached.
    """
    kind = scheme(url)
    if kind in ("http", "https", "ftp"):
        message = f"{kind}:// is not read"
        raise AutodiffError(message, mend="fetch the file first, or name an s3:// or gs:// URL")
    user = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
    if ":" in user:
        message = "a key in a URL would be shown with it"
        mend = "let the environment hold it, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        raise AutodiffError(message, mend=mend)
    require("files of another machine")
    import pyarrow
    import pyarrow.fs

    try:
        with telling(url):
            system, path = pyarrow.fs.FileSystem.from_uri(url)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, ImportError) as error:
        said = visible(str(error).strip().partition("\n")[0])
        mend = "write a path, or a URL that begins with s3://, gs:// or file://"
        raise AutodiffError(f"{named(url)} is no place of files: {said}", mend=mend) from None
    return system, path


@contextmanager
def telling(url: str) -> Iterator[None]:
    """Give what pyarrow says of a URL that cannot be reached the URL's name."""
    try:
        yield
    except OSError as error:
        if error.filename:
            raise
        if error.errno == errno.ENOENT:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), url) from None
        told = (error.strerror or str(error)).strip().partition("\n")[0].partition(". Detail:")[0]
        raise OSError(error.errno or 0, visible(told), url) from None


def shown(name: str) -> bool:
    """Tell whether a folder or a file of a data set is data, and not some program's own."""
    return not name.startswith((".", "_"))


def is_pattern(name: str) -> bool:
    """Tell whether a name stands for several; in a URL `?` begins its options."""
    return bool(re.search(r"[*\[]" if scheme(name) else r"[*?\[]", name))


def matching(pattern: str) -> Iterator[Found]:
    """Yield the files that a pattern matches, and those below the folders that it matches.

    `**` stands for any folders. What is found is below `fixed(pattern)`.
    """
    base = fixed(pattern)
    if not scheme(pattern):
        for path in glob.iglob(pattern, recursive=True):
            kind = Local().kind(path)
            found = Local().walk(path) if kind == "folder" else [Local().file(path)]
            for one in found if kind in ("file", "folder") else ():
                below = os.path.relpath(one.path, base or ".").replace(os.sep, "/")
                yield one._replace(below=below)
        return
    wanted = _expression(_parts(pattern)[1].removeprefix(_parts(base)[1]).strip("/"))
    yield from (one for one in Remote(base).walk(base) if wanted.match(one.below))


def fixed(name: str) -> str:
    """Return the folders of a pattern before the first that is open, or names a partition."""
    head, path, options = _parts(name)
    parts = path.replace(os.sep, "/").split("/")
    open_ = (k for k, part in enumerate(parts) if is_pattern(part) or "=" in part)
    kept = parts[: next(open_, len(parts))]
    return head + ("/".join(kept) or "/" * (parts[0] == "" and len(parts) > 1)) + options


def _parts(name: str) -> tuple[str, str, str]:
    """Return the scheme of a URL, its path, and its options; of a path, only that."""
    if not scheme(name):
        return "", name, ""
    head, _, rest = name.partition("://")
    path, mark, options = rest.partition("?")
    return f"{head}://", path, mark + options


def _expression(pattern: str) -> re.Pattern[str]:
    """Return what a pattern of names matches, folder by folder, and all below it."""
    signs = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*"}
    tokens = re.findall(r"\*\*/|\*\*|\*|\[!?\]?[^\]]*\]|.", pattern, re.DOTALL)
    written = (
        signs.get(token) or (token.replace("[!", "[^", 1) if len(token) > 1 else re.escape(token))
        for token in tokens
    )
    return re.compile("".join(written) + r"(?:/|\Z)", re.DOTALL)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a file for reading, a path or a URL.

    Raises:
        AutodiffError, OSError: it cannot be read.
    """
    if not scheme(path):
        with open(path, "rb") as stream:
            yield stream
        return
    system, name = remote(path)
    with telling(path), system.open_input_file(name) as stream:
        yield stream
