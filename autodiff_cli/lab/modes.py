"""Is what happens recorded, and is it watched? Each `with` sets it for this thread or task."""

from __future__ import annotations

from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import Any

_recording: ContextVar[bool] = ContextVar("recording", default=True)
_watcher: ContextVar[Any] = ContextVar("watcher", default=None)


#: Tells whether operations are recorded: everywhere but inside `no_grad()`. Every operation asks.
recording = _recording.get

#: Returns what is told of each operation as it happens, or None.
watcher = _watcher.get


def set_watcher(choice: Any) -> None:
    """Tell something of each operation from now on; None tells nobody."""
    _watcher.set(choice)


class Mode(ContextDecorator):
    """A `with` block, or a function decorated with it, in which operations are recorded or not.

    Args:
        choice: True to record.
    """

    def __init__(self, choice: bool) -> None:
        self._choice = choice
        self._before: list[bool] = []

    def __enter__(self) -> Mode:
        self._before.append(_recording.get())
        _recording.set(self._choice)
        return self

    def __exit__(self, *error: object) -> None:
        _recording.set(self._before.pop())


class Switched(Mode):
    """A mode that begins at once, and ends with its `with` block where there is one."""

    def __init__(self, choice: bool) -> None:
        super().__init__(choice)
        self._outside = _recording.get()
        _recording.set(choice)

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        _recording.set(self._outside)


def no_grad(function: Any = None) -> Any:
    """Record nothing inside this `with`, or in a function that it decorates."""
    return Mode(False) if function is None else Mode(False)(function)


def enable_grad(function: Any = None) -> Any:
    """Record inside this `with`, within a `no_grad()` too."""
    return Mode(True) if function is None else Mode(True)(function)


def inference_mode(mode: Any = True) -> Any:
    """Record nothing, as in `no_grad()`; `inference_mode(False)` changes nothing."""
    if callable(mode):
        return Mode(False)(mode)
    return Mode(False if mode else _recording.get())


def set_grad_enabled(mode: bool) -> Any:
    """Record from now on, or no longer; written with `with`, until the end of the block."""
    return Switched(mode)
