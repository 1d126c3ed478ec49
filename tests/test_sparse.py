"""Sparse matrices by colours beside dense ones, and what colours are."""

from __future__ import annotations

import itertools
import json
import math
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from autodiff_cli import AutodiffError, hessian, jacobian, parse
from autodiff_cli.engine import colouring, higher, sparse
from autodiff_cli.engine.pattern import hessian_pattern, jacobian_pattern
from autodiff_cli.errors import LimitError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.ops.row import Operation
from tests.console import here
from tests.expressions import ROWS, VARIABLES, tree
from tests.expressions import graph as build
from tests.test_every_format import READERS
from tests.test_second_order import rosenbrock


def same(one: float, other: float, size: float) -> bool:
    return one == other or (one != one and other != other) or abs(one - other) <= 1e-12 * size


def separable(seed: int, rows: Sequence[Operation] = ROWS) -> tuple[Graph, dict[str, float]]:
    """A sum of random formulas, each of two or three of eight variables, and a point."""
    choose = random.Random(seed)
    texts = []
    for part in range(5):
        graph = build(tree(random.Random(100 * seed + part).choice, 3, rows))
        names = dict(zip(VARIABLES, choose.sample(range(8), len(VARIABLES)), strict=True))
        pattern = rf"\b({'|'.join(VARIABLES)})\b"
        renamed = re.sub(pattern, lambda found: f"v{names[found[0]]}", str(graph))  # noqa: B023
        texts.append(f"({renamed})")
    whole = parse(" + ".join(texts))
    return whole, {name: choose.choice((0.0, 0.4, -0.7, 1.0, 1.3)) for name in whole.variables}


def test_a_sparse_hessian_is_the_dense_one() -> None:
    entries = sweeps = 0
    for seed in range(60):
        graph, at = separable(seed)
        found, wanted = sparse.hessian(graph, at, graph.variables), higher.hessian(graph, at)
        sweeps += found.sweeps
        for x, y in itertools.product(graph.variables, repeat=2):
            dense, there = wanted.matrix[x][y], y in found.matrix[x]
            if not math.isfinite(dense):
                continue  # a 0 of a rule has met an infinity in a row: not so along a direction
            if there:
                size = max(1.0, *[abs(value) for value in wanted.matrix[x].values()])
                assert same(found.matrix[x][y], dense, size), (seed, graph, at, x, y)
            else:
                assert dense == 0, (seed, graph, at, x, y)
            entries += there
        assert found.gradient == pytest.approx(wanted.gradient, rel=1e-12, nan_ok=True)
    assert entries > 150
    assert sweeps < 60 * 6


def test_a_sparse_jacobian_is_the_dense_one() -> None:
    modes = set()
    for seed in range(60):
        graphs = [separable(10 * seed + part)[0] for part in range(1 + seed % 4)]
        graph = parse(*map(str, graphs), "v0", "v1*v2", "2")
        at = {name: random.Random(seed).choice((0.0, 0.4, -0.7)) for name in graph.variables}
        found = sparse.jacobian(graph, at, graph.variables)
        wanted = higher.jacobian(graph, at)
        modes.add(found.mode)
        assert found.values == pytest.approx(wanted.values, nan_ok=True)
        for row, dense in zip(found.rows, wanted.rows, strict=True):
            for name, number in dense.items():
                if name in row:
                    assert same(row[name], number, max(1.0, abs(number)))
                else:
                    assert number == 0 or not math.isfinite(number)
    assert modes == {"forward", "reverse"}


def is_star(meeting: Sequence[set[int]], colours: Sequence[int]) -> bool:
    """Whether neighbours differ, and no path of four has two colours."""
    for v, row in enumerate(meeting):
        for w in row - {v}:
            if colours[v] == colours[w]:
                return False
            for x in meeting[w] - {v, w}:
                for y in meeting[x] - {v, w, x}:
                    if colours[v] == colours[x] and colours[w] == colours[y]:
                        return False
    return True


@pytest.mark.parametrize("seed", range(25))
def test_colours_are_a_star_colouring(seed: int) -> None:
    choose = random.Random(seed)
    count = choose.randint(2, 14)
    meeting: list[set[int]] = [set() for _ in range(count)]
    for v, w in itertools.combinations_with_replacement(range(count), 2):
        if choose.random() < choose.choice((0.1, 0.3, 0.6)):
            meeting[v].add(w)
            meeting[w].add(v)
    colours = colouring.star(meeting)
    assert is_star(meeting, colours)
    assert [colour < 0 for colour in colours] == [not row for row in meeting]


