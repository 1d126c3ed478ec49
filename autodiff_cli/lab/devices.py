"""Devices: there is one, the processor. Programs that ask for others get a clear no."""

from __future__ import annotations

from typing import Any


class device(str):
    """The name of a device; it equals its text, "cpu".

    Args:
        name: "cpu".
    """

    __slots__ = ()

    @property
    def type(self) -> str:
        """The kind of device."""
        return self.partition(":")[0]

    def __repr__(self) -> str:
        return f"device(type='{self.type}')"


class Absent:
    """Stands for a kind of device that is not there: `cuda`, `accelerator`."""

    def is_available(self) -> bool:
        """Answer no."""
        return False

    def device_count(self) -> int:
        """Answer none."""
        return 0

    def current_accelerator(self, *_: Any) -> None:
        """Answer none."""


cuda, accelerator = Absent(), Absent()
