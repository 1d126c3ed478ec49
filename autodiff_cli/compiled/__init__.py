"""One formula many times: value and gradient as straight-line code for floats and arrays.

Nothing is loaded here: whoever asks whether compiling pays need not have it.
"""

from typing import Literal

#: What computes arrays: NumPy, compiled C, or whichever takes less time.
Backend = Literal["numpy", "c", "auto"]
BACKENDS = ("numpy", "c", "auto")

#: Points from which a formula is worth compiling, and nodes up to which it is.
COMPILED_FROM, COMPILED_TO = 16_384, 2_000
