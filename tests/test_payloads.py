"""Text stays text: whatever is typed, no output has a foreign sign or element in it."""

from __future__ import annotations

import ast
import csv
import html.parser
import io
import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from autodiff_cli import AutodiffError, grad, parse, trace
from autodiff_cli.export import LANGUAGES, export

PAYLOADS = (
    "[/x]", "[bold]x[/bold]", "[link=http://a]x[/link]",
    "\x1b[31mred", "\x1b]8;;http://a\x07x\x1b]8;;\x07", "\x1b]0;title\x07", "\x9b31m", "\x90q\x9c",
    "\u202ex", "\u2066x\u2069", "\u200fx", "x\u200b", "\ufeffx", "x\u2028y",
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", '"><b>',
    '"]', '\\"', "${7*7}", "`x`", "'; alert(1); '", "%s%n", "{0}", "%(x)s",
    "\\input{/etc/passwd}", "$x$", "\\end{align*}", "^^41",
    "=cmd()", "+cmd|' /C calc'!A0", "@SUM(1)", "a,b", "a\nb", 'a"b', "a\rb", "\t=1",
    "__import__('os').system('x')", "lambda: 0", '"""', "#{x}", "$(reboot)", "; rm -rf /",
)  # fmt: skip

#: Names that the language has, and that some format could take for something else.
NAMES = (
    "х", "θ", "ℯ", "𝑥", "ﬁ", "ａ", "İ", "ß", "ا", "中", "lambda", "class", "constructor", "NaN",
    "inf", "null", "True", "script", "end", "alert", "input", "cmd", "import", "int", "x_1",
    "graph", "subgraph", "style", "click", "value", "item", "toString", "print", "os", "sys",
)  # fmt: skip

