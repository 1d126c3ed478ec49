"""`--sparse`, which two commands have: the entries that can be other than 0, by colours."""

from __future__ import annotations

from typing import Annotated

import typer

Sparse = Annotated[
    bool, typer.Option("--sparse", help="Only entries that can be other than 0, found by colours.")
]
