"""The manual describes all that there is: commands, options, formats, functions, limits, verdicts.

Table-driven over the tables in the code, both ways: what is there is described, and what is
described is there.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

import autodiff_cli
from autodiff_cli import limits, schemas
from autodiff_cli.cli import dispatch, session
from autodiff_cli.cli.dispatch import COMMANDS
from autodiff_cli.cli.output import ENDINGS, FORMATS
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.symbolic.verdict import GRAVITY
from tests.console import ROOT
from tests.golden.documents import MANUAL

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in MANUAL}
SOURCES = {
    path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "autodiff_cli").rglob("*.py"))
}
#: Options that no command has: the program's own.
PROGRAM = {*dispatch.EVERYWHERE, "-q", "--version", "--install-completion", "--show-completion"}
#: Variables and mistakes that examples have as words of their own.
NO_OPTIONS = {"--theta"}

#: A variable of the environment, where the code reads one or gives it a name.
VARIABLE = re.compile(
    r"""environ(?:ment)?(?:\.get\(|\[)"([A-Z_]+)"|"([A-Z_]+)" (?:not )?in os\.environ"""
    r"""|"(?=AUTODIFF)([A-Z_]+[A-Z])\""""
)
#: The kind of a note, where one is made, and where a departure is found.
NOTE, DEPARTURE = (
    re.compile(r'\bNote\(\s*[^"]{1,60}?, "([a-z-]+)"'),
    re.compile(r'yield "([a-z-]+)"'),
)

options_of = cache(dispatch.options_of)


def section(page: str, title: str) -> str:
    """Return what stands below a heading, up to the next of its level."""
    found = re.search(rf"^## {title}.*?(?=^## |\Z)", PAGES[page], re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def about(command: str) -> str:
    """Return all that the manual says below headings that begin with a command's name."""
    return "\n".join(section(page, f"{command}:") for page in PAGES)


def words_of(text: str) -> set[str]:
    """Return the options that a text names."""
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*(?![\w-])", text))


def first_column(text: str) -> list[str]:
    """Return the cells of the first column of a table, without its head and their backquotes."""
    cells = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return [cell.replace("`", "") for cell in cells[1:]]


def shared() -> set[str]:
    """Return the options that the table of those with one meaning everywhere describes."""
    return words_of("\n".join(first_column(section("commands", "Options that"))))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_described_once_with_an_example(command: str) -> None:
    headings = re.findall(rf"^## {command}: ", "\n".join(PAGES.values()), re.MULTILINE)
    assert len(headings) == 1
    assert re.search(rf"\bautodiff {command}\b", about(command))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_described(command: str) -> None:
    described = words_of(about(command)) | shared()
    assert [option for option in options_of(command) if option not in described] == []


def test_the_table_of_shared_options_has_what_several_commands_share() -> None:
    having = {one: [c for c in COMMANDS if one in options_of(c)] for one in shared() - PROGRAM}
    assert {one: found for one, found in having.items() if len(found) < 2} == {}


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_is_described_is_there(page: str) -> None:
    there = PROGRAM.union(*(options_of(command) for command in COMMANDS))
    named = set(re.findall(r"`(--[a-z][a-z0-9-]+)[ `=]", PAGES[page])) - NO_OPTIONS
    assert sorted(named - there) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_choice_of_an_option_is_described(command: str) -> None:
    told = re.findall(r"\w+", f"{about(command)}{section('commands', 'Options that')}")
    for parameter in dispatch.command_named(command).parameters:
        assert [choice for choice in parameter.choices if choice not in told] == [], parameter.name


def test_every_option_of_the_program_is_described() -> None:
    whole = "\n".join(PAGES.values())
    assert sorted(PROGRAM - words_of(whole)) == []


def test_every_format_and_every_ending_is_described() -> None:
    there = {*FORMATS, *ENDINGS, *ENDINGS.values()}
    for command in COMMANDS:
        there |= set(dispatch._formats(command))
    told = re.findall(r"\.?\w+", section("handouts", "Formats"))
    assert sorted(there - set(told)) == []


def test_every_function_and_every_spelling_of_it_is_described() -> None:
    listed = re.findall(r"\w+", section("language", "Functions"))
    for row in OPERATIONS:
        if not row.symbol:
            assert row.name in listed
            for alias in row.aliases:
                # arcsin and its like are listed by their kind.
                assert alias in listed or re.sub("^arc", "a", alias) == row.name, alias


def test_every_limit_of_sympy_is_described() -> None:
    told = section("limits", "SymPy")
    for name in ("SYMPY_SECONDS", "SYMPY_LOAD_SECONDS", "SYMPY_OPERATIONS", "SYMPY_DEPTH",
                 "SYMPY_POINTS"):  # fmt: skip
        assert re.search(rf"\b{getattr(limits, name):,g}\b".replace(".", r"\."), told), name


def test_every_variable_of_the_environment_is_described() -> None:
    found = (pair for text in SOURCES.values() for pair in VARIABLE.findall(text))
    named = {name for pair in found for name in pair if name}
    assert {"AUTODIFF_DIGITS", "NO_COLOR", "COLUMNS"} <= named
    named -= {"PYTHONPATH", "_AUTODIFF_COMPLETE"}  # what the program says to itself
    assert sorted(name for name in named if name not in PAGES["limits"]) == []


def test_every_verdict_is_described_from_harmless_to_grave() -> None:
    assert first_column(section("reading-a-trace", "Verdicts")) == [*GRAVITY, "WRONG"]


def test_every_kind_of_note_is_described() -> None:
    kinds = {kind for text in SOURCES.values() for kind in NOTE.findall(text)}
    kinds |= set(DEPARTURE.findall(SOURCES[ROOT / "autodiff_cli/notes/departures.py"]))
    kinds |= {kink.kind for row in OPERATIONS for kink in row.kinks}
    assert sorted(first_column(section("reading-a-trace", "Notes"))) == sorted(
        kind.replace("-", " ") for kind in kinds
    )


def test_every_exit_status_is_described() -> None:
    there = (session.ANSWERED, session.FAILED, session.WRONG, session.MISMATCH, session.INTERRUPTED)
    assert first_column(section("commands", "Exit statuses")) == [str(one) for one in there]


def test_every_schema_is_described() -> None:
    told = re.findall(r"^\| `([\w-]+)` \| `autodiff\.([\w-]+)/\d+` \|", PAGES["json"], re.MULTILINE)
    assert told == [(name, name) for name in sorted(schemas.OBJECTS)]


def test_every_public_name_is_described() -> None:
    told = set(re.findall(r"\w+", PAGES["python"]))
    assert sorted({*autodiff_cli.__all__, "compile"} - told) == []
