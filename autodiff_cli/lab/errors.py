"""The lab's error: a RuntimeError, as users of PyTorch expect, and a ValueError like ours."""

from __future__ import annotations

from autodiff_cli.errors import AutodiffError


class LabError(AutodiffError, RuntimeError):
    """Something that cannot be done: what happened and why, then what to write instead."""
