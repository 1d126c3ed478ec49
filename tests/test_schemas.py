"""The schemas of `--json`: files say what the objects are, and the objects are what they say."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator, ValidationError

from autodiff_cli import schemas
from autodiff_cli.cli.help import page, schema
from autodiff_cli.schemas import OBJECTS
from tests.console import here
from tests.schemas import FOLDER, text, validated, validator
from tests.test_every_format import LINES, READS


@pytest.mark.parametrize("name", OBJECTS)
def test_a_file_is_the_schema_of_its_object(name) -> None:
    kept = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert kept == text(name), "python -m tests.schemas writes them anew"
    Draft202012Validator.check_schema(json.loads(kept))
    assert f'"autodiff.{name}/' in kept


def test_every_schema_that_the_program_names_is_there() -> None:
    sources = [path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.py")]
    named = {name for text in sources for name in re.findall(r'"autodiff\.([\w-]+)/\d+"', text)}
    assert named - {"progress"} <= set(OBJECTS), "an object in autodiff_cli/schemas, and its file"


@pytest.mark.parametrize("command", LINES)
def test_what_a_command_prints_has_a_schema(command) -> None:
    words = [word.format("x") for word in LINES[command]]
    read = READS.get(command, "").format("x")
    value = () if command in ("functions", "export", "plot", "count") else ("--x", "2")
    found = json.loads(here(*words, *value, "--json", stdin=read).out)
    name = found["schema"].removeprefix("autodiff.").partition("/")[0]
    assert name in OBJECTS, "it needs an object in autodiff_cli/schemas, and its file"


def test_every_object_is_handed_out() -> None:
    assert {"OBJECTS", *(kind.__name__ for kind in OBJECTS.values())} == set(schemas.__all__)


def test_there_is_no_file_without_an_object() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(OBJECTS)


@pytest.mark.parametrize("name", OBJECTS)
def test_help_shows_a_schema_and_the_manual_names_it(name, cli) -> None:
    assert cli("help", "json", name).out == schema(name) == text(name)
    assert f"`{name}`" in page("json")


def test_a_schema_that_is_none_is_an_error_that_names_them(cli) -> None:
    outcome = cli("help", "json", "gradient")
    assert outcome.status == 2
    assert "there is no schema 'gradient'; backward, " in outcome.err


def test_an_object_with_a_wrong_or_a_new_name_would_be_seen(cli) -> None:
    found = json.loads(cli("trace", "x*y", "--x", "1", "--y", "2", "--json").out)
    validator("trace").validate(found)
    for change in ({"new": 1}, {"value": None}, {"schema": "autodiff.grad/1"}, {"nodes": [{}]}):
        with pytest.raises(ValidationError):
            validated(json.dumps)({**found, **change})
