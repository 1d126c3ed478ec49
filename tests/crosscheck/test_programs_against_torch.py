"""The programs of `tests/programs`, run by PyTorch itself: the numbers written down are its own."""

from __future__ import annotations

import json
import warnings

import pytest

from tests.programs.run import EXPECTED, differs, programs, seen

pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'autodiff-cli[crosscheck]'"
)

CODES = programs()
ANSWERS = json.loads(EXPECTED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CODES)
def test_pytorch_still_answers_what_is_written_down(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert differs(seen("torch", CODES[name]), ANSWERS[name]) == ""
