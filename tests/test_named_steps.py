"""Named steps explained: each by what stands in it, and the multivariable chain rule over paths."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest

from autodiff_cli import grad
from autodiff_cli.engine.linearise import linearise
from autodiff_cli.graph.graph import CONSTANT, Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.language.parser import Reading, read
from autodiff_cli.methods.sampling import samples
from autodiff_cli.ops.row import COMPARISON
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.teach.explain import explain
from tests.console import here
from tests.expressions import graph, seeded

NETWORK = "h = tanh(a*x + b); p = sigmoid(c*h + d); L = (p - t)^2"
SOFTMAX = "s = e^a + e^b + e^c; p = e^a/s; L = -ln(p)"

#: Texts with named steps, in which paths part and meet again.
TEXTS = (
    NETWORK, SOFTMAX, "u = x^2+1; sin(u)*u", "u = x*y; v = u + x; w = u*v; w/v + u",
    "y = x^2; y = y + sin(y); y*y", "r = hypot(x, y); k = 2; s = k*r; max(s, x)*r",
)  # fmt: skip


def at_points(graph: Graph, count: int = 3) -> list[Explanation]:
    return [explain(Reading(graph, ()), point) for point in samples(graph, {}, 0, count)]


def alone(report: Explanation, root: int, by: str) -> float:
    """Return the derivative of a step's own text, the names in it as variables."""
    graph = report.graph
    names = {k: name for k, name in graph.names.items() if k != root}
    text = expression(graph, root, PROGRAM, names)
    values = linearise(graph, report.at, ()).values
    known = {name: float(values[k]) for k, name in names.items()} | dict(report.at)
    part = read([text], tuple(known)).graph
    return float(grad(part, {name: known[name] for name in part.variables}).gradient[by])


def faults(report: Explanation) -> list[str]:
    """Return what is wrong with the pieces and the sums of an explanation at a point."""
    found = []
    graph = report.graph
    values = linearise(graph, report.at, ()).values

    def compare(what: str, one: float, other: float | None) -> None:
        if other is None or not math.isclose(one, other, rel_tol=1e-7, abs_tol=1e-9):
            found.append(f"{what} of {graph} at {report.at}: {one} is not {other}")

    for piece in report.pieces:
        what = f"{piece.stretch.root} by {piece.variable}"
        right = alone(report, piece.stretch.root, piece.variable)
        if not math.isfinite(right):
            continue
        compare(what, right, piece.value)
        book = piece.book
        at = {name: report.at.get(name, 0.0) for name in book.variables}
        for node in piece.tidy:
            compare(f"the form of {what}", float(linearise(book, at, ()).values[node]), right)
    assert report.recorded is not None
    adjoints = {step.node: step.adjoint or 0.0 for step in report.recorded.steps}
    for total in report.totals:
        terms = [
            (1.0 if piece.stretch.root == graph.outputs[0] else adjoints[piece.stretch.root])
            * (piece.value or 0.0)
            for piece in total.pieces
        ]
        if all(map(math.isfinite, (*terms, *map(float, values)))):
            compare(f"the sum by {total.stretch.name}", sum(terms), total.value)
            if total.form is not None:
                form = linearise(total.book, report.at, ()).values[total.form]
                compare(f"the form by {total.stretch.name}", float(form), total.value)
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_and_sums_are_right(text: str) -> None:
    for report in at_points(read([text]).graph):
        assert report.pieces
        assert faults(report) == []


@pytest.mark.parametrize("seed", range(12))
def test_generated_formulas_with_steps_named_at_random_are_right(seed: int) -> None:
    plain = graph(seeded(seed, 4 + seed % 6))
    chance = random.Random(seed)
    inner = [
        k for k, row in enumerate(plain.operations)
        if k >= len(plain.variables) and row is not CONSTANT and plain.dependent[k]
        and row.precedence != COMPARISON and k not in plain.outputs
    ]  # fmt: skip
    chosen = sorted(chance.sample(inner, min(3, len(inner))))
    named = replace(plain, names={k: f"step{place}" for place, k in enumerate(chosen)})
    for report in at_points(named, 2):
        assert faults(report) == []


def test_a_step_is_explained_by_what_stands_in_it() -> None:
    report = explain(read([NETWORK]), wrt=["a"])
    names = {**report.graph.names, report.graph.outputs[0]: "L"}
    pairs = [(names[piece.stretch.root], piece.variable) for piece in report.pieces]
    assert pairs == [("L", "p"), ("p", "h"), ("h", "a")]
    numbers = [step.number for piece in report.pieces for step in piece.listed()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert str(report.pieces[0].derivative).endswith("2*(p - t)")


def test_the_sum_over_paths_is_that_of_a_book_and_of_the_machine() -> None:
    out = here("explain", SOFTMAX, "--wrt", "a", "--a", "1", "--b", "2", "--c", "3").out
    assert "dL/da = dL/dp·∂p/∂a + dL/ds·∂s/∂a = p - 1" in out
    assert "machine: w̄1 = (-11.1073)·0.0900306 + 0.0331204·2.71828 = -0.909969" in out
    latex = here("explain", SOFTMAX, "--wrt", "a", "--format", "latex", "--no-sympy").out
    assert (
        r"\mathrm{d} L/\mathrm{d} s = \mathrm{d} L/\mathrm{d} p \cdot \partial p/\partial s"
        in latex
    )


def test_json_has_pieces_and_totals() -> None:
    words = ("explain", SOFTMAX, "--wrt", "b", "--a", "1", "--b", "2", "--c", "3", "--no-sympy")
    found = json.loads(here(*words, "--json").out)
    assert [(piece["of"], piece["by"]) for piece in found["pieces"]] == [
        ("L", "p"), ("p", "s"), ("s", "b"),
    ]  # fmt: skip
    assert found["pieces"][0]["steps"][0]["tangent"] is None
    total = found["totals"][-1]
    assert (total["by"], [term["through"] for term in total["sum"]]) == ("b", ["s"])
    assert total["value"] == pytest.approx(math.exp(2) / sum(map(math.exp, (1, 2, 3))))
    assert found["derivations"]["b"]["value"] == total["value"]
    rows = here(*words, "--format", "csv").out.splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["p", "p", "s", "b", "b"]


def test_lines_and_hints_go_through_the_pieces() -> None:
    out = here("explain", NETWORK, "--wrt", "a", "--steps", "2", "--hint").out
    assert "the next rule: chain rule, with the derivative of the sigmoid" in out
    assert "along all paths" not in out
    assert "∂p/∂h" not in here("explain", NETWORK, "--wrt", "a", "--steps", "2").out
    assert (
        "but the multivariable chain rule"
        in here("explain", "u = x^2; u^3", "--steps", "2", "--hint").out
    )


def test_steps_inside_each_other_by_the_hundred_are_json_too() -> None:
    text = "x"
    for _ in range(290):
        text = f"sin({text})"
    found = json.loads(here("explain", text, "--no-sympy", "--json").out)
    (step,) = found["derivations"]["x"]["steps"]
    for _ in range(289):
        (step,) = step["substeps"]
    assert step["after"] == "cos(x)"
