"""`autodiff export`: the value and its derivative as code in another language."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Literal, get_args

from autodiff_cli.cli.options import Active, Formula, Written
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, visible
from autodiff_cli.export import export as exported
from autodiff_cli.views import export as view

Language = Literal["python", "numpy", "torch", "jax", "c", "javascript", "sympy", "latex"]

To = Annotated[
    Language | None,
    Option("--to", help="The language to write; that of the file's name, or python."),
]
Mode = Annotated[
    Literal["reverse", "forward"],
    Option("--mode", help="reverse writes the gradient, forward a tangent."),
]


#: Ending of a file's name → languages that it may hold, the likeliest first.
ENDINGS: dict[str, tuple[Language, ...]] = {
    ".py": ("python", "numpy", "torch", "jax", "sympy"),
    ".c": ("c",), ".h": ("c",), ".js": ("javascript",), ".mjs": ("javascript",),
    ".tex": ("latex",),
}  # fmt: skip


def export(
    session: Session,
    formula: Formula,
    active: Active,
    shown: Written,
    to: To = None,
    mode: Mode = "reverse",
) -> None:
    """Write the value and its derivative as code: one assignment a node, the rules in comments.

    autodiff export "x^3 + 2x^2 + 8x"
    autodiff export "sin(x)*y" --to c -o slope.c
    autodiff export "sin(x)*y" --to numpy --mode forward --wrt x
    """
    asked = read_request(session, formula, None, active, needs_point=False)
    language = _language(to, shown)
    text = exported(asked.graph, language, mode=mode, wrt=asked.wrt)
    report = view.Code(
        expression=asked.expression, to=language, mode=mode, text=text,
        notes=tuple(asked.readings),
    )  # fmt: skip
    if shown.format is None and not shown.as_json:
        session.write(text, shown.output)
    else:
        show(session, view, report, shown, title=asked.expression)
    for remark in asked.reading.remarks:
        sys.stderr.write(f"note (reading): {visible(remark)}\n")


def _language(to: Language | None, shown: Written) -> Language:
    """Return the language to write: the one asked for, which the file's name must fit."""
    if shown.output is None or shown.format is not None or shown.as_json:
        return to or "python"
    ending = os.path.splitext(shown.output)[1].lower()
    held = ENDINGS.get(ending, ())
    if to in held or (to is not None and not ending):
        return to
    if to is None and held:
        return held[0]
    if to is None and not ending:
        return "python"
    fitting = [end for end, languages in ENDINGS.items() if to is None or to in languages]
    said = f"no name for {to}" if to else "no name of a program"
    languages = get_args(Language)
    mend = f"let its name end in {' or '.join(fitting)}"
    if to is None:
        mend += f", or say which: --to {languages[0]}"
    raise AutodiffError(f"{visible(shown.output)} is {said}", mend=mend)
