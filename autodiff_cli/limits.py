"""How much input is accepted, in one place; the environment raises a limit."""

from __future__ import annotations

import os

from autodiff_cli.errors import LimitError

#: name → (default, what it counts). The environment's `variable(name)` raises one.
LIMITS = {
    "text": (64_000_000, "characters of text"),
    "operations": (2_000_000, "operations"),
    "nesting": (1_000_000, "brackets inside each other"),
    "digits": (100_000, "digits in a number"),
    "rows": (10_000_000, "rows of values"),
    "points": (10_000, "points to sample"),
    "steps": (100_000, "steps downhill, all starts together"),
    "iterations": (200, "applications of a formula to itself"),
    "orders": (100, "derivatives, one of the other"),
    "libraries": (2_000, "operations for other libraries"),
    "sweeps": (100_000, "operations for a method that begins anew for each variable"),
    "passes": (1_000, "passes backward"),
    "formulas": (100, "formulas at several points"),
    "entries": (10_000, "derivatives at several points"),
}

#: Rows of a table on the screen. `--rows` says otherwise once, and this variable always.
ROWS_SHOWN, ROWS_SHOWN_VARIABLE = 40, "AUTODIFF_MAX_SHOWN"

#: The format of what is written on the standard output. `--format` says otherwise once.
FORMAT_VARIABLE = "AUTODIFF_FORMAT"

#: Digits of the numbers that are shown. `--digits` says otherwise once, this variable always.
DIGITS_VARIABLE = "AUTODIFF_DIGITS"

#: What computes many points: NumPy, compiled C, or whichever takes less time. `--backend` says
#: otherwise once.
BACKEND_VARIABLE = "AUTODIFF_BACKEND"

#: Seconds that a C compiler may take.
C_SECONDS = 60.0

#: CPU seconds that SymPy may think about one formula, from when it is loaded, and that loading
#: it may take: a dozen times what it takes without bytecode, just after an installation.
SYMPY_SECONDS, SYMPY_LOAD_SECONDS = 1.5, 60.0

#: SymPy is not asked beyond these: operations and variables, nesting, points. It differentiates
#: and prints 800 distinct sines in a second, and 100 nested ones.
SYMPY_OPERATIONS, SYMPY_DEPTH, SYMPY_POINTS = 2000, 100, 100_000

#: SymPy never multiplies out a constant power beyond this or below its inverse, nor a numerical
#: factor to an exponent beyond SYMPY_EXPONENT: 9^9^9 has 370 million digits.
SYMPY_POWER, SYMPY_EXPONENT = 1e25, 1000


def variable(name: str) -> str:
    """Return the environment variable that raises the limit `name`."""
    return f"AUTODIFF_MAX_{name.upper()}"


def limit(name: str) -> int:
    """Return the limit in force for a name of `LIMITS`.

    Raises:
        LimitError: the environment variable that sets it is not a whole number.
    """
    default, _ = LIMITS[name]
    setting = os.environ.get(variable(name))
    if setting is None:
        return default
    if not (setting.isascii() and setting.isdigit() and len(setting) < 16):
        raise LimitError(f"{variable(name)} is not a whole number")
    return int(setting)


def exceeded(name: str, mend: str = "") -> LimitError:
    """Return the error for input beyond the limit `name`; `mend` says what else would do."""
    return LimitError(
        f"too much input: more than {limit(name):,} {LIMITS[name][1]}",
        mend=f"{mend}set {variable(name)} in the environment to raise this limit",
    )
