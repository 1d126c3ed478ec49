"""The lab's errors: RuntimeErrors, as users of PyTorch expect, and ValueErrors like ours."""

from __future__ import annotations

from autodiff_cli.errors import AutodiffError


class LabError(AutodiffError, RuntimeError):
    """Something that cannot be done: what happened and why, then what to write instead."""


class LabIndexError(LabError, IndexError):
    """An index, an axis or a class that is not there; an IndexError where PyTorch has one."""


class LabUnsupportedError(LabError, NotImplementedError):
    """A type of numbers that an operation is not made for; PyTorch's NotImplementedError."""


class LabTypeError(LabError, TypeError):
    """A value of a kind that the operation does not take; a TypeError where PyTorch has one."""
