"""`python -m tests.schemas`: write the package's JSON Schemas, from the objects that have them."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import autodiff_cli
from autodiff_cli.schemas import OBJECTS

FOLDER = Path(autodiff_cli.__file__).parent / "schemas"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one object, 2020-12."""
    found: dict[str, Any] = {}
    whole = _object(OBJECTS[name], found)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"autodiff.{name}",
        **whole,
        **({"$defs": {key: found[key] for key in sorted(found)}} if found else {}),
    }


def text(name: str) -> str:
    """Return the file of a schema."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def strict(whole: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that refuses names that it does not know."""
    objects = [whole, *whole.get("$defs", {}).values()]
    closed = [{**one, "additionalProperties": False} for one in objects]
    return {**closed[0], "$defs": dict(zip(whole.get("$defs", {}), closed[1:], strict=True))}


#: Characters of an object beyond which it is not validated: the same again, thousands of times.
LONGEST = 100_000


@cache
def validator(name: str) -> Any:
    """Return what raises where an object is not that of a schema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(strict(schema(name)))


def validated(dumps: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return a `dumps` that looks whether what it writes has its schema."""

    def checked(value: Any) -> str:
        written = dumps(value)
        if len(written) < LONGEST:
            found = json.loads(written)
            name, _, number = found["schema"].removeprefix("autodiff.").partition("/")
            assert number.isdigit()
            if name in OBJECTS:
                validator(name).validate(found)
        return written

    return checked


def _object(kind: Any, found: dict[str, Any]) -> dict[str, Any]:
    said = _described(kind)
    hints = get_type_hints(kind, include_extras=True)
    assert set(hints) == set(said), (kind.__name__, set(hints) ^ set(said))
    return {
        "title": (kind.__doc__ or "").strip().splitlines()[0],
        "type": "object",
        "properties": {
            key: {**_type(hint, found), "description": said[key]} for key, hint in hints.items()
        },
        "required": [key for key, hint in hints.items() if get_origin(hint) is not NotRequired],
    }


def _described(kind: Any) -> dict[str, str]:
    """Return key → what its docstring says of it, or that of a base."""
    found: dict[str, str] = {}
    for base in _bases(kind):
        found |= _described(base)
    # From Python 3.13 on the compiler takes the indentation of a docstring away.
    listed = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:")[2]
    return found | {
        key: re.sub(r"\s+", " ", said).strip()
        for key, said in re.findall(r"^ {4}(\w+): ((?:.|\n {6,})+)", listed, re.MULTILINE)
    }


def _bases(kind: Any) -> list[Any]:
    """Return the objects that an object extends, which Python 3.11 does not remember."""
    source = inspect.getsource(sys.modules[kind.__module__])
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            names = [base.id for base in node.bases if isinstance(base, ast.Name)]
            return [
                getattr(sys.modules[kind.__module__], name) for name in names if name != "TypedDict"
            ]
    return []


def _type(hint: Any, found: dict[str, Any]) -> dict[str, Any]:
    if hint is Any:
        return {}
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    if is_typeddict(hint):
        if hint.__name__ not in found:
            found[hint.__name__] = {}
            found[hint.__name__] = _object(hint, found)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, inner = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return _type(inner[0], found)
    if origin is Literal:
        return {"const": inner[0]} if len(inner) == 1 else {"enum": list(inner)}
    if origin is list:
        return {"type": "array", "items": _type(inner[0], found)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(inner[1], found)}
    assert origin in (Union, types.UnionType), hint
    return {"anyOf": [_type(one, found) for one in inner]}


def main() -> None:
    """Write a file for each object."""
    for name in OBJECTS:
        (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
