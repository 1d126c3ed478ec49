"""How SymPy's time is shared among several formulas that are asked about one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Seconds for each further formula when those before have taken all the time.
LATE = 0.1


def shares(client: Client | None, seconds: float) -> Iterator[float]:
    """Yield how long SymPy may think about each formula: little, once all of it is spent.

    Args:
        client: SymPy's process; None where SymPy is not wanted.
        seconds: for one formula, and for all together.
    """
    before = client.spent if client else 0.0
    while True:
        spent = client.spent - before if client else 0.0
        yield seconds if spent <= seconds else min(seconds, LATE)
