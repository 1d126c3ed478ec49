"""Files block by block: the same answer as whole, to the letter, and never half a file."""

from __future__ import annotations

import csv
import os
import pty
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from autodiff_cli import grad
from autodiff_cli.answers import gradient
from autodiff_cli.batch import block, stream
from autodiff_cli.files import blockwise as data
from autodiff_cli.files import lines
from autodiff_cli.files.pieces import pieces
from autodiff_cli.files.reach import ANYWHERE
from autodiff_cli.files.replacing import replacing
from tests.console import ROOT, autodiff
from tests.test_counting import FORMULAS, NUMBERS
from tests.test_parquet import needs_pyarrow
from tests.test_rows import BAD, GOOD
from tests.work import HANG, looks

COLUMNS = ("id", "x", "y")


def table(count):
    """Rows of text: a word that a spreadsheet would compute, and two numbers."""
    numbers = NUMBERS * (count // len(NUMBERS) + 1)
    return [(f"=id {k}", repr(numbers[k]), f" {numbers[-k]!r}") for k in range(count)]


def write_csv(path, count):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(table(count))


def write_parquet(path, count):
    import pyarrow as pa
    import pyarrow.parquet as pq

    id, x, y = zip(*table(count), strict=True)
    columns = {"id": id, "x": [float(cell) for cell in x], "y": [float(cell) for cell in y]}
    pq.write_table(pa.table(columns), path, row_group_size=4)


WRITE = {"csv": write_csv, "parquet": write_parquet}


def content(path):
    """What stands in a file: a Parquet file's bytes tell of its row groups too."""
    if path.suffix == ".csv":
        return path.read_bytes()
    import pyarrow.parquet as pq

    found = pq.read_table(path)
    return found.schema, [[repr(cell) for cell in column.to_pylist()] for column in found.columns]


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("csv", "csv"),
        pytest.param("parquet", "parquet", marks=needs_pyarrow),
        pytest.param("csv", "parquet", marks=needs_pyarrow),
        pytest.param("parquet", "csv", marks=needs_pyarrow),
    ],
)
def test_blocks_say_and_write_what_the_whole_file_does(
    cli, tmp_path, monkeypatch, source, target, mode, formula
):
    read, written = tmp_path / f"in.{source}", tmp_path / f"out.{target}"
    WRITE[source](read, 29)
    words = ["grad", formula, "--data", str(read), "-o", str(written), "--mode", mode]
    words += ["--no-sympy", "--rows", "7", *(["--const", "a=2"] if "a*" in formula else [])]
    monkeypatch.setattr(gradient, "COMPILED_FROM", 1)  # a whole file of 29 rows is swept else
    whole, kept = cli(*words), content
    assert whole.status == 0
    expected = kept(written)
    for size in (1, 2, 7, 28):
        monkeypatch.setattr(data, "BLOCK", size)
        assert cli(*words) == whole
        assert kept(written) == expected


def test_a_table_of_both_ends_is_the_same_however_many_rows_are_shown(cli, tmp_path, monkeypatch):
    read = tmp_path / "in.csv"
    write_csv(read, 60)
    for rows in ("1", "2", "12", "13", "40", "59", "60"):
        words = ("grad", "x*y", "--data", str(read), "-o", str(tmp_path / "o.csv"), "--no-sympy")
        monkeypatch.setattr(data, "BLOCK", 1000)
        whole = cli(*words, "--rows", rows)
        monkeypatch.setattr(data, "BLOCK", 5)
        assert cli(*words, "--rows", rows) == whole


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
@pytest.mark.parametrize("ending", ["csv", pytest.param("parquet", marks=needs_pyarrow)])
def test_the_edge_of_a_block_may_be_the_end_of_the_file(cli, tmp_path, monkeypatch, rows, ending):
    monkeypatch.setattr(data, "BLOCK", 2)
    read, written = tmp_path / f"in.{ending}", tmp_path / "out.csv"
    WRITE[ending](read, rows)
    assert [block.count for block in data.blocks(*pieces([str(read)]), 2)] == [
        [1],
        [2],
        [2, 1],
        [2, 2],
    ][rows - 1]
    assert cli("grad", "x*y", "--data", str(read), "-o", str(written), "--no-sympy").status == 0
    assert len(written.read_text().splitlines()) == 1 + rows


