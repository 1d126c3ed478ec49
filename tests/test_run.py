"""`run FILE`: prose is printed, command lines run, errors name their line and the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console import Outcome, autodiff, here


def lesson(path: Path, text: str | bytes) -> Outcome:
    file = path / "lesson.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return here("run", str(file))


def test_prose_blank_lines_and_commands_in_order(tmp_path: Path) -> None:
    outcome = lesson(tmp_path, "# A title\n#\n#  indented\n\ngraph \"x\"\n   autodiff graph 'y'\n")
    assert outcome.out.splitlines() == [
        "A title", "", " indented", "",
        '$ autodiff graph "x"', "w1 = x",
        "$ autodiff graph 'y'", "w1 = y",
    ]  # fmt: skip
    assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf# prose\r\ngraph x\r\n",
        b"# prose\rgraph x\r",
        b"# prose\ngraph x",
        b"# prose\ngraph x\n",
    ],
    ids=["bom-crlf", "cr", "no-newline", "lf"],
)
def test_any_line_ends_and_a_byte_order_mark(tmp_path: Path, text: bytes) -> None:
    wanted = "prose\n$ autodiff graph x\nw1 = x\n"
    assert lesson(tmp_path, text).out == wanted
    assert here("run", "-", stdin=text.decode().replace("\r\n", "\n")).out == wanted


def test_a_form_feed_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    outcome = lesson(tmp_path, "# a\x0cb\u2028c\ngraph sinn(x)\n")
    assert outcome.out.splitlines()[0] == r"a\x0cb\u2028c"
    assert outcome.err.startswith(f"{tmp_path}/lesson.txt, line 2:\nerror: sinn(x)\n")


def test_an_error_names_file_and_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    outcome = lesson(tmp_path, 'graph "sinn(x)"\n\ngraph "x\ngraph y\nrun other.txt\nnothing\n')
    name = f"{tmp_path}/lesson.txt"
    assert outcome.err.splitlines() == [
        f"{name}, line 1:",
        "error: sinn(x)",
        "       ^ 'sinn' is not a function; did you mean sin(…)? Or write sinn*(…) for a product",
        f"{name}, line 3: error: a quotation mark is not closed",
        f"{name}, line 5: error: a text cannot run another text",
        f"{name}, line 6:",
        "error: there is no command 'nothing'; write autodiff grad \"x^2\" --x 4",
    ]
    assert "w1 = y" in outcome.out
    assert outcome.status == 2


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("graph x\n", 0),
        ("grad x --data missing.csv\ngraph x\n", 1),
        ("grad x --data missing.csv\ngraph (\ngraph x\n", 2),
        ("graph (\ngrad abs(x) --x 0 --strict --no-sympy\ngraph x\n", 3),
        ("", 0),
    ],
)
def test_the_exit_status_is_the_largest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lesson(tmp_path, lines).status == status


def test_one_commands_status_is_not_the_nexts(tmp_path: Path) -> None:
    outcome = lesson(tmp_path, "grad abs(x) --x 0 --strict --no-sympy\n")
    assert outcome.status == 3
    assert lesson(tmp_path, "graph x\n").status == 0


def test_a_missing_file_and_one_that_is_not_text(tmp_path: Path) -> None:
    outcome = here("run", str(tmp_path / "none.txt"))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == f"error: {str(tmp_path)[:37]}…: No such file or directory\n" or (
        outcome.err.endswith("No such file or directory\n")
    )
    outcome = lesson(tmp_path, b"\xff\xfe")
    assert (outcome.status, outcome.err) == (1, "error: the input is not UTF-8: byte 0xff at 0\n")


@pytest.mark.parametrize("words", [(), ("a", "b")])
def test_one_file_is_expected(words: tuple[str, ...]) -> None:
    outcome = here("run", *words)
    assert outcome.status == 2
    assert outcome.err == "error: one FILE is expected; autodiff run sample:polynomial\n"


def test_control_characters_of_a_lesson_are_shown(tmp_path: Path) -> None:
    outcome = lesson(tmp_path, "# red \x1b[31m\ngraph 'x\x1b'\n")
    assert "\x1b" not in outcome.out + outcome.err


def test_commands_of_one_run_share_sympys_process() -> None:
    outcome = autodiff("run", "-", stdin="grad x^2 --x 3\ngrad x^3 --x 2\n")
    assert outcome.status == 0
    assert outcome.out.count("verdict: match") == 2
