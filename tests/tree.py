"""The parts of the package, from the ground up, and the list of them that the documents show."""

from __future__ import annotations

import ast
from pathlib import Path

import autodiff_cli

ROOT = Path(autodiff_cli.__file__).parent

#: The folders and loose files: a part imports parts before it, never one after. The face, which
#: hands out the public names, stands where what it hands out is known.
ORDER = (
    "errors", "limits", "schemas", "ops", "graph", "language", "engine", "notes", "symbolic",
    "export", "compiled", "lab", "files", "methods", "answers", "teach", "batch", "formats",
    "views", "__init__", "cli", "__main__",
)  # fmt: skip


def tree() -> str:
    """Return the parts, each with the first line that its file or folder says of itself."""
    return "".join(f"{shown:<13} {said}\n" for shown, said in map(_line, ORDER))


def _line(part: str) -> tuple[str, str]:
    folder = (ROOT / part).is_dir()
    path = ROOT / part / "__init__.py" if folder else ROOT / f"{part}.py"
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return f"{part}/" if folder else path.name, said.splitlines()[0].removesuffix(".")
