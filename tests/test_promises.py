"""Each promise of the README has its test, and those that are nowhere else are held here."""

from __future__ import annotations

import re

import pytest

from autodiff_cli.limits import LIMITS
from tests.console import ROOT
from tests.golden.documents import README
from tests.inside import answer

#: Schema → a command line, and the names that scripts may rely on.
SCHEMAS = {
    "grad": (("x^2*y", "--x", "1", "--y", "2"),
             {"schema", "expression", "at", "value", "gradient", "symbolic", "verdict", "notes"}),
    "trace": (("x^2*y", "--x", "1", "--y", "2"),
              {"schema", "expression", "at", "value", "gradient", "nodes"}),
    "compare": (("x^2", "--x", "1"),
                {"schema", "expression", "at", "value", "gradient", "symbolic", "verdict", "notes",
                 "digits", "methods", "operations", "claims"}),
    "hessian": (("x^2*y", "--x", "1", "--y", "2"),
                {"schema", "expression", "at", "value", "gradient", "hessian", "symbolic",
                 "verdict", "notes"}),
    "hvp": (("x^2*y", "--x", "1", "--y", "2", "--direction", "1,0"),
            {"schema", "expression", "at", "value", "gradient", "direction", "hvp", "symbolic",
             "verdict", "notes"}),
    "jacobian": (("x*y", "x+y", "--x", "1", "--y", "2"),
                 {"schema", "expressions", "at", "values", "jacobian", "mode", "reason", "symbolic",
                  "verdict", "notes"}),
    "vjp": (("x*y", "--x", "1", "--y", "2"),
            {"schema", "expressions", "at", "values", "jacobian", "seed", "product", "notes"}),
    "jvp": (("x*y", "--x", "1", "--y", "2", "--direction", "1,0"),
            {"schema", "expressions", "at", "values", "jacobian", "direction", "product", "notes"}),
    "count": (("x*y",), {"schema", "iterated", "rows"}),
    "backward": (("x*y", "--x", "1", "--y", "2"),
                 {"schema", "expression", "at", "value", "grad_fn", "operations", "passes",
                  "notes"}),
}  # fmt: skip

NODE = {"id", "operation", "args", "value", "partials", "tangent", "adjoint"}


def test_every_promise_names_a_file_of_tests() -> None:
    text = README.read_text(encoding="utf-8")
    table = text[text.index("## What is promised") : text.index("Not promised:")]
    named = re.findall(r"\| `(tests/[\w/]+\.py)` \|", table)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("command", SCHEMAS)
def test_the_names_of_a_schema_are_there(cli, command: str) -> None:
    words, names = SCHEMAS[command]
    found = answer(cli, command, *words)
    assert found["schema"] == f"autodiff.{command}/1"
    assert names <= found.keys()
    for node in found.get("nodes", ()):
        assert node.keys() >= NODE
    for note in found.get("notes", ()):
        assert note.keys() == {"node", "kind", "text"}


#: Limit → a command line beyond a limit of 3.
BEYOND = {
    "text": ("grad", "x+xx", "--x", "1"),
    "operations": ("graph", "sin(x)*cos(x)*tan(x)"),
    "nesting": ("graph", "((((x))))"),
    "digits": ("grad", "0.1234567*x", "--x", "1"),
    "rows": ("grad", "x", "--x", "1,2,3,4"),
    "iterations": ("count", "x^2", "--iterate", "4"),
    "points": ("compare", "x^2", "--points", "4"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_said_with_the_way_to_raise_it(cli, monkeypatch, name: str) -> None:
    variable = f"AUTODIFF_MAX_{name.upper()}"
    monkeypatch.setenv(variable, "3")
    outcome = cli(*BEYOND[name])
    assert outcome.status == 2
    told = " ".join(outcome.err.split())
    assert f"more than 3 {LIMITS[name][1]}" in told
    assert f"set {variable} in the environment to raise this limit" in told
    monkeypatch.setenv(variable, "1000")
    assert cli(*BEYOND[name]).status == 0 or name == "text"


def test_the_limits_admit_what_is_promised() -> None:
    defaults = {name: limit for name, (limit, _) in LIMITS.items()}
    assert defaults["operations"] >= 2_000_000
    assert defaults["nesting"] >= 1_000_000
    assert defaults["text"] >= 64_000_000
