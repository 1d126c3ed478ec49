"""Exported code runs in its own language and agrees with the engine; names cannot break out."""

from __future__ import annotations

import ctypes
import json
import math
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.errors import AutodiffError
from autodiff_cli.export import LANGUAGES, export
from autodiff_cli.graph.bounded import readable
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON
from tests.expressions import graph as build
from tests.expressions import seeded

Case = tuple[Graph, dict[str, float]]

#: Points at kinks, poles and beyond range, where the numbers are inf, nan or a convention.
EDGES = (
    ("where(x > 0, x*ln(x), 0)", -1.0), ("sqrt(relu(x))", -1.0), ("max(x, 0)*min(x, 1)", 0.0),
    ("silu(x) + sigmoid(x)", -1000.0), ("softplus(x)", 1000.0), ("sign(x)*floor(x) + ceil(x)", 0.0),
    ("where(x == 0, 1, sin(x)/x)", 0.0), ("where(x >= 1, acosh(x), where(x != 0, 1/x, 2))", 0.0),
    ("where(x < 2, x^2 - 1/3, exp(x))", 1000.0), ("-x^2*-x + (-x)^3/-2", 1.5), ("x + 1/0", 1.0),
    ("9^9^9^9*x", 1.0), ("x^(1/2) + 2^(0.5) + pi*e", 2.0), ("x^-2 + 0.1^x", 3.0),
    ("x - (x - (x - 1))", 2.0),
)  # fmt: skip


def rows() -> list[Case]:
    """Every operation of the table on variables, inside its domain."""
    cases = []
    for row in OPERATIONS:
        if row.precedence == COMPARISON:
            continue
        count = 3 if row.variadic else row.arity
        limits = (*row.intervals, *[row.intervals[-1]] * (count - len(row.intervals)))
        points = [low + 0.37 * (high - low) for low, high in limits]
        names = ("x", "y", "z")[: count - (row is WHERE)]
        if row is WHERE:
            graph = read(["where(x < y, x^2, sin(y))"]).graph
        else:
            graph = Builder(names)
            graph = graph.graph([graph.apply(row, tuple(range(count)))])
        cases.append((graph, dict(zip(names, points, strict=False))))
    return cases


def randoms(count: int) -> list[Case]:
    """Random formulas at random points where values and derivatives are ordinary numbers."""
    cases: list[Case] = []
    seed = 0
    while len(cases) < count:
        seed += 1
        graph, choose = build(seeded(seed, 2 + seed % 7)), random.Random(seed)
        at = {name: choose.uniform(0.2, 2.0) for name in graph.variables}
        linearisation = linearise(graph, at)
        numbers = [float(value) for value in linearisation.values]
        numbers += gradient(linearisation).values()
        if graph.variables and all(abs(number) < 1e6 for number in numbers):
            cases.append((graph, at))
    return cases


CASES = rows() + randoms(120)
EDGE_CASES: list[Case] = [(read([text]).graph, {"x": point}) for text, point in EDGES]


def engine(case: Case, mode: str = "reverse") -> list[float]:
    graph, at = case
    linearisation = linearise(graph, at)
    value = linearisation.values[graph.outputs[0]]
    if mode == "forward":
        tangent = forward(linearisation, directions(case))[graph.outputs[0]]
        return [value, 0.0 if tangent is None else tangent]
    return [value, *gradient(linearisation).values()]


def directions(case: Case) -> dict[str, float]:
    return {name: 1.0 + index for index, name in enumerate(case[1])}


def arguments(case: Case, mode: str) -> list[float]:
    return [*case[1].values(), *(directions(case).values() if mode == "forward" else ())]


def agree(found: Sequence[float], wanted: Sequence[float]) -> bool:
    return len(found) == len(wanted) and all(
        a == b or (a != a and b != b) or abs(a - b) <= 1e-12 * max(1.0, abs(b))
        for a, b in zip(found, wanted, strict=True)
    )


def python_answers(code: str, values: list[Any]) -> list[Any]:
    space: dict[str, Any] = {}
    exec(compile(code, "exported", "exec"), space)  # noqa: S102 - the exporter's own text
    function = space.get("value_and_gradient") or space["value_and_tangent"]
    value, slopes = function(*values)
    return [value, *(slopes if isinstance(slopes, tuple) else [slopes])]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("language", ["python", "numpy"])
def test_python_and_numpy_agree_with_the_engine(language: str, mode: str) -> None:
    for case in CASES:
        code = export(case[0], language, mode=mode)
        found = [float(number) for number in python_answers(code, arguments(case, mode))]
        assert agree(found, engine(case, mode)), (str(case[0]), case[1], code)


def test_numpy_takes_arrays_and_gives_one_slope_a_point() -> None:
    graph = read(["where(x > 1, x^2, 3x) + erf(x)"]).graph
    points = np.array([0.5, 1.0, 2.0])
    value, slope = python_answers(export(graph, "numpy"), [points])
    wanted = linearise(graph, {"x": points})
    np.testing.assert_allclose(value, wanted.values[graph.outputs[0]], rtol=1e-13)
    np.testing.assert_allclose(slope, gradient(wanted)["x"], rtol=1e-13)
    _, slope = python_answers(export(read(["3x"]).graph, "numpy"), [points])
    assert slope.tolist() == [3.0, 3.0, 3.0]


