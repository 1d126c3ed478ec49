"""Names in the target's language: what is reserved there is changed, and the change is told.

A variable's name is letters, digits and `_` of any script, so no name can end a comment, a string
or a statement.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from autodiff_cli.graph.letter import LETTERS, free
from autodiff_cli.ops import CONSTANTS, OPERATIONS

#: Stems for shared pieces; the first that no variable uses, nor the nodes.
PIECES = ("t", "s", "r", "piece")

#: Functions whose name would hide another: the operation's → the one in the code.
RENAMED = {"max": "maximum", "min": "minimum"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Names of the text around the formula, and of the functions that it brings along.
_OWN = _words(" ".join([*(row.name for row in OPERATIONS), *CONSTANTS, *RENAMED.values()])) | {
    "guarded", "gradient", "tangent", "log_base", "value_and_gradient", "value_and_tangent",
}  # fmt: skip
PYTHON = _OWN | _words("math np torch jax jnp sympy float inf nan")
PYTHON |= {*keyword.kwlist, *keyword.softkwlist}
JAVASCRIPT = _OWN | _words(
    """
    arguments async await break case catch class const continue debugger default delete do
    else enum eval export extends false finally for function get if implements import in
    instanceof interface let new null of package private protected public return set
    static super switch this throw true try typeof undefined var void while with yield
    Math Number NaN Infinity module exports require globalThis
    """
)
#: The macros of math.h, of C99 to C23 and of the GNU and BSD libraries: a macro is put in anywhere.
_SIZES = ("", "f", "l", "f16", "f32", "f64", "f128", "f32x", "f64x", "f128x")
_MACROS = {
    f"M_{name}{size}"
    for name in [
        "E",
        "LOG2E",
        "LOG10E",
        "LN2",
        "LN10",
        "PI",
        "PI_2",
        "PI_4",
        "1_PI",
        "2_PI",
        "2_SQRTPI",
        "SQRT2",
        "SQRT1_2",
    ]
    for size in _SIZES
}
_MACROS |= {f"{name}{size.upper()}" for name in ("HUGE_VAL", "SNAN") for size in _SIZES}
_MACROS |= {f"HUGE_VAL_{size.upper()}" for size in _SIZES if size}
_MACROS |= _words(
    """
    HUGE INFINITY NAN DEC_INFINITY DEC_NAN MAXFLOAT FP_NAN FP_INFINITE FP_ZERO FP_NORMAL
    FP_SUBNORMAL FP_SUPERNORMAL FP_ILOGB0 FP_ILOGBNAN FP_LLOGB0 FP_LLOGBNAN FP_INT_UPWARD
    FP_INT_DOWNWARD FP_INT_TOWARDZERO FP_INT_TONEAREST FP_INT_TONEARESTFROMZERO FP_FAST_FMA
    FP_FAST_FMAF FP_FAST_FMAL MATH_ERRNO MATH_ERREXCEPT math_errhandling DOMAIN SING OVERFLOW
    UNDERFLOW PLOSS TLOSS X_TLOSS fpclassify isfinite isinf isnan isnormal issubnormal iszero
    issignaling iscanonical iseqsig isgreater isgreaterequal isless islessequal islessgreater
    isunordered signbit
    """
)
C = (
    _OWN
    | _MACROS
    | _words(
        """
    auto break case char const continue default do double else enum extern float for goto
    if inline int long register restrict return short signed sizeof static struct switch
    typedef union unsigned void volatile while bool true false nullptr alignas alignof
    constexpr static_assert thread_local typeof typeof_unqual asm fortran linux unix i386
    main errno NULL EOF BUFSIZ FILE stdin stdout stderr complex imaginary I fabs fmax
    fmin fmod fma pow log tgamma lgamma j0 j1 jn y0 y1 yn gamma signgam scalb drem
    significand exp2 exp10 rint nearbyint round trunc logb ilogb ldexp frexp modf
    copysign nextafter nan remainder remquo int8_t int16_t
    int32_t int64_t uint8_t size_t float_t double_t
    """
    )
)


@dataclass(frozen=True, slots=True)
class Naming:
    """Names for one piece of code.

    Attributes:
        variables: the program's variable → its name in the target.
        stem: begins the name of every node.
        piece: begins the name of every shared piece.
        notes: one sentence for each name that had to change.
    """

    variables: dict[str, str]
    stem: str
    piece: str
    notes: tuple[str, ...]


def naming(
    names: Sequence[str], reserved: Collection[str], letter: str = "w", *, ascii_only: bool
) -> Naming:
    """Return names for the target that differ from each other and from what it reserves.

    Args:
        names: the variables.
        reserved: names that the target or the code around the formula needs.
        letter: of the labels of the nodes.
        ascii_only: the target reads letters of the English alphabet only.
    """
    stem = letter if letter.isascii() or not ascii_only else _free([spelled(letter)], names)
    piece = _free([piece for piece in PIECES if piece != stem], names)
    taken = set(names)
    changed: dict[str, str] = {}
    notes = []
    for name in names:
        wanted = name
        if not wanted.isidentifier() or (ascii_only and not wanted.isascii()):
            wanted = spelled(name)
        if wanted in reserved or (wanted != name and wanted in taken) or wanted.startswith("__"):
            wanted += "_"
            while wanted in taken or wanted in reserved:
                wanted += "_"
        taken.add(wanted)
        changed[name] = wanted
        if wanted != name:
            reason = "is a reserved name" if name in reserved else "cannot be written"
            notes.append(f"{wanted} is the variable '{name}', whose name {reason} here.")
    if letter != LETTERS[0] and letter == free(names):
        notes.append(f"Nodes are called {stem}1, {stem}2, …: the formula has names like w1.")
    return Naming(changed, stem, piece, tuple(notes))


def spelled(name: str) -> str:
    """Return a name in English letters: θ₁ is theta1, 变 is u53d8."""
    text = ""
    for char in unicodedata.normalize("NFKD", name):
        if char.isascii():
            text += char
        elif unicodedata.combining(char):
            continue
        else:
            words = unicodedata.name(char, "").split()
            greek = words[:1] == ["GREEK"] and "LETTER" in words
            letter = words[words.index("LETTER") + 1] if greek else ""
            plain = letter.lower() if "SMALL" in words else letter.capitalize()
            text += plain or f"u{ord(char):x}"
    return text


def _free(stems: Iterable[str], names: Sequence[str]) -> str:
    """Return the first stem s such that no variable is called s1 or s1_bar."""
    for stem in stems:
        pattern = re.compile(rf"{stem}\d+\w*")
        if not any(pattern.fullmatch(name) for name in names):
            return stem
    longest = max(len(name) for name in names)
    return f"{stem}{'_' * longest}"
