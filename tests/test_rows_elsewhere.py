"""Data sets by other commands and by Python: compare, jacobian, hessian, hvp; rows as Arrow."""

from __future__ import annotations

import csv
import json
import pickle

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli import grad, grad_files, grad_rows, hessian, jacobian, parse
from autodiff_cli.batch.claimed import Claimed, Formula, _hashed, held, off
from autodiff_cli.batch.summary import Worst
from autodiff_cli.errors import AutodiffError, Unfinished
from autodiff_cli.files.csv import CsvRows
from autodiff_cli.files.dialect import PLAIN
from autodiff_cli.language.parser import read
from autodiff_cli.notes.counting import Place
from tests.cluster.trials import digests

X, Y = (1.0, 2.0, -0.5, 3.0, 0.25), (0.5, 1.5, 2.0, -1.0, 4.0)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Two CSV files, in whose folder the program runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name, rows in (("a", slice(0, 3)), ("b", slice(3, 5))):
        lines = [f"{x},{y}\n" for x, y in zip(X[rows], Y[rows], strict=True)]
        (tmp_path / "in" / f"{name}.csv").write_text("x,y\n" + "".join(lines))
    return tmp_path


def columns(folder):
    """Return header → numbers of all files of results."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with path.open() as stream:
            rows += csv.DictReader(stream)
    return {header: [float(row[header]) for row in rows] for header in rows[0]}


def test_a_hessian_at_every_row(cli, data):
    assert cli("hessian", "x^2*sin(y)", "--data", "in", "-o", "out/").status == 0
    found = columns(data / "out")
    for place, (x, y) in enumerate(zip(X, Y, strict=True)):
        expected = hessian("x^2*sin(y)", {"x": x, "y": y})
        assert found["f()"][place] == pytest.approx(expected.value, rel=1e-14)
        assert found["df/dy"][place] == pytest.approx(expected.gradient["y"], rel=1e-14)
        for a, b in ("xx", "xy", "yy"):
            number = expected.matrix[a][b]
            assert found[f"d2f/d{a} d{b}"][place] == pytest.approx(number, rel=1e-14)


def test_a_jacobian_at_every_row(cli, data):
    assert cli("jacobian", "x*y", "a = ln(x)", "--data", "in", "-o", "out/").status == 0
    found = columns(data / "out")
    assert list(found) == ["x", "y", "f1()", "df1/dx", "df1/dy", "a()", "da/dx", "da/dy"]
    expected = jacobian(["x*y", "ln(x)"], {"x": 3.0, "y": -1.0})
    assert [found[f"d{f}/dx"][3] for f in ("f1", "a")] == [row["x"] for row in expected.rows]
    manifest = json.loads((data / "out" / "_manifest.json").read_text())
    assert "at 1 of 5 points, first the point number 3" in manifest["notes"][0]["text"]


def test_a_product_with_the_hessian_at_every_row(cli, data):
    line = ("hvp", "x^2*sin(y)", "--data", "in", "--direction", "1,0", "-o", "out/")
    assert cli(*line).status == 0
    assert columns(data / "out")["Hv(x)"] == pytest.approx([2 * np.sin(y) for y in Y])


def compare(cli, *more):
    return cli("compare", "x^2*sin(y)", "--data", "in", *more, columns=400)


def test_sympys_derivatives_hold_at_every_row(cli, data):
    outcome = compare(cli, "--sympy-seconds", "30")
    assert (outcome.status, outcome.err) == (0, "")
    assert "SymPy's ∂f/∂x = 2*x*sin(y): agrees with autodiff at all of 5 rows" in outcome.out
    assert "verdict: match" in outcome.out
    assert sorted(path.name for path in data.iterdir()) == ["in"]


def test_a_wrong_claim_has_its_rows_listed_the_worst_first(cli, data):
    outcome = compare(cli, "--claim", "x=2x*sin(y)*where(x>=2, 1+1/x, 1)")
    assert outcome.status == 3
    assert "off at 2 rows of 5; 2 of them WRONG, the worst:" in outcome.out
    first, second = (line for line in outcome.out.splitlines() if line.startswith("in/"))
    assert first.split()[:3] == ["in/a.csv", "line", "3"]
    assert second.split()[:3] == ["in/b.csv", "line", "2"]
    assert "verdict: WRONG" in outcome.out


def test_what_a_claim_finds_is_written_and_is_json(cli, data):
    outcome = compare(cli, "--claim", "y=x^2*cos(y)", "-o", "out/", "--json")
    found = json.loads(outcome.out)
    assert (outcome.status, found["verdict"], found["claims"][0]["beyond"]) == (0, "match", 0)
    assert columns(data / "out")["df/dy claimed"] == columns(data / "out")["df/dy"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--steps",), "--steps is for one point"),
        (("--claim", "z=1"), "the claim is for 'z'"),
        (("--claim", "x=1", "--claim", "x=2"), "two claims are for one variable"),
        (("--no-sympy",), "there is nothing to hold against autodiff"),
        (("-o", "out.csv", "--claim", "x=1"), "writes what it finds at every row into a folder"),
    ],
)
def test_what_does_not_fit_is_refused(cli, data, more, message):
    outcome = compare(cli, *more)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err


def test_what_rounding_makes_is_no_wrong_claim():
    x = np.linspace(0.01, 1, 500) * 1e-4
    reading = read(["1 - cos(x)"], ("x",))
    claim = Formula("x", "…", read(["(sin(x)+1e4) - 1e4"], ("x",)), mine=True)
    work = Claimed(reading=reading, at={}, wrt=("x",), claims=(claim,))
    cells = [[repr(number) for number in x.tolist()]]
    block = CsvRows("a.csv", ("x",), ("x",), len(x), None, cells, range(2, 502), PLAIN)
    _, kept = work(block, Place(0, 0))
    (found,) = held(work, kept)
    assert found.outcome == "rounding"
    assert 80 < found.judged <= 100 < found.beyond
    (wrong,) = held(
        work := Claimed(
            reading=reading, at={}, wrt=("x",),
            claims=(claim._replace(reading=read(["sin(x)*1.001"], ("x",))),),
        ),
        work(block, Place(0, 0))[1],
    )  # fmt: skip
    assert (wrong.outcome, len(wrong.wrong)) == ("WRONG", wrong.judged)


def test_rows_far_apart_are_the_same_ones_however_they_are_split():
    places = np.arange(1000)
    whole = _hashed(Place(3, 0), places)
    parts = [_hashed(Place(3, start), np.arange(250)) for start in range(0, 1000, 250)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert len(set(whole.tolist())) == 1000
    assert 0.4 < whole.mean() < 0.6
    one = Worst(most=2, beyond=1, rows=())
    assert (one + one).beyond == 2


def test_how_far_numbers_are_apart():
    nan, inf = np.nan, np.inf
    claimed = np.array([1.0, 1.0, nan, nan, 1.0, inf, inf, 0.0, 1.0])
    found = np.array([1.0, 2.0, nan, 1.0, nan, inf, 1.0, 0.0, inf])
    expected = [0.0, 0.5, 0.0, inf, 0.0, 0.0, inf, 0.0, inf]
    assert off(claimed, found).tolist() == expected


def test_files_by_python_are_those_of_the_command(cli, data):
    results = grad_files("x*abs(y)", "in", "out/")
    assert (results.kept.points, results.verdict) == (5, "skipped")
    assert cli("grad", "x*abs(y)", "--data", "in", "-o", "other/", "--no-sympy").status == 0
    left, right = digests(data / "out"), digests(data / "other")
    del left["_manifest.json"], right["_manifest.json"]
    assert left == right
    again = grad_files("x*z", "in", "third/", at={"z": 2}, format="csv")
    assert list(again.kept.columns) == ["f()", "df/dx"]


def test_files_by_python_that_are_missing_are_named(data):
    (data / "in" / "c.csv").write_text("x\n1\n")
    with pytest.raises(Unfinished, match=r"1 of 3 files is missing\nin/c.csv: no value for"):
        grad_files("x*y", "in", "out/")
    (data / "in" / "c.csv").unlink()
    assert grad_files("x*y", "in", "out/", resume=True).kept.points == 5
    with pytest.raises(AutodiffError, match="whole"):
        grad_files("x*y", "in", "out/", resume=True)


def test_rows_of_arrow_come_back_with_the_gradient_beside():
    pyarrow = pytest.importorskip("pyarrow")
    columns = {"t": list("abcde"), "x": X, "y": Y}
    batch = pyarrow.RecordBatch.from_pydict(columns)
    found = grad_rows("x*abs(y)", batch)
    assert found.schema.names == ["t", "x", "y", "f()", "df/dx", "df/dy"]
    expected = grad("x*abs(y)", {"x": np.array(X), "y": np.array(Y)})
    assert found.column(5).to_pylist() == expected.gradient["y"].tolist()
    table = pyarrow.Table.from_batches([batch.slice(0, 2), batch.slice(2)])
    whole = grad_rows(parse("x*abs(y)"), table, wrt=["y"])
    assert whole.column("df/dy").to_pylist() == found.column(5).to_pylist()
    assert whole.schema.names == ["t", "x", "y", "f()", "df/dy"]
    assert grad_rows("a*x", batch, at={"a": 3}).column(3).to_pylist() == [3 * x for x in X]
    assert grad_rows("x", table.slice(0, 0)).num_rows == 0
    assert pickle.loads(pickle.dumps(grad_rows)) is autodiff_cli.grad_rows


def test_rows_of_arrow_that_are_wrong_are_refused():
    pyarrow = pytest.importorskip("pyarrow")
    batch = pyarrow.RecordBatch.from_pydict({"x": [1.0, None]})
    with pytest.raises(AutodiffError, match="row 2, column 'x'"):
        grad_rows("x", batch)
    with pytest.raises(AutodiffError, match="no value for the variable 'y'"):
        grad_rows("x*y", batch.slice(0, 1))
    with pytest.raises(AutodiffError, match="a RecordBatch or a Table"):
        grad_rows("x", [1, 2])
