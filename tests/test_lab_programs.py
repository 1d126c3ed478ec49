"""What a learner of PyTorch types runs alike on the lab: against PyTorch's numbers, written down.

`tests/crosscheck/test_programs_against_torch.py` asks PyTorch itself, where it is installed.
"""

from __future__ import annotations

import json

import pytest

from tests.programs.run import EXPECTED, differs, programs, seen

CODES = programs()
ANSWERS = json.loads(EXPECTED.read_text(encoding="utf-8"))


def test_every_program_has_its_answer_written_down():
    assert CODES.keys() == ANSWERS.keys()
    assert len(CODES) > 1100


@pytest.mark.parametrize("name", CODES)
def test_a_program_does_what_pytorch_does(name):
    assert differs(seen("autodiff_cli.lab", CODES[name]), ANSWERS[name]) == ""
