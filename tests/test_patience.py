"""Where SymPy is slow to come, autodiff's own answer is on the terminal first."""

from __future__ import annotations

import sys

import pytest

from autodiff_cli import parse
from autodiff_cli.symbolic import client as clients
from autodiff_cli.symbolic.client import Client
from autodiff_cli.symbolic.question import derive

FORMULA = ("grad", "sin(x)+sin(y)", "--x", "4", "--y", "2")
LINE = "SymPy is still at work:"


def still() -> float:
    """A clock that stands still: SymPy is quick."""
    return 0.0


def on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(clients, "PATIENCE", 0.0)


@pytest.mark.usefixtures("fresh_sympy")
@pytest.mark.parametrize("thread", [False, True])
def test_whoever_waits_is_told_once_and_before_the_answer(monkeypatch, thread):
    monkeypatch.setattr(clients, "PATIENCE", 0.0)
    if thread:
        monkeypatch.setattr(Client, "_exchange", Client._exchange_in_thread)
    told = []
    with Client() as client:
        client.waiting = lambda: told.append(client._ready)
        for _ in range(2):
            assert derive(client, parse("x^2"), [{"x": 3.0}], ("x",), 20).derivatives
    assert len(told) == 1


def test_who_did_not_ask_is_not_told_of_the_next_answer(monkeypatch):
    told = []
    with Client(clock=still) as client:
        client.waiting = lambda: told.append(1)
        derive(client, parse("x^2"), [{"x": 3.0}], ("x",), 20)
        monkeypatch.setattr(clients, "PATIENCE", 0.0)
        derive(client, parse("x^3"), [{"x": 3.0}], ("x",), 20)
    assert told == []


def test_nobody_is_told_where_sympy_is_quick():
    told = []
    with Client(clock=still) as client:
        client.waiting = lambda: told.append(1)
        assert derive(client, parse("x^2"), [{"x": 3.0}], ("x",), 20).derivatives
    assert told == []


def test_the_answer_stands_above_sympys_on_a_terminal(cli, monkeypatch):
    on_a_terminal(monkeypatch)
    first, line, rest = cli(*FORMULA).out.partition(LINE)
    assert line
    assert first.count("-0.6536436208636119") == 1
    assert "f(x, y) = sin(x) + sin(y)" in first
    assert "f(x, y)" not in rest
    assert "cos(x)" not in first
    assert "cos(x)" in rest


def test_a_pipe_gets_one_answer(cli, monkeypatch):
    monkeypatch.setattr(clients, "PATIENCE", 0.0)
    assert LINE not in cli(*FORMULA).out


def test_json_on_a_terminal_is_one_object(cli, monkeypatch):
    on_a_terminal(monkeypatch)
    assert cli(*FORMULA, "--json").out.count("\n") == 1
