"""What people mean: each name and slip beside the words that help."""

from __future__ import annotations

import pytest

from autodiff_cli import grad
from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.adjacent import factors, remarks
from autodiff_cli.language.meant import MEANT, OF_MODULES
from autodiff_cli.language.parser import read

#: Sizes and lists in the words of the table that a formula has as numbers.
FILLED = {"(i, 1, n,": "(i, 1, 3,", "/n": "/3"}


@pytest.mark.parametrize("name", MEANT)
def test_a_name_from_elsewhere_is_told_what_to_write(name: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        read([f"{name}(x)"])
    assert caught.value.mend == f"write {MEANT[name]}"
    formula = MEANT[name].partition(" for ")[0].partition(" with ")[0]
    for unfilled, filled in FILLED.items():
        formula = formula.replace(unfilled, filled)
    if "…" not in formula and formula.split()[0] not in ("the", "only"):
        read([formula])


@pytest.mark.parametrize("name", OF_MODULES)
def test_a_function_of_a_module_reads(name: str) -> None:
    for arguments in ("(x)", "(x, y)", "(x, y, z)"):
        try:
            read([f"np.{name}{arguments}"])
        except AutodiffError:
            continue
        return
    pytest.fail("is read with no number of arguments")


#: formula, values, what the error offers
MENDS = [
    ("x y + xy", {"x": 1, "y": 2}, "write x*y for a product"),
    ("x1x2", {"x1": 1, "x2": 2}, "write x1*x2 for a product"),
    ("xe^x", {"x": 1}, "write x*e for a product"),
    ("sin(2πr)", {"r": 1}, "write π*r for a product"),
    ("f(a, b) = ln(ab)", {"a": 1, "b": 2}, "write a*b for a product"),
    ("xyz", {"x": 1, "y": 2, "z": 3}, "write x*y*z for a product"),
    ("d/dx x^2", {"x": 1}, "leave d/dx out: its derivative is what the program finds"),
    ("sinx", {"x": 1}, "write sin(x) for the function"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "mend"), MENDS)
def test_a_name_without_a_value_is_told_the_product(
    text: str, at: dict[str, float], mend: str
) -> None:
    with pytest.raises(AutodiffError) as caught:
        grad(text, at)
    assert caught.value.mend == mend


#: text, mend
COMMAS = [
    ("500,000(1.05)^t", "write 500000, or 500.000 for a decimal comma"),
    ("1,000,000x", "write 1000000"),
    ("1,5x", "write 1.5"),
]


@pytest.mark.parametrize(("text", "mend"), COMMAS)
def test_a_comma_in_a_number_is_told_both_readings(text: str, mend: str) -> None:
    with pytest.raises(AutodiffError) as caught:
        read([text])
    assert caught.value.mend == mend


#: text, remark
READINGS = [
    ("x^1/2", "'^1/2' is read as the power 1, then the quotient by 2; write ^(1/2) for the root"),
    ("x**1/3", "'**1/3' is read as the power 1, then the quotient by 3; write ^(1/3) for the root"),
    ("σ(x)", "σ(…) is the sigmoid; write σ*(…) for a product"),
]


@pytest.mark.parametrize(("text", "remark"), READINGS)
def test_a_reading_that_could_surprise_is_said(text: str, remark: str) -> None:
    assert read([text]).remarks == (remark,)
    assert read(["x^2/2 + x^(1/2)"]).remarks == ()


def test_sigma_with_a_value_is_a_variable() -> None:
    assert read(["σ(x + 1)"], ("σ",)).graph.variables == ("σ", "x")
    assert str(read(["σ = x^2; σ(x + 1)"]).graph) == "σ = x^2; σ*(x + 1)"
    assert read(["σ(x + 1)"]).graph.variables == ("x",)


FACTORS = [
    ("xy", "x y", "x y"), ("x1x2", "x1 x2 x", "x1 x2"), ("xe", "x", "x e"), ("πr", "r", "π r"),
    ("xyz", "x y z", "x y z"), ("xq", "x", ""), ("xx", "x", "x x"), ("x", "x", ""),
    ("θω", "θ ω", "θ ω"), ("a" * 50, "a", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "known", "product"), FACTORS)
def test_the_factors_of_a_name(name: str, known: str, product: str) -> None:
    assert factors(name, known.split()) == tuple(product.split())


def test_names_that_may_be_products_are_said_without_values() -> None:
    said = "{} is one name; write {} for a product"
    assert remarks(["xy"]) == [said.format("xy", "x*y")]
    assert remarks(["x1x2", "rate"]) == [said.format("x1x2", "x1*x2")]
    assert remarks(["abc", "a", "b", "c"]) == [said.format("abc", "a*b*c")]
    assert remarks(["tax", "x", "x1", "x_1", "net"]) == []
