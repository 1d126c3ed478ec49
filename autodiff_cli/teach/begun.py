"""What a sheet is about: its formula and its values; the rest is the student's work."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.parser import read
from autodiff_cli.teach.handwriting import LONGEST_LINE, MOST_LINES, Statement, sheet
from autodiff_cli.teach.quantity import key
from autodiff_cli.teach.typed import Typed, typed

#: The name of a step that a formula is given in, perhaps with what it depends on.
_STEP = re.compile(r"[^\W\d_](?:_?\w*)(?:\([^()]*\))?")

#: A row of a trace, w1 = x, which is no formula as f1 = x^2 is; and a file's name.
_LABELLED = re.compile(r"(?![fghFGHyLJ])[^\W\d_]_?\d+\s*=|@")

#: A name, or a derivative, of which something is said at a point: f'(4), df/dx(pi/2).
_CALLED = re.compile(r"(.*[\w'})\u0300-\u036f])\s*\(([^()=]*(?:\([^()=]*\)[^()=]*)*)\)")

#: The gradient, of which all parts are said in one line.
_GRADIENT = re.compile(
    r"(?:∇|\\nabla|grad(?:ient)?\b)\s*(?:\\?[^\W\d_]\w*)?\s*(?:\([^()]*\))?", re.I
)

#: What is given for a gradient: its parts in brackets.
_PARTS = re.compile(r"(?:\\left)?[(\[](.*)(?:\\right)?[)\]](?:\^?(?:T|⊤))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sheet with what it is about.

    Attributes:
        formula: the text of the formula.
        values: variable → the text of its value, where the sheet gives one.
        rest: the statements that are the student's work.
        lines: line number → its text.
        by: the variable that f(x) = a x^2 is said to be a function of; "" where nothing says it.
    """

    formula: str
    values: Mapping[str, str]
    rest: tuple[Statement, ...]
    lines: Mapping[int, str]
    by: str = ""


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
    given, rest = _given_first(found.statements)
    head = "" if formula is None else formula
    if formula is None:
        first = [one for one in rest if rest and one.line == rest[0].line]
        plain = [
            k for k, one in enumerate(first)
            if k and (is_number(one.sides[-1]) or not re.fullmatch(_STEP, one.left))
        ]  # fmt: skip
        if plain:  # f = x^2, x = 3; f' = 2x
            first = first[: plain[0]]
        first = [_without_result(one) for one in first]
        head = first[-1].left + " =" if first else ""
        formula = "; ".join(f"{one.left} = {one.sides[0]}" for one in first)
        if not first or _LABELLED.match(formula):
            mend = 'write f = x^2 on its first line, or add the formula: check FILE "x^2"'
            raise AutodiffError("the sheet does not say which formula it is about", mend=mend)
        rest = rest[len(first) :]
        steps, rest = _composed(first, rest)
        if steps:
            formula = "; ".join(f"{one.left} = {one.sides[0]}" for one in steps)
        elif len(first) == 1 and re.fullmatch(r"f(\([^()]*\))?", first[0].left):
            formula = first[0].sides[0]
    formula = _with_points(formula)
    graph = read([formula]).graph
    values: dict[str, str] = {}
    work = []
    names = {key(name): name for name in graph.variables}
    for one in _apart([*given, *rest], graph.variables):
        left = re.sub(r"^(at|for|with|let)\s+", "", one.left)
        name = None if re.search(r"[\u0300-\u036f]", left) else names.get(key(left))
        if name is not None and name not in values and is_number(one.sides[-1]):
            for same in [key(left), *map(key, one.sides[:-1])]:  # x = y = 2
                if same in names:
                    values[names[same]] = re.sub(r"(?<=\d),(?=\d)", ".", one.sides[-1])
        else:
            work.append(one)
    first_at = next((one.at for one in work if one.at), ())
    if not values and first_at and any(is_number(one.sides[-1]) for one in work if not one.at):
        values = {name: repr(value) for name, value in zip(graph.variables, first_at, strict=True)}
    said = re.match(r"\s*\w+\s*\(\s*(\w+)\s*\)\s*=", head)
    by = names.get(key(said[1]), "") if said else ""
    return Begun(formula=formula, values=values, rest=tuple(work), lines=found.lines, by=by)


def _without_result(one: Statement) -> Statement:
    """Return f(x) = x^2 for y = f(x) = x^2."""
    if len(one.sides) > 1 and re.fullmatch(r"[^\W\d_]\w?\([^()\d]*\)", one.sides[0].strip()):
        return replace(one, left=one.sides[0].strip(), sides=one.sides[1:])
    return one


