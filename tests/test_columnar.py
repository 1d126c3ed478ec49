"""CSV by pyarrow and by the library: one meaning, to the byte, on both roads."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from autodiff_cli.errors import AutodiffError
from autodiff_cli.files import blockwise, columnar, extra, lines
from autodiff_cli.files.blockwise import blocks
from autodiff_cli.files.columnar import ArrowRows
from autodiff_cli.files.dialect import Dialect
from autodiff_cli.files.pieces import pieces
from autodiff_cli.files.strings import floats
from tests.console import Outcome
from tests.test_parquet import needs_pyarrow
from tests.test_rows import BAD, GOOD

Cli = Callable[..., Outcome]
pytestmark = needs_pyarrow

CONTINENTAL = ("--delimiter", "semicolon", "--decimal", "comma")

#: What stands in files, with the words that read it: a name each.
TEXTS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    **{name: (text, ()) for name, text in GOOD.items()},
    **{name: (text, ()) for name, (text, _) in BAD.items()},
    "words and marks": (b'x,y,t\n1,2,"a, b"\n"3",4,"say ""no"""\n5,6,=1+1\n7,8, @b\n9,1,-5\n', ()),
    "a break in a cell": (b'x,y,t\n1,2,a\n3,4,"b\nc"\n5,6,d\n7,8,e\n', ()),
    "a carriage return in a cell": (b'x,y,t\n1,2,a\n3,4,"b\rc"\n5,6,d\n', ()),
    "a mark inside": (b'x,y,t\n1,2,5"\n3,4,"b"c\n', ()),
    "a mark inside, lenient": (b'x,y,t\n1,2,5"\n3,4,6"\n', ()),
    "a mark after a space": (b'x,y,t\n1,2, "a"\n', ()),
    "an open mark": (b'x,y,t\n1,2,"a\n3,4,b\n', ()),
    "semicolons": (b"sep=;\nx;y;t\n1;2;a,b\n3;4;c\n", ()),
    "decimal commas": (
        b"x;y;t\n1,5;2;a.b\n-3,25;4e1;1,5\n",
        CONTINENTAL,
    ),
    "commas and what is usual with them": (b"x;y\n1,5;2\n3;4,25\n", CONTINENTAL[2:]),
    "a point among commas": (b"x;y\n1,5;2.5\n", CONTINENTAL),
    "tabs": (b'x\ty\tt\n1\t2\t\'a\n3\t4\t"b\tc"\n', ("--delimiter", "tab")),
    "spaces": (b"x,y\n 1 ,\t2\n3, 4\n", ()),
    "typeset": ("x,y\n−1,1\u00a0234\n3,4\n".encode(), ()),
    "zeros": (b"x,y\n0,-0\n0.0,0e9\n1,2\n", ()),
    "too small": (b"x,y\n1e-400,1\n0,2\n", ()),
    "large and small": (
        b"x,y\n1e15,1e-5\n123456789012345678,1e-7\n1e300,5e-324\n0.0001,1e16\n",
        (),
    ),
    "gaps": (b"x,y,t\n1,NA,a\n3,4,\n ,5,b\n6,nan,c\n7, Null ,d\n8,9,\n", ("--na", "skip")),
    "a gap": (b"x,y\n1,2\n3,n/a\n", ()),
    "a mark of order inside": (b"x,y,t\n1,2,a\n\xef\xbb\xbf3,4,b\n", ()),
    "a zero byte": (b"x,y,t\n1,2,a\x00b\n", ()),
    "a long cell": (b"x,y,t\n1,2," + b"a" * 140_000 + b"\n", ()),
    "not UTF-8 late": (b"x,y,t\n1,2,a\n3,4,\xff\n", ()),
    "letters of all scripts": ("x,y,tλ\n1,2,д\n3,4,\u2028e\n".encode(), ()),
}


@pytest.fixture(params=[2, 9, 1000], ids=["chunks of 2", "chunks of 9", "whole"])
def chunk(request: pytest.FixtureRequest) -> Iterator[int]:
    return request.param


