"""One formula many times: value and gradient as straight-line code for floats and arrays.

Nothing is imported here: whoever asks whether compiling pays need not load it.
"""

#: Points from which a formula is worth compiling, and nodes up to which it is.
COMPILED_FROM, COMPILED_TO = 16_384, 2_000
