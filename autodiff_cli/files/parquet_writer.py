"""Rows of numbers as Parquet: a row group for each block, columns of the input with their types."""

from __future__ import annotations

from typing import Any, BinaryIO

from autodiff_cli.files.parquet import require
from autodiff_cli.files.rows import Rows


class ParquetWriter:
    """Writes rows to a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        require()
        self._stream = stream
        self._writer: Any = None

    def write(self, rows: Rows) -> None:
        """Write some rows as a row group."""
        import pyarrow
        import pyarrow.parquet

        headers: list[str] = []
        columns: list[Any] = []
        if rows.data is not None:
            headers += rows.data.headers
            for place, name in enumerate(rows.data.names):
                columns.append(rows.data.arrow(place, rows.read.get(name or "")))
        repeating = headers.copy()
        headers += rows.numbers
        columns += [pyarrow.array(found, pyarrow.float64()) for found in rows.numbers.values()]
        stretched = [c if len(c) == rows.length else c.take([0] * rows.length) for c in columns]
        table = pyarrow.table(stretched, headers)
        if self._writer is None:
            # Derivatives hardly repeat: a dictionary of them would take half the time for nothing.
            self._writer = pyarrow.parquet.ParquetWriter(
                self._stream, table.schema, use_dictionary=repeating or False
            )
        self._writer.write_table(table)

    def __enter__(self) -> ParquetWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Write the end of the file, without which it cannot be read; after an error, nothing."""
        if self._writer is None:
            return
        if kind is None:
            self._writer.close()
        self._writer.is_open = False  # or it would write to a closed stream when it is collected
