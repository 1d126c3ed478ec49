"""Python that uses the package: what type checkers say of it, and whether the manual's is true."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tokenize
from io import StringIO
from typing import Any

import numpy
import pytest

from tests.console import ROOT
from tests.golden.documents import DOCUMENTS
from tests.work import HANG

#: Document → its Python, all of it in the order in which a reader types it.
PROGRAMS = {
    f"page_{path.stem}".replace("-", "_"): "\n".join(found)
    for path in DOCUMENTS
    if (found := re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL))
}

ARRAY = "ndarray[Any, dtype[float64]]"

#: Expression → its type: floats at a point, arrays at many.
TYPES = {
    "one.value": "float",
    'one.gradient["x"]': "float",
    'one.symbolic.derivatives["x"].text': "str",
    'grad("x", {"x": [1, 2]}).value': ARRAY,
    'grad("x y", {"x": numpy.arange(5), "y": 2}).gradient["x"]': ARRAY,
    'hessian("x^2", {"x": 1}).matrix["x"]["x"]': "float",
    'hessian("x^2", {"x": [1, 2]}).gradient': f"dict[str, {ARRAY}]",
    'hessian("x^2", {"x": 1}, sparse=True).sweeps': "int",
    'jacobian(["x"], {"x": 1}).rows': "tuple[dict[str, float], ...]",
    'jacobian(["x"], {"x": numpy.ones(2)}).values[0]': ARRAY,
    'jacobian(["x"], {"x": 1}, sparse=True).colours': "tuple[int, ...]",
    'hvp("x^2", {"x": 1}, [1])': "tuple[dict[str, float], dict[str, float]]",
    'hvp("x^2", {"x": [1, 2]}, {"x": 1})[1]["x"]': ARRAY,
    'jvp("x", {"x": 1}, {"x": 1})': "tuple[tuple[float, ...], tuple[float, ...]]",
    'jvp("x", {"x": [1, 2]}, [1])[1][0]': ARRAY,
    'vjp("x", {"x": 1}, [1])': "tuple[tuple[float, ...], dict[str, float]]",
    'vjp("x", {"x": [1, 2]}, [1])[1]["x"]': ARRAY,
    'compile("x")(1.0)': "tuple[float, tuple[float, ...]]",
    'compile("x")(numpy.ones(2))[1][0]': ARRAY,
    'compile("x").variables': "tuple[str, ...]",
    'trace("x", {"x": 1}).steps[0].value': "float",
    'taylor("x", {"x": 1}, 2).bounds': "tuple[float, ...]",
    'taylor("x", {"x": 1}, 2)(0.5)': "float",
    'exercises("chain")[0].prompt': "str",
    'check("f = x").at': "Mapping[str, float]",
    'diagnose("x", "1").slips[0].sentence': "str",
    "one.graph.variables": "tuple[str, ...]",
}

SCRIPT = "\n".join([
    "import numpy", "from autodiff_cli import *", "from autodiff_cli import compile",
    'one = grad(parse("x^2"), {"x": 4})', *(f"reveal_type({text})" for text in TYPES),
])  # fmt: skip


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the files of all the manual's Python, and of what has the types above."""
    folder = tmp_path_factory.mktemp("programs")
    for name, text in {**PROGRAMS, "types_of": SCRIPT}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return [str(path) for path in sorted(folder.iterdir())]


def said(words: list[str]) -> list[str]:
    """Return the lines that a type checker prints."""
    done = subprocess.run(words, capture_output=True, cwd=ROOT, timeout=HANG, check=False)
    return done.stdout.decode().splitlines()


def revealed(lines: list[str]) -> list[str]:
    """Return the types that a checker reveals, as both write them."""
    types = [match[1] for line in lines if (match := re.search(r'(?:type|") is "(.*)"', line))]
    short = [re.sub(r"\b(?:\w+\.)+(?=\w)", "", text) for text in types]
    return [text.replace("floating[_64Bit]", "float64") for text in short]  # so NumPy 2.0 says


@pytest.mark.slow
def test_mypy_passes_the_manuals_python_and_finds_every_type(programs, tmp_path) -> None:
    pytest.importorskip("mypy")
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir"]
    lines = said([*words, str(tmp_path), *programs])
    assert dict(zip(TYPES, revealed(lines), strict=True)) == TYPES
    assert [line for line in lines if ": error: " in line] == []


@pytest.mark.slow
def test_pyright_passes_the_manuals_python_and_finds_every_type(programs) -> None:
    if not shutil.which("pyright"):
        pytest.skip("pyright is not installed")
    lines = said(["pyright", "--pythonpath", sys.executable, *programs])
    assert dict(zip(TYPES, revealed(lines), strict=True)) == TYPES
    assert [line for line in lines if " - error: " in line] == []


def claims(source: str) -> list[tuple[int, str]]:
    """Return the comments at the ends of lines, each with the line."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return [
        (token.start[0], token.string[1:].strip())
        for token in tokens
        if token.type == tokenize.COMMENT
    ]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_manuals_python_runs_and_its_comments_are_true(name, tmp_path, monkeypatch) -> None:
    program = tmp_path / "autodiff"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m autodiff_cli "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.chdir(ROOT)
    source, told, names = PROGRAMS[name], dict(claims(PROGRAMS[name])), {}
    held = 0
    for statement in ast.parse(source).body:
        found: Any = None
        code = compile(ast.Module([statement], []), name, "exec")
        if isinstance(statement, ast.Expr):
            found = eval(compile(ast.Expression(statement.value), name, "eval"), names)  # noqa: S307
        else:
            exec(code, names)  # noqa: S102
        held += holds(told.get(statement.end_lineno or 0, ""), found, names)
    assert held or name != "page_python"


def holds(comment: str, found: object, names: dict[str, Any]) -> bool:
    """Hold what a comment says: `VALUE`, or `name: VALUE`; return whether it says any."""
    subject, colon, text = comment.partition(": ")
    if colon and subject in names:
        found, comment = names[subject], text
    try:
        wanted = ast.literal_eval(comment.partition(";")[0].strip())
    except (SyntaxError, ValueError):
        return False
    assert agrees(found, wanted), comment
    return True


def agrees(found: Any, wanted: object) -> bool:
    """Tell whether a value is what a comment says; a text may be shortened by "…" there."""
    if isinstance(wanted, tuple):
        return len(found) == len(wanted) and all(map(agrees, found, wanted))
    if isinstance(wanted, str) and wanted.endswith("…"):
        return str(found).startswith(wanted[:-1])
    return bool(found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted))


def test_arrays_that_are_given_broadcast_as_their_types_say() -> None:
    from autodiff_cli import grad

    assert grad("x y", {"x": numpy.arange(5), "y": 2}).value.shape == (5,)
