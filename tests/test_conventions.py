"""Conventions of command lines: colours, pagers, quiet, names of files, what was meant."""

from __future__ import annotations

import io
import re
from importlib.metadata import version

import pytest

from autodiff_cli.cli import pager, terminal
from autodiff_cli.cli.help import page
from autodiff_cli.errors import AutodiffError, named
from autodiff_cli.formats.colour import COLOURS, painted, paints
from autodiff_cli.formats.grid import TONES
from tests.console import ROOT, here

#: Variable → the parameter of what runs a command line in tests that sets it.
SET_BY = {"COLUMNS": "columns=", "PYTHONIOENCODING": "encoding="}

TRACE = ("trace", "x*y", "--x", "2", "--y", "3")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_the_manual_names_a_file_of_tests_for_each_convention() -> None:
    table = page("limits").partition("## Conventions")[2]
    files = re.findall(r"\| `(tests/\w+\.py)` \|", table)
    assert len(files) > 10
    assert [name for name in files if not (ROOT / name).is_file()] == []
    rows = re.findall(r"^\| (.*?) \| .* \| `(tests/\w+\.py)` \|$", table, re.MULTILINE)
    assert len(rows) == len(files)
    for what, name in rows:
        told = (ROOT / name).read_text("utf-8")
        for convention in re.findall(r"`(-?[\w@-]+)", what):
            assert SET_BY.get(convention, convention) in told, (convention, name)


@pytest.mark.parametrize(
    ("settings", "terminal", "colours"),
    [
        ({}, True, True), ({}, False, False),
        ({"NO_COLOR": "1"}, True, False), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True), ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": ""}, True, True),
    ],
)  # fmt: skip
def test_colours_are_where_they_are_seen_and_wanted(
    settings, terminal, colours, monkeypatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert paints(Terminal() if terminal else io.StringIO()) is colours


@pytest.mark.parametrize(("kind", "redrawn"), [("xterm", True), ("dumb", False), ("", True)])
def test_a_dumb_terminal_is_not_redrawn(kind, redrawn, monkeypatch) -> None:
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stdout", Terminal())
    assert terminal.interactive() is redrawn


def test_a_formula_comes_from_the_input_or_from_a_file(tmp_path) -> None:
    """Read `-` and `@FILE` as if they were typed."""
    file = tmp_path / "formula.txt"
    file.write_text("x*y\n")
    assert here("trace", "-", *TRACE[2:], stdin="x*y\n") == here(*TRACE)
    assert here("trace", f"@{file}", *TRACE[2:]) == here(*TRACE)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (TRACE, 0), (("grad", "x", "--data", "no-such-file.csv"), 1), (("grad", "sinn(x)"), 2),
        (("compare", "x^2", "--x", "1", "--no-sympy", "--claim", "x=x"), 3),
        (("grad", "abs(x)", "--x", "0", "--no-sympy", "--strict"), 3),
    ],
)  # fmt: skip
def test_an_exit_status_says_how_it_went(words, status) -> None:
    assert here(*words).status == status


def test_debug_shows_where_it_went_wrong() -> None:
    with pytest.raises(AutodiffError):
        here("graph", "sinn(x)", "--debug")


def test_each_kind_of_number_has_its_colour_and_a_pipe_has_none() -> None:
    assert set(COLOURS) == set(TONES)
    assert len(set(COLOURS.values())) == len(TONES)
    shown = here(*TRACE, FORCE_COLOR="1", NO_COLOR="").out
    assert painted("6", "value") in shown
    assert painted("3", "adjoint") in shown
    assert painted("1", "tangent") in shown
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == here(*TRACE).out


