"""Every number whole at every width, in a pipe, without colours, and in plain ASCII."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from autodiff_cli.graph.printer import number
from tests.console import autodiff, here

#: Numbers with all their digits, negative, small and large ones, and names beyond ASCII.
POINT = ("--x", "-1.2345678901234567", "--θ", "6.02214076e23")
FORMULA = "exp(x)*θ + sin(x/3)/1e-17 + x^3"
ROWS = ("exp(x)", "--x", "linspace(-1.7, 300.3, 7)")
COMMANDS = [
    ("grad", FORMULA, *POINT, "--no-sympy"),
    ("grad", *ROWS, "--no-sympy"),
    ("trace", FORMULA, *POINT, "--digits", "0"),
    ("graph", FORMULA, *POINT),
]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def floats(value: Any) -> Iterator[float]:
    """Every float of a JSON answer that a reader is shown."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "symbolic":
                yield from floats(item)
    elif isinstance(value, list):
        for item in value:
            yield from floats(item)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_every_number_is_whole(words: tuple[str, ...], columns: int, encoding: str) -> None:
    wanted = set(map(number, floats(json.loads(here(*words, "--json").out))))
    outcome = here(*words, columns=columns, encoding=encoding)
    assert (outcome.status, outcome.err) == (0, "")
    assert wanted - set(_NUMBER.findall(outcome.out)) == set()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", outcome.out)
    if encoding != "utf-8":
        assert "?" not in outcome.out  # what cannot be carried is spelled out, not lost
    if encoding == "ascii":
        assert outcome.out.isascii()
        assert re.search(r"theta|exp\(x\)", outcome.out)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("words", COMMANDS[:3], ids=lambda words: " ".join(words[:2]))
def test_a_table_has_no_line_broader_than_its_width(words: tuple[str, ...], encoding: str) -> None:
    for columns in range(24, 120, 7):
        for line in here(*words, columns=columns, encoding=encoding).out.splitlines():
            line = "".join(sign for sign in line if not unicodedata.combining(sign))
            longest = max(map(len, line.split() or [""]))
            assert len(line) <= max(columns, longest + 22), (columns, line)


def test_columns_are_aligned_where_names_are_escaped() -> None:
    lines = here("grad", "ж", "--ж", "1,2,3,4", "--rows", "2", "--no-sympy", encoding="ascii").out
    table = [line for line in lines.splitlines() if "|" in line]
    assert len({line.index("|") for line in table}) == 1
    assert [line.split("|")[0].strip() for line in table] == [r"\u0436", "1", "2", "..."]


def test_rows_left_out_are_counted_at_every_width() -> None:
    for columns in (24, 80):
        out = here(*COMMANDS[1], "--rows", "3", columns=columns).out
        said = " ".join(out.split())
        assert "4 rows between are not shown; --rows 0 shows all" in said
        assert "…" in out
    assert "not shown" not in here(*COMMANDS[1], "--rows", "0").out


def test_tangents_left_out_are_counted_and_rows_0_shows_them() -> None:
    names = [f"x{k}" for k in range(1, 31)]
    words = ("trace", "*".join(names), *(word for name in names for word in (f"--{name}", "1")))
    short, whole = here(*words).out, here(*words, "--rows", "0").out
    assert "tangents for 18 more variables are not shown; --rows 0 shows all" in short
    assert ("(x12)" in short, "(x13)" in short) == (True, False)
    assert "(x30)" in whole
    assert "not shown" not in whole


def test_with_sympys_columns_in_a_process_of_its_own() -> None:
    words = ("exp(x)/3", *POINT[:2])
    for command, columns, encoding in (("grad", 200, "utf-8"), ("compare", 40, "ascii")):
        outcome = autodiff(command, *words, columns=columns, encoding=encoding)
        assert (outcome.status, outcome.err) == (0, "")
        shown = re.findall(r"0\.0969868\d*", outcome.out)
        assert len(shown) >= 3
        assert all(18 <= len(text) <= 35 for text in shown)  # 16 digits, or SymPy's 30
        assert encoding != "ascii" or outcome.out.isascii()


@pytest.mark.parametrize("words", [("functions",), ("functions", "atan2"), ("--help",)])
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_reference_fits_and_is_ascii_where_it_must_be(
    words: tuple[str, ...], columns: int
) -> None:
    assert here(*words, columns=columns, encoding="ascii").out.isascii()
    assert here(*words, columns=columns).out


def test_a_kind_of_kink_and_its_condition_are_apart() -> None:
    out = here("functions", "sqrt").out
    assert re.search(r"^  infinite slope +a = 0: ", out, re.MULTILINE), out


def test_no_colours_reach_a_pipe() -> None:
    outcome = autodiff("trace", "x^2", "--x", "3", FORCE_COLOR="", TERM="xterm-256color")
    assert "\x1b" not in outcome.out
