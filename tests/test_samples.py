"""The samples that are formulas: typed from a file, they have the numbers of their sources."""

from __future__ import annotations

import json

import pytest

from autodiff_cli.language.parser import read
from tests.console import here

#: sample, the point in words, the value, some slopes; relative to what the source prints
SAMPLES = [
    ("mazur", "i1=0.05,i2=0.10,w1=0.15,w2=0.20,w3=0.25,w4=0.30,b1=0.35,w5=0.40,w6=0.45,w7=0.50,"
     "w8=0.55,b2=0.60,t1=0.01,t2=0.99", 0.298371109, {"w5": 0.082167041, "w1": 0.000438568}),
    ("neuron", "x1=2,x2=0,w1=-3,w2=1,b=6.8813735870195432", 0.7071,
     {"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0}),
    ("staged", "x=3,y=-4", 1.5456448841066441, {"x": 2.0595697955721652, "y": 1.5922327514838093}),
    ("black_scholes", "S=105,K=100,sigma=5,tau=30/365,r=1.25/100", 51.4109161009333,
     {"S": -0.226181555078726, "sigma": 9.05493427705736}),
    ("cross_entropy", "z_1=2,z_2=1,z_3=0.1", 0.41703001,
     {"z_1": 0.65900114 - 1, "z_2": 0.24243297, "z_3": 0.09856589}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at", "value", "slopes"), SAMPLES, ids=lambda value: str(value))
def test_a_sample_has_the_numbers_of_its_source(
    name: str, at: str, value: float, slopes: dict[str, float]
) -> None:
    outcome = here("trace", f"@samples/formulas/{name}.txt", "--at", at, "--json")
    found = json.loads(outcome.out)
    assert found["value"] == pytest.approx(value, rel=2e-5)
    for variable, slope in slopes.items():
        assert found["gradient"][variable] == pytest.approx(slope, rel=2e-5, abs=2e-9)
    assert [node["name"] for node in found["nodes"] if "name" in node]


def test_steps_can_be_the_formulas() -> None:
    outcome = here("jacobian", "u = x y; v = x + y", "--of", "u,v", "--x", "4", "--y", "2")
    assert "∂u/∂x             2" in outcome.out
    assert "∂v/∂y             1" in outcome.out
    assert here("jacobian", "u = x y", "--of", "w", "--x", "1", "--y", "2").status == 2


def test_a_name_that_the_text_gives_is_the_formulas_everywhere() -> None:
    assert "∂y/∂x" in here("grad", "y = x^2", "--x", "3").out
    assert "y = 9" in here("grad", "y = x^2", "--x", "3").out
    assert "∂²y/∂x²" in here("hessian", "y = x^2", "--x", "3").out
    assert "q = w4 = w1 + w2" in here("graph", "q = x + y; f = q z").out
    assert "w3 = q" in here("trace", "q = x + y; f = q y", "--x", "3", "--y", "1").out


def test_a_step_that_has_a_value_too_is_refused() -> None:
    outcome = here("grad", "q = x + y; q^2", "--x", "1", "--y", "2", "--q", "3")
    assert outcome.status == 2
    assert "'q' is a step of the formula, and has a value too" in outcome.err


def test_names_that_may_be_products_are_said_where_no_values_are_given() -> None:
    assert "xy is one name; write x*y for a product" in here("graph", "2xy").out
    assert "is one name" not in here("grad", "2xy", "--xy", "2").out


def test_a_file_that_is_none_is_an_error() -> None:
    assert here("graph", "@nowhere.txt").status == 1
    assert "write @net.txt" in here("graph", "@").err


def test_steps_are_the_variables_of_exported_code() -> None:
    text = "q = x + y; double = q^2; h = double z; h_bar = h q; t1 = h_bar + h; t1 lambda"
    code = here("export", text, "--to", "c").out
    assert "double q = " in code
    assert "double double" not in code
    assert "double t1 = " in code
    assert "double h = " not in code  # its adjoint would be called as the next step is
    latex = here("export", "q = x + y; f = q^2 z", "--to", "latex").out
    assert r"q &= w_{1} + w_{2}" in latex
    assert r"\bar{q} &= " in latex
    assert "f &= f" not in latex
    assert str(read([latex]).graph).startswith("q = x + y; ")
    latex = here("export", "y = tanh(x)", "--to", "latex").out
    assert r"\frac{\partial y}{\partial x} &= " in latex
    assert "f &= " not in latex
