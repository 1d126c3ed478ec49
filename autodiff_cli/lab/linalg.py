"""`torch.linalg`, as far as the lab goes: norms."""

from __future__ import annotations

from typing import Any

from autodiff_cli.lab.reductions import norm as p_norm


def norm(x: Any, ord: Any = None, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the length of a vector, or the root of the sum of a matrix's squares."""
    return p_norm(x, ord, dim, keepdim)


vector_norm = norm
