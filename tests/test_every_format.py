"""Every command in every format: nothing a user typed gets out of its place in any of them."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from autodiff_cli.cli import dispatch, output
from autodiff_cli.cli.options import Shown
from autodiff_cli.cli.session import Session
from autodiff_cli.formats.markdown import Markdown
from tests.console import here
from tests.test_payloads import NAMES, clean
from tests.test_payloads_read_back import DRAWING, Strict, drawing, faults_in_latex

#: Command → words over a variable `{0}` that has a value.
LINES = {
    "trace": ("trace", "{0}^2 + |{0}|"),
    "step": ("step", "{0}^2 + |{0}|"),
    "graph": ("graph", "{0}^2 + |{0}|"),
    "grad": ("grad", "{0}^2 + |{0}|", "--no-sympy", "--trace", "--graph", "--order", "2"),
    "backward": ("backward", "{0}^2 + |{0}|", "--times", "2"),
    "functions": ("functions", "tanh", "^"),
    "check": ("check", "-", "{0}^2 + |{0}|"),
    "compare": ("compare", "{0}^2", "--no-sympy", "--claim", "{0}=2*{0}", "--points", "3"),
    "count": ("count", "{0}^2", "--no-sympy"),
    "jacobian": ("jacobian", "{0}^2", "{0}+1", "--no-sympy"),
    "vjp": ("vjp", "{0}^2", "{0}+1", "--seed", "ones"),
    "jvp": ("jvp", "{0}^2", "{0}+1", "--direction", "1"),
    "hessian": ("hessian", "{0}^3", "--no-sympy"),
    "hvp": ("hvp", "{0}^3", "--no-sympy", "--direction", "1"),
    "taylor": ("taylor", "{0}^2 + |{0}|", "--order", "3", "--no-sympy", "--plot"),
    "export": ("export", "{0}^2"),
    "explain": ("explain", "{0}^2 + |{0}|", "--no-sympy"),
    "plot": ("plot", "{0}^2", "--at", "{0}=-2..2"),
    "descend": ("descend", "{0}^2", "--steps", "3"),
}

#: Command → what it reads from stdin.
READS = {"check": "w1 = {0}\nw2 = {0}^2 = w1 <b>$x$ | y\nf' = 2{0} + {0}/|{0}|\n"}

#: Commands that write no answer about a formula: `run` prints what its lines print, as lessons do;
#: a page has one format, and tests of its own.
WITHOUT = {"run", "learn", "page", "quiz", "worksheet", "mark"}


class Page(Strict):
    """A whole page: its head too, and the elements of lists."""

    ELEMENTS = Strict.ELEMENTS | {
        "html", "head", "meta", "title", "style", "body", "div", "span", "dl", "dt", "dd",
    }  # fmt: skip
    ATTRIBUTE = re.compile(
        r"text-align: (left|right)|\d+|en|utf-8|viewport|width=device-width, initial-scale=1|m|t"
    )
    PLACES = frozenset(["style", "colspan", "lang", "charset", "name", "content", "class"])

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        places = [name for name, _ in attributes]
        if not set(places) <= self.PLACES:
            self.faults.append(f"<{tag} {places}>")
        super().handle_starttag(tag, [("style", value) for _, value in attributes])
        if tag == "meta":
            self.opened.pop()

    def handle_decl(self, decl: str) -> None:
        if decl != "DOCTYPE html":
            super().handle_decl(decl)


def html(text: str) -> list[str]:
    reader = Page()
    drawn = [fault for found in DRAWING.findall(text) for fault in drawing(found)]
    text = DRAWING.sub("", text)
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    reader.feed(text.replace(style, "", 1))
    reader.close()
    return drawn + reader.faults + reader.opened


def markdown(text: str) -> list[str]:
    """Return lines of a table with another count of cells than its head, and bare HTML."""
    faults, cells = [], 0
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        count = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") and not fenced else 0
        if count and cells and count != cells:
            faults.append(line)
        cells = count
        bare = re.sub(r"`[^`]*`", "", line.replace("<br>", ""))
        faults += [line] if not fenced and re.search(r"(?<!\\)<", bare) else []
    return faults


def table(text: str) -> list[str]:
    """Return rows of CSV with another count of cells than the header above them."""
    faults = []
    for block in text.split("\n\n"):
        rows = list(csv.reader(io.StringIO(block), strict=True))
        faults += [str(row) for row in rows if len(row) != len(rows[0])]
    return faults


def strict_json(text: str) -> list[str]:
    (line,) = text.splitlines()
    return [] if json.loads(line)["schema"].startswith("autodiff.") else [line]


def words_of(drawing: re.Match[str]) -> str:
    """Return the words of a drawing, a line each: what else it has are numbers of its own."""
    return "\n\n".join(re.findall(r"(?m)^\\node.* at \S+ \{(.*)\};$", drawing[0]))


def latex(text: str) -> list[str]:
    inside = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", text, flags=re.DOTALL)
    inside = re.sub(
        r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}", words_of, inside, flags=re.DOTALL
    )
    return [fault for fault in faults_in_latex(inside) if not fault.startswith("unknown \\text")]


READERS: dict[str, Callable[[str], list[str]]] = {
    "text": lambda text: [],
    "markdown": markdown,
    "latex": latex,
    "html": html,
    "csv": table,
    "json": strict_json,
}


def test_every_format_has_a_reader_and_every_command_a_line() -> None:
    assert READERS.keys() == output.FORMATS.keys() | {"json"}
    assert LINES.keys() == dispatch.COMMANDS.keys() - WITHOUT


@pytest.mark.parametrize(
    "name", [NAMES[0], *(pytest.param(n, marks=pytest.mark.slow) for n in ("x_1", "script", "ﬁ"))]
)
@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("command", LINES)
def test_a_name_stays_a_name(command: str, format: str, name: str) -> None:
    if command == "functions" and name != NAMES[0]:
        return
    words = [word.format(name) for word in LINES[command]]
    value = () if command in ("functions", "export", "plot", "count") else ("--at", f"{name}=-2")
    reads = READS.get(command, "").format(name)
    outcome = here(*words, *value, "--format", format, stdin=reads)
    assert outcome.status == 0, outcome
    assert all(line.startswith("note (reading)") for line in outcome.err.splitlines())
    assert clean(outcome.out + outcome.err)
    assert READERS[format](outcome.out) == [], outcome.out


#: Ending of a file → what its text begins with, of a trace.
BEGINNINGS = {
    ".txt": "f(x)", ".md": "f(x)", ".tex": "% needs", ".html": "<!DOCTYPE html>", ".csv": "w_i,",
    ".json": '{"schema"',
}  # fmt: skip


@pytest.mark.parametrize("ending", BEGINNINGS)
def test_the_name_of_a_file_says_its_format(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"trace{ending}"
    outcome = here("trace", "x^2", "--x", "3", "-o", str(target))
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert target.read_text(encoding="utf-8").startswith(BEGINNINGS[ending])
    as_text = here("trace", "x^2", "--x", "3", "--format", output.ENDINGS[ending]).out
    assert target.read_text(encoding="utf-8") == as_text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("trace", "x", "-o", "a.pq"), "the name a.pq does not say what to write"),
        (("trace", "x", "-o", "a.tsv"), ".csv"),
        (("grad", "x", "-o", "a.csv.gz"), ".parquet"),
        (("grad", "x", "-o", "slopes"), "the name slopes does not say what to write"),
        (("trace", "x", "-o", "a.parquet"), "does not say what to write"),
        (("trace", "x", "-o", "a.dot"), "does not say what to write"),
        (("graph", "x", "-o", "a.md", "--format", "dot"), "a.md is no name for --format dot"),
        (("trace", "x", "-o", "a.csv", "--json"), "a.csv is no name for --format json"),
        (("trace", "x", "--json", "--format", "csv"), "--json and --format csv together"),
        (("trace", "x", "--format", "marckdown"), "did you mean markdown?"),
        (("grad", "x", "--format", "dot"), "there is no format 'dot' here"),
        (("grad", "x", "--standalone"), "--standalone is for LaTeX"),
        (("grad", "x", "--format", "parquet"), "write it to a file"),
        (("export", "x", "-o", "slope.md"), "slope.md is no name of a program"),
        (("export", "x", "--to", "c", "-o", "slope.py"), "slope.py is no name for c"),
    ],
)
def test_a_format_that_does_not_fit_is_wrong_input(words: tuple[str, ...], said: str) -> None:
    value = () if words[0] == "export" or "--data" in words else ("--x", "3")
    outcome = here(*words, *value)
    assert outcome.status == 2
    assert said in outcome.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("trace", "x", "--x", "3", "--strict"), "no use for --strict"),
        (("trace", "x", "--strict", "--x", "3"), "no use for --strict"),
        (("export", "x", "--x", "3"), "there is no option --x"),
        (("export", "x", "--data", "a.csv"), "no use for --data"),
        (("grad", "x", "--x", "3", "--claim", "x=1"), "grad has no use for --claim"),
        (("count", "x", "--strict", "x^2"), "no use for --strict"),
        (("functions", "--at", "x=1"), "no use for --at"),
        *(
            (words, f"{words[0]} has no use for {words[-2]}")
            for words in (
                (*line, option, "3")
                for line in (
                    ("functions",),
                    ("functions", "sin"),
                    ("export", "x/3"),
                    ("count", "x/3"),
                )
                for option in ("--rows", "--digits")
            )
        ),
    ],
)
def test_an_option_of_other_commands_is_refused_by_name(words: tuple[str, ...], said: str) -> None:
    outcome = here(*words)
    assert outcome.status == 2
    assert said in outcome.err


def test_a_variable_may_be_called_like_an_option_of_others() -> None:
    found = json.loads(here("trace", "2*order", "--order", "4", "--json").out)
    assert found["gradient"] == {"order": 2.0}
    told = here("grad", "rows*order", "--rows", "3", "--order", "2", "--no-sympy").err
    assert "--at rows=4" in told


@pytest.fixture
def newcomers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A format and a command that did not exist: a module each, and a name each."""

    class Shout(Markdown):
        def line(self, *parts: str) -> None:
            super().line("".join(parts).upper())

    format_module = ModuleType("autodiff_cli.formats.shout")
    format_module.Shout = Shout  # type: ignore[attr-defined]

    def twice(session: Session, shown: Shown) -> None:
        """Say it twice."""
        view = SimpleNamespace(
            write=lambda out, report: (out.line(report), out.line(report)),
            payload=lambda report: {"schema": "autodiff.twice/1", "said": report},
        )
        output.show(session, view, "hello", shown)

    command_module = ModuleType("autodiff_cli.cli.commands.twice")
    command_module.twice = twice  # type: ignore[attr-defined]
    twice.__annotations__ = {"session": Session, "shown": Shown, "return": type(None)}
    monkeypatch.setitem(sys.modules, format_module.__name__, format_module)
    monkeypatch.setitem(sys.modules, command_module.__name__, command_module)
    monkeypatch.setitem(output.FORMATS, "shout", "shout.Shout")
    monkeypatch.setitem(dispatch.COMMANDS, "twice", ("see", "it twice"))
    return


def test_a_new_format_is_one_file_and_one_name_for_all_commands(newcomers: None) -> None:
    assert here("trace", "x^2", "--x", "3", "--format", "shout").out.startswith("F(X) = X²\n")
    assert "DERIVATIVE" in here("functions", "tanh", "--format", "shout").out.upper()


def test_a_new_command_is_one_file_and_one_line_in_every_format(newcomers: None) -> None:
    assert here("twice").out == "hello\nhello\n"
    assert here("twice", "--format", "shout").out == "HELLO\n\nHELLO\n"
    assert json.loads(here("twice", "--json").out)["said"] == "hello"
    assert "<p>hello</p>" in here("twice", "--format", "html").out
    assert "twice" in here("--help").out
