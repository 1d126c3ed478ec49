"""Imports point one way, what runs code is listed, and start-up loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import autodiff_cli

ROOT = Path(autodiff_cli.__file__).parent
PACKAGE = ROOT.name
SOURCES = sorted(ROOT.rglob("*.py"))

#: From the bottom up: a part imports parts before it, never one after it.
ORDER = (
    "errors", "limits", "ops", "graph", "language", "engine", "notes", "symbolic", "compiled",
    "export", "lab", "files", "methods", "answers", "batch", "formats", "views", "cli",
    "__main__",
)  # fmt: skip
LEVEL = {name: level for level, name in enumerate(ORDER)}

#: Calls that run or read code from text, and the only files that may make them.
DANGEROUS = {
    "eval": {"rules.py"},  # the operation table's own rules
    "exec": {"straight.py"},  # templates of its own, with numbered names
    "compile": set(),
    "sympify": set(),
    "parse_expr": set(),
    "lambdify": {"symbolic"},
    "setrecursionlimit": {"worker.py"},  # for SymPy, in its own process and on its own stack
    "__import__": set(),
}


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The parts of the package that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = (node.module or "").split(".")
            if names[0] == PACKAGE:
                yield from [names[1]] if len(names) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                names = alias.name.split(".")
                if names[0] == PACKAGE and len(names) > 1:
                    yield names[1]


def test_every_part_has_a_place_in_the_order() -> None:
    parts = {part(path) for path in SOURCES if path != ROOT / "__init__.py"}
    assert parts - LEVEL.keys() == set()


#: Arrows that still point up; each is to be struck.
EXCEPTIONS = {
    ("answers", "cli"), ("answers", "views"), ("batch", "cli"), ("engine", "answers"),
    ("graph", "views"), ("methods", "answers"),
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    if path == ROOT / "__init__.py":
        return  # the public interface gathers names from everywhere
    here = part(path)
    for there in imported(ast.parse(path.read_text(encoding="utf-8"))):
        if there in LEVEL and there != here and (here, there) not in EXCEPTIONS:
            assert LEVEL[there] < LEVEL[here], f"{here} imports {there}"


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                module = node.func.value
                if not (isinstance(module, ast.Name) and module.id == "re"):
                    yield node.func.attr


def test_what_runs_text_is_called_only_where_it_is_listed() -> None:
    for path, tree in trees():
        for name in called(tree):
            places = DANGEROUS.get(name)
            allowed = places is None or places & set(path.relative_to(ROOT).parts)
            assert allowed, f"{path.relative_to(ROOT)} calls {name}"


def test_rules_evaluate_text_in_one_place() -> None:
    tree = ast.parse((ROOT / "engine/rules.py").read_text(encoding="utf-8"))
    assert list(called(tree)).count("eval") == 1


def test_heavy_libraries_are_imported_inside_functions() -> None:
    homes = {"numpy": {"engine/arrays.py", "ops/shapes.py"}}
    for path, tree in trees():
        if part(path) == "lab":
            continue  # arrays are what it is about, and only `backward` loads it
        if part(path) == "symbolic":
            continue  # its light modules are held by a test of their own process
        for node in tree.body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for heavy in {"numpy", "sympy", "mpmath", "rich", "torch", "pyarrow"}:
                if str(path.relative_to(ROOT)) not in homes.get(heavy, set()):
                    assert all(name.split(".")[0] != heavy for name in names), path


SCALARS = """
from autodiff_cli.engine.forward import gradient as forward
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient as reverse
from autodiff_cli.language.parser import read
from autodiff_cli.ops import OPERATIONS
for row in OPERATIONS:
    if not row.symbol and row.name != "where":
        text = f"{row.name}({', '.join('xyz'[:row.arity])})"
        point = linearise(read([text]).graph, dict(x=.5, y=.6))
        reverse(point), forward(point)
forward(linearise(read(["sqrt(relu(x)) + floor(x)"]).graph, dict(x=-1.0)))
"""


@pytest.mark.parametrize("program", ["import autodiff_cli", SCALARS], ids=["package", "scalars"])
def test_scalars_load_neither_numpy_nor_sympy(program: str) -> None:
    check = "import sys; print(sorted({'numpy', 'sympy', 'rich', 'difflib'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\n{check}"],
        capture_output=True, text=True, check=True, cwd=ROOT.parent,
    )  # fmt: skip
    assert run.stdout.strip() == "[]"
