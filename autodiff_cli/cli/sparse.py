"""`--sparse`, which two commands have: the entries that can be other than 0, by colours."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.cli.parameters import Option

Sparse = Annotated[
    bool, Option("--sparse", help="Only entries that can be other than 0, found by colours.")
]