def test_notes_count_the_points_of_all_blocks_and_name_the_first(cli, tmp_path, monkeypatch):
    read = tmp_path / "in.csv"
    read.write_text("x\n" + "1\n" * 10 + "0\n" + "2\n" * 7 + "0\n0\n")
    monkeypatch.setattr(data, "BLOCK", 4)
    words = ("grad", "abs(x)", "--data", str(read), "-o", str(tmp_path / "out.csv"), "--no-sympy")
    outcome = cli(*words, columns=1000)
    assert "(at 3 of 20 points, first the point number 11)" in outcome.out
    assert "verdict: skipped" in outcome.out
    assert "symbolic side skipped: SymPy was not asked (--no-sympy)" in outcome.out
    assert cli(*words, "--strict").status == 3


def test_sympy_is_asked_about_a_sample_of_a_big_file(cli, tmp_path, monkeypatch):
    read = tmp_path / "in.csv"
    write_csv(read, 9)
    monkeypatch.setattr(data, "BLOCK", 4)
    outcome = cli("grad", "x*y", "--data", str(read), "-o", str(tmp_path / "out.csv"), columns=200)
    assert "SymPy was asked at 9 of 9 points" in outcome.out


def test_a_file_that_gives_no_variable_is_refused_where_it_is_big(cli, tmp_path, monkeypatch):
    read, written = tmp_path / "in.csv", tmp_path / "out.csv"
    write_csv(read, 9)
    words = ("grad", "2 + 3", "--data", str(read), "-o", str(written), "--no-sympy")
    assert cli(*words).status == 0
    assert [line.rsplit(",", 1)[1] for line in written.read_text().splitlines()] == ["f()"] + [
        "5.0"
    ] * 9
    monkeypatch.setattr(data, "BLOCK", 4)
    outcome = cli(*words)
    assert outcome.status == 2
    assert "has no column that is a variable" in outcome.err


@pytest.mark.parametrize(
    ("formula", "verdict"), [("x + 1", "match"), ("1/x", "undefined"), ("ln(x)", "undefined")]
)
def test_values_without_derivatives_have_the_gravest_verdict_of_all_blocks(
    cli, tmp_path, monkeypatch, formula, verdict
):
    read = tmp_path / "in.csv"
    read.write_text("x\n1\n0\n-1\n3\n4\n5\n" if formula == "ln(x)" else "x\n1\n0\n3\n4\n5\n")
    words = ("grad", formula, "--data", str(read), "-o", str(tmp_path / "o.csv"), "--const", "x")
    whole = cli(*words)
    assert f"verdict: {verdict}" in whole.out
    monkeypatch.setattr(data, "BLOCK", 2)
    assert cli(*words) == whole


