"""A page: small, whole in one file, and what a user typed stays text; what needs no browser."""

from __future__ import annotations

import contextlib
import html.parser
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from autodiff_cli import parse
from autodiff_cli.cli.dispatch import run
from autodiff_cli.export.operations import rows
from autodiff_cli.formats.latex import Latex
from autodiff_cli.formats.mathml import mathml
from autodiff_cli.graph.graph import Builder
from autodiff_cli.graph.printer import LATEX, expression, number
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.views.film import slider
from autodiff_cli.views.packed import MODULES
from autodiff_cli.views.page import POLICY
from tests.console import ROOT, here
from tests.pages import made
from tests.test_payloads import PAYLOADS

POLYNOMIAL = "x^3 + 2x^2 + 8x"

#: Formulas of 20 nodes.
TWENTY = (
    ("h = tanh(a*x + b); y = sigmoid(c*h + d); (y - t)^2 + 0.1*(a^2 + c^2)",
     {"a": 0.5, "x": 1.5, "b": -1.0, "c": 2.0, "d": 0.3, "t": 1.0}),
    ("(x^2*y + sin(x*y))/(1 + exp(-x)) + sqrt(x^2 + y^2)*ln(y + 3) - x/y", {"x": 1.3, "y": 2.5}),
    ("sin(x)*cos(x) + exp(-x^2)/(1 + x^2) + sqrt(x + 3)*ln(x + 4) - x*tanh(2x)", {"x": 0.7}),
    ("x^6 + 2x^5 - 3x^4 + x^3 - 7x^2 + 5x - sin(x)^2", {"x": 1.25}),
)  # fmt: skip


def test_a_page_of_twenty_nodes_is_small() -> None:
    for formula, at in TWENTY:
        assert 18 <= len(parse(formula).named()) <= 22
        assert len(made(formula, at, derived=True).encode()) <= 60_000, formula


@pytest.mark.slow
def test_a_page_of_a_thousand_nodes_is_no_megabyte() -> None:
    terms = " + ".join(f"sin({k}x)*x^{k + 2}" for k in range(1, 251))
    formula = f"y = {terms}; y^2"
    assert len(parse(formula).named()) > 900
    assert len(made(formula, {"x": 0.5}).encode()) <= 1_000_000


