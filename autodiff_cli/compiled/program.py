"""The gradient graph made ready to run: definitions written out, constants computed, powers small.

What is left are rows that Python's `math` and NumPy have, in the order in which they run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autodiff_cli import rules
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.graph import CONSTANT, Builder, Graph
from autodiff_cli.ops import DIVIDE, MULTIPLY, POWER
from autodiff_cli.ops.row import Operation


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation: places of the operands, and where its result goes."""

    operation: Operation
    operands: tuple[int, ...]
    result: int


@dataclass(frozen=True, slots=True)
class Program:
    """Straight-line code.

    Attributes:
        variables: the formula's; they are the first places.
        constants: place → number, for every operand that depends on no variable.
        instructions: in the order in which they run.
        outputs: places of the value and of the derivatives.
        wrt: the variables of the derivatives.
    """

    variables: tuple[str, ...]
    constants: dict[int, float]
    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]
    wrt: tuple[str, ...]


def program(graph: Graph, wrt: Sequence[str]) -> Program:
    """Return the straight-line code of a formula's value and gradient.

    Args:
        graph: the formula; its first output is taken.
        wrt: variables to differentiate with respect to.
    """
    found = _written_out(gradient_graph(graph, wrt, keep_zeros=True))
    constants: dict[int, float] = {}
    instructions = []
    for index in range(len(found.variables), len(found)):
        operation, operands = found.operations[index], found.operands[index]
        if operation is CONSTANT:
            constants[index] = found.constants[index].value
        elif found.dependent[index]:
            instructions.append(Instruction(operation, operands, index))
        else:
            function = rules.value(operation)
            constants[index] = float(function(*[constants[operand] for operand in operands]))
    return Program(found.variables, constants, tuple(instructions), found.outputs, tuple(wrt))


def _written_out(graph: Graph) -> Graph:
    """Return a graph in which every operation has a function of its own."""
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    for index in range(len(places), len(graph)):
        operation = graph.operations[index]
        if operation is CONSTANT:
            places.append(builder.constant(graph.constants[index]))
            continue
        operands = tuple([places[operand] for operand in graph.operands[index]])
        if operation.value is None:
            text = rules.formula(operation.computed or operation.definition)
            places.append(rules.written(builder, text, operands, 0)[text.outputs[0]])
        elif operation is POWER and operands[1] in builder.constants:
            places.append(_power(builder, *operands))
        else:
            places.append(builder.apply(operation, operands))
    return builder.graph([places[output] for output in graph.outputs])


def _power(builder: Builder, base: int, exponent: int) -> int:
    """Write a small power as products: quicker, and each rounds by half an ulp."""
    number = builder.constants[exponent].value
    if number == -1:
        return builder.apply(DIVIDE, (builder.constant(_ONE), base))
    if number not in (2, 3, 4):
        return builder.apply(POWER, (base, exponent))
    square = builder.apply(MULTIPLY, (base, base))
    if number == 2:
        return square
    return builder.apply(MULTIPLY, (square, base if number == 3 else square))


_ONE = rules.formula("1").constants[0]