def test_lists_and_json_take_the_file_whole(cli, tmp_path, monkeypatch):
    read, written = tmp_path / "in.csv", tmp_path / "out.csv"
    read.write_text("x\n1\n2\n3\n")
    monkeypatch.setattr(data, "BLOCK", 2)
    monkeypatch.setattr(stream, "stream", None)
    words = ("grad", "x*y", "--data", str(read), "-o", str(written), "--no-sympy")
    assert cli(*words, "--y", "4,5,6").status == 0
    assert written.read_text().splitlines()[-1] == "3,6.0,18.0,6.0,3.0"
    assert cli(*words, "--y", "4", "--rows", "0").status == 0
    assert cli(*words[:4], "--no-sympy", "--y", "4", "--json").status == 0


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_chunk_may_end_anywhere(tmp_path, monkeypatch, text, chunk):
    monkeypatch.setattr(lines, "CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    for size in (1, 2, 10):
        found = list(data.blocks(*pieces([str(path)]), size))
        assert [n for block in found for n in block.column(0)] == [1, 3]
        assert [n for block in found for n in block.column(1)] == [2, 4]
        shares = [block.share for block in found]
        assert shares == sorted(shares)
        assert 0.9 < shares[-1] <= 1


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_is_told_in_blocks_as_it_is_whole(
    cli, tmp_path, monkeypatch, text, message, size
):
    path, written = tmp_path / "a.csv", tmp_path / "out.csv"
    path.write_bytes(text)
    formula = "x" if text[:2] == b"x\n" else "x*y"
    words = ("grad", formula, "--data", str(path), "-o", str(written), "--no-sympy")
    whole = cli(*words)
    monkeypatch.setattr(data, "BLOCK", size)
    monkeypatch.setattr(lines, "CHUNK", 4)
    assert cli(*words) == whole
    assert whole.status == 2
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_an_error_names_the_line_in_every_block(cli, tmp_path, monkeypatch, line_end, chunk):
    monkeypatch.setattr(lines, "CHUNK", chunk)
    path, written = tmp_path / "a.csv", tmp_path / "out.csv"
    written.write_text("old")
    rows = ["x,t", "1,a", "", "2,'b'", '3,"c', 'c"', "", "", "4,d", "five,e"]
    path.write_bytes(line_end.join(rows).encode())
    for size in (1, 2, 3, 10):
        monkeypatch.setattr(data, "BLOCK", size)
        outcome = cli("grad", "x", "--data", str(path), "-o", str(written))
        assert outcome.status == 2
        said = outcome.err.replace("\n       ", " ")
        assert "line 10, column 'x': 'five' is not a finite number" in said
    assert written.read_text() == "old"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_lines_are_handed_on_as_they_are_read(tmp_path, monkeypatch, line_end):
    monkeypatch.setattr(lines, "CHUNK", 10)
    path = tmp_path / "a.csv"
    path.write_bytes(line_end.join(["x", *map(str, range(100))]).encode())
    first = next(data.blocks(*pieces([str(path)]), 3))
    assert first.column(0) == [0, 1, 2]
    assert first.share < 0.1


def test_blank_lines_are_no_rows_of_a_block(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x\n\n\n1\n\n\n\n2\n\n3\n")
    assert [block.column(0) for block in data.blocks(*pieces([str(path)]), 2)] == [[1, 2], [3]]
    monkeypatch.setenv("AUTODIFF_MAX_ROWS", "3")
    assert data.load(pieces([str(path)])).column(0) == [1, 2, 3]


FAILURES = {
    "Ctrl-C": (KeyboardInterrupt(), 130, "interrupted"),
    "a full disk": (OSError(28, "No space left on device"), 1, "No space left"),
    "a fault": (RuntimeError("x"), 1, "the program failed: RuntimeError"),
}


@pytest.mark.parametrize(("failure", "status", "message"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("ending", ["csv", pytest.param("parquet", marks=needs_pyarrow)])
def test_a_failure_in_the_middle_leaves_no_half_file(
    cli, tmp_path, monkeypatch, ending, failure, status, message
):
    read, written = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}"
    WRITE[ending](read, 20)
    written.write_text("old")
    calls = []

    def failing(*arguments, **named):
        calls.append(arguments)
        if len(calls) == 3:
            raise failure
        return grad(*arguments, **named)

    monkeypatch.setattr(data, "BLOCK", 4)
    monkeypatch.setattr(block, "grad_of_block", failing)
    outcome = cli("grad", "x*y", "--data", str(read), "-o", str(written), "--no-sympy")
    assert outcome.status == status
    assert message in outcome.err
    assert written.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [read, written]


def big(path: Path, rows: int) -> Path:
    """A CSV file of many blocks."""
    path.write_text("x,y\n" + "0.123456789,1.5\n" * rows)
    return path


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups")
@pytest.mark.parametrize(
    ("number", "status", "message"),
    [(signal.SIGINT, 130, "error: interrupted\n"), (signal.SIGTERM, 143, "")],
    ids=["Ctrl-C", "kill"],
)
def test_a_process_that_is_stopped_leaves_the_old_file(tmp_path, number, status, message):
    read, written = big(tmp_path / "in.csv", 1_000_000), tmp_path / "out.csv"
    written.write_text("old")
    words = ["grad", "x*y", "--data", str(read), "-o", str(written)]
    process = subprocess.Popen(
        [sys.executable, "-m", "autodiff_cli", *words], cwd=ROOT, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in looks():
        assert process.poll() is None
        if any(path.stat().st_size for path in tmp_path.glob(".autodiff-*")):
            break
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=HANG)
    assert (process.returncode, out, err) == (status, "", message)
    assert written.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [read, written]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="nobody hangs up")
def test_who_was_told_to_ignore_a_hangup_does(tmp_path):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with replacing(str(tmp_path / "out.csv"), ANYWHERE) as stream:
            os.kill(os.getpid(), signal.SIGHUP)
            stream.write(b"x")
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (tmp_path / "out.csv").read_bytes() == b"x"


def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(tmp_path):
    read, written = big(tmp_path / "in.csv", 200_000), tmp_path / "out.csv"
    words = [sys.executable, "-m", "autodiff_cli", "grad", "x*y", "--data", str(read)]
    words += ["-o", str(written), "--no-sympy"]
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "60"}
    with open(ours, "rb", buffering=0) as terminal:
        done = subprocess.Popen(
            words, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, env=environment
        )
        os.close(theirs)
        shown = b""
        while chunk := _read(terminal):
            shown += chunk
        out, _ = done.communicate()
    assert done.returncode == 0
    assert b"131,072 rows" in shown
    assert b"\x1b[?25h" in shown  # the cursor is back
    assert b"\x1b" not in out
    plain = subprocess.run(words, cwd=ROOT, capture_output=True, check=True, env=environment)
    assert (plain.stdout, plain.stderr) == (out, b"")


def _read(terminal):
    try:
        return terminal.read(4096)
    except OSError:  # how Linux says that nobody writes any more
        return b""


def test_a_pipe_is_read_once_and_its_size_need_not_be_known(tmp_path):
    written = tmp_path / "out.csv"
    line = (
        f"'{sys.executable}' -m autodiff_cli grad 'x*y' --no-sympy -o '{written}' "
        "--data <(echo x,y; for k in {1..140000}; do echo $k,2; done)"
    )
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert written.read_text().endswith("140000,2,280000.0,2.0,140000.0\n")


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="no /dev/stdout")
def test_a_pipe_may_be_written_to(tmp_path):
    read = big(tmp_path / "in.csv", 140_000)
    words = ("grad", "2*x", "--data", str(read), "-o", "/dev/stdout", "--no-sympy")
    outcome = autodiff(*words)
    assert outcome.status == 0
    assert outcome.out.count("0.123456789,1.5,0.246913578,2.0\n") == 140_000


