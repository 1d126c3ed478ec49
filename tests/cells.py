"""Runs a Jupyter notebook's code cells in this process and collects what Jupyter would store.

`python -m tests.cells samples/notebook.ipynb` runs a notebook and writes the outputs into it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
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


def outputs(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Run one cell; return its streams, and its last value where that is an expression."""
    tree = ast.parse(source)
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
