"""Many rows at the command line: tables in, tables out, and what is said of a bad one."""

from __future__ import annotations

import csv
import json
import math
import os
import re

import pytest

from autodiff_cli.errors import AutodiffError
from autodiff_cli.files.blockwise import load
from autodiff_cli.files.pieces import pieces
from tests.console import here
from tests.inside import answer
from tests.printed import MATRIX, MATRIX_SLOPES, SINE, SINE_SLOPES, TANH_SLOPES


def test_N10_sine_over_a_file_has_the_slopes_of_the_notebook(cli):
    found = answer(cli, "grad", "sin(x)", "--data", "samples/sin-inputs.csv")
    assert found["at"]["x"] == SINE
    assert found["gradient"]["x"] == pytest.approx(SINE_SLOPES, abs=5e-9)
    assert found["verdict"] == "match"


def test_N13_two_columns_of_a_file_have_two_columns_of_slopes(cli):
    found = answer(cli, "grad", "sin(x) + sin(y)", "--data", "samples/xy-inputs.csv")
    slopes = list(zip(found["gradient"]["x"], found["gradient"]["y"], strict=True))
    for row, expected in zip(slopes, MATRIX_SLOPES, strict=True):
        assert row == pytest.approx(expected, abs=5e-9)
    assert found["value"] == pytest.approx([math.sin(x) + math.sin(y) for x, y in MATRIX])


def test_N14_tanh_over_a_file_has_the_slopes_of_the_notebook(cli):
    found = answer(cli, "grad", "tanh(x)", "--data", "samples/tanh-inputs.csv")
    assert found["gradient"]["x"] == pytest.approx(TANH_SLOPES, abs=5e-9)


