"""Compiled C in the user's cache folder: each library once, checked before it is loaded.

A library is named after what it was made from and after its own digest. The folder and all in it
are the user's alone: whoever could write there could run anything.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from ctypes import CDLL, c_long, c_void_p
from functools import lru_cache
from pathlib import Path
from typing import Any

from autodiff_cli.compiled.compiler import FLAGS, Compiler, Uncompiled, build
from autodiff_cli.compiled.unit import NAME

#: Libraries that are kept; of more, the oldest go.
MOST = 200

#: What only the owner may do with a folder, and with a file.
OTHERS = 0o077


@lru_cache(maxsize=64)
def function(text: str, compiler: Compiler) -> Callable[..., None]:
    """Return the function of a C text, compiled now or earlier.

    Raises:
        Uncompiled: it cannot be compiled, kept or trusted.
    """
    try:
        path = _found_or_built(text, compiler)
        loaded: Any = getattr(CDLL(str(path)), NAME)
    except (OSError, AttributeError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Uncompiled(f"compiled C cannot be kept or loaded: {reason}") from None
    loaded.restype = None
    loaded.argtypes = [c_long, c_void_p, c_void_p, c_void_p, c_void_p]
    return loaded  # type: ignore[no-any-return]


def folder() -> Path:
    """Return the folder of libraries, made if need be.

    Raises:
        Uncompiled: it is a link, or not the user's alone.
        OSError, RuntimeError: it cannot be made.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    path = (Path(given) if os.path.isabs(given) else Path.home() / ".cache") / "autodiff-cli"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or not _is_own(found):
            raise Uncompiled(f"{path} is not a folder of yours alone: remove it") from None
    return path


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & OTHERS


def _found_or_built(text: str, compiler: Compiler) -> Path:
    """Return the library of a text, checked or new."""
    made_from = "\0".join([text, *compiler.command, compiler.identity, *FLAGS])
    key, place = hashlib.sha256(made_from.encode()).hexdigest()[:32], folder()
    for name in sorted(os.listdir(place)):
        if name.startswith(f"{key}-"):
            return _checked(place / name)
    return _built(text, compiler, place, key)


def _checked(path: Path) -> Path:
    """Return a library's path.

    Raises:
        Uncompiled: it is a link, another user's, open to others, or not what was compiled.
    """
    wrong = Uncompiled(f"{path} is not as it was compiled: remove it")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise wrong from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or not _is_own(found):
            raise wrong
        with open(descriptor, "rb", closefd=False) as file:
            if _digest(file.read()) != path.stem.partition("-")[2]:
                raise wrong
    finally:
        os.close(descriptor)
    return path


def _built(text: str, compiler: Compiler, place: Path, key: str) -> Path:
    """Compile a library beside its place and put it there whole."""
    descriptor, made = tempfile.mkstemp(".so", "making-", place)
    os.close(descriptor)
    try:
        build(compiler, text, made)
        os.chmod(made, 0o600)
        CDLL(made)  # what does not load is not kept
        with open(made, "rb") as file:
            digest = _digest(file.read())
            os.fsync(file.fileno())
        path = place / f"{key}-{digest}.so"
        os.replace(made, path)
    finally:
        Path(made).unlink(missing_ok=True)
    _trim(place, path)
    return path


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _trim(place: Path, kept: Path) -> None:
    """Remove the oldest libraries, and what an interrupted compiler left long ago."""
    found = []
    for path in place.iterdir():
        try:
            found.append((path.lstat().st_mtime, path))
        except FileNotFoundError:
            continue  # another process removes them too
    for _, path in sorted(found)[:-MOST]:
        if path != kept:
            path.unlink(missing_ok=True)
