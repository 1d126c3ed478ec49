"""`-o FOLDER/`: each file of a data set into one of its own; whole, or what is missing is said."""

from __future__ import annotations

import gzip
import json

import pytest

from autodiff_cli.batch import block, dataset, folder, record
from autodiff_cli.batch.summary import Summary
from autodiff_cli.files import places
from tests.cluster.trials import digests

FILES = {"a": (1, 2, 3), "b/c": (0, -4), "d": (5, 6, 7, 8)}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Three CSV files, in whose folder the program runs."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    return tmp_path


def write(folder):
    for name, numbers in FILES.items():
        path = folder / "in" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("t,x\n" + "".join(f"t{x},{x}\n" for x in numbers))


def words(*more: str) -> tuple[str, ...]:
    return ("grad", "abs(x)*x", "--data", "in", "-o", "out/", "--no-sympy", *more)


def manifest(folder):
    return json.loads((folder / "out" / "_manifest.json").read_text())


def test_each_file_has_one_of_its_own_and_a_manifest_says_what_it_is(cli, data):
    outcome = cli(*words())
    assert (outcome.status, outcome.err) == (0, "")
    assert sorted(digests(data / "out")) == ["_manifest.json", "a.csv", "b/c.csv", "d.csv"]
    assert (data / "out" / "b" / "c.csv").read_text() == (
        "t,x,f(),df/dx\nt0,0,0.0,0.0\nt-4,-4,-16.0,8.0\n"
    )
    found = manifest(data)
    assert [one["of"] for one in found["files"]] == ["in/a.csv", "in/b/c.csv", "in/d.csv"]
    assert [one["rows"] for one in found["files"]] == [3, 2, 4]
    least = found["columns"]["f()"]["least"]
    assert least == {"value": -16.0, "file": "in/b/c.csv", "row": "line 3"}
    assert found["columns"]["df/dx"]["mean"] == 72 / 9
    assert "at 1 of 9 points, first the point number 4" in outcome.out.replace("\n  ", " ")
    assert "3 files with 9 rows are in out/" in outcome.out
    assert not (data / ".autodiff-out").exists()


def test_the_screen_says_what_it_says_of_one_file(cli, data):
    text = "t,x\n" + "".join(f"t{x},{x}\n" for numbers in FILES.values() for x in numbers)
    (data / "all.csv").write_text(text)
    one = cli("grad", "abs(x)*x", "--data", "all.csv", "--no-sympy")
    many = cli(*words())
    shared = one.out.rstrip("\n").replace("\n  ", " ")
    assert many.out.replace("\n  ", " ").startswith(shared.replace("(--no-sympy)", "(--no-sympy)"))


def test_json_is_the_manifest(cli, data):
    assert json.loads(cli(*words("--json")).out) == manifest(data)


def test_what_is_missing_is_said_and_a_second_run_does_it(cli, data, monkeypatch):
    cli(*words())
    expected = digests(data / "out")
    (data / "out").rename(data / "whole")
    name = "in/d.csv"
    good, first = (data / name).read_bytes(), (data / "in" / "a.csv").read_bytes()
    (data / name).write_text("t,y\n1,2\n")
    (data / "in" / "a.csv").write_text("t,x\n1,2\n2,five\n")
    outcome = cli(*words())
    assert (outcome.status, outcome.out) == (1, "")
    assert "2 of 3 files are missing" in outcome.err
    assert "in/a.csv, line 3, column 'x': 'five' is not a finite number" in outcome.err
    assert "in/d.csv: no value for the variable 'x'" in outcome.err
    assert "--resume" in outcome.err
    assert not (data / "out").exists()
    (data / name).write_bytes(good)
    (data / "in" / "a.csv").write_bytes(first)
    calls = []
    answered = block.differentiated

    def counting(work, rows, *more):
        calls.append(rows.path)
        return answered(work, rows, *more)

    monkeypatch.setattr(block, "differentiated", counting)
    outcome = cli(*words("--resume"))
    assert (outcome.status, outcome.err) == (0, "")
    assert digests(data / "out") == expected
    assert calls == ["in/a.csv", "in/d.csv"]  # what was whole is not done again


