"""The API speaks Python: names that are found, reports that are read, objects that travel."""

from __future__ import annotations

import builtins
import pickle
import pydoc
import subprocess
import sys

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli import compile as compiled
from autodiff_cli import grad, hessian, jacobian, parse, trace
from autodiff_cli.errors import AutodiffError
from tests.console import ROOT

FORMULA, POINT = "x^2*y + sin(x)", {"x": 1.0, "y": 2.0}
MANY = {"x": np.linspace(0, 1, 1000), "y": 2.0}
NAMES = {
    "AutodiffError", "GradResult", "Graph", "Hessian", "Jacobian", "Taylor", "Trace", "check",
    "compile", "diagnose", "exercises", "grad", "grad_files", "grad_rows", "hessian", "hvp",
    "jacobian", "jvp", "mark", "parse", "taylor", "trace", "vjp",
}  # fmt: skip


def test_the_public_names_are_listed_before_they_are_loaded() -> None:
    program = "import sys, autodiff_cli; print(*dir(autodiff_cli)); print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    names, loaded = done.stdout.splitlines()
    assert {name for name in names.split() if not name.startswith("__")} == NAMES
    assert loaded == "False"


def test_a_star_takes_no_name_of_pythons_own() -> None:
    assert not set(autodiff_cli.__all__) & set(dir(builtins))
    assert set(autodiff_cli.__all__) == NAMES - {"compile"}


def test_help_describes_every_name() -> None:
    shown = pydoc.plain(pydoc.render_doc(autodiff_cli))
    assert [name for name in NAMES if name not in shown] == []


REPORTS = {
    "graph": parse(FORMULA), "gradient": grad(FORMULA, POINT), "rows": grad(FORMULA, MANY),
    "trace": trace(FORMULA, POINT), "step": trace(FORMULA, POINT).steps[-1],
    "Hessian": hessian(FORMULA, POINT), "Jacobian": jacobian(["x*y", "x/y"], POINT),
    "Jacobian of rows": jacobian(["x*y", "x/y"], MANY), "function": compiled(FORMULA),
    "note": grad("abs(x)", {"x": 0}).notes[0], "SymPy's": grad("x^2", {"x": 3}).symbolic,
}  # fmt: skip


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_is_read_in_a_few_lines_and_travels(report: object) -> None:
    said = repr(report)
    assert len(said) < 800
    assert " object at 0x" not in said
    assert " at 0x" not in said
    assert repr(pickle.loads(pickle.dumps(report))) == said


def test_what_a_repr_says() -> None:
    assert repr(grad("x^2", {"x": 3})) == (
        "GradResult(graph='x^2', at={'x': 3.0}, value=9.0, gradient={'x': 6.0}, remarks=())"
    )
    assert "value=[0.0, 1.0, 4.0, 9.0, 16.0, 25.0, … 4 more]" in repr(
        grad("x^2", {"x": list(range(10))})
    )
    assert repr(trace("x^2", {"x": 3}).steps[1].edges) == (
        "(Edge(operand='w1', partial=6.0, formula='2*w1'),)"
    )
    deep = "+".join(f"x^{k}" for k in range(2, 400))
    assert "<Graph of" in repr(grad(deep, {"x": 1}))


ERRORS = [lambda: parse("sinn(x)"), lambda: grad("x*y", {"x": 1}), lambda: parse(f"2^{'9' * 400}")]


@pytest.mark.parametrize("wrong", ERRORS)
def test_an_error_travels_whole(wrong: object) -> None:
    with pytest.raises(AutodiffError) as caught:
        wrong()  # type: ignore[operator]
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert str(again) == str(caught.value)
    assert repr(again) == repr(caught.value)