@pytest.mark.parametrize(("text", "point"), EDGES)
def test_at_edges_numpy_answers_as_the_engine_and_python_does_or_says_that_it_raises(
    text: str, point: float
) -> None:
    case: Case = (read([text]).graph, {"x": point})
    assert agree(
        [float(n) for n in python_answers(export(case[0], "numpy"), [point])], engine(case)
    )
    code = export(case[0], "python")
    try:
        assert agree(python_answers(code, [point]), engine(case)), code
    except (ZeroDivisionError, OverflowError, ValueError):
        assert "Python raises" in code
        assert "where" not in text


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed")
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_c_compiles_without_a_warning_and_agrees_with_the_engine(mode: str, tmp_path: Path) -> None:
    cases = CASES + (EDGE_CASES if mode == "reverse" else [])
    parts = []
    for number, (graph, _) in enumerate(cases):
        code = export(graph, "c", mode=mode).replace("#include <math.h>\n", "")
        for name in set(re.findall(r"^(?:static )?double (\w+)\(", code, re.MULTILINE)):
            code = re.sub(rf"\b{name}\(", f"f{number}_{name}(", code)
        parts.append(code)
    source, library = tmp_path / "f.c", tmp_path / "f.so"
    source.write_text("#include <math.h>\n" + "\n".join(parts), encoding="utf-8")
    flags = [
        "-std=c99",
        "-O0",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-parameter",
        "-ffp-contract=off",
    ]
    subprocess.run(
        ["gcc", *flags, "-shared", "-fPIC", str(source), "-o", str(library), "-lm"], check=True
    )
    loaded = ctypes.CDLL(str(library))
    name = "value_and_gradient" if mode == "reverse" else "value_and_tangent"
    for number, case in enumerate(cases):
        function = getattr(loaded, f"f{number}_{name}")
        function.restype = ctypes.c_double
        slopes = (ctypes.c_double * (len(case[0].variables) if mode == "reverse" else 1))()
        given = [ctypes.c_double(value) for value in arguments(case, mode)]
        found = [function(*given, slopes), *slopes]
        assert agree(found, engine(case, mode)), (parts[number], case[1], found)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_javascript_agrees_with_the_engine(mode: str, tmp_path: Path) -> None:
    cases = CASES + (EDGE_CASES if mode == "reverse" else [])
    name = "value_and_gradient" if mode == "reverse" else "value_and_tangent"
    calls = []
    for case in cases:
        code = export(case[0], "javascript", mode=mode)
        given = ", ".join(str(value) for value in arguments(case, mode))
        calls.append(f"(() => {{ {code}\nreturn {name}({given}).flat().map(String); }})()")
    script = tmp_path / "f.js"
    text = '"use strict";\nconsole.log(JSON.stringify([' + ",\n".join(calls) + "]));\n"
    script.write_text(text, encoding="utf-8")
    ran = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)
    for case, answer in zip(cases, json.loads(ran.stdout), strict=True):
        found = [float(number.replace("Infinity", "inf")) for number in answer]
        assert agree(found, engine(case, mode)), (export(case[0], "javascript"), case[1], found)


def test_sympy_agrees_with_the_engine() -> None:
    sympy = pytest.importorskip("sympy")
    for case in rows() + randoms(15):
        code = export(case[0], "sympy")
        values = [sympy.Float(value, 30) for value in case[1].values()]
        found = [float(sympy.N(number, 20)) for number in python_answers(code, values)]
        assert agree(found, engine(case)), (code, case[1])


