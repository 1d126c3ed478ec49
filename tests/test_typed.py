"""What a type checker says of Python that uses the package, and of the manual's."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from autodiff_cli.cli.help import page
from tests.console import ROOT
from tests.work import HANG

SCRIPT = """
import numpy
from autodiff_cli import grad, parse
one = grad(parse("x^2"), {"x": 4})
reveal_type(one.value)
reveal_type(one.gradient["x"])
many = grad("x^2 y", {"x": numpy.linspace(0, 1, 5), "y": 2})
reveal_type(many.value)
reveal_type(one.symbolic.derivatives["x"].text)
"""


def checked(source: str, folder: str) -> str:
    """Return what mypy says of a program."""
    with open(f"{folder}/program.py", "w", encoding="utf-8") as file:
        file.write(source)
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", f"{folder}/cache"]
    done = subprocess.run(
        [*words, "--config-file", "", f"{folder}/program.py"],
        capture_output=True, cwd=ROOT, timeout=HANG, check=False,
    )  # fmt: skip
    return done.stdout.decode()


@pytest.mark.slow
def test_numbers_have_types(tmp_path) -> None:
    pytest.importorskip("mypy")
    found = re.findall(r'Revealed type is "(?:builtins\.)?([\w.]+)', checked(SCRIPT, str(tmp_path)))
    assert found == ["float", "float", "numpy.ndarray", "str"]


@pytest.mark.slow
@pytest.mark.parametrize("topic", ["python", "lab", "json"])
def test_the_manuals_python_passes_a_type_checker(topic, tmp_path) -> None:
    pytest.importorskip("mypy")
    blocks = re.findall(r"```python\n(.*?)```", page(topic), re.DOTALL)
    assert blocks
    given = "import numpy\nx_array = y_array = numpy.linspace(0, 1, 5)\npoints = [(1.0, 2.0)]\n"
    said = checked(given + "\n".join(blocks), str(tmp_path))
    assert "Success: no issues found" in said, said
