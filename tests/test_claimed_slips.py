"""`compare --claim` names the slip that gives a wrong derivative, in every format."""

from __future__ import annotations

import json

import pytest

from autodiff_cli.cli.output import FORMATS
from tests.console import here

ASKED = ("compare", "sin(x^2)", "--x", "1.5", "--no-sympy", "--claim")


def test_the_slip_stands_between_the_claim_and_the_verdict():
    shown = here(*ASKED, "x=cos(x^2)")
    assert shown.status == 3
    told = "  chain factor missing: your answer lacks the inner derivative: cos(x²)·(2·x)\n"
    assert told in shown.out
    assert shown.out.index("WRONG at x = 1.5") < shown.out.index(told) < shown.out.index("verdict")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv"])
def test_the_slip_is_named_in_every_format(name):
    shown = here(*ASKED, "x=cos(x^2)", "--format", name)
    assert shown.status == 3
    assert "chain factor missing" in shown.out


@pytest.mark.parametrize(
    ("claim", "told"),
    [("-0.6282", "chain factor missing"), ("-1.8845", "right to the digits that were typed"),
     ("x", "none of the usual slips")],
)  # fmt: skip
def test_a_number_is_told_too(claim, told):
    assert told in here(*ASKED, f"x={claim}").out


def test_the_slips_are_objects_in_json():
    def slips(claim: str) -> list[dict[str, str]]:
        [found] = json.loads(here(*ASKED, f"x={claim}", "--json").out)["claims"]
        return found["slips"]

    assert slips("cos(x^2)") == [{
        "id": "chain-missing", "name": "chain factor missing",
        "text": "your answer lacks the inner derivative: cos(x^2)*(2*x)",
    }]  # fmt: skip
    assert slips("2x*cos(x^2)") == slips("x") == []
