"""Streams that lack signs: all text is spelled plainly, and carets stay in place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import autodiff_cli
from autodiff_cli.formats.plain import HANDLER, plain, spelled
from autodiff_cli.ops import FUNCTIONS
from tests.console import here

PACKAGE = Path(autodiff_cli.__file__).parent

#: Where all signs are tables of what is read, or of spellings.
READ = {
    "language/tokens.py", "language/functions.py", "formats/plain.py", "formats/signs.py",
    # What a student may write on a sheet; what LaTeX has, for MathML, which is no text; and line
    # separators, which a script must not have.
    "teach/begun.py", "teach/handwriting.py", "teach/naming.py", "formats/mathml.py",
    "views/packed.py",
}  # fmt: skip

#: Arrows, boxes, shapes and Braille: drawings choose them by what a stream carries.
DRAWN = [(0x2190, 0x21FF), (0x2500, 0x25FF), (0x2800, 0x28FF)]

SPELLED = {
    "ẇ3 = 3·w1²·ẇ1": "dot w3 = 3*w1^2*dot w1",
    "w̄1 += w̄2·48": "bar w1 += bar w2*48",
    "x⁻¹⁰ and f⁽⁴⁾": "x^-10 and f^(4)",
    "∂²f/∂x∂y ≥ −½ …": "d^2f/dxdy >= -1/2 ...",
    "x₁ → √(x₁)": "x1 -> sqrt (x1)",
    "f′ f″ f‴ ≠ ∞": "f' f'' f''' != inf",
    "“θ” – é": '"θ" - é',
}


@pytest.mark.parametrize("text", SPELLED)
def test_a_sign_has_a_plain_spelling(text: str) -> None:
    assert plain(text) == SPELLED[text]
    assert plain(SPELLED[text]) == SPELLED[text]


def shown(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, homes) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_every_sign_that_the_program_writes_has_one(path: Path) -> None:
    if str(path.relative_to(PACKAGE)) in READ:
        return
    lacking = {
        sign
        for text in shown(path)
        for sign in plain(text)
        if not sign.isascii() and not sign.isalpha() and sign not in "\ufeff\u0307\u0304\u202f"
        and not any(first <= ord(sign) <= last for first, last in DRAWN)
    }  # fmt: skip
    assert lacking == set()


#: Words without a letter or sign that ASCII lacks, of answers, of notes and of errors.
WORDS = [
    *(("functions", name) for name in sorted(FUNCTIONS)[::7]),
    ("functions",),
    ("grad", "abs(x)*sqrt(y)", "--x", "0", "--y", "0"),
    ("grad", "1/x + ln(x)", "--x", "0,-1,1e-200", "--no-sympy"),
    ("grad", "sin(x)", "--x", "1", "--order", "6", "--no-sympy"),
    ("grad", "x^2", "--x", "linspace(0,1,90)", "--no-sympy"),
    ("trace", "sin(x)*cos(x)^-2", "--x", "1"),
    ("graph", "x^2*sin(x)/2"),
    ("graph", "x^2*sin(x)/2", "--format", "layered"),
    ("plot", "x^3 - 2x", "--x=-2..2", "--at", "x=1"),
    ("plot", "x^2 + y^2", "--x=-2..2", "--y=-1..1"),
    ("descend", "x^2 + y^2", "--x", "1", "--y", "1", "--rate", "0.1", "--steps", "5"),
    ("hessian", "x^2*y", "--x", "1", "--y", "2", "--no-sympy"),
    ("hvp", "x^2*y", "--x", "1", "--y", "2", "--direction", "1,0", "--no-sympy"),
    ("jacobian", "x^2", "x*y", "--x", "1", "--y", "2", "--no-sympy"),
    ("backward", "x^2", "--x", "3", "--times", "2"),
    ("compare", "x^2", "--x", "3", "--claim", "x=3x", "--no-sympy"),
    ("count", "x^9", "--no-sympy"),
    ("--help",),
    ("grad", "--help"),
    ("grad", "sinn(x)"),
    ("grad", "1/2x", "--x", "4", "--no-sympy"),
    ("grad", "d/dx x^2"),
    ("grad", "x" * 300 + "+sinn(x)"),
    ("grad", "x^2", "--x", "4", "--y", "2"),
    ("grad", "x^2", "-x", "4"),
    ("grda", "x"),
]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("words", WORDS, ids=lambda words: " ".join(words)[:40])
def test_no_command_writes_an_escape_for_a_sign_of_its_own(
    words: tuple[str, ...], encoding: str
) -> None:
    outcome = here(*words, encoding=encoding)
    assert "\\u" not in outcome.out + outcome.err
    assert "\\x" not in outcome.out + outcome.err
    assert outcome.out + outcome.err


def test_the_prose_of_a_text_is_spelled_too() -> None:
    text = "# ẇ3 = −½ … x⁻²\ngraph 'x²'\n"
    outcome = here("run", "-", stdin=text, encoding="ascii")
    assert outcome.out.startswith("dot w3 = -1/2 ... x^-2\n$ autodiff graph 'x^2'\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("text", ["θ+é·ẇ − sinn(x)", "…·½+sinn(x)", "θ" * 60 + "+sinn(x)"])
def test_the_caret_stands_below_what_it_means(text: str, encoding: str) -> None:
    first, second = here("grad", text, encoding=encoding).err.splitlines()
    caret = second.index("^")
    if "sinn" in second:
        assert first[caret:].startswith("sinn")
    else:
        assert text.startswith("…")  # no sign of the language
        assert caret == len("error: ")


def test_what_has_no_spelling_is_an_escape_and_nothing_is_lost() -> None:
    assert spelled("Größe θ\u0304 λ_1 ж", "ascii") == r"Gr\xf6\xdfe bar theta lambda_1 \u0436"
    assert spelled("Θ é", "cp1252") == "Theta é"
    assert "w\u0304".encode("ascii", HANDLER) == b"w_bar"
    assert spelled("Größe", "cp1252") == "Größe"
    assert spelled("θ", "no such encoding") == "θ"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", HANDLER)