def test_a_file_may_be_replaced_by_its_own_answer(cli, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n2\n3\n")
    monkeypatch.setattr(data, "BLOCK", 2)
    assert cli("grad", "x^2", "--data", str(path), "-o", str(path), "--no-sympy").status == 0
    assert path.read_text() == "x,f(),df/dx\n1,1.0,2.0\n2,4.0,4.0\n3,9.0,6.0\n"


def test_memory_does_not_grow_with_the_file(cli, tmp_path, monkeypatch):
    monkeypatch.setattr(data, "BLOCK", 1000)
    monkeypatch.setattr(lines, "CHUNK", 10_000)
    peaks = []
    for rows in (3_000, 3_000, 30_000):
        path = big(tmp_path / "in.csv", rows)
        words = ("grad", "abs(x) + ln(y)", "--data", str(path), "-o", str(tmp_path / "out.csv"))
        tracemalloc.start()
        assert cli(*words, "--no-sympy").status == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.1 * peaks[1]


def test_rows_in_a_stream_are_not_limited_but_rows_held_are(cli, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n2\n3\n4\n")
    words = ("grad", "x", "--data", str(path), "-o", str(tmp_path / "out.csv"), "--no-sympy")
    monkeypatch.setenv("AUTODIFF_MAX_ROWS", "3")
    assert cli(*words).status == 2
    monkeypatch.setattr(data, "BLOCK", 2)
    assert cli(*words).status == 0