#: Classes of characters that a terminal may act on, or that hide in a text.
FOREIGN = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def clean(text: str) -> bool:
    """Tell whether a text has nothing in it that a terminal would act on."""
    return not any(unicodedata.category(sign) in FOREIGN for sign in text if sign != "\n")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_expression_is_read_or_refused_and_shown_as_plain_text(cli, payload):
    for text in (payload, f"x + {payload}", f"{payload}*2"):
        for words in (("grad", text, "--no-sympy"), ("graph", text), ("trace", text)):
            outcome = cli(*words, "--x", "1")
            assert outcome.status in ((0, 1, 2) if text[0] == "@" else (0, 2))  # a file
            assert clean(outcome.out + outcome.err), (text, outcome)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_variables_name_or_value_is_refused_in_plain_text(cli, payload):
    for setting in (f"{payload}=3", f"x={payload}"):
        outcome = cli("grad", "x^2", "--at", setting, "--no-sympy")
        assert outcome.status in (0, 2)
        assert clean(outcome.out + outcome.err)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_option_is_refused_in_plain_text(cli, payload):
    for words in (("--wrt", payload), ("--const", payload), ("--claim", payload), (payload,)):
        outcome = cli("compare", "x^2", "--x", "1", "--no-sympy", *words)
        assert outcome.status in (0, 2)
        assert clean(outcome.out + outcome.err)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_files_name_is_shown_as_plain_text(cli, payload, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = payload.replace("/", "_").replace("\0", "") + ".csv"
    outcome = cli("grad", "x^2", "--x", "1,2", "--no-sympy", f"--output={name}")
    assert outcome.status == 0, outcome.err
    assert clean(outcome.out + outcome.err)
    assert Path(name).read_text(encoding="utf-8").startswith("x,f(),df/dx\n")
    for words in (("grad", "x^2", f"--data={name}.missing"), ("run", f"{name}.missing")):
        outcome = cli(*words)
        assert outcome.status == 1
        assert clean(outcome.out + outcome.err)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_header_and_a_cell_go_through_a_file_unchanged_but_for_a_quote(
    cli, payload, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with open("in.csv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[payload, "x"], [payload, "1"], ["", "2"]])
    outcome = cli("grad", "x^2", "--data", "in.csv", "-o", "out.csv", "--no-sympy")
    assert clean(outcome.out + outcome.err)
    if outcome.status == 2:  # a header that names a variable with a cell that is no number
        assert "row" in outcome.err or "two columns" in outcome.err
        return
    with open("out.csv", encoding="utf-8", newline="") as stream:
        header, first, second = csv.reader(stream, strict=True)
    assert header[1:] == ["x", "f()", "df/dx"]
    assert first[1:] == ["1", "1.0", "2.0"]
    assert second == ["", "2", "4.0", "4.0"]
    for cell in (header[0], first[0]):
        assert cell.removeprefix("'") == payload.removeprefix("'")
        # What a spreadsheet would take for a formula begins with a quote, so that it is text.
        assert cell[0] not in "=+-@\t\r"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_cell_that_is_no_number_is_told_in_plain_text(cli, payload, tmp_path):
    path = tmp_path / "in.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["x"], [payload]])
    outcome = cli("grad", "x^2", "--data", str(path), "--no-sympy")
    assert outcome.status == 2
    assert clean(outcome.out + outcome.err)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_json_has_the_text_as_it_was_typed(cli, payload):
    text = f"x {payload}" if payload != "x" else payload
    for words in (
        ("grad", text, "--no-sympy"),
        ("trace", text),
        ("graph", text, "--format", "json"),
    ):
        found = cli(*words, "--x", "1", *(() if words[0] == "graph" else ("--json",)))
        if found.status == 0:
            assert found.out.isascii()
            assert json.loads(found.out)["expression"] == text


class Elements(html.parser.HTMLParser):
    """Collects the elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.found.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_element_that_it_has_not_for_x(name):
    def elements(variable: str) -> Elements:
        reader = Elements()
        graph = parse(f"{variable}^2 + sin({variable})", variables=(variable,))
        at = dict.fromkeys(graph.variables, 1.0)
        for shown in (graph, grad(graph, at), trace(graph, at)):
            reader.feed(shown._repr_html_())
        reader.close()
        return reader

    try:
        mine = elements(name)
    except AutodiffError:
        return
    plain = elements("x")
    assert mine.found <= plain.found
    # Letters of unknown breadth are held to an estimate.
    assert mine.attributes - {"textlength", "lengthadjust"} <= plain.attributes


@pytest.mark.parametrize("name", NAMES)
def test_every_graph_format_reads_back_with_an_awkward_name(cli, name):
    words = ("graph", f"{name}*2 + sin({name})", "--at", f"{name}=1", "--format")
    outcome = cli(*words, "dot")
    if outcome.status == 2:
        return
    _, _, settings, *lines, _ = outcome.out.splitlines()
    assert settings == "  node [shape=box, style=rounded];"
    for line in lines:
        assert re.fullmatch(r'  \w+ (\[label="(?:[^"\\]|\\.)*"\]|-> \w+);', line), line
    lines = cli(*words, "mermaid").out.splitlines()
    for line in lines[1:]:
        assert re.fullmatch(r'  \w+(\["[^"]*"\]| --> \w+)', line), line
    assert json.loads(cli(*words, "json").out)["schema"] == "autodiff.graph/1"


@pytest.mark.parametrize(
    "language", [name for name in LANGUAGES if name not in ("c", "javascript")]
)
def test_exported_python_has_no_call_but_its_own(language):
    graph = parse("+".join(NAMES).replace("ﬁ", "fi"), variables=NAMES)
    code = export(graph, language)
    if language == "latex":
        assert "\\input" not in code
        assert code.count("\\begin") == code.count("\\end") == 1
        return
    tree = ast.parse(code)
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    plain = ast.parse(export(parse("+".join(f"v{k}" for k in range(len(NAMES)))), language))
    assert calls <= {
        ast.unparse(node.func) for node in ast.walk(plain) if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize(
    ("language", "tool", "arguments"),
    [("c", "gcc", ("-fsyntax-only", "-x", "c", "-")), ("javascript", "node", ("--check", "-"))],
)
def test_exported_code_is_taken_by_its_compiler_with_awkward_names(language, tool, arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    code = export(parse("*".join(NAMES).replace("ﬁ", "fi"), variables=NAMES), language)
    done = subprocess.run([tool, *arguments], input=code.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_csv_and_markdown_of_a_trace_have_as_many_cells_with_an_awkward_name(cli):
    for name in NAMES:
        words = ("trace", f"{name}*2", "--at", f"{name}=1", "--format")
        outcome = cli(*words, "csv")
        if outcome.status == 2:
            continue
        rows = list(csv.reader(io.StringIO(outcome.out), strict=True))
        assert len({len(row) for row in rows}) == 1
        lines = cli(*words, "markdown").out.splitlines()
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines if line[:1] == "|"}) == 1
