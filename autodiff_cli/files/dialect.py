"""How a CSV file is written: what stands between its cells, and before a number's decimals."""

from __future__ import annotations

from dataclasses import dataclass

from autodiff_cli.errors import AutodiffError, shortened

#: Signs that a shell or an eye would lose.
WORDS = {"tab": "\t", "comma": ",", "semicolon": ";", "point": ".", r"\t": "\t"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        delimiter: the sign between cells; None takes what the first line says (`sep=;`), or a
            comma.
        decimal: the sign before a number's decimals, a point or a comma.
    """

    delimiter: str | None = None
    decimal: str = "."

    @property
    def between(self) -> str:
        """The sign between cells."""
        return self.delimiter or ","


#: What a file is unless its reader says otherwise.
PLAIN = Dialect()


def read_dialect(delimiter: str | None, decimal: str | None) -> Dialect:
    """Return the dialect that a user's words name.

    Args:
        delimiter: the sign between cells or its name; None where it was not said.
        decimal: `.` or `,`, or their names; None where it was not said.

    Raises:
        AutodiffError: a sign cannot be one, or both are the same.
    """
    between = None if delimiter is None else WORDS.get(delimiter, delimiter)
    point = WORDS.get(decimal or ".", decimal or ".")
    if between is not None and (
        len(between) != 1 or between.isalnum() or between in '"\r\n+-.' or ord(between) > 0x7E
    ):
        message = f"--delimiter is '{shortened(delimiter or '')}'"
        raise AutodiffError(message, mend="write one sign, or tab, comma or semicolon")
    if point not in (".", ","):
        message = f"--decimal is '{shortened(decimal or '')}'"
        raise AutodiffError(message, mend="write point or comma")
    if point == (between or ","):
        raise AutodiffError(
            "a comma cannot stand between cells and inside numbers",
            mend="say what stands between the cells: --delimiter semicolon",
        )
    return Dialect(between, point)
