"""What commands share while the program runs: its streams, and SymPy's process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autodiff_cli.errors import AutodiffError
from autodiff_cli.files.reach import ANYWHERE, Reach, beside
from autodiff_cli.files.replacing import replacing

if TYPE_CHECKING:
    from autodiff_cli.cli.options import Calculus, Counted
    from autodiff_cli.symbolic.client import Client
    from autodiff_cli.views.page import Page


#: Exit statuses: answered; could not; wrong input; answered, but not in agreement; interrupted.
ANSWERED, FAILED, WRONG, MISMATCH, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer that is written as text.

    Attributes:
        report: what a command found.
        page: returns the same as a page of HTML.
    """

    report: Any
    page: Callable[[], str]


@dataclass(slots=True)
class Session:
    """One run of the program.

    Attributes:
        run: runs a command line in this session and returns its exit status.
        command: the command at work.
        options: option → whether it takes a value, of the command at work.
        client: SymPy's process, started when first needed.
        status: the exit status that the command leaves.
        place: file and line of the command, for errors; "" on a command line.
        reach: the files that the command may read and write.
        elsewhere: an option → the commands that have it.
        films: where a page goes that is a part of another; None where it is written.
        texts: where an answer goes too that is written as text; None where nobody asks for it.
        pages: whether long answers on a terminal are shown a screen at a time.
        quiet: whether nothing is said of how far a long run is.
        debug: whether what goes wrong is shown in full.
    """

    run: Callable[[list[str]], int]
    elsewhere: Callable[[str], list[str]]
    options: dict[str, bool] = field(default_factory=dict)
    client: Client | None = None
    status: int = 0
    place: str = ""
    reach: Reach = ANYWHERE
    command: str = ""
    films: list[Page] | None = None
    texts: list[Told] | None = None
    pages: bool = False
    quiet: bool = False
    debug: bool = False

    def sympy(self, calculus: Calculus | Counted) -> Client | None:
        """Return SymPy's process, or None where SymPy is not wanted."""
        simplify = getattr(calculus, "simplify", None)
        if calculus.no_sympy:
            if simplify is not None:
                raise AutodiffError(
                    "--simplify is for SymPy's derivative", mend="leave out --no-sympy"
                )
            return None
        if self.client is None:
            from autodiff_cli.symbolic.client import Client

            self.client = Client()
        self.client.simplify = simplify or "auto"
        return self.client

    def close(self) -> None:
        """End SymPy's process."""
        if self.client is not None:
            self.client.close()
            self.client = None

    @contextmanager
    def within(self, text: str, *, files: bool = False) -> Iterator[None]:
        """Bound what is read and written meanwhile: a text comes from anywhere.

        Args:
            text: the path of the text; files below its folder may be read.
            files: whether files may be written there.
        """
        before = self.reach, self.pages
        self.reach, self.pages = beside(text, files=files), False
        try:
            yield
        finally:
            self.reach, self.pages = before

    def read(self, path: str) -> str:
        """Return the text of a file.

        Raises:
            AutodiffError: it is out of reach.
            OSError, UnicodeDecodeError: it cannot be read.
        """
        path = self.reach.place(path)
        self.reach.check_read(path)
        with open(path, encoding="utf-8-sig") as stream:
            return stream.read()

    def write(self, text: str | bytes, path: str | None) -> None:
        """Write a whole text, or the bytes of a picture, to a file or the standard output.

        The file appears complete or not at all: a failure leaves the old one as it was.

        Raises:
            AutodiffError: it is out of reach.
            OSError: it cannot be written.
        """
        if path is None:
            sys.stdout.write(text if isinstance(text, str) else text.decode())
            return
        with replacing(path, self.reach) as stream:
            stream.write(text.encode() if isinstance(text, str) else text)
