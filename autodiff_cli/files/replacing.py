"""Files that appear complete or not at all: written beside their place, then moved there."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from autodiff_cli.files.reach import Reach

#: pyarrow's names of stores that have no folders: an object's name alone has strokes in it.
FLAT = ("s3", "gcs", "abfs")


class Ended(SystemExit):
    """A signal has asked the program to end."""


@contextmanager
def replacing(path: str, reach: Reach, temporaries: str | None = None) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the context ends without an error.

    A failure, Ctrl-C or a signal to end leaves the old file as it was and no other; what is in
    place is on the disk, and not only in the system's memory. What is not a file, a device or a
    pipe, is written at once; what a URL names is sent when it is whole.

    Args:
        path: the file, or a URL.
        reach: the files that may be written.
        temporaries: the folder for the file while it is not whole, on the same disk; beside it
            otherwise.

    Raises:
        AutodiffError: it is out of reach.
        OSError: it cannot be written.
    """
    reach.check_write(path)
    if "://" in path:
        with _sent(path, reach) as stream:
            yield stream
        return
    if os.path.exists(path) and not os.path.isfile(path):  # of a pipe, no real path exists
        with open(path, "wb") as stream:
            yield stream
        return
    if not path:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    target = os.path.realpath(path)
    folder = os.path.dirname(target) or "."
    import tempfile

    try:
        descriptor, partial = tempfile.mkstemp(dir=temporaries or folder, prefix=".autodiff-")
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    try:
        with ending(), open(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        mode = os.stat(target).st_mode & 0o777 if os.path.exists(target) else 0o666 & ~_umask()
        os.chmod(partial, mode)
        reach.check_write(path)  # a file may have appeared meanwhile
        os.replace(partial, target)
        reach.made.add(target)
        settle(folder)
    except BaseException as error:
        with suppress(OSError):  # its folder may have gone
            os.unlink(partial)
        if isinstance(error, OSError) and error.filename == partial:
            raise OSError(error.errno, error.strerror, path) from None
        raise


def settle(folder: str) -> None:
    """Put on the disk which files a folder has; not where the system has no such thing."""
    if os.name == "nt":  # which opens no folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _sent(url: str, reach: Reach) -> Iterator[BinaryIO]:
    """Open a file of this machine that is sent to where a URL says when it is whole."""
    from autodiff_cli.files.places import local, remote, scheme, telling

    if scheme(url) == "file":
        with replacing(local(url), reach) as stream:
            yield stream
        return
    system, place = remote(url)
    import tempfile

    import pyarrow.fs

    with ending(), tempfile.TemporaryDirectory(prefix="autodiff-") as folder:
        partial = os.path.join(folder, "whole")
        with open(partial, "wb") as stream:
            yield stream
        with telling(url):
            if system.type_name not in FLAT:
                system.create_dir(posixpath.dirname(place), recursive=True)
            pyarrow.fs.copy_files(
                partial, place, pyarrow.fs.LocalFileSystem(), system, use_threads=False
            )


@contextmanager
def ending() -> Iterator[None]:
    """Let the signals that ask a program to end raise Ended, so that it tidies up."""
    import signal
    import threading

    def end(number: int, _: object) -> None:
        raise Ended(128 + number)

    here = threading.current_thread() is threading.main_thread()  # others may not set signals
    names = ("SIGTERM", "SIGHUP") if here else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # What is ignored stays so: under nohup nobody hangs up.
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
