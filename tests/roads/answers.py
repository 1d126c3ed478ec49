"""The answer of each road: the value and the gradient at every point of a case, a row a point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff_cli.compiled.function import Compiled
from autodiff_cli.engine import reverse
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.export import export
from autodiff_cli.graph.graph import Graph
from tests.roads.cases import Case

Row = tuple[float, ...]


def engine(case: Case) -> list[Row]:
    """Return the answer of the sweep of floats, which all others are held to."""
    return [_swept(case.graph, point) for point in case.points]


def _swept(graph: Graph, point: Row) -> Row:
    linearisation = linearise(graph, dict(zip(graph.variables, point, strict=True)))
    slopes = reverse.gradient(linearisation)
    return (float(linearisation.values[graph.outputs[0]]), *map(float, slopes.values()))


def engine_arrays(case: Case) -> list[Row]:
    """Return the answer of the sweep of arrays."""
    graph, columns = case.graph, _columns(case)
    linearisation = linearise(graph, dict(zip(graph.variables, columns, strict=True)))
    slopes = reverse.gradient(linearisation)
    return _rows([linearisation.values[graph.outputs[0]], *slopes.values()], len(case.points))


def compiled_floats(case: Case) -> list[Row]:
    """Return the answer of compiled code, point by point."""
    function = Compiled(case.graph)
    answers = [function(*point) for point in case.points]
    return [(value, *slopes) for value, slopes in answers]


def compiled_arrays(case: Case, trigonometry: str = "libm") -> list[Row]:
    """Return the answer of compiled code for arrays."""
    value, slopes = Compiled(case.graph, None, trigonometry)(*_columns(case))  # type: ignore[arg-type]
    return _rows([value, *slopes], len(case.points))


def exported_python(case: Case) -> list[Row | None]:
    """Return the answer of exported Python, None where it says that Python raises and it does."""
    text = export(case.graph, "python")
    function = _defined(text)
    found: list[Row | None] = []
    for point in case.points:
        try:
            value, slopes = function(*point)
        except (ZeroDivisionError, OverflowError, ValueError):
            assert "Python raises" in text
            found.append(None)
            continue
        found.append((float(value), *map(float, slopes)))
    return found


def exported_numpy(case: Case, numpy: Any = np) -> list[Row]:
    """Return the answer of exported NumPy, with another module in NumPy's place if asked for."""
    value, slopes = _defined(export(case.graph, "numpy"), np=numpy)(*_columns(case))
    return _rows([value, *slopes], len(case.points))


def all_roads(case: Case, numpy: Any) -> dict[str, Sequence[Row | None]]:
    """Return road → its answer, for the roads of Python and NumPy.

    Args:
        case: what is asked.
        numpy: what exported code has for NumPy.
    """
    return {
        "sweep of arrays": engine_arrays(case),
        "compiled floats": compiled_floats(case),
        "compiled arrays": compiled_arrays(case),
        "exported Python": exported_python(case),
        "exported NumPy": exported_numpy(case, numpy),
    }


def _defined(text: str, **names: Any) -> Any:
    space: dict[str, Any] = {}
    exec(compile(text, "exported", "exec"), space)  # noqa: S102 - the exporter's own text
    space.update(names)
    return space["value_and_gradient"]


def _columns(case: Case) -> list[Any]:
    return [np.array(column) for column in zip(*case.points, strict=True)]


def _rows(columns: Sequence[Any], count: int) -> list[Row]:
    wide = [np.broadcast_to(column, (count,)).tolist() for column in columns]
    return [tuple(map(float, row)) for row in zip(*wide, strict=True)]


def differing(case: Case, found: Sequence[Row | None], wanted: Sequence[Row]) -> list[str]:
    """Return a line for each point where two roads are not the same number, sign of 0 included."""
    return [
        f"{case} at {point}: {row}, the engine {right}"
        for point, row, right in zip(case.points, found, wanted, strict=True)
        if row is not None and not same(row, right)
    ]


def same(found: Row, wanted: Row) -> bool:
    """Tell whether two answers are the same bit by bit; all nan are one."""
    return list(map(_bits, found)) == list(map(_bits, wanted))


def _bits(number: float) -> str:
    return "nan" if math.isnan(number) else number.hex()
