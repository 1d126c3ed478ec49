"""What commands share while the program runs: its streams, and SymPy's process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autodiff_cli.files.replacing import replacing

if TYPE_CHECKING:
    from autodiff_cli.cli.options import Calculus
    from autodiff_cli.symbolic.client import Client


#: Exit statuses: answered; could not; wrong input; answered, but not in agreement; interrupted.
ANSWERED, FAILED, WRONG, MISMATCH, INTERRUPTED = 0, 1, 2, 3, 130


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
        elsewhere: an option → the commands that have it.
    """

    run: Callable[[list[str]], int]
    elsewhere: Callable[[str], list[str]]
    options: dict[str, bool] = field(default_factory=dict)
    client: Client | None = None
    status: int = 0
    place: str = ""
    command: str = ""

    def sympy(self, calculus: Calculus) -> Client | None:
        """Return SymPy's process, or None where SymPy is not wanted."""
        if calculus.no_sympy:
            return None
        if self.client is None:
            from autodiff_cli.symbolic.client import Client

            self.client = Client()
        return self.client

    def close(self) -> None:
        """End SymPy's process."""
        if self.client is not None:
            self.client.close()
            self.client = None

    def write(self, text: str, path: str | None) -> None:
        """Write a whole text to a file, or to the standard output without one.

        The file appears complete or not at all: a failure leaves the old one as it was.
        """
        if path is None:
            sys.stdout.write(text)
            return
        with replacing(path) as stream:
            stream.write(text.encode())
