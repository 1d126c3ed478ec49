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


REFUSED = [name for name, seen in ANSWERS.items() if "IndexError" in seen.get("error", ())]


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_index_is_an_error_of_the_lab_too(name):
    found = seen("autodiff_cli.lab", CODES[name])
    assert {"IndexError", "RuntimeError", "ValueError"} <= set(found["error"])
    assert "; " in found["said"]  # what to write instead


@pytest.mark.parametrize("name", CODES)
def test_a_program_does_what_pytorch_does(name):
    assert differs(seen("autodiff_cli.lab", CODES[name]), ANSWERS[name]) == ""
