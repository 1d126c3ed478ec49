"""`trace --why`: a reason for every tangent and adjoint, and it gives the number it explains."""

from __future__ import annotations

import json
import math
import re

import pytest

from autodiff_cli.ops import OPERATIONS
from autodiff_cli.ops.row import COMPARISON, Operation
from tests.console import here

POLYNOMIAL = ("trace", "x^3 + 2x^2 + 8x", "--x", "4", "--why")

#: A sum of products as it is written: `48·1 + (-2)·8`.
TERM = re.compile(r"\(?(-?[\d.]+(?:e[+-]?\d+)?)\)?(?:·\(?(-?[\d.]+(?:e[+-]?\d+)?)\)?)?")


def total(text: str) -> float:
    """Return what a sum of products of numbers comes to."""
    found = [TERM.fullmatch(term) for term in text.split(" + ")]
    assert all(found), text
    return sum(float(one[1]) * float(one[2] or 1) for one in found if one is not None)


def reasons(out: str) -> list[str]:
    """Return the lines that give a reason, each on one line again."""
    return [line.strip() for line in re.sub(r"\n    +", " ", out).splitlines() if line[:2] == "  "]


def test_the_polynomial_is_told_as_on_a_blackboard() -> None:
    out = here(*POLYNOMIAL, columns=100).out
    assert reasons(out) == [
        "ẇ1 = 1: x moves with itself",
        "ẇ2 = ∂w2/∂w1·ẇ1 = 48·1 = 48",
        "ẇ3 = ∂w3/∂w1·ẇ1 = 8·1 = 8",
        "ẇ4 = ∂w4/∂w3·ẇ3 = 2·8 = 16",
        "ẇ5 = ∂w5/∂w1·ẇ1 = 8·1 = 8",
        "ẇ6 = ∂w6/∂w2·ẇ2 + ∂w6/∂w4·ẇ4 + ∂w6/∂w5·ẇ5 = 1·48 + 1·16 + 1·8 = 72",
        "w̄6 = 1: the seed: f moves with itself",
        "w̄5 = w̄6·∂w6/∂w5 = 1·1 = 1",
        "w̄4 = w̄6·∂w6/∂w4 = 1·1 = 1",
        "w̄3 = w̄4·∂w4/∂w3 = 1·2 = 2",
        "w̄2 = w̄6·∂w6/∂w2 = 1·1 = 1",
        "w̄1 = w̄2·∂w2/∂w1 + w̄3·∂w3/∂w1 + w̄5·∂w5/∂w1 = 1·48 + 2·8 + 1·8 = 72",
    ]
    for words in ("what w_i is at the point", "how fast w_i moves when x does",
                  "how fast f moves when w_i does"):  # fmt: skip
        assert words in out


CALLS = [row for row in OPERATIONS if row.precedence != COMPARISON and row.name != "where"]


@pytest.mark.parametrize("row", CALLS, ids=lambda row: f"{row.name}{row.arity}")
def test_every_reason_gives_its_number(row: Operation) -> None:
    names = "abc"[: row.arity]
    operands = [f"(1*{name})" for name in names]
    text = f"{row.name}({', '.join(operands)})"
    if row.symbol:
        text = f" {row.symbol} ".join(operands if row.arity > 1 else ["", *operands])
    at = [word for name, (low, high) in zip(names, row.intervals * row.arity, strict=False)
          for word in ("--at", f"{name}={low + 0.375 * (high - low)}")]  # fmt: skip
    outcome = here("trace", f"{text} + a", *at, "--why", "--digits", "0", columns=400)
    assert (outcome.status, outcome.err) == (0, "")
    nodes = json.loads(here("trace", f"{text} + a", *at, "--json").out)["nodes"]
    found = reasons(outcome.out)
    assert len(found) == len(nodes) * (row.arity + 1)
    for line in found:
        sides = line.split(": ")[0].split(" = ")
        if len(sides) == 4:
            assert math.isclose(total(sides[2]), float(sides[3]), rel_tol=1e-12, abs_tol=1e-300), (
                line
            )


def test_one_sweep_is_explained_where_one_is_shown() -> None:
    assert "backward" not in here(*POLYNOMIAL, "--mode", "forward").out
    assert "forward, the tangents" not in here(*POLYNOMIAL, "--mode", "reverse").out
    assert json.loads(here(*POLYNOMIAL, "--json").out)["schema"] == "autodiff.trace/1"


def test_what_does_not_matter_is_said_to() -> None:
    out = here("trace", "x*y + sin(x)", "--x", "4", "--y", "2", "--why").out
    assert "ẇ2 = 0: y stands still while x moves" in out
