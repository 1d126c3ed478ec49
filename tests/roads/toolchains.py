"""Exports that run elsewhere: C by gcc, JavaScript by node, and torch and jax where installed."""

from __future__ import annotations

import ctypes
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autodiff_cli.export import export
from tests.roads.answers import Row, _columns, _defined, _rows
from tests.roads.cases import Case

FLAGS = ("-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter",
         "-ffp-contract=off", "-shared", "-fPIC")  # fmt: skip


def c(cases: Sequence[Case], folder: Path) -> list[list[Row]]:
    """Return the answers of C, all cases in one library."""
    parts = ["#include <math.h>"]
    for number, case in enumerate(cases):
        code = export(case.graph, "c").replace("#include <math.h>\n", "")
        for name in set(re.findall(r"^(?:static )?double (\w+)\(", code, re.MULTILINE)):
            code = re.sub(rf"\b{name}\(", f"f{number}_{name}(", code)
        parts.append(code)
    source, library = folder / "f.c", folder / "f.so"
    source.write_text("\n".join(parts), encoding="utf-8")
    subprocess.run(["gcc", *FLAGS, str(source), "-o", str(library), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    found = []
    for number, case in enumerate(cases):
        function = getattr(loaded, f"f{number}_value_and_gradient")
        function.restype = ctypes.c_double
        slopes = (ctypes.c_double * len(case.graph.variables))()
        rows: list[Row] = []
        for point in case.points:
            value = function(*map(ctypes.c_double, point), slopes)
            rows.append((value, *slopes))
        found.append(rows)
    return found


def javascript(cases: Sequence[Case], folder: Path) -> list[list[Row]]:
    """Return the answers of JavaScript, all cases in one script."""
    calls = []
    for case in cases:
        points = json.dumps(case.points)  # with NaN and Infinity, as JavaScript spells them
        calls.append(
            f"(() => {{ {export(case.graph, 'javascript')}\n"
            f"return {points}.map(p => value_and_gradient(...p).flat().map(text)); }})()"
        )
    text = 'const text = x => Object.is(x, -0) ? "-0" : String(x);\n'
    script = folder / "f.js"
    written = f'"use strict";\n{text}console.log(JSON.stringify([' + ",\n".join(calls) + "]));\n"
    script.write_text(written, encoding="utf-8")
    ran = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)
    return [
        [tuple(float(number.replace("Infinity", "inf")) for number in row) for row in rows]
        for rows in json.loads(ran.stdout)
    ]


def torch(cases: Sequence[Case], folder: Path) -> list[list[Row]]:
    """Return the answers of PyTorch."""
    import torch as library

    return [_tensors(case, "torch", library.tensor, library.float64) for case in cases]


def jax(cases: Sequence[Case], folder: Path) -> list[list[Row]]:
    """Return the answers of JAX, in float64."""
    import jax as library

    library.config.update("jax_enable_x64", True)
    array = library.numpy.asarray
    return [_tensors(case, "jax", array, library.numpy.float64) for case in cases]


def _tensors(case: Case, language: str, make: Callable[..., Any], kind: Any) -> list[Row]:
    columns = [make(column.tolist(), dtype=kind) for column in _columns(case)]
    value, slopes = _defined(export(case.graph, language))(*columns)
    return _rows([value, *slopes], len(case.points))


#: Language → (what runs its exports, whether that can be run here).
TOOLCHAINS: dict[str, tuple[Callable[..., list[list[Row]]], bool]] = {
    "c": (c, shutil.which("gcc") is not None),
    "javascript": (javascript, shutil.which("node") is not None),
    "torch": (torch, find_spec("torch") is not None),
    "jax": (jax, find_spec("jax") is not None),
}
