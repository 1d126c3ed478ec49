"""`check` reads work in the forms in which it is handed in: what is right is never called wrong."""

from __future__ import annotations

import pytest

from autodiff_cli.errors import AutodiffError
from autodiff_cli.teach.audit import check

R, F, W, U = "right", "follows", "wrong", "unreadable"

#: What is tried → the sheet, and how its lines stand.
FORMS = {
    "f' at a number": ("f(x) = x^3 + 2x^2\nf'(x) = 3x^2 + 4x\nf'(4) = 3·4² + 4·4 = 64", [R, R]),
    "f' at a number, German": ("f = x^2\nf'(0,5) = 1\nf'(-1,5) = -3", [R, R]),
    "f' at pi": ("f = sin(x)/x\nf'(pi) = -1/pi = -0.3183\nf'(π/2) = -0.4053", [R, R]),
    "f' at x = 2": ("f = x^3\ndf/dx|_{x=2} = 12\nf'(x = 1) = 3\nf'|x=3 = 27", [R, R, R]),
    "f' in LaTeX": ("f = x^3\n$\\left.\\frac{df}{dx}\\right|_{x=1} = 3$", [R]),
    "another point than the sheet's": (
        "f = x^2 + 1\nx = 3\nf' = 2x\nf'(3) = 6\nf'(-3) = -6\nf(-1) = 2\nf(0) = 0",
        [R, R, R, R, W],
    ),
    "points after a wrong formula": (
        "f = sin(x^2)\nf' = cos(x^2)\nf'(1) = cos(1) = 0.5403\nf'(2) = -0.6536\nf'(3) = 3",
        [W, F, F, W],
    ),
    "a gradient": ("f = x^2 y\nx = 1; y = 2\ngrad f = (4, 1)\n∇f = [2xy; x^2] = [4; 2]", [R, W]),
    "a gradient at a point": ("f = x y^2\n∇f = (y², 2xy)\n∇f(1, 2) = (4, 4)", [R, R]),
    "a gradient of another length": ("f = x y^2\n∇f = (1, 2, 3)", [U]),
    "a formula in steps": (
        "z = w x + b\na = tanh(z)\nL = (a - t)^2/2\nw = 0,5; x = 2; b = 0; t = 1\n"
        "dL/da = a - t = -0,2384\ndL/dz = dL/da (1 - a^2) = -0,1001\ndL/dw = dL/dz = -0,1001",
        [R, R, W],
    ),
    "a formula whose variable is said below": (
        "L = (y - t)^2/2\ny = sigmoid(w x)\nw = 1, x = 2, t = 1\ndL/dy = y - t = -0.1192\n"
        "dL/dw = (y-t) y (1-y) x = -0.02503", [R, R],
    ),
    "a table with names and operations in one cell": (
        "f = 3x^2\nx = 2\n| node | value | adjoint |\n|---|---|---|\n| w1 = x | 2 | 12 |\n"
        "| w2 = w1^2 | 4 | 3 |\n| w3 = 3 w2 | 12 | 1 |", [R] * 3,
    ),
    "a table with an empty corner": (
        "f = 3x^2\nx = 2\n| | value | tangent |\n|---|---|---|\n| w1 = x | 2 | 1 |\n"
        "| w2 = w1^2 | 4 | 2 |\n| w3 = 3 w2 | 12 | 6 |", [R, W, F],
    ),
    "inputs called v-1": (
        "f = x1*x2 + sin(x1)\nx1 = 2, x2 = 5\nv-1 = x1 = 2\nv0 = x2 = 5\nv1 = v-1 v0 = 10\n"
        "v2 = sin(v-1) = 0.9093\nv3 = v1 + v2\nbar v2 = 1\nbar v1 = 1\nbar v0 = bar v1 v-1 = 2\n"
        "bar v-1 = bar v1 v0 + bar v2 cos(v-1) = 4.5839", [R] * 9,
    ),
    "inputs called v₋₁": (
        "f = x y\nx = 2, y = 5\nv₋₁ = x\nv₀ = y\nv₁ = v₋₁·v₀ = 10\nv̄₁ = 1\nv̄₀ = v̄₁·v₋₁ = 2\n"
        "v̄₋₁ = v̄₁ v₋₁ = 2", [R] * 5 + [W],
    ),
    "primes for bars": (
        "f = x1*x2 + sin(x1)\nx1 = 2, x2 = 5\nv1 = x1\nv2 = x2\nv3 = v1 v2 = 10\nv4 = sin v1\n"
        "v5 = v3 + v4\nv5' = 1\nv4' = v5' = 1\nv3' = v5' = 1\nv2' = v3' v1 = 2\n"
        "v1' = v3' v2 = 5", [R] * 9 + [W],
    ),
    "primes for bars of one variable": (
        "f = sin(x^2)\nx = 1\na = x^2\nf = sin(a)\nf' = 1\na' = cos(a) f' = 0.5403\n"
        "x' = 2x a' = 1.0806", [R] * 5,
    ),
    "a tangent that is 1 by mistake": (
        "f = sin(x^2)\nx = 2\na = x^2 = 4\na' = 4\nf' = 1", [R, R, W],
    ),
    "all in one line": ("f(x)=x^3 ; f'(x)=3x^2 ; f'(2)=12", [R]),
    "arrows before the lines": (
        "f(x) = x^3\n⇒ f'(x) = 3x²\n=> f'(2) = 12\n→ df/dx = x²", [R, R, W],
    ),
    "a formula with decimal commas": (
        "f(x) = 0,5x^2 + 1,5x\nf'(x) = x + 1,5\nf'(2) = 3,5\nf'(4) = 4,5", [R, R, W],
    ),
    "decimal commas before more": (
        "f(x, y) = 2,5 x y\nx = 1,2; y = 0,5\n∂f/∂x = 2,5 y = 1,25 ✔\n"
        "∂f/∂y = 2,5 · 1,2 = 3,0", [R, R],
    ),
    "commas of a function": ("f(x) = max(1,2) x\nf'(x) = 2", [R]),
    "a German table": (
        "f = x^2/2\nx = 0,5\nKnoten;Formel;Wert;Ableitung\nw1;x;0,5;1,0\nw2;w1^2;0,25;1,0\n"
        "w3;w2/2;0,125;0,5", [R] * 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "expected"), FORMS.values(), ids=FORMS)
