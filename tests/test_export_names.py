"""No name of a variable breaks exported code: every word of the language and of the code is tried.

All at once: a function whose variables are all those words, beside every row of the table, so
that a name that hides a function, a module or a macro cannot go unseen.
"""

from __future__ import annotations

import json
import keyword
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autodiff_cli.engine.forward import forward
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.engine.reverse import gradient
from autodiff_cli.export import LANGUAGES, export, names
from autodiff_cli.graph.constant import literal
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.ops import ADD, COMPARISONS, MULTIPLY, OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON
from tests.test_export import agree, python_answers


def split(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


#: What math.h has as macros, by the compilers' own word (`gcc -dM -E`), some of each kind.
MACROS = split(
    """
    M_E M_LOG2E M_LOG10E M_LN2 M_LN10 M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI M_2_SQRTPI M_SQRT2
    M_SQRT1_2 M_PIl M_LN2f64x HUGE_VAL HUGE_VALF HUGE_VAL_F32X INFINITY NAN SNAN MAXFLOAT
    FP_NAN FP_ZERO FP_ILOGB0 MATH_ERRNO math_errhandling isnan isless signbit linux unix
    """
)
JAVASCRIPT = split(
    """
    break case catch class const continue debugger default delete do else enum export extends
    false finally for function if import in instanceof new null return super switch this throw
    true try typeof var void while with let static yield await async of get set eval arguments
    implements interface package private protected public undefined NaN Infinity Math Number
    """
)
C = split(
    """
    auto break case char const continue default do double else enum extern float for goto if
    inline int long register restrict return short signed sizeof static struct switch typedef
    union unsigned void volatile while bool true false main errno pow fabs log fmax y0 j1
    gamma
    """
)
MODES = ("reverse", "forward")


def every_row(builder: Builder, guarded: bool) -> list[int]:
    """Apply every row to x, moved into the row's interval; `guarded` has a choice too."""
    found = []
    for row in OPERATIONS:
        if row.precedence == COMPARISON or row is WHERE:
            continue
        limits = row.intervals * (row.arity if row.variadic else 1)
        places = []
        for low, high in limits:
            middle = builder.constant(literal(repr(low + 0.37 * (high - low) - 0.5)))
            places.append(builder.apply(ADD, (0, middle)))
        found.append(builder.apply(row, tuple(places)))
    if guarded:
        half = builder.constant(literal("0.25"))
        condition = builder.apply(COMPARISONS["<"], (half, 0))
        found.append(builder.apply(WHERE, (condition, 0, half)))
    return found


def formula(words: list[str], guarded: bool) -> Graph:
    """Return the sum of every row at x = 0.5, and of every word times x."""
    builder = Builder(("x", *words))
    terms = every_row(builder, guarded)
    terms += [builder.apply(MULTIPLY, (0, place)) for place in range(1, len(words) + 1)]
    return builder.graph([builder.apply(ADD, tuple(terms))])


@cache
def words() -> tuple[str, ...]:
    """Return every word of the languages, of math.h, and of the code that is written."""
    found = {*keyword.kwlist, *keyword.softkwlist, *JAVASCRIPT, *C, *MACROS, *gcc_macros()}
    for language in set(LANGUAGES) - {"latex"}:
        for mode in MODES:
            for guarded in (False, True):
                code = export(formula([], guarded), language, mode=mode)
                found.update(re.findall(r"[A-Za-z]\w*", code))
    return tuple(sorted(word for word in found - {"x"} if word.isascii()))


def gcc_macros() -> set[str]:
    """Return the macros that this machine's math.h defines, if there is a compiler."""
    if not shutil.which("gcc"):
        return set()
    found: set[str] = set()
    for standard in ("c99", "gnu17"):
        words = ["gcc", f"-std={standard}", "-D_GNU_SOURCE", "-dM", "-E", "-"]
        text = "#include <math.h>\n"
        ran = subprocess.run(words, input=text, capture_output=True, text=True, check=True)
        found.update(re.findall(r"^#define ([A-Za-z]\w*)", ran.stdout, re.MULTILINE))
    return found


def by_python(code: str, name: str, given: list[float], folder: Path) -> list[float]:
    return [float(number) for number in python_answers(code, given)]


#: A program around the function: it prints the value and the slopes.
MAIN = """
#include <stdio.h>
int main(void) {{
    double found[{count}];
    printf("%.17g\\n", {name}({given}, found));
    for (int k = 0; k < {count}; k++) printf("%.17g\\n", found[k]);
    return 0;
}}
"""


def by_gcc(code: str, name: str, given: list[float], folder: Path) -> list[float]:
    source, program = folder / "f.c", folder / "f"
    count = len(given) if name == "value_and_gradient" else 1
    main = MAIN.format(name=name, count=count, given=", ".join(map(str, given)))
    source.write_text(code + main, encoding="utf-8")
    for standard in ("c99", "gnu17"):
        flags = [f"-std={standard}", "-Wall", "-Werror", "-Wno-unused-variable"]
        subprocess.run(["gcc", *flags, str(source), "-o", str(program), "-lm"], check=True)
    ran = subprocess.run([str(program)], capture_output=True, text=True, check=True)
    return [float(number) for number in ran.stdout.split()]


def by_node(code: str, name: str, given: list[float], folder: Path) -> list[float]:
    script = folder / "f.js"
    call = f"console.log(JSON.stringify({name}({', '.join(map(str, given))}).flat()));\n"
    script.write_text(f'"use strict";\n{code}\n{call}', encoding="utf-8")
    ran = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)
    return [float(number) for number in json.loads(ran.stdout)]


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


