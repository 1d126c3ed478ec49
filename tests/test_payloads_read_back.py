"""Hostile texts and names through every format, read back by a reader that takes nothing else."""

from __future__ import annotations

import ast
import base64
import html.parser
import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autodiff_cli import AutodiffError, Graph, grad, parse, trace
from autodiff_cli.export import LANGUAGES, export
from autodiff_cli.formats.html import _THEME
from tests.console import here
from tests.test_payloads import NAMES, PAYLOADS, clean
from tests.work import WHOLE

#: Formulas that use what a format writes in a way of its own.
FORMS = (
    "{0}^2 + sin({0})/sqrt(|{0}|)",
    "where({0}<=0, max({0}, 2), erf({0})^-1)*cbrt({0})",
    "floor({0}) + ceil({0}) + log2({0}) + log({0}, 3) + 1e-30*relu({0})",
)


def graphs() -> Iterator[Graph]:
    """Every name in every form, and every hostile text that is a formula after all."""
    for name in NAMES:
        for form in FORMS:
            yield parse(form.format(name), variables=(name,))
    for payload in PAYLOADS:
        for text in (payload, f"x + {payload}", f"{payload}*2"):
            try:
                yield parse(text)
            except AutodiffError:
                continue


#: All that the LaTeX outputs are made of.
SEQUENCES = {
    *(r"\\", r"\;", r"\|", r"\_"),
    *(
        rf"\{name}"
        for name in [
            "begin",
            "end",
            "left",
            "right",
            "frac",
            "partial",
            "sqrt",
            "cdot",
            "times",
            "dot",
            "bar",
            "hline",
        ]
    ),
    *(
        rf"\{name}"
        for name in ["text", "mathit", "mathrm", "operatorname", "vdots", "lfloor", "rfloor"]
    ),
    *(
        rf"\{name}"
        for name in ["lceil", "rceil", "le", "ge", "ne", "infty", "max", "min", "pi", "theta"]
    ),
    *(rf"\{name}" for name in ["sin", "cos", "tan", "ln", "log", "exp", "sinh", "cosh", "tanh"]),
}
SEQUENCES |= {
    rf"\{name}"
    for name in ["begingroup", "endgroup", "renewcommand", "arraystretch", "raggedright",
                 "noindent", "par", "bigskip", "item", "arraybackslash", "newline", "ldots",
                 "textbackslash", "textasciitilde", "textasciicircum", "surd", "textendash",
                 "textemdash", "to", "uparrow", "downarrow"]
} | {rf"\{char}" for char in "#$%&_{},'"}  # fmt: skip
ENVIRONMENTS = {"align*", "description", "longtable", "tabular", "array", "cases"}


def faults_in_latex(text: str) -> list[str]:
    """Return what a strict reader of our LaTeX would stop at."""
    faults = []
    lines = [line for line in text.splitlines() if not line.startswith("% ")]
    opened: list[str] = []
    mathematics = "align" in text
    for found in re.finditer(r"\\[a-zA-Z]+\*?|\\.|.", "\n".join(lines), re.DOTALL):
        token = found[0]
        if token.startswith("\\") and token not in SEQUENCES:
            faults.append(f"unknown {token}")
        elif token in ("\\begin", "\\end"):
            named = re.match(r"\{([a-z]+\*?)\}", found.string[found.end() :])
            name = named[1] if named else "nothing"
            if name not in ENVIRONMENTS:
                faults.append(f"environment {name}")
            if token == "\\begin":
                opened.append(name)
            elif not opened or opened.pop() != name:
                faults.append(f"end of {name}")
        elif token == "{":
            opened.append("{")
        elif token == "}" and (not opened or opened.pop() != "{"):
            faults.append("a brace too many")
        elif token == "$":
            mathematics = not mathematics
        elif token in "%#~":
            faults.append(f"bare {token}")
        elif token in "_^" and not mathematics:
            faults.append(f"{token} outside mathematics")
        elif not clean(token):
            faults.append(f"foreign {token!r}")
    source = "\n".join(lines)
    if "align" not in text:
        source = " ".join(re.findall(r"\$([^$]*)\$", source.replace(r"\$", "")))
    bare = re.sub(r"\\(mathit|mathrm|text|operatorname|begin|end)\{(\\.|[^{}])*\}", " ", source)
    bare = re.sub(r"\{(@\{\})?[lr]+(@\{\})?\}|\\[a-zA-Z]+", " ", bare)
    faults += re.findall(r"[a-zA-Z]{2,}", bare)  # letters that would be set as a product
    faults += re.findall(r"_(?:\{[^{}]*\}|[^{}])_", bare)
    return faults + opened + (["$ is not closed"] if mathematics != ("align" in text) else [])


