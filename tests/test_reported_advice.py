"""What was reported as advice that does not help: what is said instead, and that it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from autodiff_cli import parse, trace
from autodiff_cli.errors import AutodiffError
from tests.console import here

#: A formula of another language → what it reads as, or what to write.
NAMES = {
    "fabs(x)": "abs(x)", "pow(x, 2)": "x^2", "mod(x, 2)": "mod(x, 2)", "sech(x)": "sech(x)",
    "coth(x)": "coth(x)", "power(x, 2)": "write a^b", "swish(x)": "write silu(x)",
    "cosec(x)": "write csc(x)", "softmax(x)": "write exp(x_1)/sum(i, 1, 3, exp(x_i))",
    "sigma(x)": "write sigmoid(x)", "sigma(": "write sigmoid(x)", "exp2(x)": "write 2^x",
    "versin(x)": "write 1 - cos(x)", "arccosec(x)": "write acsc(x)", "cosine(x)": "write cos(x)",
    "sni(x)": "did you mean sin(…)? Or write sni*(…) for a product",
    "psi(x)": "write psi*(…) for a product; autodiff functions lists the functions that there are",
}  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_a_name_of_elsewhere_reads_or_is_told_what_is_meant(text: str) -> None:
    try:
        found = str(parse(text))
    except AutodiffError as error:
        found = error.mend
    assert found == NAMES[text]


#: Words → what stands on the screen.
SAID = [
    (["grad", "rows^2", "--rows", "4"], "--at rows=4"),
    (["grad", "sin(2πx)", "--x", "4"], "write π*x for a product"),
    (["grad", "sin(2πx)"], "write π*x for a product"),
    (["grad", "xe^x", "--x", "4"], "write x*e for a product"),
    (["grad", "x", "--x", "1e-400"], "'1e-400', cannot be read: this number is beyond the range"),
    (["grad", "1e-400*x"], "this number is beyond the range of float64"),
]


@pytest.mark.parametrize(("words", "said"), SAID)
def test_the_advice_is_what_helps(words: list[str], said: str) -> None:
    done = here(*words, "--no-sympy", columns=300)
    assert said in done.out + done.err
    assert "--πx" not in (done.out + done.err).partition(said)[0]
    if said.startswith("--at"):
        assert here(*words[:2], *said.split(), "--no-sympy").out.count("8") >= 1


#: A file's bytes → what has to be added for it to be read, and what is said without.
FILES = {
    "x\ty\n1\t2\n": (["--delimiter", "tab"], "has tabs between its columns; write --delimiter tab"),
    "sep=;\nx;y\n1,5;2\n": (["--decimal", "comma"], "write 1.5 with a point, or --decimal comma"),
    "x,y\nNA,2\n1,2\n": (["--na", "skip"], "or --na skip to leave such rows out"),
    "x,y\n\N{MINUS SIGN}1,2\n": ([], ""),
    "x,y\n\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE},2\n": ([], ""),
    "x,y\n1\N{NARROW NO-BREAK SPACE}000,2\n": ([], ""),
    "x,y\n1e-400,2\n": (None, "'1e-400' is beyond the range of float64"),
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_is_read_or_told_with_the_option_that_reads_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    words = ["grad", "x*y", "--data", str(path), "--no-sympy"]
    more, said = FILES[text]
    done = here(*words)
    assert (done.status, said in done.err) == (2 if said else 0, True)
    if more is not None:
        assert here(*words, *more).status == 0


#: Words whose answer, prose or error has signs that a stream lacks.
SIGNS = [
    ["trace", "x^2", "--x", "3"], ["grad", "ẋ^2", "--no-sympy"], ["grad", "√x + θ", "--x", "1"],
    ["grad", "θ^2*λ_1", "--theta", "2", "--lambda_1", "3", "--no-sympy"], ["explain", "sin(x²)"],
    ["grad", "abs(x)", "--x", "0", "--no-sympy"], ["grad", "ẇ +"], ["step", "x²", "--x", "1"],
    ["backward", "8x", "--x", "4"], ["compare", "x²", "--x", "2", "--no-sympy"],
    ["functions", "sin"], ["quiz", "--help"],
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("words", SIGNS, ids=lambda words: " ".join(words[:2]))
def test_prose_and_errors_are_spelled_where_signs_cannot_be(words, encoding) -> None:
    done = here(*words, encoding=encoding)
    assert "\\u" not in done.out + done.err
    assert "\\x" not in done.out + done.err


def test_a_trace_that_is_printed_is_its_table() -> None:
    text = str(trace("x^2", {"x": 3}))
    assert text.startswith("f(x) = x²\nat x = 3\n")
    assert "partial object" not in text
    assert "w̄" in text


def test_the_value_of_a_constant_is_said_once() -> None:
    assert here("grad", "7", "--no-sympy").out == "f = 7\n\nverdict: match\n"


def test_sympys_derivative_leaves_the_columns_of_numbers_together() -> None:
    formula = "exp(-x^2/2)*sin(3x)*cosh(x/2)/(1 + x^2)^2 + atan(x)^3"
    table = here("grad", formula, "--x", "0.5,1", "--sympy-seconds", "30").out.split("\n\n")
    rows = [part for part in table if part.lstrip().startswith("x ")]
    assert len(rows) == 1
    assert len(rows[0].splitlines()) == 4
