"""Data sets: files, folders, patterns, Hive's folders and URLs, as pieces and as one table."""

from __future__ import annotations

import bz2
import csv
import gzip
import lzma
import os
import pickle
import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from autodiff_cli.answers.reading import reading_of
from autodiff_cli.batch.block import Work, differentiated
from autodiff_cli.batch.piece import write_piece
from autodiff_cli.batch.summary import Summary
from autodiff_cli.errors import AutodiffError
from autodiff_cli.files import blockwise, lines, places
from autodiff_cli.files.blockwise import blocks, split
from autodiff_cli.files.pieces import Piece, pieces, result_name
from autodiff_cli.files.reach import beside
from autodiff_cli.files.rows import Rows
from autodiff_cli.files.table import Data
from autodiff_cli.notes.counting import Place
from tests.console import Outcome
from tests.test_parquet import needs_pyarrow

Cli = Callable[..., Outcome]

#: Compression → ending and what compresses.
COMPRESSED = {
    "gzip": (".gz", gzip.compress), "bz2": (".bz2", bz2.compress), "xz": (".xz", lzma.compress),
}  # fmt: skip


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a data set in folders that Hive would name."""
    monkeypatch.chdir(tmp_path)
    for year, x in ((2023, 1), (2024, 2)):
        for part in (0, 1):
            write(tmp_path / f"runs/year={year}/part-{part}.csv", f"x,y\n{x},{part}\n")
    write(tmp_path / "runs/_SUCCESS", "")
    write(tmp_path / "runs/_old/a.csv", "nothing\n")
    write(tmp_path / "runs/.hidden.csv", "nothing\n")
    write(tmp_path / "runs/notes.md", "nothing\n")
    return tmp_path


#: What is named → the files found, and the columns of the first that its folders give.
NAMED = {
    ("runs",): (4, ["2023"]),
    ("runs/",): (4, ["2023"]),
    ("runs/**/*.csv",): (4, ["2023"]),
    ("runs/*",): (4, ["2023"]),
    ("runs/year=*/part-1.csv",): (2, ["2023"]),
    ("runs/year=2024",): (2, ["2024"]),
    ("runs/year=2024/*.csv",): (2, ["2024"]),
    ("runs/year=2024/part-0.csv",): (1, []),
    ("runs/year=2024/part-[!0].csv",): (1, ["2024"]),
    ("runs/year=2023/part-0.csv", "runs/year=2024/part-0.csv"): (2, []),
}


@pytest.mark.parametrize(("names", "expected"), NAMED.items(), ids=map(" ".join, NAMED))
@pytest.mark.parametrize("url", [False, True], ids=["path", "URL"])
def test_a_data_set_is_found_by_its_name(
    runs: Path, names: tuple[str, ...], expected: tuple[int, list[str]], url: bool
) -> None:
    given = [(runs / name).as_uri().replace("%2A", "*") if url else name for name in names]
    if url and any("[" in name for name in names):
        pytest.skip("a bracket is no sign of a URL")
    found = pieces(given)
    assert (len(found), [one.value for one in found[0].partitions]) == expected
    assert [one.path for one in found] == sorted(one.path for one in found)
    stems = [one.stem for one in found]
    assert len(set(stems)) == len(stems)
    assert pickle.loads(pickle.dumps(found)) == found
    assert [b.count for one in found for b in blocks(one)] == [1] * expected[0]


#: What is named → what is said.
WRONG = {
    ("empty",): "has no .csv or .parquet file below it",
    ("runs", "runs/year=2024/part-0.csv"): "part-0.csv is among the data twice",
    ("runs", "plain"): "the folders of plain/a.csv are not year=… as of the first",
    ("a.parquet.gz",): "is compressed once more",
    ("http://example.org/a.csv",): "http:// is not read; fetch the file first",
    ("s3://key:secret@bucket/a.csv",): "a key in a URL would be shown with it",
    ("file://elsewhere/a.csv",): "names another machine",
    ("-",): "--data reads a file, not stdin",
}


@pytest.mark.parametrize(("names", "message"), WRONG.items(), ids=map(" ".join, WRONG))
def test_what_is_no_data_set_is_said(runs: Path, names: tuple[str, ...], message: str) -> None:
    (runs / "empty").mkdir()
    write(runs / "plain/a.csv", "x,y\n1,2\n")
    write(runs / "a.parquet.gz", "x")
    with pytest.raises(AutodiffError) as caught:
        pieces(names)
    assert message in str(caught.value)


def test_a_pattern_that_matches_nothing_is_no_file(cli: Cli, runs: Path) -> None:
    for name in ("none/*.csv", "runs/*/*.parquet", "a[b].csv"):
        outcome = cli("grad", "x", "--data", name)
        assert (outcome.status, outcome.out) == (1, "")
        assert "No such file or directory" in outcome.err


def test_stems_are_unlike_and_results_are_called_after_them(runs: Path) -> None:
    for name in ("a/x.csv", "a/x.tsv", "b/x.csv.gz", "b/y.v2.csv"):
        write(runs / name, "")
    found = pieces(["a", "b/x.csv.gz", "b/y.v2.csv"])
    assert [one.stem for one in found] == ["a/x.csv", "a/x.tsv", "b/x", "b/y.v2"]
    assert [result_name(one, "parquet") for one in found][2:] == ["b/x.parquet", "b/y.v2.parquet"]
    assert [(one.compression, one.dialect.delimiter) for one in found] == [
        (None, None), (None, "\t"), ("gzip", None), (None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("how", COMPRESSED)
def test_what_is_compressed_is_read_and_what_is_damaged_said(
    cli: Cli, tmp_path: Path, how: str
) -> None:
    ending, compressed = COMPRESSED[how]
    path, content = tmp_path / f"in.csv{ending}", compressed(b"x,y\n" + b"3,4\n" * 5000)
    path.write_bytes(content)
    words = ("grad", "x*y", "--data", str(path), "--no-sympy", "-o", str(tmp_path / "out.csv"))
    assert cli(*words).status == 0
    assert (tmp_path / "out.csv").read_text().count("\n3,4,12.0,4.0,3.0") == 5000
    path.write_bytes(content[:-9])
    outcome = cli(*words)
    assert outcome.status == 2
    assert f"is damaged, or not compressed by {how}" in " ".join(outcome.err.split())
    path.write_text("x,y\n3,4\n")
    assert cli(*words).status == 2


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_files_are_one_table_with_the_columns_of_their_folders(cli: Cli, runs: Path) -> None:
    outcome = cli("grad", "x*y + year", "--data", "runs", "--no-sympy", "-o", "out.csv")
    assert outcome.status == 0
    assert table(runs / "out.csv") == [
        ["x", "y", "year", "f()", "df/dx", "df/dy", "df/dyear"],
        ["1", "0", "2023", "2023.0", "0.0", "1.0", "1.0"],
        ["1", "1", "2023", "2024.0", "1.0", "1.0", "1.0"],
        ["2", "0", "2024", "2024.0", "0.0", "2.0", "1.0"],
        ["2", "1", "2024", "2026.0", "1.0", "2.0", "1.0"],
    ]


#: Second file → what is said of it beside the first, which is `x,y` and `1,2`.
UNLIKE = {
    "no column": ("x\n1\n", "b.csv has no column 'y', which a.csv has"),
    "one more": ("x,y,z\n1,2,3\n", "a.csv has no column 'z', which b.csv has"),
    "other signs": ("sep=;\nx;y\n1;2\n", "b.csv has other signs between its columns than a.csv"),
    "a bad cell": ("y,x\n1,2\nfour,3\n", "b.csv, line 3, column 'y': 'four' is not a finite"),
}


@pytest.mark.parametrize(("text", "message"), UNLIKE.values(), ids=UNLIKE)
@pytest.mark.parametrize("written", [(), ("-o", "out.csv")], ids=["screen", "file"])
def test_a_file_that_is_unlike_the_first_is_told(
    cli: Cli, tmp_path: Path, monkeypatch: Any, text: str, message: str, written: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.csv", "x,y\n1,2\n")
    write(tmp_path / "b.csv", text)
    words = ("grad", "x*y", "--data", "a.csv", "--data", "b.csv", "--no-sympy")
    outcome = cli(*words, *written)
    assert outcome.status == 2
    assert message in " ".join(outcome.err.split())
    assert not (tmp_path / "out.csv").exists()


def test_columns_may_stand_in_another_order_and_rows_may_lack_numbers(
    cli: Cli, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.csv", "x,y\n1,2\n")
    write(tmp_path / "b.csv", "y,x\n")
    write(tmp_path / "c.csv", "y,x\n4,3\nNA,5\n")
    words = ("grad", "x/y", "--data", "*.csv", "--no-sympy", "--na", "skip", "-o", "o/out.csv")
    (tmp_path / "o").mkdir()
    outcome = cli(*words, columns=200)
    assert table(tmp_path / "o/out.csv")[1:] == [
        ["1", "2", "0.5", "0.5", "-0.25"], ["3", "4", "0.75", "0.25", "-0.1875"],
    ]  # fmt: skip
    assert "1 row is left out, on line 3 of c.csv: it lacks a number" in outcome.out


def test_a_text_that_is_run_reads_data_sets_only_below_its_folder(runs: Path) -> None:
    write(runs / "lessons/more/a.csv", "x\n1\n")
    (runs / "lessons/up").symlink_to(runs / "runs")
    reach = beside(str(runs / "lessons/lesson.txt"), files=False)
    for name in ("more", "more/*.csv", "lessons", "lessons/*/a.csv", (runs / "lessons").as_uri()):
        assert len(pieces([name], reach=reach)) == 1
    refused = ("runs", "runs/**/*.csv", "lessons/../runs/*", "lessons/*/../../runs/*/*.csv",
               "lessons/up", "lessons/up/*/*.csv", "s3://bucket/a.csv", runs.as_uri())  # fmt: skip
    for name in refused:
        with pytest.raises(AutodiffError, match="only below its own folder"):
            pieces([name], reach=reach)
    for name in ("s3://bucket/a.csv", runs.as_uri() + "/a.csv"):
        with pytest.raises(AutodiffError, match="writes only below its own folder"):
            beside(str(runs / "lessons/lesson.txt"), files=True).check_write(name)


def summed(work: Work, given: tuple[Piece, ...], folder: Path) -> list[str]:
    for piece in given:

        def answer(block: Data, before: int) -> tuple[Rows, Summary]:
            return differentiated(work, block, Place(0, before))

        kept = write_piece(answer, piece, str(folder / result_name(piece, "csv")))
        assert kept is None or kept.points > 0
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))


def test_a_piece_is_written_as_a_file_of_its_own_without_the_columns_of_its_folders(
    runs: Path,
) -> None:
    write(runs / "runs/year=2024/part-2.csv", "x,y\n")
    work = Work(reading=reading_of("x*year", {}), at={}, wrt=("x",), mode="reverse", shown=9)
    found = summed(work, pieces(["runs"]), runs / "out")
    names = [f"year={year}/part-{k}.csv" for year in (2023, 2024) for k in (0, 1, 2)]
    assert found == [name for name in names if name != "year=2023/part-2.csv"]
    header = ["x", "y", "f()", "df/dx"]
    assert table(runs / "out" / found[0]) == [header, ["1", "0", "2023.0", "2023.0"]]
    assert table(runs / "out" / found[4]) == [header]


@needs_pyarrow
def test_row_groups_are_pieces_whose_rows_are_named_as_in_the_file(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": [float(k) for k in range(10)]}), path, row_group_size=2)
    whole = pieces([str(path)])
    parts = split(whole[0], 3)
    assert [part.groups for part in parts] == [(0, 2), (2, 4), (4, 5)]
    assert [result_name(part, "csv") for part in parts] == [f"a-{k:05}.csv" for k in (0, 2, 4)]
    read = [(block.column(0), block.where(0)) for part in parts for block in blocks(part)]
    assert read == [([0, 1, 2, 3], "row 1"), ([4, 5, 6, 7], "row 5"), ([8, 9], "row 9")]
    assert split(whole[0], 100) == whole
    work = Work(reading=reading_of("x^2", {}), at={}, wrt=("x",), mode="reverse", shown=9)
    assert len(summed(work, parts, tmp_path / "out")) == 3


@pytest.mark.parametrize(
    "words",
    [
        (), ("-o", "-"), ("--format", "csv"), ("--graph",), ("-o", "o.txt"), ("--strict",),
        ("--rows", "3"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_screen_says_of_blocks_what_it_says_of_the_whole(
    cli: Cli, tmp_path: Path, monkeypatch: Any, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in.csv", "t,x\n" + "".join(f"=a{k},{k % 7}\n" for k in range(60)))
    asked = ("grad", "abs(x)/x", "--data", "in.csv", "--no-sympy", *words)
    whole, file = cli(*asked), tmp_path / "o.txt"
    written = file.read_text() if file.exists() else ""
    held: list[int] = []
    monkeypatch.setattr(blockwise, "BLOCK", 7)
    original = blockwise.load
    monkeypatch.setattr(blockwise, "load", lambda pieces: held.append(1) or original(pieces))
    assert cli(*asked) == whole
    assert (file.read_text() if file.exists() else "") == written
    assert not held


def test_the_standard_output_takes_each_format(cli: Cli) -> None:
    words = ("grad", "x^2", "--x", "1,2", "--no-sympy")
    assert cli(*words, "-o", "-").out == "x,f(),df/dx\n1.0,1.0,2.0\n2.0,4.0,4.0\n"
    for name in ("text", "markdown", "latex", "html", "csv", "json"):
        assert cli(*words, "-o", "-", "--format", name) == cli(*words, "--format", name)
    assert cli(*words, "-o", "-", "--json") == cli(*words, "--json")
    assert cli("graph", "x^2", "-o", "-") == cli("graph", "x^2")
    assert "parquet is no text" in cli(*words, "-o", "-", "--format", "parquet").err
    assert not Path("-").exists()


def test_memory_for_the_screen_does_not_grow_with_the_file(
    cli: Cli, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(blockwise, "BLOCK", 1000)
    monkeypatch.setattr(lines, "CHUNK", 10_000)
    peaks = []
    for rows in (3_000, 20_000, 60_000):
        path = write(tmp_path / "in.csv", "x,y\n" + "0.123456789,1.5\n" * rows)
        tracemalloc.start()
        assert cli("grad", "x*y", "--data", str(path), "--no-sympy").status == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.1 * peaks[1]


@needs_pyarrow
def test_a_url_is_read_and_written_by_the_file_system_that_it_names(
    cli: Cli, runs: Path, monkeypatch: Any
) -> None:
    import pyarrow.fs as fs

    system = fs.SubTreeFileSystem(str(runs), fs.LocalFileSystem())

    def remote(url: str) -> tuple[Any, str]:
        return system, unquote(url.partition("?")[0].partition("://")[2])

    monkeypatch.setattr(places, "remote", remote)
    (runs / "runs").rename(runs / "my runs")
    (runs / "runs").mkdir()
    local = cli("grad", "x*y + year", "--data", "my runs", "--no-sympy", "-o", "-").out
    for name in ("my%20runs", "my%20runs/*", "my%20runs/year=*/*.csv", "my%20runs/**/part-*.csv"):
        words = ("grad", "x*y + year", "--data", f"s3://{name}?region=r", "--no-sympy", "-o")
        assert cli(*words, "-").out == local
        assert cli(*words, "s3://runs/out.csv?region=r").status == 0
        assert (runs / "runs/out.csv").read_text() == local
    outcome = cli("grad", "x*y", "--data", "s3://runs/none.csv?region=r", columns=200)
    assert outcome.status == 1
    assert "s3://runs/none.csv?region=r" in outcome.err
    assert "No such file" in outcome.err
    assert "Detail" not in outcome.err
    outcome = cli("grad", "x^2", "--x", "1,2", "--no-sympy", "-o", "s3://runs/a.parquet?region=r")
    assert outcome.status == 0
    assert pieces(["s3://runs/a.parquet?region=r"])[0].kind == "parquet"
    assert next(blocks(*pieces(["s3://runs/a.parquet?region=r"]))).column(1) == [1, 4]


@needs_pyarrow
def test_many_small_files_are_few_row_groups_and_types_must_agree(
    cli: Cli, tmp_path: Path, monkeypatch: Any
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    monkeypatch.chdir(tmp_path)
    for name, numbers in (("a", [0.5]), ("b", [1, 2]), ("c", [2.5])):
        (tmp_path / "in").mkdir(exist_ok=True)
        pq.write_table(pa.table({"x": numbers, "t": [1] * len(numbers)}), f"in/{name}.parquet")
    words = ("grad", "x^2", "--data", "in", "--no-sympy", "-o", "out.parquet")
    assert cli(*words).status == 0
    found = pq.ParquetFile("out.parquet")
    assert found.metadata.num_row_groups == 1
    assert found.read().column("f()").to_pylist() == [0.25, 1, 4, 6.25]
    assert found.schema_arrow.field("x").type == pa.float64()
    pq.write_table(pa.table({"x": [1.0], "t": ["one"]}), "in/b.parquet")
    said = " ".join(cli(*words).err.split())
    assert "in/b.parquet, column 't' has values of type string, and the files before it" in said
    assert found.read().num_rows == 4


def test_what_is_written_is_on_the_disk_before_it_has_its_name(
    cli: Cli, tmp_path: Path, monkeypatch: Any
) -> None:
    done: list[str] = []
    replaced = os.replace

    def settled(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def named(source: str, target: str) -> None:
        done.append("name")
        replaced(source, target)

    monkeypatch.setattr(os, "fsync", settled)
    monkeypatch.setattr(os, "replace", named)
    assert cli("grad", "x^2", "--x", "1,2", "--no-sympy", "-o", str(tmp_path / "a.csv")).status == 0
    assert done == ["file", "name", "folder"]
