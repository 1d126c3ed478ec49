"""The script and the style sheet of a page, made of the files in `script/` and the operation table.

The script is packed: a page is sent round and should be small. What runs is a script in the page as
the packed one is itself, so that the page's policy holds for it.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from autodiff_cli.export.operations import formula_text, key, rows
from autodiff_cli.notes import departures
from autodiff_cli.ops import OPERATIONS
from autodiff_cli.teach.arcs import NAMES
from autodiff_cli.teach.catalogue import SLIPS

#: The modules of the script, in the order in which they stand in it.
MODULES = (
    "sweeps", "numbers", "frames", "departures", "reading", "typed", "practice", "marks", "address",
    "drawing", "film",
)  # fmt: skip

#: What a row is called in a page → the row.
BY_KEY = {key(row): row for row in OPERATIONS}


def script(
    films: Mapping[str, Mapping[str, Any]], questions: Mapping[str, Mapping[str, Any]] | None = None
) -> str:
    """Return the script that brings elements alive.

    Args:
        films: name of an element → its `data`.
        questions: name of an exercise → how its answer is marked; None where there are none.
    """
    found = dict.fromkeys(row for one in films.values() for row in one["rows"])
    said = {
        "overflow": departures.OVERFLOW, "steep": departures.STEEP,
        "boundary": departures.BOUNDARY, "unknown": departures.NO_SLOPE,
        "product": departures.PRODUCT,
    }  # fmt: skip
    names = {
        slip.id: {"name": slip.name, "text": slip.text} for slip in SLIPS.values() if slip.sweep
    }
    table = f"{rows([BY_KEY[name] for name in found])}{_slips()}const REMARKS = {embedded(said)};\n"
    given = f"const STYLE = {embedded(sheet('live'))};\n"
    given += f"const NAMES = {embedded(names)};\nconst FILMS = {embedded(films)};\n"
    modules = _modules()
    if questions:
        given += f"const QUESTIONS = {embedded(questions)};\n"
        modules += _stripped("questions.js")
    return _packed(f'(() => {{\n"use strict";\n{table}{given}{modules}}})();')


def _packed(source: str) -> str:
    """Return a script that unpacks another and runs it.

    What is late, rows far down and the place of a long picture, changes from shown to hidden or
    back at once: a first frame is drawn without the rows, and the picture moves nothing when it
    comes. A header of gzip would say with which Python the script was packed.
    """
    data = base64.b64encode(zlib.compress(source.encode(), 9)).decode()
    return f"""\
{{const packed = atob("{data}"), bytes = new Uint8Array(packed.length);
for (let k = 0; k < bytes.length; k++) bytes[k] = packed.charCodeAt(k);
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
document.querySelectorAll(".late").forEach((part) => {{ part.hidden = !part.hidden; }});
new Response(unpacked).text().then((text) => {{
const script = document.createElement("script");
script.textContent = text;
document.head.append(script);
}});}}"""


@cache
def _slips() -> str:
    """Return source that declares SLIPS: what each slip of a sweep makes of what passes an edge."""
    entries = [
        f"{{id: {slip.id!r}, of: {rewrite.of!r}, "
        f"wrong: ({', '.join(NAMES)}) => {formula_text(rewrite.wrong, NAMES)}}},\n"
        for slip in SLIPS.values()
        if slip.sweep
        for rewrite in slip.rewrites
    ]
    return f"const SLIPS = [\n{''.join(entries)}];\n"


@cache
def _modules() -> str:
    return "".join(map(_stripped, [f"{name}.js" for name in MODULES]))


@cache
def sheet(name: str) -> str:
    """Return a style sheet, without the spaces that it has no need of.

    Args:
        name: film is for all that a page has, live for what comes with the script.
    """
    text = re.sub(r"/\*.*?\*/", "", _stripped(f"{name}.css"), flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|(:) ", r"\1\2", text)


def _stripped(name: str) -> str:
    """Return a file of `script/` without the lines that are comments, and without indents."""
    text = (files("autodiff_cli.views") / "script" / name).read_text(encoding="utf-8")
    lines = map(str.strip, text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def embedded(value: Any) -> str:
    """Return JSON that may stand in a script: no end of it, no comment, no line that breaks."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