@pytest.mark.parametrize("name", TEXTS)
def test_both_roads_say_and_write_the_same(
    cli: Cli, tmp_path: Path, monkeypatch: Any, name: str, chunk: int
) -> None:
    text, words = TEXTS[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_bytes(text)
    formula = "x" if text[:2] == b"x\n" else "x*y"
    monkeypatch.setattr(blockwise, "BLOCK", 3)
    found = {}
    for small, ending in product((1 << 30, 0), ("csv", "parquet")):
        monkeypatch.setattr(columnar, "SMALL", small)
        monkeypatch.setattr(columnar, "CHUNK", 40 + chunk)
        asked = ("grad", formula, "--data", "in.csv", "--no-sympy", *words)
        outcome = cli(*asked, "-o", f"out.{ending}", columns=500)
        written = tmp_path / f"out.{ending}"
        found[small, ending] = outcome, written.read_bytes() if written.exists() else None
        written.unlink(missing_ok=True)
    for ending in ("csv", "parquet"):
        assert found[0, ending] == found[1 << 30, ending]


def read(path: Path, size: int, dialect: Dialect) -> Any:
    """What a file says: its rows with their lines and numbers, or what is wrong."""
    try:
        found = list(blocks(*pieces([str(path)], dialect), size))
    except AutodiffError as error:
        return str(error)
    rows = [
        [list(block.texts(k)) for k in range(len(block.names))]
        + [[block.where(row) for row in range(block.count)], block.gaps([0])]
        for block in found
    ]
    try:
        return rows, [block.column(0) for block in found], [str(block.array(0)) for block in found]
    except AutodiffError as error:
        return rows, str(error)


def test_both_roads_read_files_of_any_signs_alike(tmp_path: Path, monkeypatch: Any) -> None:
    draw, path = random.Random(5), tmp_path / "a.csv"
    parts = ["1", "2.5", "-3e2", ".5", "0", "NA", "", '"', '""', '"a"', '"a""b"', "\n", "\n", "\n",
             "\r\n", "\r", ",", ",", ",", ",", ";", " ", "x", "λ", "+1", "1_0", "inf", '"1,5"',
             '"a\nb"', "1e-400", "1e999", "\t"]  # fmt: skip
    by_columns = 0
    for _ in range(300):
        width = draw.choice((1, 2, 2, 3))
        rows = [",".join(draw.choice(parts[:7]) for _ in range(width)) for _ in range(6)]
        if draw.random() < 0.6:
            rows[draw.randrange(6)] = "".join(draw.choice(parts) for _ in range(5))
        end = draw.choice(("\n", "\n", "\r\n"))
        path.write_bytes((",".join("xyz"[:width]) + end + end.join(rows)).encode())
        dialect = draw.choice((Dialect(), Dialect(), Dialect(";", ",")))
        monkeypatch.setattr(columnar, "SMALL", 1 << 30)
        expected = read(path, 4, dialect)
        monkeypatch.setattr(columnar, "SMALL", 0)
        monkeypatch.setattr(columnar, "CHUNK", draw.choice((16, 32, 1000)))
        assert read(path, 4, dialect) == expected, path.read_bytes()
        try:
            by_columns += isinstance(next(blocks(*pieces([str(path)], dialect), 4)), ArrowRows)
        except AutodiffError:
            continue
    assert by_columns > 40


def test_big_files_are_read_by_columns_and_small_ones_without_pyarrow(
    tmp_path: Path, monkeypatch: Any
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "1,2\n" * 100)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for size, expected in ((10_000, False), (20, True)):
        monkeypatch.setattr(columnar, "SMALL", size)
        for given in (path, packed):
            found = next(blocks(*pieces([str(given)]), 1000))
            assert (isinstance(found, ArrowRows), found.count) == (expected, 100)
    monkeypatch.setattr(extra, "works", lambda: False)
    assert not isinstance(next(blocks(*pieces([str(path)]), 1000)), ArrowRows)
    assert lines.CHUNK > 0


@pytest.mark.parametrize("how", ["zstd", "lz4"])
def test_what_only_pyarrow_unpacks_is_read_too(tmp_path: Path, how: str) -> None:
    import pyarrow as pa

    draw = random.Random(1)
    path = tmp_path / {"zstd": "a.csv.zst", "lz4": "a.csv.lz4"}[how]
    content = "x,y\n" + "".join(f"{draw.random()},4\n" for _ in range(3000))
    with pa.CompressedOutputStream(str(path), how) as stream:
        stream.write(content.encode())
    assert sum(block.count for block in blocks(*pieces([str(path)]), 1000)) == 3000
    for cut in (1, 20, 5000):
        path.write_bytes(path.read_bytes()[:-cut])
        with pytest.raises(AutodiffError, match=f"is damaged, or not compressed by {how}"):
            list(blocks(*pieces([str(path)]), 1000))


def test_numbers_are_spelt_as_python_spells_them() -> None:
    draw = random.Random(2)
    numbers = [draw.uniform(-1, 1) * 10.0 ** draw.randint(-320, 308) for _ in range(3000)]
    numbers += [
        float(f"{draw.uniform(-9, 9):.{k % 9}f}e{draw.randint(-7, 18)}") for k in range(3000)
    ]
    numbers += [m * 10.0**k for k in range(-6, 20) for m in (1, -1, 9.999999999999999)]
    numbers += [0.0, -0.0, float("nan"), float("inf"), -float("inf"), 5e-324, 2.0**53]
    assert floats(numbers).to_pylist() == list(map(repr, numbers))
