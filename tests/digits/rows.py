"""The rows that have digits to keep: all but comparisons and where."""

from __future__ import annotations

from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON

ROWS = tuple(row for row in OPERATIONS if row.precedence != COMPARISON and row is not WHERE)
