"""How a CSV file is written: what stands between its cells, and before a number's decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from autodiff_cli.errors import AutodiffError, named, shortened

#: Signs that a shell or an eye would lose.
WORDS = {"tab": "\t", "comma": ",", "semicolon": ";", "point": ".", r"\t": "\t"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        delimiter: the sign between cells; None takes what the first line says (`sep=;`), or a
            comma, or a semicolon where the comma stands in numbers.
        decimal: the sign before a number's decimals, a point or a comma.
    """

    delimiter: str | None = None
    decimal: str = "."

    @property
    def between(self) -> str:
        """The sign between cells."""
        return self.delimiter or (";" if self.decimal == "," else ",")

    def told(self, said: str | None) -> Dialect:
        """Return the dialect of a file whose first line says a delimiter, or says none."""
        return self if said is None or self.delimiter is not None else replace(self, delimiter=said)


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
    if point == between:
        raise AutodiffError(
            "a comma cannot stand between cells and inside numbers",
            mend="say what stands between the cells: --delimiter semicolon",
        )
    return Dialect(between, point)


def announced(line: str) -> str | None:
    """Return the delimiter that a first line `sep=;` says, as spreadsheets write it, or None."""
    said = re.fullmatch(r"sep=(.)\s*", line, re.IGNORECASE)
    return None if said is None else said[1]


#: Signs that stand between cells in other files, and what they are called.
_OTHERS = {";": ("semicolons", "semicolon"), "\t": ("tabs", "tab"), ",": ("commas", "comma")}


def check_header(path: str, header: str) -> None:
    """Refuse a header of one column that is several with another sign between them."""
    for sign, (signs, word) in _OTHERS.items():
        if sign in header:
            commas = ", and --decimal comma if its numbers are like 1,5" if sign == ";" else ""
            message = f"{named(path)} has {signs} between its columns"
            raise AutodiffError(message, mend=f"write --delimiter {word}{commas}")