RUNS: list[Any] = [
    pytest.param("python", by_python),
    pytest.param("numpy", by_python),
    pytest.param("sympy", by_python),
    pytest.param("torch", by_python),
    pytest.param("jax", by_python),
    pytest.param("c", by_gcc, marks=needs("gcc")),
    pytest.param("javascript", by_node, marks=needs("node")),
]


def test_every_language_is_run() -> None:
    assert {run.values[0] for run in RUNS} == {*LANGUAGES} - {"latex"}


@pytest.mark.parametrize("guarded", [False, True], ids=["plain", "with a choice"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("language", "run"), RUNS)
def test_every_word_is_a_name_in_every_language(
    language: str, run: Callable[..., list[float]], mode: str, guarded: bool, tmp_path: Path
) -> None:
    if language in ("torch", "jax"):
        pytest.importorskip(language)
    if language == "jax":
        pytest.importorskip("jax").config.update("jax_enable_x64", True)
    graph = formula(list(words()), guarded)
    at = dict.fromkeys(graph.variables, 0.5)
    linearisation = linearise(graph, at)
    wanted = [linearisation.values[graph.outputs[0]], *gradient(linearisation).values()]
    name, given = "value_and_gradient", list(at.values())
    if mode == "forward":
        ones = dict.fromkeys(at, 1.0)
        name, given = "value_and_tangent", [*given, *ones.values()]
        wanted[1:] = [forward(linearisation, ones)[graph.outputs[0]]]
    found = run(export(graph, language, mode=mode), name, given, tmp_path)
    assert agree(found, wanted)


@pytest.mark.parametrize("word", MACROS)
def test_macros_of_math_h_are_changed_in_c_and_said(word: str) -> None:
    code = export(read([f"{word}^2"], [word]).graph, "c")
    assert f"{word}_ is the variable '{word}', whose name is a reserved name here." in code


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"latex"}))
@pytest.mark.parametrize("word", ["tangent", "gradient", "value_and_gradient", "sin"])
def test_words_of_the_code_are_reserved_in_every_language(language: str, word: str) -> None:
    graph = Builder((word,))
    code = export(graph.graph([graph.apply(MULTIPLY, (0, 0))]), language, mode="forward")
    assert f"{word}_ is the variable '{word}'" in code


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed")
def test_this_machines_macros_are_all_reserved() -> None:
    assert gcc_macros() <= names.C
