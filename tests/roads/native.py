"""The C that `backend="c"` runs, all cases in one library: by functions of floats, or vectors."""

from __future__ import annotations

import ctypes
import re
import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from autodiff_cli.compiled import compiler
from autodiff_cli.compiled import program as programs
from autodiff_cli.compiled.program import program
from autodiff_cli.compiled.unit import NAME, Unit, unit
from autodiff_cli.ops import POWER
from tests.roads.answers import Row
from tests.roads.cases import Case

#: A definition in the text of a unit.
DEFINED = re.compile(r"^(?:(?:static|const|double|void|__attribute__\S+) )+\*?(\w+)\([^;]*$", re.M)


def here() -> bool:
    """Tell whether there is a C compiler."""
    try:
        compiler.find()
    except compiler.NoCompiler:
        return False
    return True


def by_vectors(cases: Sequence[Case], folder: Path) -> list[list[Row]]:
    """Return the answers of what `compile` makes of C here."""
    return run(cases, folder, compiler.vectors(), compiler.FLAGS)


def by_floats(cases: Sequence[Case], folder: Path) -> list[list[Row]]:
    """Return the answers with the C library's own functions, and powers, which are the engine's."""
    plain = [flag for flag in compiler.FLAGS if flag not in ("-O2", "-ftree-vectorize")]
    with mock.patch.object(programs, "_power", lambda made, *of: made.apply(POWER, of)):
        return run(cases, folder, (), plain)


def run(
    cases: Sequence[Case], folder: Path, vectors: Collection[str], flags: Sequence[str]
) -> list[list[Row]]:
    """Return the answers of units that are compiled together.

    Args:
        cases: what is asked.
        folder: takes the library.
        vectors: functions that have a form for vectors.
        flags: for the compiler.
    """
    units = [unit(program(case.graph, case.graph.variables), vectors) for case in cases]
    text = "\n".join(apart(number, made) for number, made in enumerate(units))
    path = folder / f"units{len(vectors)}.so"
    command = [*compiler.find().command, *flags, "-o", str(path), "-x", "c", "-", "-lm"]
    subprocess.run(command, input=text, text=True, check=True)
    loaded = ctypes.CDLL(str(path))
    found = []
    for number, (case, made) in enumerate(zip(cases, units, strict=True)):
        found.append(_answers(getattr(loaded, f"f{number}_{NAME}"), case, made))
    return found


def apart(number: int, made: Unit) -> str:
    """Return the text of a unit whose functions have names of their own."""
    text = made.text
    for name in set(DEFINED.findall(text)):
        text = re.sub(rf"\b{name}\(", f"f{number}_{name}(", text)
    return text


def _answers(function: Any, case: Case, made: Unit) -> list[Row]:
    columns = [np.array(column, float) for column in zip(*case.points, strict=True)]
    results = [np.empty(len(case.points)) for _ in range(1 + len(columns))]
    steps, room = np.ones(len(columns), np.dtype("l")), np.empty(made.room)
    function.restype = None
    function(
        ctypes.c_long(len(case.points)), _places(columns), ctypes.c_void_p(steps.ctypes.data),
        _places(results), ctypes.c_void_p(room.ctypes.data),
    )  # fmt: skip
    return [tuple(row) for row in np.array(results).T.tolist()]


def _places(arrays: Sequence[Any]) -> Any:
    return (ctypes.c_void_p * len(arrays))(*[array.ctypes.data for array in arrays])
