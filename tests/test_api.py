"""The Python interface: texts and graphs, floats and arrays, what is lazy, and what is refused."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli import AutodiffError, Graph, grad, jacobian, parse, trace
from tests.console import ROOT

CUBIC = "x^3 + 2x^2 + 8x"


def test_the_example_of_the_readme() -> None:
    graph = parse(CUBIC)
    assert isinstance(graph, Graph)
    assert graph.variables == ("x",)
    assert parse(str(graph)) == graph
    result = grad(graph, {"x": 4})
    assert (result.value, result.gradient) == (128.0, {"x": 72.0})
    assert type(result.value) is type(result.gradient["x"]) is float
    forward = grad(CUBIC, {"x": 4}, mode="forward")
    assert (forward.value, forward.gradient) == (128.0, {"x": 72.0})


def test_given_names_are_variables_even_where_the_language_has_a_constant() -> None:
    assert grad("e^2", {"e": 3}).gradient == {"e": 6.0}
    assert parse("e*x", variables=("e",)).variables == ("e", "x")


def test_without_sharing_the_graph_is_a_tree() -> None:
    assert len(parse("sin(x)*sin(x)", share=False)) == len(parse("sin(x)*sin(x)")) + 1


def test_only_what_is_asked_is_differentiated() -> None:
    assert grad("x*y", {"x": 2, "y": 3}, wrt=("y",)).gradient == {"y": 2.0}
    assert grad("xy*x", {"x": 2, "xy": 3}, wrt="xy").gradient == {"xy": 2.0}
    assert trace("x*y", {"x": 2, "y": 3}, wrt=["y"]).gradient == {"y": 2.0}


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize(
    ("x", "y", "shape"),
    [
        ([1.0, 2.0, 3.0], 2, (3,)),
        ((1, 2, 3), np.array([4.0]), (3,)),
        (np.arange(1.0, 4.0).reshape(3, 1), np.arange(1.0, 3.0), (3, 2)),
        (np.arange(1, 4), np.float32(2), (3,)),
        ([], 2, (0,)),
        (np.array(2.0), 3, ()),
    ],
)
def test_arrays_broadcast(mode: str, x: object, y: object, shape: tuple[int, ...]) -> None:
    result = grad("x^2*sin(y)", {"x": x, "y": y}, mode=mode)  # type: ignore[arg-type]
    a, b = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    assert result.value.shape == result.gradient["x"].shape == shape
    np.testing.assert_allclose(result.value, a**2 * np.sin(b), rtol=1e-14)
    np.testing.assert_allclose(result.gradient["x"], 2 * a * np.sin(b), rtol=1e-14)
    np.testing.assert_allclose(result.gradient["y"], a**2 * np.cos(b), rtol=1e-14)


def test_a_constant_becomes_a_column_of_itself() -> None:
    result = grad("0*x + 3", {"x": [1.0, 2.0]}, wrt=())
    assert result.value.tolist() == [3.0, 3.0]
    assert grad(parse("3", variables=()), {}).value == 3.0


def test_the_answer_does_not_change_with_the_callers_array() -> None:
    points = np.array([0.0, 2.0])
    result = grad("abs(x)", {"x": points})
    points[:] = 7
    assert result.at["x"].tolist() == [0.0, 2.0]
    assert [note.kind for note in result.notes] == ["kink"]


def test_results_are_frozen() -> None:
    result = grad(CUBIC, {"x": 4})
    for thing, name in ((result, "value"), (result.graph, "outputs"),
                        (trace(CUBIC, {"x": 4}), "value"), (result.notes, "x")):  # fmt: skip
        with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
            setattr(thing, name, 1)


def test_what_a_result_shows_of_itself() -> None:
    assert repr(parse(CUBIC)) == "<Graph of 9 nodes over x>"
    assert "value=128.0" in repr(grad(CUBIC, {"x": 4}))
    assert "linearisation" not in repr(grad(CUBIC, {"x": 4}))
    assert "wrt=('x',)" in repr(trace(CUBIC, {"x": 4}))
    assert "values=(128.0,)" in repr(jacobian([CUBIC], {"x": 4}))


def test_a_trace_records_both_sweeps() -> None:
    steps = trace(CUBIC, {"x": 4}).steps
    assert [step.adjoint for step in steps] == [72, 1, 2, 1, 1, 1]
    assert [step.tangents["x"] for step in steps] == [1, 48, 8, 16, 8, 72]  # type: ignore[index]
    assert [c.product for c in steps[0].contributions] == [48, 16, 8]
    assert {step.tangents for step in trace(CUBIC, {"x": 4}, mode="reverse").steps} == {None}
    assert {step.adjoint for step in trace(CUBIC, {"x": 4}, mode="forward").steps} == {None}


def test_symbolic_is_lazy_and_sympy_stays_outside() -> None:
    program = (
        "import sys; from autodiff_cli import grad; r = grad('x^3', {'x': 2.0});"
        "assert not {'sympy', 'numpy'} & set(sys.modules);"
        "print(r.symbolic.derivatives['x'].text, r.symbolic.derivatives['x'].values);"
        "assert 'sympy' not in sys.modules; assert r.symbolic is r.symbolic"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "3*x**2 ('12',)\n"


def test_importing_the_package_loads_nothing_of_it_but_itself() -> None:
    program = "import sys, autodiff_cli; print([m for m in sys.modules if 'autodiff_cli.' in m])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "[]\n"


def test_the_public_names() -> None:
    for name in autodiff_cli.__all__:
        assert getattr(autodiff_cli, name).__doc__
    with pytest.raises(AttributeError):
        autodiff_cli.gard  # noqa: B018
    assert (Path(autodiff_cli.__file__).parent / "py.typed").is_file()


WRONG = [
    ("sinn(x)", {"x": 1}, {}, "'sinn' is not a function"),
    (5, {"x": 1}, {}, "an expression is text, not int"),
    (None, {"x": 1}, {}, "an expression is text, not NoneType"),
    ("x", {}, {}, "no value for the variable 'x'; write {\"x\": 4}"),
    ("x", {"x": 1, "y": 2}, {}, "the expression has no variable 'y'"),
    ("x", 4, {}, "the point is not a mapping"),
    ("x", None, {}, "the point is not a mapping"),
    ("x", [1], {}, "the point is not a mapping"),
    ("x", {"x": "4"}, {}, 'the value of x is not a number; write {"x": 4}'),
    ("x", {"x": None}, {}, "the value of x is not a number"),
    ("x", {"x": 1j}, {}, "the value of x is not a number"),
    ("x", {"x": np.array([1j])}, {}, "the value of x is not a number"),
    ("x", {"x": ["1", "2"]}, {}, "the value of x is not a number"),
    ("x", {"x": [None, 1]}, {}, "the value of x is not a number"),
    ("x", {"x": [[1, 2], [3]]}, {}, "the value of x is not a number"),
    ("x", {"x": {1}}, {}, "the value of x is not a number"),
    ("x", {"x": np.array(["2020-01-01"], dtype="M8[D]")}, {}, "the value of x is not a number"),
    ("x", {"x": 10**400}, {}, "beyond the range of float64"),
    ("x + y", {"x": [1, 2], "y": [1, 2, 3]}, {}, "do not go together"),
    ("x", {"x": 1}, {"mode": "sideways"}, "there is no mode 'sideways'; use reverse or forward"),
    ("x", {"x": 1}, {"wrt": ("y",)}, "cannot differentiate with respect to 'y'"),
    (parse("x", "x^2"), {"x": 1}, {}, "the graph has 2 outputs"),
]


@pytest.mark.parametrize(("text", "at", "options", "message"), WRONG)
def test_wrong_input_raises_the_one_error(
    text: object, at: object, options: dict, message: str
) -> None:
    with pytest.raises(AutodiffError) as error:
        grad(text, at, **options)  # type: ignore[arg-type]
    assert isinstance(error.value, ValueError)
    assert message in str(error.value)


def test_parse_and_trace_refuse_too() -> None:
    with pytest.raises(AutodiffError, match="no expression"):
        parse()
    with pytest.raises(AutodiffError, match="a trace shows one point"):
        trace("x", {"x": [1, 2]})
    with pytest.raises(AutodiffError, match="use reverse, forward or both"):
        trace("x", {"x": 1}, mode="up")  # type: ignore[arg-type]


def test_numbers_of_other_kinds_are_taken() -> None:
    from fractions import Fraction

    for number in (True, 1, np.float64(1), np.int8(1), Fraction(1), [Fraction(1)]):
        assert np.ravel(grad("2x", {"x": number}).value).tolist() == [2.0]
    assert math.isnan(grad("x", {"x": math.nan}).value)
