"""What the program remembers of a student from run to run: one JSON file, whole or not at all."""

from __future__ import annotations

import json
import os
import sys

from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.files.state import state_folder
from autodiff_cli.teach.learner import Learner, learner, payload

#: What is added to the name of a file that cannot be read, and of one that was put away.
BROKEN, OLD = ".broken", ".old"


def usual_place(folder: str | None) -> str:
    """Return the path of the file unless another is given.

    Args:
        folder: of lessons of one's own, which have a file of their own; None for the package's.
    """
    if folder is None:
        return os.path.join(state_folder(), "learn.json")
    import zlib

    real = os.path.realpath(folder)
    mark = zlib.crc32(os.fsencode(real))
    return os.path.join(state_folder(), f"learn-{os.path.basename(real)}-{mark:08x}.json")


def recall(session: Session, path: str) -> Learner:
    """Return what is remembered; a file that cannot be read is put aside, and said.

    Raises:
        AutodiffError: the path is of no file, or out of reach.
        OSError: it cannot be opened.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        raise AutodiffError(f"{named(path)} is no file", mend="give --state a file")
    try:
        return learner(json.loads(session.read(path)))
    except (FileNotFoundError, NotADirectoryError):
        return Learner()
    except AutodiffError:
        raise
    except (ValueError, RecursionError):  # cut off, another program's, or nested without end
        session.reach.check_write(path)
        os.replace(path, path + BROKEN)
        sys.stderr.write(
            f"note: {named(path)} cannot be read as progress; it is kept as "
            f"{named(os.path.basename(path))}{BROKEN}, and you begin anew\n"
        )
        return Learner()


def remember(session: Session, path: str, student: Learner) -> None:
    """Keep what a student has done.

    Raises:
        AutodiffError: the file is out of reach.
        OSError: it cannot be written.
    """
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    session.write(json.dumps(payload(student), indent=1, ensure_ascii=False) + "\n", path)


def put_away(session: Session, path: str) -> str | None:
    """Forget a student: the file gets another name, which is returned; None where there is none.

    Raises:
        AutodiffError: it is out of reach, or no file.
        OSError: it cannot be renamed.
    """
    if not os.path.lexists(path):
        return None
    if not os.path.isfile(path):
        raise AutodiffError(f"{named(path)} is no file", mend="give --state a file")
    session.reach.check_write(path)
    os.replace(path, path + OLD)
    return path + OLD