def test_latex_has_known_commands_alone_and_everything_closed() -> None:
    texts = [
        "$ab$",
        "$x_1_2$",
        r"\input{x}",
        "$x_1",
        "x_1",
        r"\begin{verbatim}\end{verbatim}",
        "a % b",
        "{",
        "}",
    ]
    assert all(faults_in_latex(text) for text in texts)
    for graph in graphs():
        at = dict.fromkeys(graph.variables, 1.5)
        point = [f"--at={name}=1.5" for name in graph.variables]
        for text in (
            export(graph, "latex"),
            export(graph, "latex", mode="forward"),
            graph._repr_latex_().replace("$$", "$"),
            grad(graph, at)._repr_latex_().replace("$$", "$"),
            trace(graph, at)._repr_latex_().replace("$$", "$"),
            here("trace", str(graph), *point, "--format", "latex").out,
        ):
            assert faults_in_latex(text) == [], text


def test_comments_of_latex_hold_one_line_each() -> None:
    for graph in graphs():
        for line in export(graph, "latex").splitlines():
            assert clean(line)
            assert line.startswith("%") or "%" not in line


class Strict(html.parser.HTMLParser):
    """Takes the elements of our pages, closed in order, with no attribute but their own."""

    ELEMENTS = frozenset(
        [
            "p",
            "pre",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "br",
            "details",
            "summary",
        ]
    )
    ATTRIBUTE = re.compile(r"text-align: (left|right)|\d+")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.opened: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in self.ELEMENTS:
            self.faults.append(f"<{tag}>")
        for name, value in attributes:
            if name not in ("style", "colspan") or not self.ATTRIBUTE.fullmatch(value or ""):
                self.faults.append(f"<{tag} {name}={value}>")
        if tag != "br":
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not clean(data) or set("<>&") & set(data):
            self.faults.append(repr(data))

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")

    unknown_decl = handle_decl


DRAWING = re.compile(r"<svg .*?</svg>", re.DOTALL)


def drawing(text: str) -> list[str]:
    """Return what an SVG has that is no shape and no text; it must be strict XML."""
    shapes = {"svg", "title", "desc", "style", "g", "rect", "path", "circle", "text", "tspan"}
    faults = []
    for element in ElementTree.fromstring(text).iter():
        name = element.tag.rpartition("}")[2]
        faults += [name] if name not in shapes else []
        faults += [place for place in element.attrib if place.startswith("on") or "href" in place]
    return faults


#: A frame that may run its own scripts and nothing else, with a page that no text can leave, and a
#: picture as an image, each after the package's own style of both.
THEME = re.escape(_THEME)
FRAME = re.compile(
    rf'{THEME}<iframe class="autodiff-frame" title="[^"<>]*" sandbox="allow-scripts" loading="lazy"'
    r' style="[\w\s:%#;-]*" srcdoc="[^"<>]*"></iframe>'
)
IMAGE = re.compile(
    rf'{THEME}<img class="autodiff-image" alt="[^"<>]*" '
    r'src="data:image/svg\+xml;base64,([\w+/=]*)">'
)


def faults_in_html(text: str) -> list[str]:
    reader = Strict()
    pictures = [base64.b64decode(data).decode() for data in IMAGE.findall(text)]
    drawn = [fault for found in DRAWING.findall(text) + pictures for fault in drawing(found)]
    reader.feed(IMAGE.sub("", FRAME.sub("", DRAWING.sub("", text))))
    reader.close()
    return drawn + reader.faults + reader.opened