def _with_points(formula: str) -> str:
    """Return a formula with its decimal commas as points, where it cannot be read with them."""
    try:
        read([formula])
    except AutodiffError:
        changed = re.sub(r"(?<=\d),(?=\d)", ".", formula)
        with contextlib.suppress(AutodiffError):
            read([changed])
            return changed
    return formula


def _given_first(
    statements: Sequence[Statement],
) -> tuple[list[Statement], list[Statement]]:
    """Return values that stand before the formula, and the rest."""
    count = 0
    while count < len(statements) and is_number(statements[count].sides[-1]):
        if not re.fullmatch(_STEP, statements[count].left) or len(statements[count].sides) > 1:
            break
        count += 1
    if count == len(statements) or not re.fullmatch(_STEP, statements[count].left):
        count = 0
    return list(statements[:count]), list(statements[count:])


def _composed(
    first: Sequence[Statement], rest: Sequence[Statement]
) -> tuple[list[Statement], list[Statement]]:
    """Return the steps of a formula that is given in several lines, and what comes after them.

    A line belongs to it that defines a variable of the first, as y = sigmoid(w x) does after
    L = (y - t)^2, or that goes on from it, as L = (a - t)^2 does after a = sigmoid(z).
    """
    steps, after = list(first), list(rest)
    while after:
        one = after[0]
        names = [_letters(step.left) for step in steps]
        if not re.fullmatch(_STEP, one.left) or _letters(one.left) in names:
            break
        if len(one.sides) > 1 or is_number(one.sides[0]):
            break
        mentioned = {name for step in steps for name in _mentioned(step.sides[0])}
        if _letters(one.left) in mentioned and _mentioned(one.sides[0]):
            steps.insert(0, one)
        elif names[-1] in _mentioned(one.sides[0]) and names[-1] != "f":
            steps.append(one)
        else:
            break
        after.pop(0)
    return (steps, after) if len(steps) > len(first) else ([], list(rest))


def _letters(name: str) -> str:
    """Return a name as a key, without the variables in brackets after it."""
    return key(name.partition("(")[0].strip())


def _mentioned(text: str) -> set[str]:
    try:
        return {key(name) for name in read([text]).graph.variables}
    except AutodiffError:
        return set()


def _apart(statements: Sequence[Statement], variables: Sequence[str]) -> Iterator[Statement]:
    """Yield statements one quantity each: gradients in parts, the point of f'(4) apart from f'."""
    for one in statements:
        if _GRADIENT.fullmatch(one.left):
            parts = [_parts(side, len(variables)) for side in one.sides]
            if all(parts):
                for place, name in enumerate(variables):
                    sides = tuple(part[place] for part in parts)
                    at = _point(one.left, len(variables))[1]
                    yield replace(one, left=f"∂/∂{name} f", sides=sides, at=at)
                continue
        names = _parts(one.left, one.left.count(",") + 1)
        given = _parts(one.sides[0], len(names)) if len(one.sides) == 1 else []
        if names and given:  # (x, y) = (2, 3)
            for name, part in zip(names, given, strict=True):
                yield replace(one, left=name, sides=(part,))
            continue
        left, at = _point(one.left, len(variables))
        yield replace(one, left=left or "?", at=at) if left != one.left else one


def _parts(text: str, count: int) -> list[str]:
    """Return the parts of a vector; none where it has another number of them."""
    inside = _PARTS.fullmatch(text.strip())
    if inside is None:
        return []
    for sign in (";", ","):
        found, depth = [""], 0
        for letter in inside[1]:
            depth += (letter in "([{") - (letter in ")]}")
            if letter == sign and not depth:
                found.append("")
            else:
                found[-1] += letter
        if len(found) == count and all(part.strip() for part in found):
            return [part.strip() for part in found]
    return []


def _point(left: str, count: int) -> tuple[str, tuple[float, ...]]:
    """Return what a left side is about, and the numbers of the point in its brackets, if any."""
    match = _CALLED.fullmatch(left.strip())
    if match is None:
        return left, ()
    texts = [match[2]] if count == 1 else re.split(r"[;,]", match[2])
    if not all(map(is_number, texts)):
        return left, ()
    if len(texts) != count:  # of which variable it is the value is not said
        return "", ()
    found = [typed(text.strip()) for text in texts]
    return match[1], tuple(one.value for one in found if isinstance(one, Typed))


def is_number(text: str) -> bool:
    """Tell whether a side is a number, or an expression for one, such as pi/2."""
    try:
        return isinstance(typed(text), Typed) and "," not in re.sub(r"\d,\d", "", text)
    except AutodiffError:
        return False
