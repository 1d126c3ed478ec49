"""What a student wrote, as statements: signs made alike, remarks cut off, tables row by row.

Nothing is judged here, and nothing is refused: what cannot be read stays as text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: Lines of a file that are read, and characters of one of them.
MOST_LINES, LONGEST_LINE = 500, 2000

#: A sign of equality, however it is written; not one of a comparison.
_EQUAL = re.compile(r"=>|⇒|⟹|↦|→|⟶|->|:=|≈|≃|≅|≐|≡|(?<![<>=!])=(?!=)|~=")

#: A remark: from here on, a line is prose.
_REMARK = re.compile(r"\s*(?:#|//|%|\s--\s|<!--).*")

#: What stands before the first statement of a line: a bullet, a number, a word.
_BULLET = re.compile(
    r"\A\s*(?:[-*•–>]\s+|\(?\d{1,3}[.):]\s+|\(?[a-z]\)\s+|(?:step|line)\s*\d*\s*[:.]\s*)", re.I
)

#: An arrow before a statement that has its own sign of equality.
_ARROW = re.compile(
    r"\A\s*(?:=>|⇒|⟹|→|⟶|->)\s*(?=(?:d|∂)?[^\W\d_]\w*'*(?:\s*/\s*[d∂]\w+)?(?:\([^()]*\))?\s*=)"
)

#: Words before a statement, as in `Forward: w1 = x`.
_HEADING = re.compile(
    r"\A\s*(?:[^\W\d_]{3,}(?:\s+(?:[^\W\d_]{2,}|\d+\w?[.)]?))*\s*:\s+"
    r"|(?:find|compute|calculate|differentiate|determine|consider|let|given|sei|gegeben|bestimme"
    r"|berechne)\s+(?:[^\W\d_]{2,}\s+)*?)(?=.*=)(?=[^\W\d_]\w*(?:\([^()]*\))?['\s]*=|.*:)",
    re.I,
)

#: Values after a formula: (x = 3).
_VALUES = re.compile(r"(?<=[\w)}])\s+[(\[]\s*([^\W\d]\w*\s*=\s*[^()=]+)[)\]]\s*$")

#: Another statement on the same line.
_NEXT = re.compile(
    r"(?:;|,(?!(?<=\d,)\d))\s*(?=(?:[^=;,()\[\]]|\[[^\]=;,]*\]|\([\w\s.]*\)){1,40}=(?!=))|;\s*$"
    r"|\s+(?:and|und|at|bei|for|für|with|mit|where)\s+(?=[^=]{1,20}=)"
)

#: Letters of LaTeX and of typewriters → the sign.
_SIGNS = {
    "\\partial": "∂", "\\cdot": "*", "\\times": "*", "\\,": " ", "\\;": " ", "\\ ": " ",
    "′": "'", "’": "'", "‘": "'", "″": "''", "−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*",
    "\u00a0": " ", "\u2009": " ", "$": "", "&": "", "✓": "", "✔": "",
}  # fmt: skip

_FRACTION = re.compile(r"\\d?frac\s*\{\s*((?:d|∂)\s*[^{}]*)\}\s*\{\s*((?:d|∂)\s*[^{}]*)\}")
_ACCENT = re.compile(r"\\(bar|overline|dot)\s*(?:\{\s*([^{}]+?)\s*\}|([^\W\d_]))(_\{?\w+\}?)?")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋", "0123456789-")

#: The name of an input as v-1, at the beginning of a line, and anywhere.
_BELOW_ZERO = re.compile(
    r"^\W*(?:bar |dot |d)?([^\W\d_][\u0300-\u036f]?)\s?_?\{?-(\d)\}?'?\s*=", re.M
)

#: What stands between the cells of a table; a comma may be one of decimals where ; is there.
_CELLS = ("|", ";", ",", "\t")

#: A point of which something is said: the end of df/dx|_{x = 4}, and f'(x = 4).
_AT = re.compile(r"(?:\|\s*_\s*\{?|(?<=')\s*\|)\s*\w+\s*=\s*([^\s{}=|]+)\s*\}?")
_CALLED_AT = re.compile(r"(?<=['\w])\(\s*[^\W\d]\w*\s*=\s*([^()=,;]+)\)")

#: Columns of a table, by what their heads may be.
_COLUMNS = (
    ("node", re.compile(r"([a-z]_?i|node|name|step|variable|i|knoten|schritt)", re.I)),
    (
        "operation",
        re.compile(r"(operation|formula|expression|definition|primal|formel|rechnung)", re.I),
    ),
    ("value", re.compile(r"(value|number)s?|wert|zahl", re.I)),
    ("partials", re.compile(r"(local )?partials?|local derivatives?", re.I)),
    (
        "tangent",
        re.compile(
            r"(?:tangente?|derivative|ableitung|dot|[a-z]\u0307_?i?|d[a-z]_?i?)\s*(?:\((.*)\))?",
            re.I,
        ),
    ),
    ("adjoint", re.compile(r"adjoint|adjungierte|bar|[a-z]\u0304_?i?|gradient|grad", re.I)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One chain of equations.

    Attributes:
        line: the line of the file, from 1.
        left: what it is about; "" where it goes on with the statement before it.
        sides: what it is said to be, in order.
        at: the point of which it is said, in order of the variables, as f'(4) has it; else empty.
    """

    line: int
    left: str
    sides: tuple[str, ...]
    at: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was handed in.

    Attributes:
        lines: line number → its text, for those that state something.
        statements: in the order of work: the adjoints of a table from its last row up.
    """

    lines: dict[int, str]
    statements: tuple[Statement, ...]


def alike(text: str) -> str:
    """Return a text with its signs made alike: primes, minus signs, LaTeX, accents apart."""
    text = unicodedata.normalize("NFD", text)
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    text = _FRACTION.sub(r"\1/\2", text)
    text = _ACCENT.sub(
        lambda m: f"{'dot' if m[1] == 'dot' else 'bar'} {m[2] or m[3]}{m[4] or ''}", text
    )
    for bracket in ("\\left.", "\\left", "\\right"):
        text = text.replace(bracket, "")
    return _CALLED_AT.sub(r"(\1)", _AT.sub(r"(\1)", text.translate(_SUBSCRIPTS)))


def _below_zero(text: str) -> str:
    """Return a text in which inputs such as v-1, where lines define them, are names: v_m1."""
    plain = unicodedata.normalize("NFD", text).translate(_SUBSCRIPTS)
    found = {(match[1][0], match[2]) for match in _BELOW_ZERO.finditer(plain)}
    for letter, number in found:
        name = rf"(?<![^\Wd])({letter}[\u0300-\u036f]?)_?\{{?-{number}\}}?(?![\d.])"
        plain = re.sub(name, rf"\1_m{number}", plain)
    return plain if found else text


def sheet(text: str) -> Sheet:
    """Return the statements of a text, line by line."""
    lines: dict[int, str] = {}
    found: list[Statement] = []
    adjoints: list[Statement] = []
    columns: list[tuple[str, str]] = []
    sign = ""
    text = _below_zero(text)
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        cells = _cells(raw, sign)
        heads = [] if columns and cells else _heads(raw)
        if heads:
            columns, sign = heads, next(one for one in _CELLS if one in raw)
            continue
        if columns and len(cells) == len(columns):
            row, back = _row(number, dict(zip(columns, cells, strict=True)))
            if row or back:
                lines[number] = raw.strip()
            found += row
            adjoints = [*back, *adjoints]
            continue
        if columns and not re.fullmatch(r"[\s|:\-]*", raw):
            found, adjoints, columns, sign = [*found, *adjoints], [], [], ""
        made = _statements(number, raw)
        if made:
            lines[number] = raw.strip()
            found += made
    return Sheet(lines=lines, statements=_summed([*found, *adjoints]))


def _summed(statements: list[Statement]) -> tuple[Statement, ...]:
    """Return statements with sums in parts put together: a += b, and a = a + b after a = c.

    The parts before the last of them state nothing by themselves.
    """
    found: list[Statement] = []
    parts: dict[str, str] = {}
    for place, one in enumerate(statements):
        left, whole = one.left.removesuffix("+").strip(), one.sides[0]
        known = parts.get(left)
        if one.left.endswith("+"):
            whole = f"{known} + ({whole})" if known else f"({whole})"
        elif known is not None and _within(left, whole):
            whole = f"({known})".join(_within_pattern(left).split(whole))
        else:
            parts.pop(left, None)
        later = [
            other for other in statements[place + 1 :]
            if other.left.removesuffix("+").strip() == left
            and (other.left.endswith("+") or _within(left, other.sides[0]))
        ]  # fmt: skip
        if later:
            parts[left] = whole
            continue
        parts.pop(left, None)
        kept = (whole, *one.sides[1:])
        found.append(Statement(line=one.line, left=left, sides=kept))
    return tuple(found)


def _within_pattern(left: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(left)}(?![\w\u0300-\u036f])")


def _within(left: str, text: str) -> bool:
    """Tell whether what a statement is about stands in what it says."""
    return bool(left) and _within_pattern(left).search(text) is not None


def _statements(number: int, raw: str) -> list[Statement]:
    """Return the statements of one line; none of prose."""
    text = _REMARK.sub("", alike(raw)).strip().strip("`")
    text = _VALUES.sub(r"; \1", _HEADING.sub("", _ARROW.sub("", _BULLET.sub("", text))))
    found = []
    for part in _NEXT.split(text):
        pieces = [piece.strip().rstrip(".").strip() for piece in _EQUAL.split(part)]
        if len(pieces) < 2:
            continue
        left, *sides = pieces
        kept = tuple(side for side in sides if side)
        if kept and (left or len(pieces) > 1):
            found.append(Statement(line=number, left=left, sides=kept))
    return found


def _cells(raw: str, sign: str) -> list[str]:
    """Return the cells of a row of the table that is being read."""
    if not sign or sign not in raw:
        return []
    if sign == "|":
        return [cell.strip() for cell in re.split(r"(?<!\\)\|", raw.strip().strip("|"))]
    import csv

    return [cell.strip() for cell in next(csv.reader([raw], delimiter=sign))]


def _heads(raw: str) -> list[tuple[str, str]]:
    """Return the columns of a table from its first row: what each is, and of which variable."""
    for sign in _CELLS:
        cells = [alike(cell).strip("` ").replace("{", "").replace("}", "")
                 for cell in _cells(raw, sign)]  # fmt: skip
        found = [_column(cell) for cell in cells]
        if found and not cells[0]:  # a table whose corner is empty
            found[0] = ("node", "")
        kinds = [kind for kind, _ in found]
        if "node" in kinds and {"value", "tangent", "adjoint", "operation"} & set(kinds):
            return [one if one[0] else ("", str(k)) for k, one in enumerate(found)]
    return []


def _column(head: str) -> tuple[str, str]:
    for kind, pattern in _COLUMNS:
        match = pattern.fullmatch(head)
        if match:
            return kind, (match[1] or "") if kind == "tangent" else ""
    return "", ""


def _row(number: int, cells: dict[tuple[str, str], str]) -> tuple[list[Statement], list[Statement]]:
    """Return what the row of a table states, and what it states of adjoints."""
    name, *made = (
        one.strip() for one in _EQUAL.split(alike(cells.get(("node", ""), "")).strip("` "))
    )
    if not re.fullmatch(r"[^\W\d_].*", name):
        return [], []
    found, back = [], []

    def state(left: str, *sides: str) -> Statement:
        return Statement(line=number, left=left, sides=tuple(alike(s).strip("` ") for s in sides))

    value = [*made, *(cells.get((kind, ""), "") for kind in ("operation", "value"))]
    if any(value):
        found.append(state(name, *[cell for cell in value if cell]))
    for (kind, variable), cell in cells.items():
        if kind == "tangent" and cell:
            found.append(state(f"d{name}/d{variable}" if variable else f"d{name}", cell))
        elif kind == "adjoint" and cell:
            back.append(state(f"bar {name}", cell))
        elif kind == "partials" and cell:
            for part in re.split(r"<br>|;", cell):
                found += _statements(number, part)
    return found, back
