"""How much input is accepted, in one place; the environment raises a limit."""

from __future__ import annotations

import os

from autodiff_cli.errors import LimitError

#: name → (default, what it counts). The environment variable AUTODIFF_MAX_<NAME> raises one.
LIMITS = {
    "text": (64_000_000, "characters of text"),
    "operations": (2_000_000, "operations"),
    "nesting": (1_000_000, "brackets inside each other"),
    "digits": (100_000, "digits in a number"),
    "rows": (10_000_000, "rows of values"),
    "points": (10_000, "points to sample"),
    "iterations": (200, "applications of a formula to itself"),
}


#: Seconds that SymPy may think about one formula, from when it is loaded.
SYMPY_SECONDS = 1.5


def limit(name: str) -> int:
    """Return the limit in force for a name of `LIMITS`.

    Raises:
        LimitError: the environment variable that sets it is not a whole number.
    """
    default, _ = LIMITS[name]
    setting = os.environ.get(f"AUTODIFF_MAX_{name.upper()}")
    if setting is None:
        return default
    if not (setting.isascii() and setting.isdigit() and len(setting) < 16):
        raise LimitError(f"AUTODIFF_MAX_{name.upper()} is not a whole number")
    return int(setting)


def exceeded(name: str) -> LimitError:
    """Return the error for input beyond the limit `name`."""
    return LimitError(
        f"too much input: more than {limit(name):,} {LIMITS[name][1]}",
        mend=f"set AUTODIFF_MAX_{name.upper()} in the environment to raise this limit",
    )