GOOD = {
    "plain": b"x,y\n1,2\n3,4\n",
    "BOM": b"\xef\xbb\xbfx,y\n1,2\n3,4\n",
    "CRLF": b"x,y\r\n1,2\r\n3,4\r\n",
    "BOM and CRLF": b"\xef\xbb\xbfx,y\r\n1,2\r\n3,4\r\n",
    "old Mac lines": b"x,y\r1,2\r3,4\r",
    "no newline at the end": b"x,y\n1,2\n3,4",
    "blank lines": b"\nx,y\n\n1,2\n\n3,4\n\n",
    "quotes and spaces": b'"x", y\n" 1 ",2\n"3",+4.0\n',
    "exponents": b"x,y\n1e0,.2e1\n30E-1,4.\n",
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD)
def test_a_file_is_read_however_it_was_saved(cli, tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = answer(cli, "grad", "x*y", "--data", str(path), "--no-sympy")
    assert found["at"] == {"x": [1, 3], "y": [2, 4]}
    assert found["value"] == [2, 12]
    assert found["gradient"] == {"x": [2, 4], "y": [1, 3]}


BAD = {
    "empty": (b"", "is empty; its first line is a header"),
    "only a BOM": (b"\xef\xbb\xbf\n", "is empty"),
    "no rows": (b"x,y\n", "has a header and no rows"),
    "no header": (b"1,2\n3,4\n", "numbers in its first line; put a header there"),
    "two headers alike": (b"x,y,x\n1,2,3\n", "two columns 'x': the first and the third"),
    "alike when normalised": ("x1,x₁\n1,2\n".encode(), "as 'x1' and as 'x₁'"),
    "ragged": (b"x,y\n1,2\n3\n", "line 3 has 1 cell, and the header has 2"),
    "too long": (b"x,y\n1,2,3\n", "line 2 has 3 cells, and the header has 2"),
    "a word": (b"x,y\n1,2\n3,four\n", "line 3, column 'y': 'four' is not a finite number"),
    "an empty cell": (b"x,y\n,2\n", "line 2, column 'x': the cell is empty"),
    "an empty cell alone in its row": (b'x\n1\n""\n', "line 3, column 'x': the cell is empty"),
    "a decimal comma": (b'x,y\n"1,5",2\n', "'1,5' is not a finite number; write 1.5 with a point"),
    "not a number": (b"x,y\nnan,2\n", "'nan' is not a finite number"),
    "infinite": (b"x,y\n-inf,2\n", "'-inf' is not a finite number"),
    "beyond float64": (b"x,y\n1e999,2\n", "'1e999' is beyond the range of float64"),
    "Python's own spelling": (b"x,y\n1_000,2\n", "'1_000' is not a finite number"),
    "a formula": (b"x,y\n=1+1,2\n", r"'=1\+1' is not a finite number"),
    "semicolons": (b"x;y\n1;2\n", "semicolons between its columns; write --delimiter semicolon, "
                   "and --decimal comma if its numbers are like 1,5"),
    "not UTF-8": (b"x,y\n1,\xe9\n", "line 2 is not UTF-8: byte 0xe9; save the table as CSV UTF-8"),
    "an open quote": (b'x,y\n"1,2\n', "is not CSV: unexpected end of data"),
    "an escape": (b"x,y\n\x1b[2J,2\n", r"'\\x1b\[2J' is not a finite number"),
    "a line inside quotes": (b'x,y,z\n1,2,"a\nb"\nq,2,3\n', "line 4, column 'x': 'q'"),
    "a missing column": (b"x,z\n1,2\n", "no value for the variable 'y': .*a.csv has the columns "
                         "'x', 'z'; rename a column, or write --y 4"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_is_an_error_that_says_where_and_what_to_do(cli, tmp_path, content, message):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    formula = "x" if content[:2] == b"x\n" else "x*y"
    outcome = cli("grad", formula, "--data", str(path))
    assert outcome.status == 2
    assert outcome.out == ""
    assert "a.csv" in outcome.err
    assert re.search(message, outcome.err.replace("\n       ", " ")), outcome.err


def test_a_file_that_is_not_there_is_a_failure(cli, tmp_path):
    outcome = cli("grad", "x", "--data", str(tmp_path / "none.csv"))
    assert outcome.status == 1
    assert "none.csv: No such file" in outcome.err
    assert cli("grad", "x", "--data", "-").status == 2


def test_a_column_and_an_option_cannot_both_give_a_value(cli):
    outcome = cli("grad", "x*y", "--data", "samples/xy-inputs.csv", "--x", "1")
    assert outcome.status == 2
    assert "'x' has values twice" in outcome.err


def test_headers_are_normalised_like_variables(cli, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x₁, e\n2,5\n3,5\n", encoding="utf-8")
    found = answer(cli, "grad", "x1*e", "--data", str(path), "--no-sympy")
    assert found["gradient"] == {"x1": [5, 5], "e": [2, 3]}


def test_columns_that_are_not_needed_are_said(cli, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,x,=HYPERLINK("u"),\nA,1,2,3\n', encoding="utf-8")
    outcome = cli("grad", "x^2", "--data", str(path), "--no-sympy", columns=300)
    assert "columns 'id', '=HYPERLINK(\"u\")', 4 are not used" in outcome.out


def test_scalars_and_constants_stand_beside_every_row(cli):
    words = ("grad", "a*x + y", "--data", "samples/sin-inputs.csv", "--y", "2", "--const", "a=3")
    found = answer(cli, *words, "--no-sympy")
    assert found["gradient"] == {"x": [3.0] * 10, "y": [1.0] * 10}


def test_a_list_of_one_value_stands_beside_every_row(cli):
    outcome = cli("grad", "x*y", "--x", "linspace(5,5,1)", "--y", "1,2", "--no-sympy")
    assert outcome.status == 0
    assert [line.split() for line in outcome.out.splitlines() if line.startswith("5")] == [
        ["5", "1", "5", "1", "5"],
        ["5", "2", "10", "2", "5"],
    ]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_the_output_has_the_input_columns_first_and_whole_numbers(cli, tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"\xef\xbb\xbfid,x\r\n007,0.10\r\n008,2\r\n")
    outcome = cli("grad", "sin(x)*y", "--data", str(source), "--y", "3", "-o", str(target))
    assert outcome.status == 0
    assert str(target) in outcome.out.replace("\n  ", "")
    head, *rows = rows_of(target)
    assert head == ["id", "x", "y", "f()", "df/dx", "df/dy"]
    assert [row[:3] for row in rows] == [["007", "0.10", "3.0"], ["008", "2", "3.0"]]
    for row, x in zip(rows, (0.1, 2.0), strict=True):
        found = [float(cell) for cell in row[3:]]
        assert found == pytest.approx([3 * math.sin(x), 3 * math.cos(x), math.sin(x)], rel=1e-15)
        assert [repr(number) for number in found] == row[3:]


def test_lists_are_written_without_a_file_too(cli, tmp_path):
    target = tmp_path / "out.csv"
    assert cli("grad", "x*y", "--x", "1,2", "--y", "3", "-o", str(target)).status == 0
    assert rows_of(target) == [
        ["x", "y", "f()", "df/dx", "df/dy"],
        ["1.0", "3.0", "3.0", "3.0", "1.0"],
        ["2.0", "3.0", "6.0", "3.0", "2.0"],
    ]
    assert cli("grad", "1/x", "--x", "0", "-o", str(target)).status == 0
    assert rows_of(target)[1] == ["0.0", "inf", "-inf"]


def test_a_formula_of_a_spreadsheet_comes_out_as_text(cli, tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text('=1+1,x,note\n"@a",-1,"-2+3"\n-5,+2,"\t=1"\n', encoding="utf-8")
    assert cli("grad", "x^2", "--data", str(source), "-o", str(target)).status == 0
    assert [row[:3] for row in rows_of(target)] == [
        ["'=1+1", "x", "note"], ["'@a", "-1", "'-2+3"], ["-5", "+2", "'\t=1"],
    ]  # fmt: skip


def test_a_result_never_stands_twice(cli, tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    assert cli("grad", "x^2", "--x", "1,2", "-o", str(first)).status == 0
    outcome = cli("grad", "x^2", "--data", str(first), "-o", str(second))
    assert outcome.status == 2
    assert "has a column 'f()' already" in outcome.err
    assert not second.exists()


def test_a_failure_leaves_the_old_file(cli, tmp_path, monkeypatch):
    target = tmp_path / "out.csv"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert cli("grad", "x", "--x", "1,2", "-o", str(target), "--no-sympy").status == 1
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_json_has_lists_and_a_file_its_own_format(cli, tmp_path):
    target = tmp_path / "out.csv"
    words = ("grad", "x^2", "--x", "1,2", "--no-sympy")
    assert json.loads(cli(*words, "--json").out)["gradient"] == {"x": [2.0, 4.0]}
    cli(*words, "-o", str(target))
    assert rows_of(target)[2] == ["2.0", "4.0", "4.0"]
    assert "--format json" in cli(*words, "--json", "-o", str(target)).err


@pytest.mark.parametrize("columns", [40, 80])
def test_the_table_shows_both_ends_and_how_many_are_between(cli, columns):
    words = ("grad", "sin(x)", "--data", "samples/sin-inputs.csv", "--rows", "4")
    outcome = cli(*words, columns=columns)
    assert "6 rows between are not shown" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= columns
    for shown in (SINE[0], SINE[1], SINE[2], SINE[-1]):
        assert repr(math.cos(shown)) in outcome.out
    assert repr(math.cos(SINE[5])) not in outcome.out


def test_plain_ascii_is_enough():
    words = ("grad", "sin(x)", "--data", "samples/sin-inputs.csv", "--no-sympy")
    outcome = here(*words, encoding="ascii")
    assert outcome.status == 0
    assert "df/dx" in outcome.out
    assert outcome.out.isascii()


def test_a_hundred_thousand_rows_are_read_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x\n" + "".join(f"{k}.5\n" for k in range(100_000)))
    assert load(pieces([str(path)])).column(0)[-1] == 99_999.5


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTODIFF_MAX_ROWS", "2")
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n2\n")
    assert load(pieces([str(path)])).count == 2
    path.write_text("x\n1\n2\n3\n")
    with pytest.raises(AutodiffError, match="AUTODIFF_MAX_ROWS"):
        load(pieces([str(path)]))
