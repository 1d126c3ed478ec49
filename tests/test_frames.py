"""A film of a trace: its last frame is the trace, and each frame follows from those before it."""

from __future__ import annotations

import math
import re
import struct
import tracemalloc
from collections.abc import Mapping

import pytest

from autodiff_cli import parse
from autodiff_cli.answers.trace import Trace, trace, traces
from autodiff_cli.formats.signs import PLAIN, UNICODE
from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.frames import Frame, frames
from autodiff_cli.views.trace import payload
from tests.crosscheck.cases import case

#: Seeds of generated formulas: every row of the table is the outermost operation in its turn.
SEEDS, PART = 300, 50


def bits(number: float) -> bytes:
    """The number to the last bit, one nan as good as another."""
    return b"nan" if math.isnan(number) else struct.pack("d", number)


def held_to_the_trace(film: tuple[Frame, ...], report: Trace) -> None:
    """Hold a film to `trace --json`, number by number."""
    nodes = payload(report)["nodes"]
    last = film[-1] if film else None
    values = {} if last is None else {label: bits(n) for label, n in last.values.items()}
    assert values == {node["id"]: bits(node["value"]) for node in nodes}
    moves = {} if last is None else {label: dict(row) for label, row in last.tangents.items()}
    assert [(k, list(row), list(map(bits, row.values()))) for k, row in moves.items()] == [
        (node["id"], list(node["tangent"]), list(map(bits, node["tangent"].values())))
        for node in nodes
    ]
    adjoints = {} if last is None else {label: bits(n) for label, n in last.adjoints.items()}
    wanted = {node["id"]: bits(node["adjoint"]) for node in nodes if node["adjoint"] is not None}
    assert adjoints == wanted
    grads = {} if last is None else {name: bits(n) for name, n in last.grads.items()}
    assert grads == {name: bits(slope) for name, slope in report.gradient.items()}
    partials = {node["id"]: node["partials"] for node in nodes}
    for frame in film:
        if frame.edge is not None:
            consumer, operand = frame.edge
            assert operand in partials[consumer]


def held_together(film: tuple[Frame, ...]) -> None:
    """Hold each frame to those before it: nothing is used before it is there, and whole."""
    final: Mapping[str, float] = film[-1].adjoints if film else {}
    for number, frame in enumerate(film):
        assert frame.number == number
        assert frame.node in frame.values
        if frame.sweep == "forward":
            assert {edge.operand for edge in frame.step.edges} <= {*frame.values} - {frame.node}
            assert len(frame.values) == number + 1
            continue
        if frame.part is None:
            continue
        assert frame.edge == (frame.part.consumer, frame.node)
        assert bits(frame.part.adjoint) == bits(final[frame.part.consumer])
        assert bits(frame.adjoints[frame.part.consumer]) == bits(final[frame.part.consumer])
        before = film[number - 1].adjoints.get(frame.node)
        total = frame.part.product if before is None else before + frame.part.product
        assert bits(frame.adjoints[frame.node]) == bits(total)
        assert frame.whole == (frame.term == len(frame.step.contributions))
    reverse = [frame for frame in film if frame.sweep == "reverse"]
    for label, adjoint in final.items():
        own = [frame for frame in reverse if frame.node == label]
        assert [frame.whole for frame in own] == [False] * (len(own) - 1) + [True]
        assert bits(own[-1].adjoints[label]) == bits(adjoint)


def said(frame: Frame) -> list[float]:
    """The number that each sentence of a frame ends in, where it ends in one."""
    texts = ["".join(parts) for parts in frame.sentences()]
    found = [re.search(r"(?:= |now )(-?(?:inf|nan|[\d.]+(?:e[+-]?\d+)?))(?![\d.])[^=]*$", text)
             for text in texts]  # fmt: skip
    assert all(found), texts
    return [float(one[1]) for one in found if one is not None]


def held_to_its_words(film: tuple[Frame, ...]) -> None:
    """Hold the numbers that are said to those that are known."""
    for frame in film:
        if frame.sweep == "forward":
            wanted = [frame.values[frame.node], *frame.tangents[frame.node].values()]
        else:
            known = frame.adjoints[frame.node]
            first = known if frame.part is None or frame.before is not None else frame.part.product
            wanted = [first]
            if frame.whole and frame.step.node < len(frame.of.report.graph.variables):
                wanted.append(known)
        assert list(map(bits, said(frame))) == list(map(bits, wanted)), frame.text


@pytest.mark.parametrize("start", range(0, SEEDS, PART))
def test_films_are_their_traces_number_by_number(start: int) -> None:
    for question in map(case, range(start, start + PART)):
        report = trace(question.graph, question.at)
        film = frames(report, UNICODE)
        held_to_the_trace(film, report)
        held_together(film)
        held_to_its_words(film)


