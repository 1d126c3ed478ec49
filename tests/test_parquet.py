"""Parquet in and out: types are kept, and what is no number is told with its row."""

from __future__ import annotations

import re
from importlib.util import find_spec

import numpy as np
import pytest

from autodiff_cli.files import blockwise as data

needs_pyarrow = pytest.mark.skipif(
    find_spec("pyarrow") is None, reason="pyarrow is not installed: pip install -e '.[parquet]'"
)


@needs_pyarrow
def test_columns_of_parquet_keep_their_types_and_numbers_of_every_kind_are_read(cli, tmp_path):
    import decimal

    import pyarrow as pa
    import pyarrow.parquet as pq

    read, written = tmp_path / "in.parquet", tmp_path / "OUT.PARQUET"
    columns = {
        "x": pa.array([1, 2], pa.int64()),
        "y": pa.array([0.5, 0.1], pa.float32()),
        "z": pa.array([decimal.Decimal("1.25"), decimal.Decimal("3")], pa.decimal128(9, 2)),
        "day": pa.array([0, 1], pa.date32()),
        "word": pa.array([None, "b"]),
    }
    pq.write_table(pa.table(columns), read)
    words = ("grad", "x*y*z", "--data", str(read), "--no-sympy", "-o")
    assert cli(*words, str(written)).status == 0
    found = pq.read_table(written)
    for name, column in columns.items():
        assert found.column(name).to_pylist() == column.to_pylist()
        assert found.column(name).type == column.type
    tenth = float(np.float32(0.1))
    assert found.column("f()").to_pylist() == [0.625, 2 * tenth * 3]
    as_text = tmp_path / "out.csv"
    assert cli(*words, str(as_text)).status == 0
    assert as_text.read_text().splitlines()[1:] == [
        "1,0.5,1.25,1970-01-01,,0.625,0.625,1.25,0.5",
        f"2,{tenth!r},3.00,1970-01-02,b,{2 * tenth * 3!r},{tenth * 3!r},6.0,{2 * tenth!r}",
    ]


@needs_pyarrow
def test_a_small_parquet_file_has_sympy_beside_it(cli, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"x": [1.0, 2.0]}), tmp_path / "a.parquet")
    outcome = cli("grad", "x^2", "--data", str(tmp_path / "a.parquet"))
    assert "verdict: match" in outcome.out


@needs_pyarrow
def test_points_without_a_file_are_written_as_parquet_too(cli, tmp_path):
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    assert cli("grad", "x*y", "--x", "1,2", "--y", "3", "-o", str(path)).status == 0
    assert pq.read_table(path).to_pydict() == {
        "x": [1, 2], "y": [3, 3], "f()": [3, 6], "df/dx": [3, 3], "df/dy": [1, 2],
    }  # fmt: skip


def mistakes():
    import pyarrow as pa

    return {
        "an empty cell": ({"x": [1.0, 2.0, None]}, "row 3, column 'x': the cell is empty"),
        "nan": ({"x": [1.0, 2.0, 3.0, float("nan")]}, "row 4, column 'x': 'nan' is not a finite"),
        "infinite": ({"x": [float("-inf")]}, "row 1, column 'x': '-inf' is not a finite number"),
        "words": ({"x": ["1"]}, "column 'x' has values of type string, not numbers; write the "),
        "truths": ({"x": [True]}, "column 'x' has values of type bool"),
        "alike": ({"x1": [1.0], "x₁": [2.0]}, "two columns 'x1', as 'x1' and as 'x₁'"),
        "no rows": ({"x": pa.array([], pa.float64())}, "no rows"),
        "another": ({"y": [1.0]}, "no value for the variable 'x': .*has the columns 'y'"),
    }


@needs_pyarrow
@pytest.mark.parametrize(
    "mistake",
    ["an empty cell", "nan", "infinite", "words", "truths", "alike", "no rows", "another"],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_bad_parquet_file_is_an_error_that_says_where(cli, tmp_path, monkeypatch, mistake, size):
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns, message = mistakes()[mistake]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), path)
    monkeypatch.setattr(data, "BLOCK", size)
    outcome = cli("grad", "x", "--data", str(path), "-o", str(tmp_path / "out.csv"))
    assert outcome.status == 2
    said = " ".join(outcome.err.split())
    assert "a.parquet" in said
    assert re.search(message, said), said
    assert list(tmp_path.iterdir()) == [path]


@needs_pyarrow
def test_what_is_not_parquet_or_not_there_is_said(cli, tmp_path):
    path = tmp_path / "a.parquet"
    outcome = cli("grad", "x", "--data", str(path))
    assert outcome.status == 1
    assert "a.parquet: No such file" in outcome.err
    path.write_text("x\n1\n")
    outcome = cli("grad", "x", "--data", str(path))
    assert outcome.status == 2
    assert "is not a Parquet file" in outcome.err


@needs_pyarrow
def test_a_list_has_no_place_in_csv(cli, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": [1.0, 2.0], "l": [[1], [2, 3]]}), path)
    words = ("grad", "x", "--data", str(path), "--no-sympy", "-o")
    outcome = cli(*words, str(tmp_path / "out.csv"))
    assert outcome.status == 2
    assert "column 'l' has values of type list" in outcome.err
    assert cli(*words, str(tmp_path / "out.parquet")).status == 0


def test_without_pyarrow_the_extra_is_named(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for words in (("--data", "a.parquet"), ("--x", "1,2", "-o", str(tmp_path / "a.parquet"))):
        outcome = cli("grad", "x", *words, "--no-sympy")
        assert outcome.status == 2
        said = " ".join(outcome.err.split())
        assert (
            'need pyarrow, which is not installed; run pip install "autodiff-cli[parquet]"' in said
        )
    assert not list(tmp_path.iterdir())