#: Patterns whose least numbers of colours are known.
KNOWN = [
    ("tridiagonal", [{k - 1, k, k + 1} & set(range(30)) for k in range(30)], 3),
    ("arrow", [set(range(30)), *[{0, k} for k in range(1, 30)]], 2),
    ("arrow from below", [*[{k, 29} for k in range(29)], set(range(30))], 2),
    ("dense", [set(range(9))] * 9, 9),
    ("diagonal", [{k} for k in range(30)], 1),
    ("nothing", [set()] * 4, 0),
]


@pytest.mark.parametrize(("name", "meeting", "least"), KNOWN, ids=[name for name, *_ in KNOWN])
def test_known_patterns_take_the_least_colours(
    name: str, meeting: list[set[int]], least: int
) -> None:
    assert max(colouring.star(meeting), default=-1) + 1 == least


def test_columns_of_one_colour_share_no_row() -> None:
    rows = [[0, 1], [1, 2], [2, 3], [3, 4], []]
    colours = colouring.columns(rows, 6)
    assert all(len({colours[k] for k in row}) == len(row) for row in rows)
    assert (max(colours), colours[5]) == (1, -1)
    assert colouring.columns(colouring.transposed(rows, 6), 5)[4] == -1


#: text, pairs of variables that meet.
PATTERNS = [
    ("x*y + z", "xy"),
    ("x + 2y - z/3", ""),
    ("(x + y)^2", "xx xy yy"),
    ("x/y", "xy yy"),
    ("sin(x)*exp(z)", "xx xz zz"),
    ("floor(x*y)*z", ""),
    ("where(x*y > 0, z^2, 1)", "zz"),
    ("max(x, y*z)", "yz"),
    ("x^y", "xx xy yy"),
    ("x^1 + y^2", "yy"),
    ("|x|*z", "xz"),
]


@pytest.mark.parametrize(("text", "meeting"), PATTERNS)
def test_a_pattern_has_what_meets_in_a_product_or_a_curve(text: str, meeting: str) -> None:
    graph = parse(text, variables=("x", "y", "z"))
    found = hessian_pattern(graph, graph.variables)
    pairs = {
        "".join(sorted((graph.variables[v], graph.variables[w])))
        for v, row in enumerate(found)
        for w in row
    }
    assert pairs == set(meeting.split())


def test_a_row_of_a_jacobian_has_what_its_formula_depends_on() -> None:
    graph = parse("x*y", "floor(x) + z", "where(x > 0, y, 1)", "2")
    assert jacobian_pattern(graph, graph.variables) == [{0, 1}, {2}, {1}, set()]
    assert jacobian_pattern(graph, ("z",)) == [set(), {2}, set(), set()]


def test_rosenbrock_takes_three_sweeps_in_any_number_of_variables() -> None:
    for count in (40, 400):
        graph = parse(rosenbrock(count))
        at = {name: 0.5 + k / count for k, name in enumerate(graph.variables)}
        found = hessian(graph, at, sparse=True)
        assert (found.sweeps, len(found.colours)) == (3, count)
        assert sum(map(len, found.matrix.values())) == 3 * count - 2
        wanted = hessian(graph, at).matrix if count == 40 else {}
        for x, row in wanted.items():
            assert {y: n for y, n in row.items() if n} == pytest.approx(found.matrix[x])


def test_an_infinite_slope_leaves_the_entries_that_the_dense_one_has() -> None:
    at = {"x": -1.0, "y": 2.0, "z": 0.0}
    found = hessian("sqrt(relu(x)) + x*y + cbrt(z)", at, sparse=True)
    wanted = hessian("sqrt(relu(x)) + x*y + cbrt(z)", at)
    for x, row in found.matrix.items():
        for y, number in row.items():
            assert same(number, wanted.matrix[x][y], 1.0)
    assert found.matrix["x"]["y"] == 1.0


