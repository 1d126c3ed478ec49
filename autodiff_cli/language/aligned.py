r"""The `align*` that an export to LaTeX is, to statements: a row a step, no derivatives."""

from __future__ import annotations

from autodiff_cli.language.latex import greek
from autodiff_cli.language.lexemes import NEWLINE, Lexeme

#: What an environment of aligned rows begins with.
BEGIN = r"\begin{align"
#: What marks an adjoint and a tangent.
_ACCENTS = (r"\bar", r"\dot")


def aligned(pieces: list[Lexeme]) -> list[Lexeme]:
    r"""Return the lexemes of the rows as statements, one a line; the last is the formula."""
    rows: list[list[Lexeme]] = [[]]
    inside, at = 0, 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece.text == "%":  # a comment
            while at < len(pieces) and pieces[at].text != NEWLINE:
                at += 1
        elif piece.text in _ACCENTS and at < len(pieces) and pieces[at].text == "{":
            name, at = _accented(pieces, at)
            rows[-1].append(Lexeme(piece.text[1:] + name, piece.column, pieces[at - 1].end))
        elif piece.text in (r"\begin", r"\end"):
            name = "".join(one.text for one in pieces[at + 1 : at + 3]).rstrip("}")
            if name.startswith("align"):
                while at < len(pieces) and pieces[at].text != "}":
                    at += 1
                at += 1
                continue
            inside += 1 if piece.text == r"\begin" else -1
            rows[-1].append(piece)
        elif piece.text == "\\\\" and not inside:
            rows.append([])
        elif piece.text != NEWLINE:
            rows[-1].append(piece)
    kept = [row for row in rows if row and not _is_slope(row)]
    found: list[Lexeme] = []
    variables: list[list[Lexeme]] = []
    for number, row in enumerate(kept):
        row = _without_mark(row)
        sign = next((k for k, one in enumerate(row) if one.text == "="), 0)
        right = row[sign + 1 :]
        plain = sign and not row[0].text.startswith(("bar", "dot"))
        if plain and number == len(variables) < len(kept) - 1 and _is_name(right):
            variables.append(right)
        if sign == 1 and row[0].text == "f" and number == len(kept) - 1:
            row = _formula(row, variables)
        found += [*row, Lexeme(NEWLINE, row[-1].end, row[-1].end)] if row else []
    return found


def _accented(pieces: list[Lexeme], at: int) -> tuple[str, int]:
    """Return the letters in the braces at a place, and the place after these."""
    depth, letters = 0, ""
    while at < len(pieces):
        text = pieces[at].text
        depth += (text == "{") - (text == "}")
        letters += "".join(sign for sign in text if sign.isalnum())
        at += 1
        if depth == 0:
            break
    return letters, at


def _is_slope(row: list[Lexeme]) -> bool:
    """Tell whether a row is a derivative of the formula, which no step needs."""
    return row[0].text == "dotf" or any(one.text == r"\partial" for one in row)


def _is_name(pieces: list[Lexeme]) -> bool:
    """Tell whether lexemes are one name: letters, a command, braces and a subscript."""
    return all(
        one.text[0].isalnum()
        or one.text[0] in "{}_"
        or one.text in (r"\_", r"\mathit", r"\mathord")
        or (one.text[0] == "\\" and greek(one.text[1:]) != "")
        for one in pieces
    )


def _formula(row: list[Lexeme], variables: list[list[Lexeme]]) -> list[Lexeme]:
    """Return the last row as `f(x, y) = …`, so that the variables keep their order."""
    first, last = row[0], row[1]

    def sign(text: str) -> Lexeme:
        return Lexeme(text, first.column, last.end)

    names = [[one.text for one in name] for name in variables]
    head = sign("formula" if ["f"] in names else "f")
    listed = [one for name in variables for one in (sign(","), *name)][1:]
    return [head, sign("("), *listed, sign(")"), *row[1:]] if variables else row[2:]


def _without_mark(row: list[Lexeme]) -> list[Lexeme]:
    """Return a row without the & before its =."""
    for place in range(len(row) - 1):
        if row[place].text == "&" and row[place + 1].text == "=":
            return [*row[:place], *row[place + 1 :]]
    return row
