"""The gradient graph made ready to run: definitions written out, constants and signs taken out.

What is left are rows that Python's `math` and NumPy have, in the order in which they run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from autodiff_cli.engine import rules
from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.graph.graph import CONSTANT, VARIABLE, Builder, Graph
from autodiff_cli.ops import ADD, DIVIDE, MULTIPLY, NEGATE, POWER, SUBTRACT
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
    found = _written_out(gradient_graph(graph, wrt, exact=True))
    while any(map(_is_defined, found.operations)):  # by others that are defined, as mish is
        found = _written_out(found)
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


def _is_defined(operation: Operation) -> bool:
    """Tell whether an operation is a formula over others, without a function of its own."""
    return operation.value is None and operation not in (CONSTANT, VARIABLE)


def _written_out(graph: Graph) -> Graph:
    """Return a graph in which what is defined by others is written out."""
    builder = Builder(graph.variables)
    places = list(range(len(graph.variables)))
    uses = Counter(chain(graph.outputs, *graph.operands))
    for index in range(len(places), len(graph)):
        operation = graph.operations[index]
        if operation is CONSTANT:
            places.append(builder.constant(graph.constants[index]))
            continue
        operands = tuple([places[operand] for operand in graph.operands[index]])
        if _is_defined(operation):
            text = rules.formula(operation.computed or operation.definition)
            written = rules.written(builder, text, operands, 0, exact=True)
            places.append(written[text.outputs[0]])
        elif operation is POWER and operands[1] in builder.constants:
            places.append(_power(builder, *operands))
        else:
            once = [uses[operand] == 1 for operand in graph.operands[index]]
            places.append(_signed(builder, operation, operands, once))
    return builder.graph([places[output] for output in graph.outputs])


def _signed(
    builder: Builder, operation: Operation, operands: tuple[int, ...], once: Sequence[bool]
) -> int:
    """Apply an operation; signs go outward, where two of them cancel or a difference takes one.

    No number changes by that: in floats, (−a)·b is −(a·b), and b + (−a) is b − a.

    Args:
        builder: takes the nodes.
        operation: what to apply.
        operands: to what.
        once: for each operand, whether nothing else needs it with its sign.
    """
    if operation is MULTIPLY and -1.0 in (found := [_number(builder, k) for k in operands]):
        other = 1 - found.index(-1.0)
        operation, operands, once = NEGATE, (operands[other],), (once[other],)
    signs = [
        single and builder.operations[operand] is NEGATE
        for operand, single in zip(operands, once, strict=True)
    ]
    if not any(signs):
        return builder.apply(operation, operands)
    plain = tuple(
        [builder.operands[k][0] if sign else k for k, sign in zip(operands, signs, strict=True)]
    )
    if operation is NEGATE:
        return plain[0]
    if operation in (MULTIPLY, DIVIDE):
        node = builder.apply(operation, plain)
        return node if all(signs) else builder.apply(NEGATE, (node,))
    if operation is ADD and len(operands) == 2:
        kept, taken = (operands[0], plain[1]) if signs[1] else (operands[1], plain[0])
        return builder.apply(SUBTRACT, (kept, taken))
    if operation is SUBTRACT and signs[1]:
        return builder.apply(ADD, (operands[0], plain[1]))
    return builder.apply(operation, operands)


def _number(builder: Builder, place: int) -> float | None:
    constant = builder.constants.get(place)
    return None if constant is None else constant.value


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
