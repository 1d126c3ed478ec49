"""What was reported to be slow for no reason: the work, counted, grows as it should."""

from __future__ import annotations

import json
from typing import Any

import mpmath
import numpy as np
import pytest

from autodiff_cli import compile as compiled
from autodiff_cli import hessian, hvp, parse
from autodiff_cli.engine.higher import orders
from autodiff_cli.symbolic.client import Client
from tests.console import here
from tests.work import grows, lines


def chain(count: int) -> tuple[Any, dict[str, float]]:
    """Return a formula of so many variables, each beside the next, and a point."""
    terms = [f"sin(x{k})*x{(k + 1) % count}" for k in range(count)]
    graph = parse(" + ".join(terms))
    return graph, dict.fromkeys(graph.variables, 0.5)


def sigmoids(count: int, *words: str) -> None:
    """Ask for the gradient of a sum of sigmoids whose slopes lose digits, judged."""
    text = " + ".join(f"sigmoid(40 + x{k})" for k in range(count))
    at = ",".join(f"x{k}={k / count}" for k in range(count))
    done = here("grad", text, "--at", at, *words)
    assert done.status == 0


def test_judging_grows_with_the_variables_and_no_more() -> None:
    assert grows(lambda count: sigmoids(count, "--sympy-seconds", "2"), 4) < 5


def test_sympy_takes_no_more_than_its_seconds_however_many_variables(monkeypatch) -> None:
    asked, ask = [], Client.ask

    def noted(client: Client, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        found = ask(client, request, seconds)
        asked.append((seconds, client.spent))
        return found

    monkeypatch.setattr(Client, "ask", noted)
    sigmoids(100, "--sympy-seconds", "0.25")
    assert 1 <= len(asked) <= 2  # the derivatives, and a shorter form of them
    assert max(seconds for seconds, _ in asked) <= 0.25
    assert asked[-1][1] <= 0.25 * len(asked)


def test_a_product_and_a_matrix_of_second_derivatives_look_at_each_variable_once() -> None:
    points = {count: chain(count) for count in (12, 48)}
    assert grows(lambda count: hvp(*points[count], points[count][1]), 12) < 4.5
    assert grows(lambda count: hessian(*points[count]), 12) < 17  # it has so many entries


@pytest.mark.parametrize("text", ["sigmoid(x)", "1/(1+x^2)"])
def test_a_hundred_orders_take_the_square_of_a_hundred(text: str) -> None:
    graph = parse(text)
    assert grows(lambda order: orders(graph, {"x": 0.5}, order), 20) < 17
    found = json.loads(
        here("grad", text, "--x", "0.5", "--order", "100", "--no-sympy", "--json").out
    )
    assert len(found["orders"]["x"]) == 100
    with mpmath.workdps(80):
        function = {"sigmoid(x)": lambda x: 1 / (1 + mpmath.exp(-x))}.get(
            text, lambda x: 1 / (1 + x * x)
        )
        wanted = mpmath.taylor(function, mpmath.mpf(0.5), 20)
        for order in (1, 13, 15, 20):
            right = float(wanted[order] * mpmath.factorial(order))
            assert found["orders"]["x"][order - 1] == pytest.approx(right, rel=1e-9, abs=0)


def test_all_rows_are_shown_with_little_work_for_each() -> None:
    def show(count: int) -> None:
        words = ("--x", f"linspace(0,1,{count})", "--rows", "0", "--no-sympy")
        assert here("grad", "x^2", *words).status == 0

    assert lines(lambda: show(600)) - lines(lambda: show(300)) < 300 * 400


def test_one_slope_that_is_kept_keeps_its_own_memory_alone() -> None:
    rows = [np.linspace(0, 1, 10_000) for _ in range(100)]
    kept = compiled("+".join(f"x{k}^2" for k in range(100)))(*rows)[1][3]
    while kept.base is not None:
        kept = kept.base
    assert kept.nbytes == 80_000
