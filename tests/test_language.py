"""The language, rule by rule: text beside what it means, or beside the error it deserves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiff_cli.errors import (
    AutodiffError,
    ExpressionError,
    LimitError,
    VariableError,
    visible,
    width,
)
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Graph
from autodiff_cli.language.parser import read
from autodiff_cli.language.tokens import is_name, variable_name
from tests import expressions
from tests.work import examples, grows


def meaning(graph: Graph) -> str:
    """The graph as an S-expression, which needs no precedence to be read."""
    texts: list[str] = []
    for index, operation in enumerate(graph.operations):
        if operation is VARIABLE:
            texts.append(graph.variables[index])
        elif operation is CONSTANT:
            texts.append(graph.constants[index].spelling)
        else:
            below = " ".join(texts[k] for k in graph.operands[index])
            texts.append(f"({operation.symbol or operation.name} {below})")
    return texts[graph.outputs[0]]


READINGS = {
    "numbers": [
        ("2", "2"), ("1.5", "1.5"), (".5", "0.5"), ("1.", "1"), ("1e-3", "0.001"),
        ("2E3", "2000"), ("1.e5", "100000"), ("0e999", "0"), ("x .5", "(* x 0.5)"),
        ("1e" + "0" * 5000 + "1", "10"),
    ],
    "names": [
        ("x₁", "x1"), ("x_1", "x_1"), ("xᵢ", "xi"), ("θ", "θ"), ("𝑥", "x"), ("é", "é"),
        ("e\u0301", "é"), ("日本", "日本"), ("i + I + S + N", "(+ i I S N)"),
        ("lambda*beta*gamma", "(* (* lambda beta) gamma)"), ("x3y", "x3y"), ("πx", "πx"),
        ("pi2", "pi2"), ("E", "E"), ("α_1", "α_1"),
    ],
    "constants": [("pi", "pi"), ("π", "pi"), ("e", "e"), ("2pi", "(* 2 pi)"), ("2π", "(* 2 pi)")],
    "e after a number": [
        ("2e", "(* 2 e)"), ("2e3", "2000"), ("2e+x", "(+ (* 2 e) x)"),
        ("2e-3x", "(* 0.002 x)"), ("2e2e", "(* 200 e)"), ("1.e", "(* 1 e)"), ("1ex", "(* 1 ex)"),
    ],
    "signs of multiplication and the rest": [
        (f"x{sign}y", "(* x y)") for sign in "*·⋅∙∗×"
    ] + [
        ("x÷y", "(/ x y)"), ("x−y", "(- x y)"), ("x–y", "(- x y)"), ("x**y", "(^ x y)"),
        ("x+y", "(+ x y)"),
    ],
    "powers": [
        ("a^b^c", "(^ a (^ b c))"), ("(a^b)^c", "(^ (^ a b) c)"), ("-x^2", "(- (^ x 2))"),
        ("-2^2", "(- (^ 2 2))"), ("(-2)^x", "(^ -2 x)"), ("2^-x", "(^ 2 (- x))"),
        ("2^-2", "(^ 2 -2)"), ("2^-2^x", "(^ 2 (- (^ 2 x)))"), ("2^-x^2", "(^ 2 (- (^ x 2)))"),
        ("2^-x*y", "(* (^ 2 (- x)) y)"), ("2^--x", "(^ 2 (- (- x)))"), ("2^+x", "(^ 2 x)"),
        ("a*b^c", "(* a (^ b c))"), ("a^b*c", "(* (^ a b) c)"),
        ("9^9^9^9", "(^ 9 (^ 9 (^ 9 9)))"),
    ],
    "superscripts": [
        ("x²", "(^ x 2)"), ("x⁻²³", "(^ x -23)"), ("-x²", "(- (^ x 2))"), ("-2²", "(- (^ 2 2))"),
        ("x²y", "(* (^ x 2) y)"), ("2^x²", "(^ 2 (^ x 2))"), ("x₁²", "(^ x1 2)"),
        ("(x+1)²", "(^ (+ x 1) 2)"), ("|x|²", "(^ (abs x) 2)"), ("x⁰²", "(^ x 2)"),
    ],
    "unary minus and plus": [
        ("-2x", "(* -2 x)"), ("- 2x", "(* -2 x)"), ("-x*y", "(* (- x) y)"), ("-2/x", "(/ -2 x)"),
        ("-a-b", "(- (- a) b)"), ("-a*b+c", "(+ (* (- a) b) c)"), ("--2", "(- -2)"),
        ("-(2)", "(- 2)"), ("x--2", "(- x -2)"), ("x-2", "(- x 2)"),
        ("x*-y^2", "(* x (- (^ y 2)))"),
        ("x/-y", "(/ x (- y))"), ("+x", "x"), ("x-+2", "(- x 2)"), ("+ +x", "x"), ("−2", "-2"),
    ],
    "sums and products go left to right": [
        ("a+b+c", "(+ a b c)"), ("a+b-c+d", "(+ (- (+ a b) c) d)"), ("a-b+c+d", "(+ (- a b) c d)"),
        ("(a+b)+c", "(+ (+ a b) c)"), ("a+(b+c)", "(+ a (+ b c))"), ("a-(b-c)", "(- a (- b c))"),
        ("a+b*c+d", "(+ a (* b c) d)"), ("a/b/c", "(/ (/ a b) c)"), ("a*b*c", "(* (* a b) c)"),
        ("a/(b/c)", "(/ a (/ b c))"), ("a/b*c", "(* (/ a b) c)"),
    ],
    "juxtaposition multiplies, as * does": [
        ("2x^2", "(* 2 (^ x 2))"), ("2(x+1)(x-1)", "(* (* 2 (+ x 1)) (- x 1))"),
        ("x y", "(* x y)"), ("x 2", "(* x 2)"), ("(x)2", "(* x 2)"), ("2(3)", "(* 2 3)"),
        ("1/2x", "(* (/ 1 2) x)"), ("1/(2x)", "(/ 1 (* 2 x))"),
        ("sin(x)cos(x)", "(* (sin x) (cos x))"),
        ("x(x+1)", "(* x (+ x 1))"), ("f(x)", "(* f x)"), ("x_12(y)", "(* x_12 y)"),
        ("x_a(y)", "(* x_a y)"), ("θ1(2)", "(* θ1 2)"), ("e(x)", "(* e x)"), ("pi(x)", "(* pi x)"),
        ("0x10", "(* 0 x10)"), ("x-2y", "(- x (* 2 y))"), ("x\n+y", "(+ x y)"),
    ],
    "roots": [
        ("√2x", "(* (sqrt 2) x)"), ("√x^2", "(^ (sqrt x) 2)"), ("√(x)^2", "(^ (sqrt x) 2)"),
        ("√x²", "(^ (sqrt x) 2)"), ("√√x³", "(^ (sqrt (sqrt x)) 3)"),
        ("√√x", "(sqrt (sqrt x))"), ("2√x", "(* 2 (sqrt x))"), ("√|x|", "(sqrt (abs x))"),
        ("√sin(x)", "(sqrt (sin x))"),
    ],
    "bars": [
        ("|x|", "(abs x)"), ("||x|-1|", "(abs (- (abs x) 1))"), ("|x||y|", "(* (abs x) (abs y))"),
        ("|x-|y||", "(abs (- x (abs y)))"), ("||x||", "(abs (abs x))"), ("2|x|", "(* 2 (abs x))"),
        ("|-x|", "(abs (- x))"), ("|(x+|y|)|", "(abs (+ x (abs y)))"),
    ],
    "functions without brackets": [
        ("sin x", "(sin x)"), ("cos 7x", "(cos (* 7 x))"), ("ln x + 1", "(+ (ln x) 1)"),
        ("sin 2π x cos y", "(* (sin (* (* 2 pi) x)) (cos y))"), ("sin^2 x", "(^ (sin x) 2)"),
        ("sin² x", "(^ (sin x) 2)"), ("sin x²", "(sin (^ x 2))"),
        ("sin x^2 y", "(sin (* (^ x 2) y))"),
        ("sin x y*z", "(* (sin (* x y)) z)"), ("sin x/2", "(/ (sin x) 2)"),
        ("2 sin t", "(* 2 (sin t))"),
        ("sin x(y+1)", "(sin (* x (+ y 1)))"), ("sin x (y+1)", "(* (sin x) (+ y 1))"),
        ("sin (x) y", "(* (sin x) y)"), ("ln √(5x−7)", "(ln (sqrt (- (* 5 x) 7)))"),
        ("ln sin x cos y", "(* (ln (sin x)) (cos y))"), ("ln|x|", "(ln (abs x))"),
        ("|sin x|y", "(* (abs (sin x)) y)"), ("2^sin x", "(^ 2 (sin x))"),
        ("√sin x", "(sqrt (sin x))"),
        ("-sin -x", "(- (sin (- x)))"), ("max(sin x, y)", "(max (sin x) y)"),
        ("where(sin x > 0, 1, 2)", "(where (> (sin x) 0) 1 2)"), ("arctan y", "(atan y)"),
        ("exp -x^2", "(exp (- (^ x 2)))"), ("sin 2e x", "(sin (* (* 2 e) x))"),
        ("sin^-1(x)", "(asin x)"), ("tan⁻¹ x", "(atan x)"), ("sinh^-1 x", "(asinh x)"),
    ],
    "functions": [
        ("sin^2(x)", "(^ (sin x) 2)"), ("sin²(x)", "(^ (sin x) 2)"),
        ("sin^2.5(x)", "(^ (sin x) 2.5)"),
        ("-sin(x)^2", "(- (^ (sin x) 2))"), ("log(x)", "(ln x)"), ("ln(x)", "(ln x)"),
        ("log(x, 2)", "(log2 x)"), ("log(x,10.0)", "(log10 x)"), ("log(x,e)", "(log x e)"),
        ("log^2(x, 2)", "(^ (log2 x) 2)"), ("arctan(x)", "(atan x)"), ("arcsin(x)", "(asin x)"),
        ("max(x,y)", "(max x y)"), ("max(x,y,z,x)", "(max (max (max x y) z) x)"),
        ("min(x,y,z)", "(min (min x y) z)"), ("1+max(x,y,z)", "(+ 1 (max (max x y) z))"),
        ("x+y+log(z,2)", "(+ x y (log2 z))"), ("x+2+log(y,z)", "(+ x 2 (log y z))"),
        ("where(x>0,x,-x)", "(where (> x 0) x (- x))"),
        ("where(x < 0 + 1, y, 2)", "(where (< x (+ 0 1)) y 2)"),
    ] + [
        (f"where(x{sign}y,1,2)", f"(where ({sign} x y) 1 2)")
        for sign in ("<", "<=", ">", ">=", "==", "!=")
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(text, expected, id=f"{rule}: {text[:20]}")
        for rule, pairs in READINGS.items()
        for text, expected in pairs
    ],
)
def test_text_means(text: str, expected: str) -> None:
    graph = read([text]).graph
    assert meaning(graph) == expected
    assert read([str(graph)]).graph == graph


def test_where_and_functions_nest() -> None:
    graph = read(["where(x > 0, where(y > 0, max(x, y), 1), |x|)"]).graph
    assert meaning(graph) == "(where (> x 0) (where (> y 0) (max x y) 1) (abs x))"


@pytest.mark.parametrize("text", ["arctan2(y, x)", "arcsin(x)", "log(x)", "atan2(y, x)", "ln(x)"])
def test_a_function_keeps_the_name_that_was_typed(text: str) -> None:
    assert str(read([text]).graph) == text


def test_a_constant_with_a_value_is_a_variable() -> None:
    assert read(["e*pi"]).graph.variables == ()
    assert read(["e*pi"], ("e",)).graph.variables == ("e",)


REMARKS = [
    ("1/2x", "'/2x' is read from left to right: the quotient by 2, times x; "
             "write /(2*x) to divide by the product"),
    ("1/2 x", "'/2 x' is read from left to right: the quotient by 2, times x; "
              "write /(2*x) to divide by the product"),
    ("1/-x y", "'/-x y' is read from left to right: the quotient by -x, times y; "
               "write /(-x*y) to divide by the product"),
    ("1/2√x", "'/2√…' is read from left to right: the quotient by 2, times √…; "
              "write /(2*√…) to divide by the product"),
    ("1/(x+1)(y)", "'/(x+1)(…)' is read from left to right: the quotient by (x+1), times (…); "
                   "write /((x+1)*(…)) to divide by the product"),
    ("2^3x", "'^3x' is read as the power 3, times x; write ^(3*x) for the other reading"),
    ("e^-2x", "'^-2x' is read as the power -2, times x; write ^(-2*x) for the other reading"),
    ("√2x", "'√2x' is read as √2 times x; write √(2*x) for the root of the product"),
    ("log(x) + log(y)", "log is the natural logarithm, ln; log10 and log2 have their names"),
    ("sin x y", "'sin x y' is read as sin(x y); write sin(x)*y for the other reading"),
    ("ln x^2", "'ln x^2' is read as ln(x^2); write (ln(x))^… for the other reading"),
    ("ln 2x³", "'ln 2x³' is read as ln(2x³); write (ln(2x))^… for the other reading"),
    ("sin x/2", "'sin x / 2' is read as sin(x)/2; write sin(x/2) for the other reading"),
    ("log10 u · v", "'log10 u · v' is read as log10(u)*v; write log10(u*v) for the other reading"),
    ("sin 2 (x)", "'sin 2 (…)' is read as sin(2) times (…); write sin(2(…)) for the other reading"),
    ("sin⁻¹(x)", "sin^-1 is the inverse function asin, as books print it; "
                 "write 1/sin(x) for the reciprocal"),
    ("log x", "log is the natural logarithm, ln; log10 and log2 have their names"),
    ("sin 2x cos y", None), ("2 sin x + 1", None), ("sin 2π x", None), ("sin x(y)", None),
    ("x^2 y", None), ("√2 x", None), ("2x", None), ("1/2*x", None), ("log(x, 2)", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "remark"), REMARKS)
def test_a_reading_that_could_surprise_is_said(text: str, remark: str | None) -> None:
    assert read([text]).remarks == (() if remark is None else (remark,))


OPERAND = "write a number, a name or a bracket here"
EQUATION = "write name = formula, and one = in a statement; inside where, equality is =="
PIECEWISE = "write where(x > 0, value if true, value if false)"
#: text, caret's column, message, mend
REFUSALS = [
    ("", 0, "the expression is empty", "write a formula such as x^2 + 3x"),
    ("   ", 0, "the expression is empty", "write a formula such as x^2 + 3x"),
    ("2 3", 2, "two numbers side by side", "write 2*3 for a product"),
    ("2.5.5", 3, "two numbers side by side", "write 2.5*.5 for a product"),
    ("1_000", 1, "'_000' is not a name: it must begin with a letter", ""),
    ("١٢", 0, "numbers are written in the digits 0 to 9, not '١'", ""),
    ("x½", 1, "'½' cannot be part of a name", "write (1/2)"),
    ("xⁿ", 1, "'ⁿ' is not a superscript digit", "write ^n"),
    ("x⁻", 1, "a superscript is a whole number", "write ^(…) for any other power"),
    ("x⁻⁻²", 1, "a superscript is a whole number", "write ^(…) for any other power"),
    ("²", 0, "an expression cannot begin with '²'", "write a number or a name first"),
    ("x*²", 2, "an operand is missing: after '*' '²' follows", OPERAND),
    ("_x", 0, "'_x' is not a name: it must begin with a letter", ""),
    ("x\u0304+1", 0, "'x\u0304' is not a name", "a name is a letter, then letters, digits and _"),
    ("x.real", 1, "'.' is not part of an expression",
     "write 0.5 or .5 for a number, * for a product"),
    ("1e999", 0, "this number is beyond the range of float64",
     "numbers other than 0 lie between about 5e-324 and 1.8e308 in size"),
    ("x + 1e-999", 4, "this number is beyond the range of float64",
     "numbers other than 0 lie between about 5e-324 and 1.8e308 in size"),
    ("9" * 5000, 0, "this number is beyond the range of float64",
     "numbers other than 0 lie between about 5e-324 and 1.8e308 in size"),
    ("foo(x)", 0, "'foo' is not a function",
     "did you mean floor(…)? Or write foo*(…) for a product"),
    ("sine(x)", 0, "'sine' is not a function", "write sin(x)"),
    ("sineh(x)", 0, "'sineh' is not a function",
     "did you mean sinh(…)? Or write sineh*(…) for a product"),
    ("sni(x)", 0, "'sni' is not a function",
     "did you mean sin(…)? Or write sni*(…) for a product"),
    ("erfi(x)", 0, "'erfi' is not a function",
     "write erfi*(…) for a product; autodiff functions lists the functions that there are"),
    ("limit(x)", 0, "'limit' is not a function", "write limit*(…) for a product"),
    ("xy(2)", 0, "'xy' is not a function", "write xy*(…) for a product"),
    ("x_a1(2)", 0, "'x_a1' is not a function", "write x_a1*(…) for a product"),
    ("2 + xsin(x)", 4, "'xsin' is not a function", "write x*sin(…)"),
    ("foosin(x)", 0, "'foosin' is not a function",
     "did you mean sin(…)? Or write foosin*(…) for a product"),
    ("1 + sin", 4, "sin needs an argument, but the text ends", "write sin(x)"),
    ("sin*2", 0, "sin needs an argument, but '*' follows", "write sin(x)"),
    ("|sin|", 1, "sin needs an argument, but '|' follows", "write sin(x)"),
    ("max x", 0, "max needs brackets around its arguments", "write max(a, b)"),
    ("where x", 0, "where needs brackets around its arguments", PIECEWISE),
    ("sin^-2(x)", 0, "a negative power on sin could mean its inverse or its reciprocal",
     "asin(x) or 1/sin(x)?"),
    ("tan⁻²(x)", 0, "a negative power on tan could mean its inverse or its reciprocal",
     "atan(x) or 1/tan(x)?"),
    ("exp^-1(x)", 0, "a negative power on exp could mean its inverse or its reciprocal",
     "write 1/exp(x)"),
    ("sin^x(x)", 0, "only a number can be the power on sin", "write (sin(x))^n"),
    ("sin()", 4, "there is nothing in these brackets", "write sin(x)"),
    ("()", 1, "there is nothing in these brackets", "remove them"),
    ("sin(x,)", 6, "an operand is missing: after ',' ')' follows", OPERAND),
    ("sin(x,y)", 3, "sin takes one argument, not 2", "write sin(x)"),
    ("sin(1,5)", 3, "sin takes one argument, not 2",
     "in a decimal number write a point: 1.5"),
    ("log(x,2,3)", 3, "log takes one or two arguments, not 3",
     "separate them with commas: log(a, b)"),
    ("max(x)", 3, "max takes two or more arguments, not 1",
     "separate them with commas: max(a, b)"),
    ("where(x>0,x)", 5, "where takes three arguments, not 2", PIECEWISE),
    ("where(x>0)", 5, "where takes three arguments, not 1", PIECEWISE),
    ("where(x,y,z)", 7, "the first argument of where is a comparison", "write where(x > 0, …, …)"),
    ("where(x)", 7, "the first argument of where is a comparison", "write where(x > 0, …, …)"),
    ("where(0<x<1,y,z)", 9, "one comparison at a time",
     "write where(0 < x, where(x < 1, …, …), …)"),
    ("where(x>0,x>1,y)", 11, "a comparison stands only in the condition of where", PIECEWISE),
    ("where((x>0),1,y)", 8, "a comparison stands only in the condition of where", PIECEWISE),
    ("where(|x>0|,1,y)", 8, "a comparison stands only in the condition of where", PIECEWISE),
    ("where(2*x>0,1,y) > 0", 17, "a comparison stands only in the condition of where", PIECEWISE),
    ("x>0", 1, "a comparison stands only in the condition of where", PIECEWISE),
    ("where(x=0,1,2)", 7, "'=' is not part of an expression", EQUATION),
    ("where(x≤0,1,2)", 7, "'≤' is not part of an expression", "write <="),
    ("1,5", 1, "a decimal comma", "write 1.5"),
    ("x,5", 1, "a comma outside of a function's brackets", "write one expression"),
    ("5,x", 1, "a comma outside of a function's brackets", "write one expression"),
    ("x,y", 1, "a comma outside of a function's brackets", "write one expression"),
    ("x!", 1, "'!' is not part of an expression",
     "a factorial has no derivative here; inside where, inequality is !="),
    ("5%", 1, "'%' is not part of an expression",
     "write 0.05 for 5%; a remainder is mod(a, b)"),
    ("x'", 1, "''' is not part of an expression",
     "a derivative is what this program finds: write the function itself"),
    ("x//2", 2, "an operand is missing: after '/' '/' follows",
     "write / for a quotient and floor(a/b) for a whole one"),
    ("x***2", 3, "an operand is missing: after '**' '*' follows", OPERAND),
    ("x +", 3, "an operand is missing: after '+' the text ends", OPERAND),
    ("^x", 0, "an expression cannot begin with '^'", "write a number or a name first"),
    ("√-x", 1, "√ takes the number, name or bracket after it", "write √(-x)"),
    ("(x", 0, "this bracket is not closed", "add ')'"),
    ("2(x + (y)", 1, "this bracket is not closed", "add ')'"),
    ("x)", 1, "this bracket closes nothing", "remove ')' or open it with '('"),
    ("|x", 0, "this bar is not closed", "add '|'"),
    ("(|x)", 3, "a bar is open here, not a bracket", "close it with '|' first, or use abs(…)"),
    ("x|", 2, "a bar opens an absolute value, but the text ends",
     "write |x|, or abs(x) inside other bars"),
    ('__import__("os")', 0, "'__import__' is not a name: it must begin with a letter", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column", "message", "mend"), [pytest.param(*row, id=row[0][:24]) for row in REFUSALS]
)
def test_refusal(text: str, column: int, message: str, mend: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read([text])
    error = caught.value
    assert (error.message, error.column, error.mend, error.text) == (message, column, mend, text)


DRAWN = [
    ("x + * y", "x + * y\n    ^ "),
    ("日本 + )", "日本 + )\n       ^ "),
    ("e\u0301 + )", "e\u0301 + )\n    ^ "),
    ("x₁² + )", "x₁² + )\n      ^ "),
    ("x\t+ )", "x\\t+ )\n     ^ "),
    ("x\x1b[31m", "x\\x1b[31m\n ^ "),
    ("\u202ex", "\\u202ex\n^ "),
    ("x" * 50 + " + )", f"…{'x' * 29} + )\n{' ' * 33}^ "),
    ("x + ) " + "y" * 50, f"x + ) {'y' * 30}…\n    ^ "),
]


@pytest.mark.parametrize(("text", "drawing"), DRAWN)
def test_caret_stands_under_the_character_as_typed(text: str, drawing: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read([text])
    error = caught.value
    said = f"{error.message}; {error.mend}" if error.mend else error.message
    assert str(error) == drawing + said


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f", "\x9b", "\u200b", "\u202e", "\u2066"])
@pytest.mark.parametrize("text", ["x + {}y", "x{}", "{}", "fo{}o(x)", "sin{}(x)", "1{}2"])
def test_control_characters_never_pass_and_never_reach_the_terminal(char: str, text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read([text.format(char)])
    assert char not in str(caught.value)


def test_visible_and_width() -> None:
    assert visible("a\u2028b\x07c\ud800ẇ") == "a\\u2028b\\x07c\\ud800ẇ"
    columns = {"abc": 3, "日本": 4, "x\u0307": 1, "ẇ": 1, "\u0e01\u0e31": 1}
    assert {text: width(text) for text in columns} == columns


NAMES = {
    "x": True, "x1": True, "x_1": True, "θ": True, "é": True, "sin": True, "e": True, "日本": True,
    "": False, "1x": False, "_x": False, "x y": False, "x·y": False, "x²": False, " x": False,
    "x\u200d": False, "x'": False, "x\n": False,
}  # fmt: skip


@pytest.mark.parametrize("text", ["_x", "1x", "\uff3fx", "\uff11x"])
def test_a_variable_begins_with_a_letter_however_it_is_named(text: str) -> None:
    with pytest.raises(VariableError, match="must begin with a letter"):
        variable_name(text)


@pytest.mark.parametrize(("text", "expected"), NAMES.items())
def test_what_can_name_a_variable(text: str, expected: bool) -> None:
    assert is_name(text) is expected


@settings(max_examples=examples(300), deadline=None)
@given(st.text(alphabet="xye2.5+-*/^()|,√²⁻ <>=!sinmaxlog{}_\\θ", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    graph = None
    with suppress(AutodiffError):
        graph = read([text]).graph
    assert graph is None or read([str(graph)]).graph == graph


@settings(max_examples=examples(200), deadline=None)
@given(expressions.texts())
def test_every_spelling_of_a_tree_is_its_graph(pair: tuple[str, expressions.Tree]) -> None:
    text, root = pair
    for share in (True, False):
        assert read([text], share=share).graph == expressions.graph(root, share=share)


def test_several_expressions_share_one_graph() -> None:
    graph = read(["sin(x)*y", "y + sin(x)"]).graph
    assert graph.variables == ("x", "y")
    assert len(graph.outputs) == 2
    assert [operation.name for operation in graph.operations].count("sin") == 1
    assert read(["x", "y + x", "z"]).graph.variables == ("x", "y", "z")


# Size.

MILLION = 1_000_000

#: A long text of so many parts, how many there are in the suite, and the error.
LONG: list[tuple[Callable[[int], str], int, str]] = [
    (lambda n: "(" * n, MILLION, "an operand is missing: after '(' the text ends"),
    (lambda n: "x + 1" + " " * n + ")", MILLION, "this bracket closes nothing"),
    (lambda n: " " * n, MILLION, "the expression is empty"),
    (lambda n: "x*" * n + ")", 100_000, "an operand is missing: after '*' ')' follows"),
    (lambda n: "1/2x + " * n, 50_000, "an operand is missing: after '+' the text ends"),
    (lambda n: "a" * n + "(x)", MILLION, "is not a function"),
    (lambda n: "|" * (n + 1), 200_000, "a bar opens an absolute value"),
    (lambda n: "x" + "'" * n, MILLION, "is not part of an expression"),
    (lambda n: "⁻" * n, MILLION, "a superscript is a whole number"),
    (lambda n: "1. " * n, 200_000, "two numbers side by side"),
    (lambda n: "sin^" * n, 200_000, "only a number can be the power on sin"),
    (lambda n: "x\u0304" * n, 300_000, "is not a name"),
]


@pytest.mark.parametrize(
    ("text", "count", "message"), LONG, ids=[text(3)[:12] for text, _, _ in LONG]
)
def test_an_error_in_a_long_text_is_short_and_found_in_one_go(
    text: Callable[[int], str], count: int, message: str
) -> None:
    def refuse(count: int) -> str:
        with pytest.raises(ExpressionError) as caught:
            read([text(count)])
        return str(caught.value)

    said = refuse(count)
    assert message in said
    assert len(said) < 600
    assert grows(refuse, 200) < 4.5


#: A deep or long text of so many parts, how many there are in the suite, and nodes.
DEEP: list[tuple[Callable[[int], str], int, int]] = [
    (lambda n: "(" * n + "x" + ")" * n, MILLION, 1),
    (lambda n: "x" + " " * n + "+" + "\n" * n + "1", MILLION, 3),
    (lambda n: "-" * n + "x", 100_000, 100_001),
    (lambda n: "x^" * n + "x", 100_000, 100_001),
    (lambda n: "sin(" * n + "x" + ")" * n, 100_000, 100_001),
    (lambda n: "|x+" * n + "x" + "|" * n, 50_000, 100_001),
    (lambda n: "√" * n + "x", 100_000, 100_001),
    (lambda n: "1/(" * n + "x" + ")x" * n, 50_000, 100_002),
    (lambda n: " + ".join(["x"] * n), 200_000, 2),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "count", "nodes"), DEEP, ids=[text(3)[:12] for text, _, _ in DEEP]
)
def test_depth_and_length_are_ordinary(text: Callable[[int], str], count: int, nodes: int) -> None:
    def turn(count: int) -> Graph:
        graph = read([text(count)]).graph
        assert read([str(graph)]).graph == graph
        return graph

    assert len(turn(count)) == nodes
    assert grows(turn, 200) < 4.5


@pytest.mark.parametrize(
    ("name", "most", "text"),
    [
        ("TEXT", 13, "x + x + x + x"),
        ("OPERATIONS", 4, "x*x*x*x*x"),
        ("OPERATIONS", 3, "sin(cos(tan(x)))"),
        ("OPERATIONS", 3, "|x| + sin(x)"),
        ("OPERATIONS", 2, "max(x, y, 1)"),
        ("OPERATIONS", 2, "sin²(x)"),
        ("NESTING", 5, "(((((x)))))"),
        ("DIGITS", 8, "12345678x"),
        ("DIGITS", 8, "1.234567x"),
    ],
)
def test_as_much_as_a_limit_is_admitted_and_one_more_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int, text: str
) -> None:
    monkeypatch.setenv(f"AUTODIFF_MAX_{name}", str(most))
    read([text])
    monkeypatch.setenv(f"AUTODIFF_MAX_{name}", str(most - 1))
    with pytest.raises(LimitError, match=f"more than {most - 1} "):
        read([text])


@pytest.mark.parametrize(
    ("name", "setting", "text"),
    [
        ("TEXT", "10", "x + x + x + x"),
        ("OPERATIONS", "3", "x*x*x*x*x"),
        ("NESTING", "4", "(((((x)))))"),
    ],
)
def test_a_limit_is_said_with_the_way_to_raise_it(
    monkeypatch: pytest.MonkeyPatch, name: str, setting: str, text: str
) -> None:
    read([text])
    monkeypatch.setenv(f"AUTODIFF_MAX_{name}", setting)
    with pytest.raises(LimitError, match=f"more than {setting} .*AUTODIFF_MAX_{name}"):
        read([text])
    monkeypatch.setenv(f"AUTODIFF_MAX_{name}", "many")
    with pytest.raises(LimitError, match="is not a whole number"):
        read([text])
