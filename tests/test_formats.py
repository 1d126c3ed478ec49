"""Each format read back by a reader of its own, and files that appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from autodiff_cli import trace
from autodiff_cli.formats.markdown import Markdown
from tests.console import here
from tests.work import grows

#: Names with underscores, subscripts and other scripts, a where, a bar, a constant power.
ODD = "x_1*x₂ + |α| + where(x_1>0, 2^long_name_, 3)"
POINT = ("--x_1", "1", "--x2", "-3", "--α", "4", "--long_name_", "0.5")
ARROWS = {
    ("w1", "w5"), ("w2", "w5"), ("w3", "w6"), ("w4", "w7"), ("w1", "w8"), ("w7", "w8"),
    ("w5", "w9"), ("w6", "w9"), ("w8", "w9"),
}  # fmt: skip


def run(*words: str, **settings: Any) -> str:
    outcome = here(*words, **settings)
    assert (outcome.status, outcome.err) == (0, "")
    return outcome.out


def test_json_of_a_trace_is_its_contract() -> None:
    found = json.loads(run("trace", ODD, *POINT, "--format", "json"))
    assert list(found)[:6] == ["schema", "expression", "at", "value", "gradient", "nodes"]
    assert (found["schema"], found["expression"]) == ("autodiff.trace/1", ODD)
    assert found == json.loads(run("trace", ODD, *POINT, "--json"))
    for node in found["nodes"]:
        assert list(node) == ["id", "operation", "args", "value", "partials", "tangent", "adjoint"]
        assert list(node["partials"]) == node["args"]
    assert {(a, node["id"]) for node in found["nodes"] for a in node["args"]} == ARROWS
    assert found["nodes"][4]["partials"] == {"w1": -3.0, "w2": 1.0}
    assert found["nodes"][4]["tangent"] == {"x_1": -3.0, "x2": 1.0, "α": 0.0, "long_name_": 0.0}


def test_a_repeated_operand_is_one_argument_whose_partials_are_added() -> None:
    (_, square) = json.loads(run("trace", "x*x", "--x", "3", "--json"))["nodes"]
    assert (square["args"], square["partials"]) == (["w1"], {"w1": 6.0})


def test_csv_read_by_the_library() -> None:
    rows = list(csv.DictReader(io.StringIO(run("trace", ODD, *POINT, "--format", "csv"))))
    assert [row["w_i"] for row in rows] == [f"w{k}" for k in range(1, 10)]
    nodes = json.loads(run("trace", ODD, *POINT, "--json"))["nodes"]
    for row, node in zip(rows, nodes, strict=True):
        assert row["operation"] == node["operation"]
        assert float(row["value"]) == node["value"]
        assert float(row["adjoint"]) == node["adjoint"]
        for name, tangent in node["tangent"].items():
            assert float(row[f"tangent ({name})"]) == tangent


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_markdown_has_as_many_cells_in_each_row() -> None:
    lines = run("trace", ODD, *POINT, "--format", "markdown").splitlines()
    table = [cells(line) for line in lines if line.startswith("|")]
    assert {len(row) for row in table} == {4 + 4 + 1}
    assert all(re.fullmatch(r"---:?", cell) for cell in table[1])
    assert [row[0] for row in table[2:]] == [f"w{k}" for k in range(1, 10)]
    assert table[3 + 3][1] == "w1·w2"
    below = run("trace", "x*y - x", "--x", "2", "--y", "-3", "--format", "markdown").splitlines()
    assert below[-4:-2] == ["", "w̄1 = w̄3·(-3) + w̄4·(-1) = (-3) + (-1) = -4"]


def balanced(text: str) -> bool:
    """Braces, environments and \\left…\\right open and close in order; `$` come in pairs."""
    open_: list[str] = []
    for mark in re.findall(r"\\begin\{\w+\}|\\end\{\w+\}|\\left|\\right|\\.|[{}$]", text):
        if mark.startswith(r"\begin"):
            open_.append(mark[6:])
        elif mark.startswith(r"\end"):
            if not open_ or open_.pop() != mark[4:]:
                return False
        elif mark == "{" or mark == r"\left":
            open_.append(mark)
        elif mark == "$":
            open_.pop() if open_[-1:] == ["$"] else open_.append("$")
        elif mark in ("}", r"\right") and (
            not open_ or open_.pop() != {"}": "{", r"\right": r"\left"}[mark]
        ):
            return False
    return not open_


@pytest.mark.parametrize(
    "words",
    [(ODD, *POINT), ("sqrt(x)/(x+1)^-2*log(x,3)", "--x", "1e-30"), ("1/x", "--x", "0"),
     ("x^3 + |x|", "--x", "-2", "--symbolic"), ("2+3",)],
)  # fmt: skip
def test_latex_is_balanced_and_has_one_cell_a_column(words: tuple[str, ...]) -> None:
    text = run("trace", *words, "--format", "latex")
    assert balanced(text)
    inner = r"\\begin\{(array|cases)\}((?!\\begin).)*?\\end\{\1\}"
    stacked = re.sub(inner, "", re.sub(inner, "", text))
    tables = re.findall(
        r"\\begin\{tabular\}\{([^\n]*)\}\n(.*?)\\end\{tabular\}", stacked, re.DOTALL
    )
    assert tables
    for columns, body in tables:
        wide = len(re.sub(r">\{.*?\}p\{.*?\}", "l", columns))
        rows = [line for line in body.splitlines() if line.startswith("$")]
        assert {line.count("&") + 1 for line in rows} == {wide}
    outside = re.sub(r"\$[^$]*\$", "", text.replace(r"\hline", ""))
    assert "_" not in outside  # a subscript stands in mathematics only
    assert "^" not in outside
    assert "e-" not in text


def test_latex_has_the_symbolic_columns_when_asked() -> None:
    text = run("trace", "x^2*y", "--x", "3", "--y", "2", "--symbolic", "--format", "latex")
    assert "SymPy: d/dx" in text
    assert r"$2 x y$ & $x^{2}$ & $12$ & $9$ \\" in text


DOT_NODE = re.compile(r'  (\w+) \[label="((?:[^"\\]|\\.)*)"\];')
DOT_EDGE = re.compile(r"  (\w+) -> (\w+);")


@pytest.mark.parametrize("point", [POINT, ()], ids=["values", "alone"])
def test_dot_read_by_a_grammar(point: tuple[str, ...]) -> None:
    head, *lines, end = run("graph", ODD, *point, "--format", "dot").splitlines()
    assert (head, end) == ("digraph autodiff {", "}")
    nodes = dict(m.groups() for line in lines if (m := DOT_NODE.fullmatch(line)))
    edges = [m.groups() for line in lines if (m := DOT_EDGE.fullmatch(line))]
    assert len(nodes) + len(edges) + 2 == len(lines)
    assert set(edges) == ARROWS
    assert len(edges) == len(ARROWS)
    assert nodes["w5"] == ("w5 = w1·w2" + (r"\n-3" if point else ""))
    assert {end for edge in edges for end in edge} == set(nodes)


MERMAID_NODE = re.compile(r'  (\w+)\["([^"]*)"\]')
MERMAID_EDGE = re.compile(r"  (\w+) --> (\w+)")


def test_mermaid_read_by_a_grammar() -> None:
    head, *lines = run("graph", ODD, *POINT, "--format", "mermaid").splitlines()
    assert head == "flowchart BT"
    nodes = dict(m.groups() for line in lines if (m := MERMAID_NODE.fullmatch(line)))
    edges = [m.groups() for line in lines if (m := MERMAID_EDGE.fullmatch(line))]
    assert len(nodes) + len(edges) == len(lines)
    assert set(edges) == ARROWS
    for label in nodes.values():
        plain = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label)
        assert not re.search(r"[\"<>&;\[\]{}()|\\`#]", re.sub(r"#\d+;|<br/>", "", label))
        assert plain.split("<br/>")[0].startswith("w")
    assert nodes["w8"] == "w8 = where#40;w1 #62; 0, w7, 3#41;<br/>1.4142135623730951"


def test_json_of_a_graph() -> None:
    found = json.loads(run("graph", ODD, "--json"))
    assert (found["schema"], found["outputs"]) == ("autodiff.graph/1", ["w9"])
    assert {(a, node["id"]) for node in found["nodes"] for a in node["args"]} == ARROWS
    assert {node["value"] for node in found["nodes"]} == {None}


def test_a_formula_without_variables_in_every_format() -> None:
    assert run("graph", "2+3") == "2 + 3 = 5\n"
    assert json.loads(run("graph", "2+3", "--json"))["outputs"] == ["2 + 3"]
    assert r'[label="2 + 3\n5"]' in run("graph", "2+3", "--format", "dot")
    assert '["2 + 3<br/>5"]' in run("graph", "2+3", "--format", "mermaid")
    assert json.loads(run("trace", "2+3", "--json"))["nodes"] == []


def test_a_shared_node_is_shown_once_and_referred_back_to() -> None:
    assert run("graph", "x*x + x", "--x", "3").splitlines() == [
        "w3 = w2 + w1 = 12",
        "├── w2 = w1·w1 = 9",
        "│   └── w1 = x = 3",
        "└── w1 ↑",
        "↑ shown above: the node is shared",
    ]


def test_a_cut_tree_says_what_it_leaves_out() -> None:
    assert run("graph", "x*x + x", "--rows", "2").splitlines()[-1] == (
        "1 more node is not shown; --rows 0 shows all"
    )
    assert run("graph", "x*x + x", "--rows", "3").splitlines()[-1] == (
        "more references to shared nodes are not shown; --rows 0 shows all"
    )


def test_a_deep_chain_stays_inside_a_narrow_width() -> None:
    depth = 5000
    text = "sin(" * depth + "x" + ")" * depth
    lines = run("graph", text, "--rows", "0", columns=40).splitlines()
    assert max(map(len, lines)) <= 40
    shown = [m[1] for line in lines if (m := re.search(r"(w\d+) =", line))]
    assert sorted(shown, key=lambda label: int(label[1:])) == [f"w{k}" for k in range(1, 5002)]
    roots = {m[1]: k for k, line in enumerate(lines) if (m := re.match(r"(w\d+) =", line))}
    cuts = {m[1]: k for k, line in enumerate(lines) if (m := re.search(r"(w\d+) ↓", line))}
    assert len(cuts) > 1000
    assert all(roots[label] > place for label, place in cuts.items())  # shown from the margin
    assert any(line.startswith("↓ shown below") for line in lines[-2:])


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [("graph", "-", "--rows", "0"), ("graph", "-", "--json"), ("graph", "-", "--format", "dot"),
     ("graph", "-", "--format", "mermaid"), ("trace", "-", "--x", "1", "--format", "csv")],
)  # fmt: skip
def test_a_hundred_thousand_nodes_are_looked_at_once(words: tuple[str, ...]) -> None:
    def show(count: int) -> None:
        assert len(here(*words, stdin="sin(" * count + "x" + ")" * count).out) > 10 * count

    show(20_000 if words[0] == "trace" else 100_000)
    assert grows(show, 100) < 4.5


def test_the_trace_of_a_wide_sum_looks_at_each_term_once() -> None:
    def follow(terms: int) -> None:
        found = trace(" + ".join(f"x^{k}" for k in range(2, terms)), {"x": 0.5})
        assert {edge.formula() for edge in found.steps[-1].edges} == {"1"}

    follow(3000)
    assert grows(follow, 50) < 4.5


def test_a_file_is_replaced_whole_with_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "graph.dot"
    target.write_text("old")
    target.chmod(0o640)
    assert run("graph", "x*y", "--format", "dot", "-o", str(target)) == ""
    assert target.read_text(encoding="utf-8") == run("graph", "x*y", "--format", "dot")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["graph.dot"]


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        run("trace", "x", "--x", "1", "-o", str(tmp_path / "new.txt"))
    finally:
        os.umask(mask)
    assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o640


def test_the_old_file_stays_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "graph.dot"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    outcome = here("graph", "x*y", "-o", str(target))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == "error: No space left on device\n"
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.dot"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    run("graph", "x", "-o", str(tmp_path / "link.txt"))
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "w1 = x\n"


def test_a_device_is_written_in_place() -> None:
    run("graph", "x", "-o", os.devnull)
    assert Path(os.devnull).is_char_device()


def test_where_nothing_can_be_written_the_status_is_1(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "file.txt"
    outcome = here("graph", "x", "-o", str(missing))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.endswith("No such file or directory\n")
    assert here("graph", "x", "-o", str(tmp_path)).status == 1
    if os.geteuid() != 0:  # the superuser may write anywhere
        tmp_path.chmod(0o500)
        assert here("graph", "x", "-o", str(tmp_path / "file")).status == 1
        tmp_path.chmod(0o700)


def test_a_file_has_unicode_whatever_the_terminal(tmp_path: Path) -> None:
    target = tmp_path / "trace.txt"
    assert here("trace", "x^2", "--x", "3", "-o", str(target), encoding="ascii").status == 0
    assert "∂w2/∂w1 = 2·w1 = 2·3 = 6" in target.read_text(encoding="utf-8")


def test_a_line_of_markdown_that_begins_like_a_list_is_none() -> None:
    stream = io.StringIO()
    out = Markdown(stream)
    for line in ("1. sum rule", "12) b", "- c", "# d", "1.5 e", "-3 f"):
        out.line(line)
    assert stream.getvalue().split("\n\n") == [
        "1\\. sum rule", "12\\) b", "\\- c", "\\# d", "1.5 e", "-3 f\n"
    ]  # fmt: skip
