"""What stands for a sign that a stream's encoding lacks: its plain spelling, or an escape.

One table serves tables, prose and errors: streams get it as the handler of what they cannot encode.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

#: The name of the handler, for `errors=`.
HANDLER = "autodiff.plain"

_SPELLED = str.maketrans({
    "−": "-", "–": "-", "—": "-", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "×": "x", "÷": "/",
    "±": "+-", "∂": "d", "√": "sqrt ", "∑": "sum ", "∏": "prod ", "∞": "inf", "π": "pi",
    "½": "1/2", "′": "'", "″": "''", "‴": "'''", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~",
    "→": "->", "←": "<-", "↑": "^", "↓": "v", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
    "─": "-", "│": "|", "┼": "+", "├": "|", "└": "`", "•": "*", "\N{NO-BREAK SPACE}": " ",
})  # fmt: skip

_RAISED = "[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾]+"
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()")

#: Marks on a letter: of a tangent and of an adjoint.
_MARKS = {"\u0307": "dot ", "\u0304": "bar "}
_ALONE = {"\u0307": "_dot", "\u0304": "_bar"}  # the letter is written already
_MARKED = "(.)([\u0307\u0304])"


def plain(text: str) -> str:
    """Return a text with plain spellings of signs: `ẇ3 = x⁻²` is `dot w3 = x^-2`."""
    if text.isascii():
        return text
    text = re.sub(_RAISED, lambda found: f"^{found[0].translate(_LOWERED)}", text)
    text = "".join(map(_apart, text))
    return re.sub(_MARKED, lambda found: _MARKS[found[2]] + found[1], text).translate(_SPELLED)


def _apart(sign: str) -> str:
    """Return a letter and its mark one by one; a lowered digit as a digit, as in names."""
    if sign.isascii():
        return sign
    parts = unicodedata.normalize("NFD", sign)
    if parts[1:] in _MARKS:
        return parts
    digit = unicodedata.normalize("NFKC", sign)
    return digit if digit.isascii() and digit.isdigit() else sign


def latin(letter: str) -> str:
    """Return theta for θ and Theta for Θ; "" for what is no plain Greek letter."""
    match unicodedata.name(letter, "").split():
        case ["GREEK", ("SMALL" | "CAPITAL") as size, "LETTER", name]:
            lower = "lambda" if name == "LAMDA" else name.lower()
            return lower if size == "SMALL" else lower.capitalize()
    return ""


def spelled(text: str, encoding: str | None) -> str:
    """Return a text as a stream of that encoding shows it, so that its width can be taken."""
    try:
        return text.encode(encoding or "ascii", HANDLER).decode(encoding or "ascii")
    except LookupError:  # no encoding that is known: the stream will not say more
        return text


def _handled(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for signs that cannot be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    found = _ALONE.get(text) or "".join([latin(sign) or sign for sign in plain(text)])
    return found.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(HANDLER, _handled)
