"""Slips of the whole answer: its sign, the formula itself, angles in degrees."""

from __future__ import annotations

from collections.abc import Iterator

from autodiff_cli.engine.folding import fold
from autodiff_cli.graph.constant import literal, named
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, below
from autodiff_cli.ops import DIVIDE, MULTIPLY, NEGATE, find
from autodiff_cli.teach.catalogue import SLIPS
from autodiff_cli.teach.rewriting import Application, Differentiation

#: Functions of an angle, and functions that give one.
OF_ANGLES = {find(name, 1) for name in ("sin", "cos", "tan", "sec", "csc", "cot")}
ANGLES = {find("asin", 1), find("acos", 1), find("atan", 1), find("acot", 1), find("atan2", 2)}


def wholes(work: Differentiation, right: int) -> Iterator[Application]:
    """Yield the slips of the whole answer.

    Args:
        work: the formula and its derivative.
        right: the derivative, a node of the builder.
    """
    builder = work.builder
    found = {
        "negated": fold(builder, NEGATE, (right,)),
        "function-itself": work.places[work.graph.outputs[0]],
        "degrees": in_degrees(builder, right),
    }
    for name, place in found.items():
        yield Application(slip=SLIPS[name], node=None, place=place)


def in_degrees(builder: Builder, node: int) -> int:
    """Return a formula as a calculator has it that takes, and gives, angles in degrees."""
    if {builder.operations[k] for k in below(builder.operands, [node])}.isdisjoint(
        OF_ANGLES | ANGLES
    ):
        return node
    half_turn = builder.constant(literal("180"))
    degree = builder.apply(DIVIDE, (builder.constant(named("pi")), half_turn))
    places: dict[int, int] = {}
    for index in sorted(below(builder.operands, [node])):
        row = builder.operations[index]
        if row in (VARIABLE, CONSTANT):
            places[index] = index
            continue
        operands = tuple([places[k] for k in builder.operands[index]])
        if row in OF_ANGLES:
            operands = (builder.apply(MULTIPLY, (operands[0], degree)),)
        places[index] = builder.apply(row, operands)
        if row in ANGLES:
            places[index] = builder.apply(DIVIDE, (places[index], degree))
    return places[node]
