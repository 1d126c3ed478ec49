"""One formula, many times: its value and gradient as straight-line code, for floats and arrays."""