def test_every_form_of_work_is_read(sheet, expected):
    assert [one.status for one in check(sheet).lines] == expected


#: How a sheet may begin: with the point beside the formula, before it, or in words.
BEGINNINGS = [
    "f = x^2, x = 3", "f = x^2; x = 3", "f = x^2 at x = 3", "f(x) = x^2 (x = 3)", "x = 3\nf = x^2",
    "Aufgabe 2a: f(x) = x^2\nx = 3", "Find the derivative of f(x) = x^2 at x = 3.",
    "Anna, 7b\n\nLet f(x) = x² for x = 3",
]  # fmt: skip


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_sheet_may_begin_in_many_ways(beginning):
    report = check(f"{beginning}\nf' = 2x = 6\nf' = x = 3")
    assert (report.at, [one.status for one in report.lines]) == ({"x": 3.0}, [R, W])


#: Formulas with parameters: by what f' is, is said, usual, or told by the lines.
PRIMES = [
    ("f = x^2 + c\nf' = 2x", [R]), ("f(x) = a x^2 + b x\nf'(x) = 2 a x + b\nf' = 2a + b", [R, W]),
    ("y = m x + b\ny' = m", [R]), ("f(k) = k e^(-k x)\nf'(k) = (1 - k x) e^(-k x)", [R]),
    ("y(t) = A sin(w t)\ny'(t) = A w cos(w t)", [R]), ("f = a u^2\nf' = 2 a u", [R]),
    ("f = a x^2\na = 2, x = 3\nf' = 12", [R]), ("f(x) = a x^2\nf'(x) = a x", [W]),
    ("f = x y\n(x, y) = (2; 3)\ndf/dx = 3", [R]), ("f = x y\nx = y = 2\ndf/dx = y = 2", [R]),
    ("f = a^x\nf' = x a^(x-1)", [W]), ("f = x^2 + c\nf' = 2x + 1", [W]),
    ("f = x^2 + y^2\nf' = 2x + 2y", [R]), ("f = x^2 + y^2\nf' = 2x", [R]),
    ("f = x^2 y\nx = 1, y = 2\ndx = 0\ndy = 1\ndf = 1", [R]),
    ("f = x^2 + y^2\nx = 1, y = 1\ndf = 2x + 2y = 4", [R]),
    ("f(x) = a x\nf(2) = 2a\nf'(2) = a", [U, U]),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "expected"), PRIMES)