def test_pages_have_our_elements_alone_and_everything_closed() -> None:
    texts = ["<script>x</script>", "<p onclick='x'>y</p>", "<p>", "</p>", "<!-- x -->", "x < 1"]
    texts += ["<iframe srcdoc=''></iframe>", '<iframe sandbox="allow-same-origin"></iframe>']
    assert all(faults_in_html(text) for text in texts)
    for graph in islice(graphs(), 0, None, 1 if WHOLE else 2):  # each name and each form
        at = dict.fromkeys(graph.variables, 1.5)
        rows = {name: [1.5, 2.0] for name in graph.variables}
        for shown in (grad(graph, at), grad(graph, rows), trace(graph, at)):
            assert faults_in_html(shown._repr_html_()) == []
        assert faults_in_html(graph._repr_html_()) == []


def names_called(code: str) -> set[str]:
    """Return the names before a bracket in C or JavaScript, without comments and strings."""
    bare = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", " ", code, flags=re.DOTALL)
    return set(re.findall(r"([^\W\d][\w.]*)\s*\(", bare))


#: Names of Python itself that exported code has.
BUILT_IN = {
    *("abs", "bool", "float", "isinstance", "max", "min"),
    *("OverflowError", "ValueError", "ZeroDivisionError"),
}


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "latex"])
def test_exported_code_has_the_names_of_its_language_and_of_the_formula_alone(
    language: str, mode: str
) -> None:
    plain = [parse(form.format("v")) for form in FORMS] + [parse("x*e^x + pi*v - v/x + x^v")]
    known = {name for graph in plain for name in names_called(export(graph, language, mode=mode))}
    for graph in graphs():
        code = export(graph, language, mode=mode)
        assert clean(code)
        if language in ("c", "javascript"):
            assert names_called(code) <= known, code
            continue
        compile(code, "exported.py", "exec", dont_inherit=True)
        tree = ast.walk(ast.parse(code))
        bound, used = set(), set()
        for node in tree:
            if isinstance(node, ast.Name):
                (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, ast.FunctionDef):
                bound.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {(name.asname or name.name).partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ExceptHandler) and node.name:
                bound.add(node.name)
        assert used - bound <= BUILT_IN, code


#: Every command with a hostile text as its formula, and as the value of an option.
COMMANDS = (
    ("jacobian", "{0}", "x", "--x", "1", "--no-sympy"),
    ("hessian", "{0}", "--x", "1", "--no-sympy"),
    ("hvp", "{0}", "--x", "1", "--direction", "1", "--no-sympy"),
    ("vjp", "{0}", "x", "--x", "1", "--seed", "1,1"),
    ("jvp", "{0}", "x", "--x", "1", "--direction", "1"),
    ("count", "{0}", "--no-sympy"),
    ("backward", "{0}", "--x", "1"),
    ("export", "{0}", "--to", "c"),
    ("hvp", "x", "--x", "1", "--direction={0}", "--no-sympy"),
    ("vjp", "x", "--x", "1", "--seed={0}"),
    ("jvp", "x", "--x", "1", "--direction={0}"),
    ("backward", "x", "--x", "1", "--seed={0}"),
    ("export", "x", "--to={0}"),
    ("graph", "x", "--format={0}"),
    ("grad", "x", "--x={0}", "--no-sympy"),
    ("functions", "{0}"),
    ("{0}",),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: "-".join(words[:2]))
def test_every_command_answers_or_refuses_in_plain_text(cli, words: tuple[str, ...]) -> None:
    for payload in PAYLOADS:
        outcome = cli(*[word.replace("{0}", payload) for word in words])
        missing = payload.startswith("@")  # the name of a file that is not there
        assert outcome.status in ((0, 2, 1) if missing else (0, 2))
        assert clean(outcome.out + outcome.err), (payload, outcome)
        assert "program failed" not in outcome.err


@pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")
def test_headers_and_cells_go_through_parquet_unchanged(
    cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow
    import pyarrow.parquet

    monkeypatch.chdir(tmp_path)
    for payload in PAYLOADS:
        columns = {payload: [payload, ""], "x": [1.0, 2.0]}
        pyarrow.parquet.write_table(pyarrow.table(columns), "in.parquet")
        outcome = cli("grad", "x^2", "--data", "in.parquet", "-o", "out.parquet", "--no-sympy")
        assert clean(outcome.out + outcome.err)
        if outcome.status:  # a header that is a variable's name, with cells that are no numbers
            assert outcome.status == 2
            continue
        written = pyarrow.parquet.read_table("out.parquet").to_pydict()
        assert written == {**columns, "f()": [1.0, 4.0], "df/dx": [2.0, 4.0]}
        os.unlink("out.parquet")
