"""Random choices that are the same on every machine and in every Python.

SplitMix64, written out: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators,
OOPSLA 2014, figure 16. What `random` draws from a seed changes between versions of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

_WORD = (1 << 64) - 1

#: What the state grows by, and the factors that mix it.
_GAMMA, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

#: FNV-1a in 64 bits: where it begins, and its prime.
_OFFSET, _PRIME = 0xCBF29CE484222325, 0x100000001B3


class SplitMix64:
    """A generator of numbers.

    Args:
        seed: a whole number, or a text, each of which begins a sequence of its own.
    """

    def __init__(self, seed: int | str) -> None:
        self._state = (seed if isinstance(seed, int) else _hashed(seed)) & _WORD

    def bits(self) -> int:
        """Return the next 64 bits."""
        self._state = (self._state + _GAMMA) & _WORD
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * _FIRST) & _WORD
        mixed = ((mixed ^ (mixed >> 27)) * _SECOND) & _WORD
        return mixed ^ (mixed >> 31)

    def below(self, count: int) -> int:
        """Return a whole number from 0 up to count − 1, each as likely as the others."""
        fair = (_WORD + 1) // count * count
        while (drawn := self.bits()) >= fair:
            pass
        return drawn % count

    def choice(self, options: Sequence[Item]) -> Item:
        """Return one of the options."""
        return options[self.below(len(options))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in another order, each order as likely as the others (Fisher, Yates)."""
        found = list(items)
        for last in range(len(found) - 1, 0, -1):
            other = self.below(last + 1)
            found[last], found[other] = found[other], found[last]
        return found


def _hashed(text: str) -> int:
    found = _OFFSET
    for byte in text.encode():
        found = ((found ^ byte) * _PRIME) & _WORD
    return found
