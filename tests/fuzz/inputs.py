"""Texts and command lines that a person, a script or a fuzzer might type, from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from autodiff_cli.cli.dispatch import COMMANDS
from autodiff_cli.ops import CONSTANTS, FUNCTIONS
from tests.expressions import seeded, text

#: What mutations put in: everything that has a meaning, much that has none, and what is hostile.
PIECES = (
    *"0123456789.+-*/^()|,<>=!xyzeiEIπθ√·×÷²³⁻₁ \t\n_'\"\\{}[]$%&;:#@~`?",
    "**", "<=", "==", "!=", "1e999", "1e-999", "1.5.2", "..", "0x1f", "1_000", "1,5", "2e3",
    "\x00", "\x1b[31m", "\x1b]8;;http://a\x07", "\u202e", "\u200b", "\ufeff", "\u0301", "\ud800",
    "ａ", "Ⅷ", "½", "∞", "٣", "ﬁ", "ªº", "𝑥", "😀", "lambda", "__import__('os')", "f(x)=",
    "q = x + y; ", "; ", "\n", "q = ", "y += ", " := ", "f(x) = x^2; ", "f(", "f(x, y) = ",
    "sum(i, 1, 3, x_i)", "sum(i,1,", "prod(j, 0, 2, ", "Σ(", "x_i", "x_{1}", "{x}_{1}", "[x]",
    "sin ", "ln 2x ", "cos^-1 ", "\\sqrt[3]{x}", "\\left(", "\\right)", "\\cdot ",
    "\\times 10^{-3}",
    "\\begin{cases} x & x > 0 \\\\ y & \\text{otherwise} \\end{cases}", "\\mathrm{e}^{x}", "\\pi",
    "\\log_{2}(", "\\theta", "\\operatorname{asinh}", "$", "np.exp(", "math.", ".relu()",
    "pow(x, 2)",
    "x if x > 0 else y", " if ", " else ", " and ", "x[0]", "σ(x)", "mod(x, 2)", "# note\n",
    "sin^-1(", "sin^2(", "where(", "max(", "log(x,", "|x", "e^{", "\\frac{1}{2}", "ln|x|", "9^9^9",
)  # fmt: skip
WORDS = (*FUNCTIONS, *CONSTANTS)

OPTIONS = (
    "--x", "--y", "--at", "--const", "--wrt", "--json", "--strict", "--mode", "--trace", "--graph",
    "--order", "--rows", "--no-share", "--no-sympy", "--sympy-seconds", "--random-seed",
    "--direction", "--seed", "--claim", "--format", "--to", "--times", "--iterate", "--gradient",
    "--points", "--of", "--float32", "--steps", "--data",
    "-o", "--debug", "--help", "--", "-x", "-x^2",
)  # fmt: skip
VALUES = (
    "4", "-1", "0", "pi/2", "1,2,3", "linspace(0,1,3)", "uniform(0,1,2)", "x=4,y=2", "x=1", "x",
    "reverse", "forward", "both", "json", "dot", "tree", "mermaid", "latex", "python", "c", "1e999",
    "nan", "inf", "", "=", "-", "x=", "=4", "linspace(0,1,-3)", "linspace(0,1,1e9)", "[/x]", "%s",
    "\x1b[31m", "ones", "1,0", "9^9^9^9", "missing.csv", "2x", "sin(x)",
)  # fmt: skip


def texts(seed: int, count: int) -> Iterator[str]:
    """Yield formulas, formulas with mistakes, and noise."""
    choose = random.Random(seed)
    for number in range(count):
        kind = choose.randrange(12)
        if kind < 2:
            yield formula(seed * 1_000_003 + number)
        elif kind > 9:
            program = statements(choose, seed * 1_000_003 + number)
            yield program if kind == 10 else mutated(choose, program)
        elif kind < 7:
            yield mutated(choose, formula(seed * 1_000_003 + number))
        elif kind < 9:
            yield "".join(choose.choice((*PIECES, *WORDS)) for _ in range(choose.randrange(1, 25)))
        else:
            yield "".join(chr(choose.randrange(0x110000)) for _ in range(choose.randrange(1, 12)))


def formula(seed: int) -> str:
    """Return a formula that can be read."""
    choose = random.Random(seed)
    return text(seeded(seed, 1 + seed % 7), choose.choice)


def statements(choose: random.Random, seed: int) -> str:
    """Return a text of steps, functions and a formula over them."""
    lines, names = [], ["x", "y"]
    for number in range(choose.randrange(1, 5)):
        body = f"({formula(seed + number)})*{choose.choice(names)}"
        kind = choose.randrange(4)
        if kind == 0:
            lines.append(f"g{number}(x) = {body}")
            names.append(f"g{number}({choose.choice(names)})")
        elif kind == 1:
            lines.append(f"t = {body}" if "t" not in names else f"t += {body}")
            names.append("t")
        else:
            lines.append(f"h_{number} = {body}")
            names.append(f"h_{number}")
    last = " + ".join(choose.choice(names) for _ in range(3))
    lines.append(choose.choice(("", "f = ", "f(y, x) = ")) + last)
    return choose.choice(("; ", "\n")).join(lines)


def mutated(choose: random.Random, original: str) -> str:
    """Return a text with some pieces put in, taken out, doubled or moved."""
    for _ in range(choose.randrange(1, 5)):
        at = choose.randrange(len(original) + 1)
        to = min(len(original), at + choose.randrange(6))
        change = choose.randrange(4)
        if change == 0:
            original = original[:at] + choose.choice((*PIECES, *WORDS)) + original[at:]
        elif change == 1:
            original = original[:at] + original[to:]
        elif change == 2:
            original = original[:to] + original[at:to] * choose.randrange(1, 4) + original[to:]
        else:
            original = original[to:] + original[:at]
    return original


def command_lines(seed: int, count: int) -> Iterator[list[str]]:
    """Yield words after the program's name: mostly a known command, often with a mistake."""
    choose = random.Random(seed)
    for number in range(count):
        name = choose.choice((*COMMANDS, *COMMANDS, "grda", "--version", "--help"))
        words = [name]
        if name not in ("run", "functions"):
            words.append(_expression(choose, seed * 7 + number))
        for _ in range(choose.randrange(5)):
            option = choose.choice(OPTIONS)
            words.append(f"{option}={choose.choice(VALUES)}" if choose.random() < 0.1 else option)
            if choose.random() < 0.85:
                words.append(choose.choice(VALUES))
        if choose.random() < 0.5:
            words += ["--x", choose.choice(("4", "0", "1,2")), "--y", "2", "--theta", "0.5"]
        if choose.random() < 0.2:
            choose.shuffle(words)
        yield words


def _expression(choose: random.Random, seed: int) -> str:
    simple = choose.choice(("x^2", "sin(x)*y", "x/y", "abs(x)", "log(x)", "x^y", "4", "x*theta"))
    kind = choose.randrange(6)
    if kind < 3:
        return simple
    return formula(seed) if kind == 3 else mutated(choose, simple)