def test_a_prime_is_by_the_variable_and_not_by_its_parameters(sheet, expected):
    assert [one.status for one in check(sheet).lines] == expected


def test_a_formula_without_a_variable_is_told():
    with pytest.raises(AutodiffError, match="has no variable"):
        check("f = e^3\nf' = 3e^2")


#: A formula with a kink, a point on one side of it, and the line that is right there alone.
SIDES = [
    ("relu(w*x + b)", {"w": 1, "x": 3, "b": 0.5}, ["bar w = x = 3", "bar b = 1", "bar x = w = 1"]),
    ("relu(2x - 3)", {"x": 1}, ["u = 2x - 3 = -1", "f = max(0, u) = 0", "f' = 0"]),
    ("abs(x - 3)", {"x": 1}, ["u = x - 3 = -2", "f = |u| = -u = 2", "df/dx = -du/dx = -1"]),
    ("max(x, y)*x", {"x": 3, "y": 1}, ["m = max(x, y) = x = 3", "df/dx = 2x = 6", "df/dy = 0"]),
    ("where(x < 0, -x, x^2)", {"x": 2}, ["f = x^2 = 4", "f' = 2x = 4"]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "at", "lines"), SIDES)
def test_what_is_right_on_the_points_side_of_a_kink_is_right(formula, at, lines):
    report = check("\n".join(lines), formula, at)
    assert [one.status for one in report.lines] == [R] * len(lines)


@pytest.mark.parametrize(("formula", "at", "line"), [
    ("relu(2x - 3)", {"x": 1}, "f' = 2"), ("abs(x - 3)", {"x": 1}, "f' = 1"),
    ("sin(x^2)", {"x": 2}, "f' = 1"),
    ("max(x, y)*x", {"x": 3, "y": 1}, "df/dx = max(x, y) = 3"),
])  # fmt: skip
def test_the_other_side_of_a_kink_and_a_lone_seed_are_wrong(formula, at, line):
    assert check(line, formula, at).first_wrong == 1


def test_a_factor_that_was_found_to_be_1_need_not_be_written():
    work = ["z = w x = 0.5", "e = z - t = 0.5", "bar e = 2e = 1", "bar z = 1", "bar w = x = 0.25"]
    at = {"w": 2, "x": 0.25, "t": 0}
    assert check("\n".join(work), "(w*x - t)^2", at).first_wrong is None
    assert check("bar w = x = 0.25", "(w*x - t)^2", at | {"t": 0.1}).first_wrong == 1


@pytest.mark.parametrize(("formula", "at", "work", "line", "right"), [
    ("sigmoid(w*x)^2", {"w": 1, "x": 2}, "z = w x\np = sigmoid(z)\nL = p^2\ndL/dp = 2p",
     "dL/dz = dL/dp * z (1 - z)", "dL/dz = dL/dp * p (1 - p)"),
    ("(x*y)^2 + x*y", {"x": 2, "y": 3}, "a = x y\nb = x", "f = b^2 + b", "f = a^2 + a"),
])  # fmt: skip
def test_a_wrong_operand_is_mended_wherever_it_stands(formula, at, work, line, right):
    report = check(f"{work}\n{line}", formula, at)
    assert report.lines[-1].right == right
    assert check(f"{work}\n{right}", formula, at).first_wrong is None


def test_the_line_that_is_right_has_the_students_own_names():
    report = check("v-1 = x\nv0 = y\nf = v-1 v0\nbar v0 = bar f v0 = 5", "x*y", {"x": 2, "y": 5})
    assert report.lines[-1].right == "bar v0 = bar f v-1"
