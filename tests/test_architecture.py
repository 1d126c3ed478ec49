"""Imports point one way, in no circle; what runs code is listed; start-up loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.golden.documents import DEVELOPERS, MANUAL, README
from tests.tree import ORDER, ROOT
from tests.tree import tree as parts

PACKAGE = ROOT.name
SOURCES = sorted(ROOT.rglob("*.py"))

LEVEL = {name: level for level, name in enumerate(ORDER)}

#: Parts that may import less of the package than all before them.
WALLS = {"formats": {"errors", "graph"}}

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
    "import_module": {"__init__.py", "dispatch.py", "output.py"},  # imports nobody else sees
}


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    """Return the module of a file: its path with dots."""
    names = (PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


MODULES = {name_of(path): path for path in SOURCES}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, tree_of(path)


def imported(path: Path) -> Iterator[str]:
    """Yield what a file imports: inside functions and for the type checker alone, too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in MODULES else module
        elif isinstance(node, ast.Import):
            yield from [alias.name for alias in node.names]


@cache
def own(path: Path) -> tuple[Path, ...]:
    """Return the other files of the package that a file imports."""
    found = [MODULES[name] for name in imported(path) if name in MODULES]
    return tuple(sorted({file for file in found if file != path}))


@cache
def below(path: Path) -> frozenset[Path]:
    """Return all files of the package that a file needs, by any number of imports."""
    found: set[Path] = set()
    todo = [path]
    while todo:
        for file in own(todo.pop()):
            if file not in found:
                found.add(file)
                todo.append(file)
    return frozenset(found)


EVERY_FILE = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))


def test_every_part_has_a_place_in_the_order() -> None:
    assert {part(path) for path in SOURCES} - LEVEL.keys() == set()
    assert len(ORDER) == len(LEVEL)


@pytest.mark.parametrize(
    "page", [README, DEVELOPERS, *(path for path in MANUAL if path.stem == "architecture")]
)
def test_the_documents_list_the_parts_as_they_are(page: Path) -> None:
    assert f"```\n{parts()}```" in page.read_text(encoding="utf-8")
    assert max(map(len, parts().splitlines())) <= 100


@EVERY_FILE
def test_imports_point_one_way(path: Path) -> None:
    here = part(path)
    for file in own(path):
        there = part(file)
        if there != here:
            assert LEVEL[there] < LEVEL[here], f"{here} imports {there}"


@EVERY_FILE
def test_no_file_stands_in_a_circle_of_imports(path: Path) -> None:
    circle = {str(file.relative_to(ROOT)) for file in below(path) if path in below(file)}
    assert circle == set()


@EVERY_FILE
def test_walls_hold(path: Path) -> None:
    here = part(path)
    if here in WALLS:
        assert {part(file) for file in own(path)} <= WALLS[here] | {here}
    if here != "symbolic":
        assert "sympy" not in {name.partition(".")[0] for name in imported(path)}


def test_no_command_imports_a_command() -> None:
    commands = ROOT / "cli" / "commands"
    for path in commands.glob("*.py"):
        assert not [file for file in own(path) if file.parent == commands]


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
    assert list(called(tree_of(ROOT / "engine/rules.py"))).count("eval") == 1


def test_heavy_libraries_are_imported_inside_functions() -> None:
    homes = {"numpy": {"engine/arrays.py", "engine/many.py", "ops/shapes.py"}}
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
        graph = read([text]).graph
        point = linearise(graph, dict(zip(graph.variables, (.5, .6, .7))))
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