def test_a_run_that_is_interrupted_leaves_what_is_whole(cli, data, monkeypatch):
    cli(*words())
    expected = digests(data / "out")
    (data / "out").rename(data / "whole")
    attempted = dataset.attempted

    def stopping(work, task, tell=None):
        if task.number == 1:
            raise KeyboardInterrupt
        return attempted(work, task, tell)

    monkeypatch.setattr(dataset, "attempted", stopping)
    outcome = cli(*words())
    assert outcome.status == 130
    assert "what is whole is kept in" in outcome.err
    monkeypatch.setattr(dataset, "attempted", attempted)
    assert "was begun and not finished" in cli(*words()).err
    other = cli("grad", "x^2", "--data", "in", "-o", "out/", "--no-sympy", "--resume")
    assert (other.status, "begun with another expression" in other.err) == (2, True)
    assert cli(*words("--resume")).status == 0
    assert digests(data / "out") == expected
    again = cli(*words("--resume"))
    assert (again.status, again.out) == (0, "")
    assert "there is nothing to go on with" in again.err
    assert "is there already" in cli(*words()).err


def test_a_disk_without_room_for_what_is_kept_ends_no_other_file(cli, data, monkeypatch):
    cli(*words())
    expected = digests(data / "out")
    (data / "out").rename(data / "whole")
    keep = folder.Folder.keep

    def full(self, name, told):
        if name == "b/c.csv":
            raise OSError(28, "No space left on device", name)
        keep(self, name, told)

    monkeypatch.setattr(folder.Folder, "keep", full)
    outcome = cli(*words())
    assert outcome.status == 1
    assert "1 of 3 files is missing" in outcome.err
    assert "No space left on device" in outcome.err
    monkeypatch.setattr(folder.Folder, "keep", keep)
    assert cli(*words("--resume")).status == 0
    assert digests(data / "out") == expected


def test_a_file_that_changed_is_done_again_and_one_that_went_leaves_nothing(cli, data):
    (data / "in" / "d.csv").write_text("x\nfive\n")
    assert cli(*words()).status == 1
    (data / "in" / "d.csv").write_text("t,x\nt1,1\n")
    (data / "in" / "a.csv").write_text("t,x\nt9,9\nt9,9\n")
    (data / "in" / "b" / "c.csv").unlink()
    assert cli(*words("--resume")).status == 0
    assert sorted(digests(data / "out")) == ["_manifest.json", "a.csv", "d.csv"]
    assert manifest(data)["rows"] == 3


def test_compressed_data_and_rows_without_a_number(cli, data):
    (data / "in" / "a.csv.gz").write_bytes(gzip.compress(b"x,t\nNA,1\n2,2\n,3\n"))
    (data / "in" / "e.csv").write_text("x\nNA\n")
    assert cli(*words()).status == 1
    outcome = cli(*words("--resume", "--na", "skip"))
    assert "begun with another na" in outcome.err
    outcome = cli("grad", "x^2", "--data", "in", "-o", "skipped/", "--na", "skip", "--no-sympy")
    assert outcome.status == 0, outcome.err
    assert "3 rows are left out, the first on line 2 of in/a.csv.gz" in outcome.out.replace(
        "\n  ", " "
    )
    assert (data / "skipped" / "a.csv.csv").exists() or (data / "skipped" / "a.csv.gz.csv").exists()


def test_what_is_in_the_way_is_refused(cli, data):
    (data / "out").mkdir()
    (data / "out" / "mine.txt").write_text("mine")
    outcome = cli(*words())
    assert (outcome.status, "is there already" in outcome.err) == (2, True)
    assert (data / "out" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (("grad", "x", "--x", "1", "--workers", "2"), "--workers is for a folder of results"),
        (("grad", "x", "--x", "1", "--resume"), "--resume is for a folder of results"),
        (("grad", "x", "--x", "1", "-o", "out/"), "a folder is for the results of data"),
        (
            ("grad", "x*y", "--data", "in", "--y", "1,2", "-o", "out/"),
            "y has several values beside a data set",
        ),
        (("grad", "x", "--data", "in", "-o", "out/", "--order", "2"), "--order is for one point"),
        (("grad", "x+", "--data", "in", "-o", "out/"), "an operand is missing"),
        (
            ("grad", "x", "--data", "in", "-o", "o/", "--workers", "1", "--scheduler", "tcp://a:1"),
            "give one of the two",
        ),
    ],
)
def test_what_does_not_fit_is_refused(cli, data, line, message):
    outcome = cli(*line)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err.replace("\n       ", " ")


