"""CSV as other programs write it: delimiters, decimal commas, missing numbers, typeset signs."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from autodiff_cli.errors import AutodiffError
from autodiff_cli.files import blockwise, cells
from autodiff_cli.files import lines as text_lines
from autodiff_cli.files.blockwise import load
from autodiff_cli.files.dialect import Dialect, read_dialect
from autodiff_cli.files.pieces import pieces
from tests.inside import Cli, answer

SEMICOLON, COMMA, TAB = ("--delimiter", "semicolon"), ("--decimal", "comma"), ("--delimiter", "tab")

#: A file, the options that read it, and x and y in it.
FILES = {
    "tabs": ("x\ty\n1.5\t2\n3\t4\n", TAB),
    "tabs, typed": ("x\ty\n1.5\t2\n3\t4\n", ("--delimiter", "\t")),
    "tabs, as programs write them": ("x\ty\n1.5\t2\n3\t4\n", ("--delimiter", r"\t")),
    "semicolons": ("x;y\n1.5;2\n3;4\n", SEMICOLON),
    "decimal commas alone": ("x;y\n1,5;2\n3,0;4\n", COMMA),
    "decimal commas after sep": ("sep=;\nx;y\n1,5;2\n3,0;4\n", COMMA),
    "semicolons and decimal commas": ("x;y\n1,5;2\n3,0;4\n", (*SEMICOLON, *COMMA)),
    "a spreadsheet's first line": ("sep=;\nx;y\n1,5;2\n3;4\n", (*SEMICOLON, *COMMA)),
    "that line alone": ("sep=;\nx;y\n1.5;2\n3;4\n", ()),
    "that line of a tab": ("\ufeffSEP=\t\r\nx\ty\r\n1.5\t2\r\n3\t4\r\n", ()),
    "that line, overruled": ("sep=;\nx|y\n1.5|2\n3|4\n", ("--delimiter", "|")),
    "decimal commas in quotes": ('x,y\n"1,5",2\n"3,0",4\n', ()),
    "a bar": ("x|y\n1.5|2\n3|4\n", ("--delimiter", "|")),
    "rows without a number": ("x,y\n1.5,2\n,7\nNA,7\n5,n/a\n3,4\nnan,null\n", ("--na", "skip")),
    "a row of a column that is not read": ("x,y,z\n1.5,2,\n3,4,NA\n", ("--na", "skip")),
    "no-break spaces around": ("x,y\n\u00a01.5,2\u202f\n3,\u00a04\n", ()),
    "a comma as a point, in one column": ("x;y\n1,5;2e0\n3,;4\n", (*SEMICOLON, *COMMA)),
}
FAILING = {"decimal commas in quotes"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_in_its_dialect(cli: Cli, tmp_path: Path, name: str) -> None:
    text, options = FILES[name]
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8", newline="")
    words = ("grad", "x*y", "--data", str(path), *options, "--no-sympy")
    if name in FAILING:
        assert "write 1.5 with a point, or --decimal comma if all are so" in cli(*words).err
        return
    assert answer(cli, *words)["at"] == {"x": [1.5, 3], "y": [2, 4]}


#: A cell, the sign of decimals, and its number.
NUMBERS = [
    ("\u22121.5", ".", -1.5),
    ("\u22121.5e\u22123", ".", -1.5e-3),
    ("1\u00a0234\u00a0567.25", ".", 1234567.25),
    ("\u22121\u202f234,5", ",", -1234.5),
    ("12\u00a0345", ".", 12345),
    ("\u00a07\u00a0", ".", 7),
    ("1,5e3", ",", 1500),
    (",5", ",", 0.5),
    ("-0", ".", -0.0),
    ("0e-400", ".", 0),
    ("0.000", ".", 0),
    ("5e-324", ".", 5e-324),
]


@pytest.mark.parametrize(("cell", "decimal", "value"), NUMBERS)
def test_a_cell_holds_the_number_that_is_typeset_in_it(
    cell: str, decimal: str, value: float
) -> None:
    found = cells.number(cell, decimal)
    assert found is not None
    assert repr(found) == repr(float(value))
    assert cells.numbers(["7", cell, "8"], decimal) == [7, value, 8]


#: A cell that holds no number, the sign of decimals, and what is said.
REFUSED = [
    ("1e-400", ".", "'1e-400' is beyond the range of float64; numbers other than 0 lie between"),
    ("-0,0001e-400", ",", "is beyond the range of float64; numbers other than 0"),
    ("\u22121e999", ".", "'−1e999' is beyond the range of float64"),
    ("1\u00a02345", ".", "is not a finite number"),
    ("1\u00a0234\u00a05", ".", "is not a finite number"),
    ("1 234", ".", "is not a finite number"),
    ("1.234,5", ",", "is not a finite number"),
    ("1.5", ",", "write 1,5 with a comma, or --decimal point if all are so"),
    ("1,5", ".", "write 1.5 with a point, or --decimal comma if all are so"),
    ("1_000", ".", "is not a finite number"),
    ("\uff11", ".", "is not a finite number"),
    ("", ".", "the cell is empty; write a number there, or --na skip to leave such rows out"),
    ("NA", ".", "'NA' is not a finite number; write a number there, or --na skip"),
    ("four", ",", "write a number there, such as 4 or -1,5e-3, or take the row out"),
]


@pytest.mark.parametrize(("cell", "decimal", "said"), REFUSED)
def test_a_cell_that_holds_no_number_is_told_what_to_write(
    cell: str, decimal: str, said: str
) -> None:
    assert cells.number(cell, decimal) is None
    assert cells.numbers(["7", cell], decimal) is None
    assert said in str(cells.wrong("a.csv", cell, decimal))


#: Options that do not go together, and what is said.
WRONG = [
    (("--decimal", "comma", "--delimiter", "comma"), "--delimiter semicolon"),
    (("--delimiter", "point"), "write one sign, or tab, comma or semicolon"),
    (("--delimiter", "ab"), "write one sign"),
    (("--delimiter", '"'), "write one sign"),
    (("--delimiter", "7"), "write one sign"),
    (("--delimiter", ""), "write one sign"),
    (("--decimal", "x"), "write point or comma"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_options_that_do_not_go_together_are_told(
    cli: Cli, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text("x,y\n1,2\n")
    outcome = cli("grad", "x*y", "--data", str(path), *options, "--no-sympy")
    assert outcome.status == 2
    assert said in outcome.err


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("x;y\n1;2\n", "write --delimiter semicolon, and --decimal comma"),
        ("x\ty\n1\t2\n", "write --delimiter tab"),
    ],
)
def test_a_file_with_other_signs_between_its_cells_names_the_option(
    cli: Cli, tmp_path: Path, text: str, mend: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text)
    outcome = cli("grad", "x*y", "--data", str(path), "--no-sympy")
    assert outcome.status == 2
    assert mend in outcome.err


def test_rows_left_out_are_counted_and_the_first_is_named(cli: Cli, tmp_path: Path) -> None:
    path, written = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("x,note\n1,a\n,b\n\n2,\nNA,d\n")
    words = ("grad", "x^2", "--data", str(path), "--na", "skip", "--no-sympy")
    (note,) = [n for n in answer(cli, *words)["notes"] if "left out" in n["text"]]
    assert note["kind"] == "data"
    assert note["text"] == "2 rows are left out, the first on line 3: they lack a number"
    assert cli(*words, "-o", str(written)).status == 0
    assert written.read_text().splitlines() == ["x,note,f(),df/dx", "1,a,1.0,2.0", "2,,4.0,4.0"]


def test_a_file_without_one_whole_row_is_an_error(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("x\nNA\n\nNA\n")
    outcome = cli("grad", "x^2", "--data", str(path), "--na", "skip", "--no-sympy")
    assert outcome.status == 2
    assert "every row of" in outcome.err


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_rows_are_left_out_of_blocks_as_of_the_whole(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    path, written = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("sep=;\nx;y\n" + "NA;1\n" * 5 + "1,5;2\n;3\n" * 3 + "2;NA\n" * 4)
    words = ("grad", "x*y", "--data", str(path), *SEMICOLON, *COMMA, "--na", "skip", "--no-sympy")
    whole = cli(*words, "-o", str(written), columns=200)
    expected = written.read_text()
    assert expected.splitlines() == ["x;y;f();df/dx;df/dy"] + ["1,5;2;3,0;2,0;1,5"] * 3
    assert "12 rows are left out, the first on line 3" in whole.out
    monkeypatch.setattr(blockwise, "BLOCK", size)
    monkeypatch.setattr(text_lines, "CHUNK", 7)
    assert cli(*words, "-o", str(written), columns=200) == whole
    assert written.read_text() == expected


def test_what_is_written_is_read_back_in_the_same_dialect(cli: Cli, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text('name;x\n"a;b";−1,5\n=1+1;2,25\n', encoding="utf-8")
    words = ("grad", "sin(x)", "--data", str(first), *SEMICOLON, *COMMA, "--no-sympy")
    assert cli(*words, "-o", str(second)).status == 0
    with second.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert rows[1][:2] == ["a;b", "−1,5"]
    assert rows[2][0] == "'=1+1"
    read = load(pieces([str(second)], read_dialect("semicolon", "comma")))
    assert read.column(2) == [math.sin(-1.5), math.sin(2.25)]
    assert read.column(3) == [math.cos(-1.5), math.cos(2.25)]


def test_an_error_names_the_line_below_a_spreadsheets_first_line(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("sep=;\nx;y\n1;2\n3;four\n")
    with pytest.raises(AutodiffError, match=r"line 4, column 'y'"):
        load(pieces([str(path)])).column(1)


def test_parquet_has_no_dialect_and_may_lack_numbers(cli: Cli, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "in.parquet"
    columns = {"x": [1.0, None, math.nan, 4.0], "y": [1, 2, 3, None], "z": [None] * 4}
    parquet.write_table(pyarrow.table(columns), path)
    words = ("grad", "x", "--data", str(path), "--no-sympy")
    assert "row 2, column 'x': the cell is empty; write a number there, or --na skip" in (
        cli(*words).err
    )
    assert answer(cli, *words, "--na", "skip")["at"] == {"x": [1, 4]}
    assert "--delimiter is for CSV" in cli(*words, *TAB).err
    with pytest.raises(AutodiffError, match="--decimal is for CSV"):
        load(pieces([str(path)], Dialect(decimal=",")))