def test_the_polynomial_is_told_as_on_a_blackboard() -> None:
    film = frames(trace("x^3 + 2x^2 + 8x", {"x": 4}), UNICODE)
    assert [(frame.sweep, frame.node, frame.edge) for frame in film] == [
        *[("forward", f"w{k}", None) for k in range(1, 7)],
        ("reverse", "w6", None),
        *[("reverse", low, (high, low)) for high, low in (
            ("w6", "w2"), ("w6", "w4"), ("w6", "w5"), ("w5", "w1"), ("w4", "w3"), ("w3", "w1"),
            ("w2", "w1"),
        )],
    ]  # fmt: skip
    assert [film[k].text for k in (0, 1, 6, 7, 10, 12, 13)] == [
        "w1 = x = 4; ẇ1 = 1: x moves with itself",
        "w2 = w1³ = 4³ = 64; ẇ2 = ∂w2/∂w1·ẇ1 = 48·1 = 48",
        "w̄6 = 1: the seed: f moves with itself",
        "w̄2 gets w̄6·∂w6/∂w2 = 1·1 = 1, its only term",
        "w̄1 gets w̄5·∂w5/∂w1 = 1·8 = 8, term 1 of 3",
        "w̄1 gets w̄3·∂w3/∂w1 = 2·8 = 16, term 2 of 3; so far 8 + 16 = 24",
        "w̄1 gets w̄2·∂w2/∂w1 = 1·48 = 48, term 3 of 3; w̄1 = 24 + 48 = 72; x.grad is now 72",
    ]
    assert [dict(frame.grads) for frame in film[-2:]] == [{}, {"x": 72.0}]
    assert [dict(frame.adjoints) for frame in film[9:11]] == [
        {"w6": 1.0, "w2": 1.0, "w4": 1.0, "w5": 1.0},
        {"w6": 1.0, "w2": 1.0, "w4": 1.0, "w5": 1.0, "w1": 8.0},
    ]


def test_steps_have_their_names_and_variables_their_tangents_each() -> None:
    film = frames(trace("h = x*y; h*h + y", {"x": -4, "y": 2}), PLAIN)
    assert film[2].text == (
        "w3 = h = w1*w2 = -4*2 = -8"
        "; for x: dot w3 = dw3/dw1*dot w1 + dw3/dw2*dot w2 = 2*1 + (-4)*0 = 2"
        "; for y: dot w3 = dw3/dw1*dot w1 + dw3/dw2*dot w2 = 2*0 + (-4)*1 = -4"
    )
    assert film[-4].text == (
        "bar w3 gets bar w4*dw4/dw3 = 1*(-8) = -8, term 1 of 2"
        " (w4 has w3 in 2 places, this is for one)"
    )


def test_each_output_has_a_sweep_of_its_own() -> None:
    reports = traces(["x*y", "g = x + y"], {"x": 3, "y": 5})
    film = frames(reports, UNICODE)
    back = [frame for frame in film if frame.sweep == "reverse"]
    assert [frame.text for frame in back] == [
        "w̄4 = 0: nothing on the way to f1 uses it",
        "w̄3 = 1: the seed: f1 moves with itself",
        "w̄1 gets w̄3·∂w3/∂w1 = 1·5 = 5, its only term; x.grad is now 5",
        "w̄2 gets w̄3·∂w3/∂w2 = 1·3 = 3, its only term; y.grad is now 3",
        "w̄4 = 1: the seed: g moves with itself",
        "w̄1 gets w̄4·∂w4/∂w1 = 1·1 = 1, its only term; x.grad is now 1",
        "w̄2 gets w̄4·∂w4/∂w2 = 1·1 = 1, its only term; y.grad is now 1",
        "w̄3 = 0: nothing on the way to g uses it",
    ]
    for report in reports:
        own = tuple(frame for frame in film if frame.of.report is report)
        assert {name: own[-1].grads[name] for name in "xy"} == report.gradient


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_sweep_that_was_not_recorded_has_no_frames(mode: str) -> None:
    film = frames(trace("x^2", {"x": 3}, mode=mode), UNICODE)  # type: ignore[arg-type]
    assert {frame.sweep for frame in film} == {"forward"} | {mode}
    assert bool(film[-1].tangents) == (mode == "forward")


@pytest.mark.parametrize(("text", "said"), [
    ("2 + 3", []),
    ("sqrt(relu(x))", ["w̄3 = 1: the seed: f moves with itself",
                       "w̄2 gets w̄3·∂w3/∂w2 = 1·inf = inf, its only term",
                       "w̄1 gets w̄2·∂w2/∂w1 = inf·0 = 0 (the edge is blocked: a slope that is 0 by "
                       "rule lets nothing pass), its only term; x.grad is now 0"]),
])  # fmt: skip
def test_what_has_no_film_and_what_stops_one(text: str, said: list[str]) -> None:
    at = {"x": -1.0} if "x" in text else {}
    film = frames(trace(text, at), UNICODE)
    assert [frame.text for frame in film if frame.sweep == "reverse"] == said


def test_a_long_film_takes_memory_for_its_frames_and_not_for_their_squares() -> None:
    def taken(graph: Graph) -> int:
        report = trace(graph, {"x": 0.5})
        tracemalloc.start()
        film = frames(report, UNICODE)
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(film[-1].adjoints) == len(report.steps)
        return size

    small, big = (taken(parse(" + ".join(f"sin({k}x)" for k in range(n)))) for n in (100, 1000))
    assert big < 15 * small