def test_python_has_both() -> None:
    found = jacobian(["a*b", "b^2", "sin(c)"], {"a": 1, "b": 2, "c": 0}, sparse=True)
    assert found.rows == ({"a": 2.0, "b": 1.0}, {"b": 4.0}, {"c": 1.0})
    assert (found.mode, found.sweeps, found.colours) == ("forward", 2, (0, 1, 0))
    assert hessian("a*b + c", {"a": 1, "b": 2, "c": 0}, sparse=True, wrt=["a", "b"]).matrix == {
        "a": {"b": 1.0}, "b": {"a": 1.0}
    }  # fmt: skip
    with pytest.raises(AutodiffError, match="one point"):
        hessian("a^2", {"a": [1, 2]}, sparse=True)


def test_a_matrix_that_is_not_sparse_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_MAX_OPERATIONS", "50")
    with pytest.raises(LimitError, match="the matrix is not sparse; set AUTODIFF_MAX_OPERATIONS"):
        hessian("(a+b+c+d+f+g+h+k)^2", dict.fromkeys("abcdfghk", 1.0), sparse=True)


def test_the_command_shows_pattern_colours_and_sweeps() -> None:
    at = ("--at", "x_1=1,x_2=2,x_3=3,x_4=4,x_5=5", "--sympy-seconds", "20")
    text = "sum(i, 1, 4, x_i*x_{i+1})"
    out = here("hessian", text, *at, "--sparse").out
    assert "pattern: 8 of 25 entries can be other than 0, by the graph" in out
    assert "3 sweeps for 5 variables" in out
    assert "verdict: match" in out
    found = json.loads(here("hessian", text, *at, "--sparse", "--json").out)
    assert found["sparse"]["sweeps"] == 3
    assert found["hessian"]["x_1"] == {"x_2": 1.0}
    assert found["symbolic"]["x_1"]["x_2"] == {"derivative": "1", "value": 1.0}
    words = ("jacobian", "a*b", "b^2", "sin(c)", "--a", "1", "--b", "2", "--c", "0", "--sparse")
    assert "2 sweeps of forward mode for 3 variables" in here(*words).out
    found = json.loads(here(*words, "--json").out)
    assert found["sparse"] == {
        "coloured": "columns", "colours": {"a": 0, "b": 1, "c": 0}, "sweeps": 2, "entries": 4
    }  # fmt: skip
    assert found["jacobian"][1] == {"b": 4.0}


def test_values_come_from_the_one_row_of_a_file(tmp_path: Path) -> None:
    data = tmp_path / "at.csv"
    names = [f"x_{k}" for k in range(1, 41)]
    data.write_text(",".join(names) + "\n" + ",".join(["0.5"] * 40) + "\n", encoding="utf-8")
    words = ("hessian", rosenbrock(40), "--data", str(data), "--sparse", "--no-sympy")
    assert "3 sweeps for 40 variables" in here(*words).out
    data.write_text(",".join(names) + 2 * ("\n" + ",".join(["0.5"] * 40)), encoding="utf-8")
    outcome = here(*words)
    assert outcome.status == 2
    assert "a sparse matrix is found at one point, and x_2 has 2 values" in outcome.err


def test_where_nothing_bends_there_is_nothing_to_sweep() -> None:
    out = here("hessian", "x + 2y", "--x", "1", "--y", "2", "--sparse", "--no-sympy").out
    assert "pattern: 0 of 4 entries" in out
    assert "0 sweeps for 2 variables" in out


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("command", ["hessian", "jacobian"])
def test_every_format_has_the_entries(command: str, format: str) -> None:
    texts = ("x_1*ﬁ^2",) if command == "hessian" else ("x_1*ﬁ", "ﬁ^2", "sin(|x_1|)")
    words = (command, *texts, "--at", "x_1=1,ﬁ=-2", "--sparse", "--no-sympy", "--format", format)
    outcome = here(*words)
    assert outcome.status == 0, outcome
    assert READERS[format](outcome.out) == []
    assert "-4" in outcome.out


def test_notes_on_a_row_name_its_formula_as_the_dense_matrix_does() -> None:
    words = ("jacobian", "sin(x)*y", "x^2", "1/y", "--x", "0", "--y", "0")
    sparse_notes, dense = (here(*words, *option).out for option in (("--sparse",), ()))
    assert "f3 itself has no finite value there" in sparse_notes.replace("\n  ", " ")
    assert "f itself" not in sparse_notes + dense
