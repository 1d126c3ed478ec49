"""Which files a command may touch: all of the user's, or, for a line of a text, those beside it.

A text comes from anywhere, so what it runs reads below its own folder, links resolved, and writes
only where its user says so, and never over what it did not make.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from autodiff_cli.errors import AutodiffError, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The files that may be read and written.

    Attributes:
        folder: the real path of the folder that bounds them; None where nothing does.
        files: whether any may be written there.
        made: the real paths of those that were.
    """

    folder: str | None = None
    files: bool = True
    made: set[str] = field(default_factory=set)

    def check_read(self, path: str) -> None:
        """Refuse to read a file that is out of reach.

        Raises:
            AutodiffError: it is not below the folder, or is no file: a pipe would never end.
        """
        if self.folder is None:
            return
        self._check_below(path, "reads")
        if os.path.exists(path) and not os.path.isfile(path):
            message = f"{named(path)} is no file, and a text that is run reads only files"
            raise AutodiffError(message, mend="run this line by itself")

    def check_name(self, name: str) -> None:
        """Refuse to look for files out of reach: what is found is checked by itself.

        Args:
            name: a file, a folder, a pattern of names, or a URL.

        Raises:
            AutodiffError: it is a URL, or leads out of the folder.
        """
        if self.folder is None:
            return
        if "://" in name:
            message = f"a text that is run reads only below its own folder, not {named(name)}"
            raise AutodiffError(message, mend="fetch the file, or run this line by itself")
        begun = re.split(r"[*?\[]", name)
        fixed = [os.path.dirname(begun[0]) or "."] if len(begun) > 1 else []
        for folder in (name, *fixed):
            if os.path.realpath(folder) != self.folder:
                self._check_below(folder, "reads")

    def place(self, path: str) -> str:
        """Return where a file that is read lies: beside the text, if it is not in this folder."""
        if self.folder is None or os.path.isabs(path) or os.path.exists(path):
            return path
        beside = os.path.join(self.folder, path)
        return beside if os.path.exists(beside) else path

    def check_write(self, path: str) -> None:
        """Refuse to write a file that is out of reach.

        Raises:
            AutodiffError: nothing may be written, it is not below the folder, or something is
                there that was not made in this run.
        """
        if self.folder is None:
            return
        if not self.files:
            message = f"a text that is run writes no file, and here {named(path)}"
            raise AutodiffError(message, mend="autodiff run --files FILE allows it, in its folder")
        if "://" in path:
            message = f"a text that is run writes only below its own folder, not {named(path)}"
            raise AutodiffError(message, mend="give a name there, or run this line by itself")
        self._check_below(path, "writes")
        if os.path.lexists(path) and os.path.realpath(path) not in self.made:
            message = f"{named(path)} is there already, and a text that is run writes over none"
            raise AutodiffError(message, mend="move it away, or run this line by itself")

    def _check_below(self, path: str, does: str) -> None:
        assert self.folder is not None
        if not os.path.realpath(path).startswith(os.path.join(self.folder, "")):
            message = f"a text that is run {does} only below its own folder, not {named(path)}"
            mend = "move the file there" if does == "reads" else "give a name there"
            raise AutodiffError(message, mend=f"{mend}, or run this line by itself")


#: The reach of what the user types.
ANYWHERE = Reach()


def beside(text: str, *, files: bool) -> Reach:
    """Return the reach of the lines of a text.

    Args:
        text: the path of the text; `-` is beside what is in the working folder.
        files: whether they may write files.
    """
    folder = os.getcwd() if text == "-" else os.path.dirname(os.path.realpath(text))
    return Reach(folder=os.path.realpath(folder), files=files)