def test_sympy_without_arguments_gives_formulas() -> None:
    sympy = pytest.importorskip("sympy")
    value, slope = python_answers(export(read(["x^3 + 2x^2 + 8x"]).graph, "sympy"), [])
    assert sympy.expand(slope - sympy.diff(value, sympy.Symbol("x", real=True))) == 0


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_latex_is_balanced_and_has_one_line_an_assignment(mode: str) -> None:
    for graph, _ in CASES:
        text = export(graph, "latex", mode=mode)
        assert balanced(text), text
    text = export(read(["θ_1^2*alpha*Α1"]).graph, "latex")
    assert r"\theta_{1}" in text
    assert text.partition("\n")[2].isascii(), text


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="LaTeX is not installed")
def test_latex_compiles(tmp_path: Path) -> None:
    body = "\n".join(export(graph, "latex") for graph, _ in CASES)
    document = (
        rf"\documentclass{{article}}\usepackage{{amsmath}}\begin{{document}}{body}\end{{document}}"
    )
    (tmp_path / "f.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "f.tex"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


def balanced(text: str) -> bool:
    r"""Tell whether braces, \left…\right and \begin…\end close in the order they open."""
    opened: list[str] = []
    text = re.sub(r"^%.*$", "", text, flags=re.MULTILINE)
    for sign in re.findall(r"\\left|\\right|\\begin\{[\w*]+\}|\\end\{[\w*]+\}|(?<!\\)[{}]", text):
        if sign.startswith((r"\begin", r"\left")) or sign == "{":
            opened.append(sign)
            continue
        if not opened:
            return False
        before = opened.pop()
        pair = (
            before.replace("begin", "end").replace("left", "right").replace("{", "}", before == "{")
        )
        if pair != sign:
            return False
    return not opened


POLYNOMIAL = '''\
import math


def value_and_gradient(x):
    """Return the value of f and its gradient, (∂/∂x), by reverse mode.

    f = x^3 + 2*x^2 + sin(x)
    ∂f/∂x = cos(x) + 2*(2*x) + 3*x^2

    Where a number is infinite, undefined or beyond float64 on the way, Python raises
    ZeroDivisionError, ValueError or OverflowError; autodiff computes on with inf or nan.
    """
    w1 = x
    w2 = w1**3
    w3 = w1**2
    w4 = 2*w3
    w5 = math.sin(w1)
    w6 = w2 + w4 + w5

    # adjoints, from the result back
    # ∂w2/∂w1 = 3*w1^2, ∂w3/∂w1 = 2*w1, ∂w5/∂w1 = cos(w1)
    w1_bar = math.cos(w1) + 2*(2*w1) + 3*w3
    return w6, (w1_bar,)
'''


def test_a_polynomial_in_python_reads_as_a_person_would_write_it() -> None:
    assert export(read(["x^3 + 2x^2 + sin(x)"]).graph, "python") == POLYNOMIAL


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "latex"])
def test_reserved_names_are_changed_and_said(language: str) -> None:
    words = {"c": ("double", "unix", "y0", "I"), "javascript": ("var", "eval", "arguments", "Math")}
    for word in words.get(language, ("lambda", "np", "math", "divide")):
        names = (word, f"{word}_")
        code = export(read(["*".join(names)], names).graph, language)
        assert f"{word}__ is the variable '{word}'" in code
        assert re.search(rf"\(.*\b{word}__\b", code), code


def test_python_takes_every_awkward_name_at_once() -> None:
    names = (
        "lambda",
        "def",
        "w1",
        "w2_bar",
        "t1",
        "θ",
        "变",
        "gradient",
        "math",
        "v1",
        "x_dot",
        "x",
    )
    case: Case = (read(["*".join(names)], names).graph, dict.fromkeys(names, 1.5))
    for mode in ("reverse", "forward"):
        found = python_answers(export(case[0], "python", mode=mode), arguments(case, mode))
        assert agree(found, engine(case, mode))


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed")
def test_c_takes_every_awkward_name_at_once(tmp_path: Path) -> None:
    names = (
        "double",
        "w1",
        "u1",
        "theta",
        "θ",
        "变",
        "I",
        "unix",
        "gamma",
        "exp2",
        "gradient",
        "NAN",
        "v1",
    )
    source = tmp_path / "f.c"
    for mode in ("reverse", "forward"):
        source.write_text(export(read(["*".join(names)], names).graph, "c", mode=mode), "utf-8")
        command = [
            "gcc",
            "-std=gnu11",
            "-Wall",
            "-Werror",
            "-c",
            str(source),
            "-o",
            str(tmp_path / "f.o"),
        ]
        subprocess.run(command, check=True)


def test_a_formula_whose_text_is_exponential_exports_in_time_linear_in_the_graph() -> None:
    builder = Builder(("x",))
    node = 0
    for _ in range(200):
        node = builder.apply(OPERATIONS[0], (node, node))
    graph = builder.graph([node])
    assert readable(graph, node) == ""
    code = export(graph, "python")
    assert len(code) < 60_000
    assert python_answers(code, [1.0]) == [2.0**200, 2.0**200]


@pytest.mark.parametrize(
    "text", ["sin(" * 3000 + "x" + ")" * 3000, "+".join(f"x^{k}" for k in range(2, 3000)),
             "sin(" * 3000 + "1" + ")" * 3000 + "*x", "+".join("2" for _ in range(3000)) + "+x"],
)  # fmt: skip
def test_depth_and_length_of_a_formula_are_no_limit(text: str) -> None:
    case: Case = (read([text]).graph, {"x": 0.5})
    assert agree(python_answers(export(case[0], "python"), [0.5]), engine(case))


def test_a_formula_without_variables_exports() -> None:
    for language in LANGUAGES:
        assert export(read(["2pi"]).graph, language)
    assert python_answers(export(read(["2pi"]).graph, "python"), []) == [2 * math.pi]


def test_plain_python_needs_nothing_but_the_standard_library() -> None:
    code = export(read(["gelu(x) + cbrt(x) + max(x, 2)"]).graph, "python")
    assert re.findall(r"^import .*$", code, re.MULTILINE) == ["import math"]
    script = code + "\nprint(value_and_gradient(1.5))"
    subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", script], check=True, capture_output=True
    )


def test_an_unknown_language_or_mode_is_told() -> None:
    graph = read(["x"]).graph
    with pytest.raises(AutodiffError, match="choose one of: python, numpy"):
        export(graph, "cobol")
    with pytest.raises(AutodiffError, match="reverse or forward"):
        export(graph, "c", mode="sideways")
