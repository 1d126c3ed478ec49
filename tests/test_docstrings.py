"""Docstrings that are read say the same with their indentation, to Python 3.12, and without it."""

from __future__ import annotations

import inspect
import textwrap
from importlib import import_module

import pytest

from autodiff_cli.cli import usage
from autodiff_cli.cli.dispatch import COMMANDS
from tests import schemas


def both(text: str) -> tuple[str, str]:
    """Return a docstring as Python 3.13 has it, and as it stands in the source."""
    plain = inspect.cleandoc(text)
    first, _, rest = plain.partition("\n")
    return plain, f"{first}\n{textwrap.indent(rest, '    ')}\n    "


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command(name: str) -> None:
    function = getattr(import_module(f"autodiff_cli.cli.commands.{name}"), name)
    plain, indented = map(usage.described, both(function.__doc__))
    assert plain == indented
    assert plain[1]  # its examples


def test_what_a_schema_says_of_its_fields() -> None:
    class Shown:
        pass

    text = """What is shown.

    Attributes:
        name: what it is called, which
            takes two lines.
        number: how many.
    """
    found = []
    for one in both(text):
        Shown.__doc__ = one
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schemas, "_bases", lambda kind: [])
            found.append(schemas._described(Shown))
    assert found[0] == found[1] == {
        "name": "what it is called, which takes two lines.", "number": "how many.",
    }  # fmt: skip