def test_a_colour_is_readable_on_white_and_on_black() -> None:
    for colour in COLOURS.values():
        levels = [(0, 95, 135, 175, 215, 255)[(colour - 16) // 6**k % 6] / 255 for k in (2, 1, 0)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in levels]
        luminance = sum(c * w for c, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
        assert min(1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05) >= 3.8


@pytest.mark.parametrize("text", ["a\n" * 100, "a\n"])
def test_only_what_is_longer_than_the_terminal_is_paged(text, monkeypatch, tmp_path) -> None:
    kept = tmp_path / "paged"
    monkeypatch.setenv("PAGER", f"tee {kept}")
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    pager.page(text)
    assert kept.exists() == (text.count("\n") > 90)
    assert out.getvalue() == ("" if kept.exists() else text)
    assert not kept.exists() or kept.read_text() == text


@pytest.mark.parametrize("program", ["cat", "", "no-such-pager"])
def test_without_a_pager_the_text_is_written(program, monkeypatch) -> None:
    monkeypatch.setenv("PAGER", program)
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    pager.page("a\n" * 100)
    assert out.getvalue() == "a\n" * 100


@pytest.mark.parametrize("option", [(), ("--no-pager",)])
def test_a_long_answer_goes_to_the_pager_unless_it_shall_not(option, monkeypatch, tmp_path) -> None:
    from autodiff_cli.cli.dispatch import run

    kept = tmp_path / "paged"
    monkeypatch.setenv("PAGER", f"tee {kept}")
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    assert run(["functions", *option]) == 0
    assert kept.exists() != bool(option)
    assert ("sigmoid" in out.getvalue()) == bool(option)


@pytest.mark.parametrize("words", [("-q", *TRACE), ("--quiet", *TRACE), (*TRACE, "--quiet")])
def test_quiet_is_an_option_of_the_program(words) -> None:
    assert here(*words) == here(*TRACE)


def test_minus_q_after_a_command_is_a_formula() -> None:
    assert "f(q) = -q" in here("trace", "-q", "--q", "2").out


def test_no_bar_is_drawn_where_quiet_is_asked_for() -> None:
    from autodiff_cli.batch.progress import progress

    stream = Terminal()
    with progress(stream, quiet=True) as tell:
        tell(0.5, 10)
    assert stream.getvalue() == ""


def test_debug_with_version_says_the_versions_of_the_libraries() -> None:
    assert here("--version").out.count("\n") == 1
    shown = here("--version", "--debug").out
    assert f"sympy {version('sympy')}\n" in shown
    assert re.search(r"^python \d+\.\d+\.\d+ on \w+$", shown, re.MULTILINE)


def test_the_environment_chooses_a_format_where_nothing_else_does(tmp_path) -> None:
    assert here(*TRACE, AUTODIFF_FORMAT="json").out.startswith('{"schema": "autodiff.trace/1"')
    assert here(*TRACE, "--format", "text", AUTODIFF_FORMAT="json") == here(*TRACE)
    assert here(*TRACE, "-o", str(tmp_path / "a.csv"), AUTODIFF_FORMAT="json").status == 0
    refused = here(*TRACE, AUTODIFF_FORMAT="nonsense")
    assert refused.status == 2
    assert "there is no format 'nonsense' here (AUTODIFF_FORMAT)" in refused.err


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("data.csv", "data.csv"), ("my data.csv", "'my data.csv'"), ("größe.csv", "größe.csv"),
        ("it's.csv", "'it'\"'\"'s.csv'"), ("~/a-b_c.csv", "~/a-b_c.csv"), ("a;b", "'a;b'"),
        ("C:\\data\\a.csv", "C:\\data\\a.csv"), ("a\x1b[31m", "'a\\x1b[31m'"),
    ],
)  # fmt: skip
def test_a_files_name_is_quoted_as_a_shell_would(name, shown) -> None:
    assert named(name) == shown


def test_an_error_names_a_file_as_a_shell_would() -> None:
    assert "'no such file.csv': No such file" in here("grad", "x", "--data", "no such file.csv").err


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("trase", "x"), "did you mean trace?"), (("grad", "x", "--jsn"), "--json"),
        (("trace", "x", "--x", "1", "--format", "latx"), "did you mean latex?"),
        (("help", "tracee"), "trace"),
        (("functions", "tanhh"), "did you mean tanh?"), (("grad", "sinn(x)"), "did you mean sin"),
    ],
)  # fmt: skip
def test_what_is_misspelt_is_offered(words, meant) -> None:
    outcome = here(*words)
    assert outcome.status == 2
    assert meant in outcome.err