class Elements(html.parser.HTMLParser):
    """Collects the elements of a page, what they link to, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def elements(text: str) -> Elements:
    reader = Elements()
    reader.feed(text)
    reader.close()
    return reader


@pytest.mark.parametrize("payload", [*PAYLOADS, "</script><!--", "--><img src=x onerror=alert(1)>"])
def test_a_title_is_text(payload: str) -> None:
    plain, found = (
        made(POLYNOMIAL, {"x": 4.0}),
        here("page", POLYNOMIAL, "--x", "4", f"--title={payload}"),
    )
    if "\0" in payload:
        assert found.status == 2
        return
    assert found.status == 0, found.err
    assert set(elements(found.out).found) <= {*elements(plain).found, "h1"}
    assert not [name for name, _ in elements(found.out).attributes if name.startswith("on")]
    assert "<!--" not in found.out
    assert found.out.count("</script") == 1


def test_a_page_asks_for_nothing_and_says_so() -> None:
    text = made(POLYNOMIAL, {"x": 4.0})
    assert f'content="{POLICY.replace(chr(39), "&#x27;")}"' in text
    assert "default-src 'none'" in POLICY
    attributes = elements(text).attributes
    assert not [pair for pair in attributes if pair[0] in ("src", "href", "action", "srcset")]
    links = set(re.findall(r"https?://[^\s\"'<>]+", text))
    assert links <= {"http://www.w3.org/2000/svg"}


def test_without_scripts_the_whole_trace_is_there() -> None:
    text = made(POLYNOMIAL, {"x": 4.0})
    rows_of = re.findall(r"<tr data-of=(\d+)>(.*)", text)
    cells = [re.findall(r"<td class=[vta]>([^<]*)", row) for _, row in rows_of]
    assert cells == [
        ["4", "1", "72"], ["64", "48", "1"], ["16", "8", "2"], ["32", "16", "1"],
        ["32", "8", "1"], ["128", "72", "1"],
    ]  # fmt: skip


def test_a_short_picture_stands_in_the_page_and_a_long_one_comes_with_the_script() -> None:
    assert "<g data-of" in made(POLYNOMIAL, {"x": 4.0})
    formula, at = TWENTY[1]
    assert "<g data-of" not in made(formula, at)


def test_every_operation_is_mathml() -> None:
    for row in OPERATIONS:
        builder = Builder(("x", "y_2", "αβ1")[: row.arity])
        graph = builder.graph([builder.apply(row, tuple(range(row.arity)))])
        text = mathml(expression(graph, graph.outputs[0], LATEX))
        assert ElementTree.fromstring(text).tag == "math", row.name
        assert "\\" not in text
        assert "$" not in text


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("x^{2}", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\frac{1}{x}", "<mfrac><mn>1</mn><mi>x</mi></mfrac>"),
        (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        ("w_{12}", "<msub><mi>w</mi><mn>12</mn></msub>"),
        (r"\mathit{rate}", '<mi class="it">rate</mi>'),
        (r"\theta", "<mi>θ</mi>"),
        (r"\Sigma", "<mi>Σ</mi>"),
        (Latex.SIGNS.adjoint("w3"),
         '<msub><mover accent="true"><mi>w</mi><mo>¯</mo></mover><mn>3</mn></msub>'),
        ("a < b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
    ],
)  # fmt: skip
def test_latex_of_the_printer_is_mathml(latex: str, shown: str) -> None:
    assert mathml(latex) == f"<math>{shown}</math>"


def test_every_row_of_the_table_has_its_javascript() -> None:
    source = rows(OPERATIONS)
    for row in OPERATIONS:
        assert f"'{row.name}/{len(row.rules)}': {{value: " in source


def test_every_file_of_the_script_is_in_the_page() -> None:
    folder = ROOT / "autodiff_cli" / "views" / "script"
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.js" for name in (*MODULES, "questions")),
        *(f"{name}.css" for name in ("film", "live", "questions", "lesson")),
    }


@pytest.mark.parametrize(
    ("value", "low", "high", "step"),
    [(4.0, -10, 10, 0.1), (0.0, -2, 2, 0.02), (-130.0, -500, 500, 5), (0.3, -2, 2, 0.02)],
)
def test_a_slider_has_round_ends_around_its_value(
    value: float, low: float, high: float, step: float
) -> None:
    assert slider(value) == {"low": low, "high": high, "step": step}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--hide", "adjiont"), "--hide has no 'adjiont'; did you mean adjoint?"),
        (("--hide", ""), "--hide names nothing"),
        (("--lang", "de"), "--lang is the language of the title: the words of a page are English"),
        (("--lang", "<b>"), "'<b>' is no tag of a language; write --lang de"),
        (("-o", "page.txt"), "page.txt is no name of a page; let its name end in .html"),
    ],
)
def test_what_a_page_cannot_be_is_said(words: tuple[str, ...], said: str) -> None:
    found = here("page", "x^2", "--x", "1", *words)
    assert found.status == 2
    assert said in found.err


def test_on_a_terminal_a_page_goes_into_a_file_and_it_is_said_what_to_do_with_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "page.html"
    found = on_a_terminal("page", "x^2", "--x", "3")
    assert "a page is for a browser, not for a terminal; write it to a file" in found
    assert "<html" not in found
    assert "page.html is written; open it in a browser" in on_a_terminal(
        "page", "x^2", "--x", "3", "-o", str(path)
    )
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def on_a_terminal(*words: str) -> str:
    """Return what a terminal shows of a command line."""

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Screen()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        run(words)
    return shown.getvalue()


def test_a_page_is_written_without_sympy(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    program = (
        "import sys\nfrom autodiff_cli.cli.dispatch import run\n"
        f"run(['page', {POLYNOMIAL!r}, '--x', '4', '-o', {str(path)!r}, '--lang', 'de',"
        " '--title', 'Übung'])\nprint('sympy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "False"
    text = path.read_text(encoding="utf-8")
    assert '<html lang="de">' in text
    assert '<h1 lang="de">Übung</h1>' in text


def test_a_page_shows_numbers_as_the_program_writes_them() -> None:
    text = made("x/3", {"x": 1e-5}, digits=0)
    assert f"<td class=v>{number(1e-5 / 3)}" in text


LESSON = """\
# A lesson
#
# First <b>prose</b>,
# in two lines.

trace "x^2" --x 3
grad "x^2" --x 3 --no-sympy
## A heading
graph "x^2"
grad "x^2" --x 1,2 --no-sympy
nonsense
trace "x^2" --x
run other.txt
functions tanh --format text
trace "x^2" --x 3 -o secret.html
"""


def published(tmp_path: Path, text: str = LESSON) -> tuple[int, str, str]:
    path, page = tmp_path / "lesson.txt", tmp_path / "lesson.html"
    path.write_text(text, encoding="utf-8")
    found = here("run", str(path), "-o", str(page))
    return found.status, found.err, page.read_text(encoding="utf-8")


def test_a_lesson_is_one_page(tmp_path: Path) -> None:
    status, err, text = published(tmp_path)
    assert status == 2
    assert [line.partition("lesson.txt, ")[2] for line in err.splitlines() if "line " in line] == [
        "line 11:", "line 12:", "line 13:", "line 15:",
    ]  # fmt: skip
    assert "<h1>A lesson</h1>" in text
    assert "<p>First &lt;b&gt;prose&lt;/b&gt;, in two lines.</p>" in text
    assert "<h2>A heading</h2>" in text
    assert [text.count(f'id="film-{k}"') for k in (1, 2, 3)] == [1, 1, 0]
    assert text.count("<summary>Move it, and step through it</summary>") == 1
    assert "there is no command &#x27;nonsense&#x27;" in text
    assert "hyperbolic tangent" in text
    assert not (tmp_path / "secret.html").exists()


def test_a_lesson_goes_into_a_page_only(tmp_path: Path) -> None:
    path = tmp_path / "lesson.txt"
    path.write_text(LESSON, encoding="utf-8")
    found = here("run", str(path), "-o", str(tmp_path / "lesson.pdf"))
    assert found.status == 2
    assert "let its name end in .html" in found.err