def test_a_text_that_is_run_starts_no_workers_and_writes_only_where_it_may(cli, data):
    line = "autodiff grad x --data in -o out/"
    (data / "lesson.md").write_text(f"{line}\n")
    assert "writes no file" in cli("run", "lesson.md").err
    assert not (data / "out").exists()
    (data / "lesson.md").write_text(f"{line} --workers 2\n")
    outcome = cli("run", "--files", "lesson.md")
    assert "a text that is run has no use for --workers" in outcome.err
    (data / "lesson.md").write_text(f"{line}\n")
    assert cli("run", "--files", "lesson.md").status == 0
    assert (data / "out" / "a.csv").exists()


def test_the_object_store_of_a_url_has_success_last(cli, data):
    pytest.importorskip("pyarrow")
    url = (data / "there").as_uri()
    outcome = cli("grad", "x^2", "--data", "in", "-o", f"{url}/", "--no-sympy")
    assert (outcome.status, outcome.err) == (0, "")
    assert sorted(digests(data / "there")) == ["_manifest.json", "a.csv", "b/c.csv", "d.csv"]


def test_a_record_reads_back_as_it_was(cli, data, monkeypatch):
    kept: list[Summary] = []
    written = record.written

    def keeping(summary):
        kept.append(summary)
        return written(summary)

    monkeypatch.setattr(record, "written", keeping)
    cli("grad", "abs(x)/x + exp(200*x)", "--data", "in", "-o", "out/", "--no-sympy")
    assert len(kept) == 3
    for number, summary in enumerate(kept):
        told = json.loads(json.dumps(written(summary)))
        again = record.read(told, number)
        assert repr(written(again)) == repr(written(summary))
        assert (again.columns, again.departures) == (summary.columns, summary.departures)


@pytest.fixture
def store(monkeypatch, tmp_path):
    """A folder that s3://bucket/… stands for."""
    fs = pytest.importorskip("pyarrow.fs")
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    system = fs.SubTreeFileSystem(str(bucket), fs.LocalFileSystem())
    monkeypatch.setattr(
        places, "remote", lambda url: (system, url.partition("bucket/")[2].partition("?")[0])
    )
    return bucket


def test_in_an_object_store_a_file_appears_when_it_is_whole_and_success_last(
    cli, data, store, monkeypatch
):
    (store / "out").mkdir()
    line = ("grad", "abs(x)*x", "--data", "in", "-o", "s3://bucket/out/", "--no-sympy")
    good = (data / "in" / "d.csv").read_bytes()
    (data / "in" / "d.csv").write_text("t,x\n1,five\n")
    outcome = cli(*line)
    assert (outcome.status, outcome.out) == (1, "")
    there = set(digests(store / "out"))
    assert {"a.csv", "b/c.csv"} < there
    assert not {"_SUCCESS", "_manifest.json", "d.csv"} & there
    (data / "in" / "d.csv").write_bytes(good)
    assert "was begun and not finished" in cli(*line).err
    outcome = cli(*line, "--resume")
    assert (outcome.status, outcome.err) == (0, "")
    there = digests(store / "out")
    assert set(there) == {"_SUCCESS", "_manifest.json", "a.csv", "b/c.csv", "d.csv"}
    cli(*words())
    assert there["d.csv"] == digests(data / "out")["d.csv"]
    assert "is there already" in cli(*line).err
    assert "there is nothing to go on with" in cli(*line, "--resume").err


def test_a_large_file_is_several_pieces_of_whole_row_groups(cli, data, monkeypatch):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    (data / "big").mkdir()
    table = pyarrow.table({"x": [float(x) for x in range(10)]})
    parquet.write_table(table, data / "big" / "a.parquet", row_group_size=2)
    line = ("grad", "x^2", "--data", "big", "--no-sympy", "-o")
    assert cli(*line, "whole/").status == 0
    monkeypatch.setattr(dataset, "ROWS", 4)
    monkeypatch.setattr(dataset, "BYTES", 0)
    outcome = cli(*line, "parts/")
    assert (outcome.status, outcome.err) == (0, "")
    names = ["a-00000.parquet", "a-00002.parquet", "a-00004.parquet"]
    assert sorted(digests(data / "parts")) == ["_manifest.json", *names]
    parts = [parquet.read_table(data / "parts" / name) for name in names]
    assert pyarrow.concat_tables(parts).equals(parquet.read_table(data / "whole" / "a.parquet"))
    told = [json.loads((data / f / "_manifest.json").read_text()) for f in ("whole", "parts")]
    assert told[0]["columns"] == told[1]["columns"]
    assert [one["groups"] for one in told[1]["files"]] == [[0, 2], [2, 4], [4, 5]]
    assert told[1]["columns"]["f()"]["greatest"]["row"] == "row 10"
