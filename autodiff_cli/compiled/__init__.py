"""One formula many times: value and gradient as straight-line code for floats and arrays.

Nothing is loaded here: whoever asks whether compiling pays need not have it.
"""

from typing import Literal

#: What computes arrays: NumPy, compiled C, or whichever takes less time.
Backend = Literal["numpy", "c", "auto"]
BACKENDS = ("numpy", "c", "auto")

#: Points from which a formula is worth compiling, and nodes up to which it is.
COMPILED_FROM, COMPILED_TO = 16_384, 2_000

#: C pays from so many points times operations, and so many points more for each operation: a
#: compiler takes 0.2 s and 0.7 ms an operation, and NumPy 1 ns more an operation and point.
PAYS, PAYS_EACH = 300_000_000, 1_000_000


def pays(operations: int, points: int) -> bool:
    """Tell whether C takes less time than NumPy for so many points, its compiler's included."""
    return points * operations >= PAYS + PAYS_EACH * operations
