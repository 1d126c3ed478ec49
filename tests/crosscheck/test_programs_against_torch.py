"""The programs of `tests/programs`, run by PyTorch itself: the numbers written down are its own."""

from __future__ import annotations

import json
import warnings

import pytest

from tests.programs.run import EXPECTED, TWICE, differs, lines, programs, seen

pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'autodiff-cli[crosscheck]'"
)

#: Where PyTorch has no second derivative, or one that is not that of calculus.
APART = {
    "F.smooth_l1_loss(x, torch.ones(3))",
    "F.huber_loss(x, torch.ones(3), delta=0.5)",
    "torch.cdist(m, s)",
}

CODES = programs()
ANSWERS = json.loads(EXPECTED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CODES)
def test_pytorch_still_answers_what_is_written_down(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert differs(seen("torch", CODES[name]), ANSWERS[name]) == ""


@pytest.mark.parametrize("name", sorted(lines("expressions.txt").keys() - APART))
def test_second_derivatives_are_pytorchs(name: str) -> None:
    code = f"y = {name}\n{TWICE}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert differs(seen("autodiff_cli.lab", code), seen("torch", code)) == ""
