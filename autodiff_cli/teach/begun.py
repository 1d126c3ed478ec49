"""What a sheet is about: its formula and its values; the rest is the student's work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.parser import read
from autodiff_cli.teach.handwriting import LONGEST_LINE, MOST_LINES, Statement, sheet
from autodiff_cli.teach.quantity import key
from autodiff_cli.teach.typed import Typed, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sheet with what it is about.

    Attributes:
        formula: the text of the formula.
        values: variable → the text of its value, where the sheet gives one.
        rest: the statements that are the student's work.
        lines: line number → its text.
    """

    formula: str
    values: Mapping[str, str]
    rest: tuple[Statement, ...]
    lines: Mapping[int, str]


def begun_by(text: str, formula: str | None = None) -> Begun:
    """Find the formula and the values on a sheet.

    Args:
        text: what was handed in.
        formula: the formula, where it is known; else the first line has it.

    Raises:
        AutodiffError: the text is too long, or has no formula.
    """
    rows = text.count("\n") + 1
    if rows > MOST_LINES or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        message = f"more than {MOST_LINES:,} lines, or {LONGEST_LINE:,} characters in one"
        raise AutodiffError(f"the sheet is too long: {message}", mend="check it in parts")
    found = sheet(text)
    rest = list(found.statements)
    if formula is None:
        first = [one for one in rest if rest and one.line == rest[0].line]
        formula = "; ".join(f"{one.left} = {one.sides[0]}" for one in first)
        if not first or re.match(r"[^\W\d_]_?\d+\s*=|@", formula):
            mend = 'write f = x^2 on its first line, or add the formula: check FILE "x^2"'
            raise AutodiffError("the sheet does not say which formula it is about", mend=mend)
        rest = rest[len(first) :]
        if len(first) == 1 and re.fullmatch(r"f(\([^()]*\))?", first[0].left):
            formula = first[0].sides[0]
    graph = read([formula]).graph
    values: dict[str, str] = {}
    work = []
    names = {key(name): name for name in graph.variables}
    for one in rest:
        left = re.sub(r"^(at|for|with|let)\s+", "", one.left)
        name = None if re.search(r"[\u0300-\u036f]", left) else names.get(key(left))
        if name is not None and name not in values and is_number(one.sides[-1]):
            values[name] = re.sub(r"(?<=\d),(?=\d)", ".", one.sides[-1])
        else:
            work.append(one)
    return Begun(formula=formula, values=values, rest=tuple(work), lines=found.lines)


def is_number(text: str) -> bool:
    """Tell whether a side is a number, or an expression for one, such as pi/2."""
    try:
        return isinstance(typed(text), Typed) and "," not in re.sub(r"\d,\d", "", text)
    except AutodiffError:
        return False
