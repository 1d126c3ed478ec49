"""Runs a Jupyter notebook's code cells in this process and collects what Jupyter would store.

`python -m tests.cells samples/notebook.ipynb` runs a notebook and writes the outputs into it.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import importlib
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import Any


def run(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the notebook as it is stored, and with the outputs of a run in its own folder."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    fresh = json.loads(json.dumps(stored))
    names: dict[str, Any] = {"__name__": "__main__"}
    count = 0
    with contextlib.chdir(path.parent):
        for cell in fresh["cells"]:
            if cell["cell_type"] == "code":
                count += 1
                cell["execution_count"] = count
                cell["outputs"] = outputs("".join(cell["source"]), names, count)
    return stored, fresh


def picture(html: str) -> str:
    """Return the first SVG that stands as an image in a piece of HTML."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', html)
    assert found is not None, html[:200]
    return base64.b64decode(found[1]).decode()


class Shell:
    """As much of IPython as a notebook's magics need."""

    def __init__(self) -> None:
        self.magics: dict[tuple[str, str], Any] = {}

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:
        """Know a magic."""
        self.magics[kind, name] = function

    def load(self, name: str) -> None:
        """Load an extension, as `%load_ext` does."""
        importlib.import_module(name).load_ipython_extension(self)


def plain(source: str) -> str:
    """Return a cell with its magics as calls of the shell."""
    if found := re.match(r"%%(\w+) ?(.*)\n", source):
        text = source[found.end() :]
        return f"shell.magics['cell', {found[1]!r}]({found[2]!r}, {text!r})"
    source = re.sub(r"(?m)^%load_ext (\w+)$", r"shell.load('\1')", source)
    return re.sub(
        r"(?m)^%(\w+) (.*)$", lambda m: f"shell.magics['line', {m[1]!r}]({m[2]!r})", source
    )


def outputs(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Run one cell; return its streams, and its last value where that is an expression."""
    names.setdefault("shell", Shell())
    tree = ast.parse(plain(source))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    streams = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    value = None
    with (
        contextlib.redirect_stdout(streams["stdout"]),
        contextlib.redirect_stderr(streams["stderr"]),
    ):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the project's own notebook
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    found: list[dict[str, Any]] = [
        {"name": name, "output_type": "stream", "text": stream.getvalue().splitlines(True)}
        for name, stream in streams.items()
        if stream.getvalue()
    ]
    if value is not None:
        data = {"text/plain": repr(value).splitlines(True)}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = value._repr_html_().splitlines(True)
        found.append(
            {"data": data, "execution_count": count, "metadata": {},
             "output_type": "execute_result"}
        )  # fmt: skip
    return found


if __name__ == "__main__":
    for name in sys.argv[1:]:
        notebook = Path(os.path.abspath(name))
        text = json.dumps(run(notebook)[1], ensure_ascii=False, indent=1)
        notebook.write_text(text + "\n", encoding="utf-8")
