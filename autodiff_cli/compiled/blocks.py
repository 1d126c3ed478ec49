"""A program as NumPy calls on one block of points: every result goes into a buffer that is free.

Fresh arrays of a million numbers cost more than the arithmetic on them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from autodiff_cli.compiled.program import Instruction, Program
from autodiff_cli.compiled.straight import defined
from autodiff_cli.engine import arrays
from autodiff_cli.ops import ADD, MULTIPLY, POWER, WHERE, find
from autodiff_cli.ops.row import COMPARISON

_SINE, _COSINE = find("sin", 1), find("cos", 1)
_EXTREMES = (find("max", 2), find("min", 2))

#: Lines between two looks at whether to stop: NumPy works on them for some milliseconds.
PATIENCE = 64


class Block(NamedTuple):
    """The function of one block.

    Attributes:
        run: takes the variables (arrays, some of no dimension), the outputs, float buffers, bool
            buffers, and a list: it leaves early once there is something in that.
        floats: float buffers that it needs.
        conditions: bool buffers that it needs.
        source: its text.
    """

    run: Callable[..., None]
    floats: int
    conditions: int
    source: str


def block(program: Program, *, by_tangents: bool) -> Block:
    """Return the function that computes a program on one block.

    Args:
        program: what is computed.
        by_tangents: sine and cosine from tangents, see `_Writer.sines`.
    """
    writer = _Writer(program, by_tangents)
    for position, instruction in enumerate(program.instructions):
        writer.write(position, instruction)
    writer.outputs()
    given = "".join(f"v{place}, " for place in range(len(program.variables)))
    results = "".join(f"o{place}, " for place in range(len(program.outputs)))
    buffers = "".join(f"b{place}, " for place in range(writer.floats.made))
    conditions = "".join(f"c{place}, " for place in range(writer.conditions.made))
    lines = ["def block(variables, outputs, buffers, conditions, stopped):"]
    for names, whole in (
        (given, "variables"), (results, "outputs"), (buffers, "buffers"),
        (conditions, "conditions"),
    ):  # fmt: skip
        if names:
            lines.append(f"    ({names}) = {whole}")
    for place, line in enumerate(writer.lines, start=1):
        lines.append(line)
        if place % PATIENCE == 0:
            lines.append("    if stopped: return")
    source = "\n".join([*lines, ""])
    run = defined(source, "block", _functions() | writer.constants)
    return Block(run, writer.floats.made, writer.conditions.made, source)


def _functions() -> dict[str, Any]:
    import numpy as np

    functions = dict(arrays.array_functions())
    functions |= {
        name: getattr(np, name)
        for name in (
            "multiply",
            "square",
            "add",
            "divide",
            "sqrt",
            "tan",
            "copysign",
            "equal",
            "copyto",
        )
    }
    functions |= {row: getattr(np, spelling) for row, spelling in _ufuncs().items()}
    return functions | {"power_or_root": arrays.array_functions()[POWER.name], "choose": _choose}


def _choose(condition: Any, first: Any, second: Any, out: Any, mask: Any) -> None:
    """Write `first` where the condition holds and `second` elsewhere, by masks of bits.

    NumPy's own choices branch at every point, which takes ten times as long where conditions
    change at random.

    Args:
        condition: booleans, as many as `out` has numbers.
        first: numbers, an array or one of no dimension.
        second: likewise.
        out: takes the numbers; it is no operand.
        mask: a buffer.
    """
    import numpy as np

    ones, one, other, bits = (a.view(np.int64) for a in (mask, first, second, out))
    np.negative(condition.view(np.int8), out=ones)
    np.bitwise_xor(one, other, out=bits)
    np.bitwise_and(bits, ones, out=bits)
    np.bitwise_xor(bits, other, out=bits)


def _ufuncs() -> dict[str, str]:
    """Return row → the NumPy function that writes its result into a given array."""
    import numpy as np

    from autodiff_cli.ops import OPERATIONS

    return {
        row.name: row.numpy
        for row in OPERATIONS
        if isinstance(getattr(np, row.numpy or "where", None), np.ufunc)
    }


def _constants(program: Program) -> dict[str, Any]:
    """Return name → number, as arrays of no dimension, which NumPy takes quicker than floats."""
    import numpy as np

    numbers: dict[str, Any] = {
        "zero": np.array(0.0), "half": np.array(0.5), "one": np.array(1.0)
    }  # fmt: skip
    return numbers | {f"k{place}": np.array(value) for place, value in program.constants.items()}


class _Pool:
    """Names of buffers: those that hold nothing any more are given out again."""

    def __init__(self, letter: str) -> None:
        self.letter, self.made = letter, 0
        self.free: list[str] = []

    def take(self) -> str:
        """Return a buffer's name."""
        if self.free:
            return self.free.pop()
        self.made += 1
        return f"{self.letter}{self.made - 1}"


class _Writer:
    """Writes the lines of one block function.

    Attributes:
        lines: the text.
        names: place → what holds it: a variable, a constant, a buffer or an output.
        constants: name → the constant.
        floats, conditions: the buffers.
    """

    def __init__(self, program: Program, by_tangents: bool) -> None:
        self.program, self.by_tangents = program, by_tangents
        self.lines: list[str] = []
        self.names = {place: f"v{place}" for place in range(len(program.variables))}
        self.names |= {place: f"k{place}" for place in program.constants}
        self.constants = _constants(program)
        self.floats, self.conditions = _Pool("b"), _Pool("c")
        self.ufuncs = _ufuncs()
        self.last = {place: position for position, instruction in enumerate(program.instructions)
                     for place in instruction.operands}  # fmt: skip
        self.given = {place: f"o{k}" for k, place in reversed(list(enumerate(program.outputs)))}
        computed = {instruction.result for instruction in program.instructions}
        self.given = {place: name for place, name in self.given.items() if place in computed}
        self.angles = self._angles() if by_tangents else {}

    def _angles(self) -> dict[int, dict[str, int]]:
        """Return angle → the places of its sine and its cosine."""
        found: dict[int, dict[str, int]] = {}
        for instruction in self.program.instructions:
            if instruction.operation in (_SINE, _COSINE):
                places = found.setdefault(instruction.operands[0], {})
                places[instruction.operation.name] = instruction.result
        return found

    def write(self, position: int, instruction: Instruction) -> None:
        """Write one operation."""
        operation, places = instruction.operation, instruction.operands
        if instruction.result in self.names:
            self._release(position, instruction)
            return  # a sine whose cosine came first, or the reverse
        operands = [self.names[place] for place in places]
        if self.by_tangents and operation in (_SINE, _COSINE):
            self.sines(places[0])
            self._release(position, instruction)
            return
        if self._is_call(instruction):
            self._release(position, instruction)  # a result may take the place of an operand
            self._call(operation.name, *operands, out=self._hold(instruction))
            return
        out = self._hold(instruction)
        if operation is ADD:
            self._call("add", *operands[:2], out=out)
            for operand in operands[2:]:
                self._call("add", out, operand, out=out)
        elif operation in _EXTREMES:
            self._extreme(operation.name, *operands, out=out)
        elif operation is WHERE and places[0] in self.program.constants:
            first, second = operands[1:]
            self._copy(out, f"{first} if {operands[0]} else {second}")
        elif operation is WHERE:
            mask = self.floats.take()
            self.lines.append(f"    choose({', '.join(operands)}, {out}, {mask})")
            self.floats.free.append(mask)
        else:
            name = "power_or_root" if operation is POWER else operation.name
            self._copy(out, f"{name}({', '.join(operands)})")
        self._release(position, instruction)

    def sines(self, angle: int) -> None:
        """Write the sine and the cosine of one angle a from tangents, t of its half and T of it.

        |cos a| = 1/√(1 + T²) with the sign of t·T, and sin a = T·cos a; a sine alone is
        2t/(1 + t²), and a itself where t² is 0. By t alone a cosine would cancel near its zeros;
        so each is at most 4 ulp off. NumPy takes 1 ns for a tangent and 10 for a sine.
        """
        wanted, given = self.angles[angle], self.names[angle]
        half, other = self.floats.take(), self.floats.take()
        self._call("multiply", given, "half", out=half)
        self._call("tan", half, out=half)
        sine, cosine = wanted.get("sin"), wanted.get("cos")
        sine_out = "" if sine is None else self.given.get(sine) or self.floats.take()
        if cosine is None:
            tiny = self.conditions.take()
            self._call("square", half, out=other)
            self._call("equal", other, "zero", out=tiny)
            self._call("add", other, "one", out=other)
            self._call("add", half, half, out=sine_out)
            self._call("divide", sine_out, other, out=sine_out)
            self._copy(sine_out, given, where=tiny)
            self.conditions.free.append(tiny)
        else:
            out = self.names[cosine] = self.given.get(cosine) or self.floats.take()
            tangent = sine_out or other
            self._call("tan", given, out=tangent)
            self._call("multiply", half, tangent, out=half)
            self._call("square", tangent, out=other)
            self._call("add", other, "one", out=other)
            self._call("sqrt", other, out=other)
            self._call("divide", "one", other, out=other)
            self._call("copysign", other, half, out=out)
            if sine is not None:
                self._call("multiply", tangent, out, out=sine_out)
        if sine is not None:
            self.names[sine] = sine_out
        self.floats.free += [half, other]

    def _extreme(self, name: str, a: str, b: str, *, out: str) -> None:
        """Write max or min; of 0 and −0 NumPy takes either, by the processor and the place."""
        tie = self.conditions.take()
        self._call(name, a, b, out=out)
        self._call("equal", a, b, out=tie)
        self._copy(out, b, where=tie)
        self.conditions.free.append(tie)

    def outputs(self) -> None:
        """Write the outputs that are variables, constants, or equal to another output."""
        for k, place in enumerate(self.program.outputs):
            if self.names[place] != f"o{k}":
                self._copy(f"o{k}", self.names[place])

    def _is_call(self, instruction: Instruction) -> bool:
        """Tell whether an operation is one call that writes its result into a given array.

        Not where NumPy may take a power for a square root, whose −inf has another answer.
        """
        operation, operands = instruction.operation, instruction.operands
        if operation is POWER:
            exponent = operands[1]
            root = self.program.constants.get(exponent) == 0.5
            return not root and exponent >= len(self.program.variables)
        return operation.name in self.ufuncs and len(operands) <= 2 and operation not in _EXTREMES

    def _call(self, function: str, *operands: str, out: str) -> None:
        if function == MULTIPLY.name and operands[0] == operands[1]:
            function, operands = "square", operands[:1]
        self.lines.append(f"    {function}({', '.join(operands)}, out={out})")

    def _copy(self, out: str, values: str, *, where: str = "") -> None:
        chosen = f", where={where}" if where else ""
        self.lines.append(f"    copyto({out}, {values}{chosen})")

    def _hold(self, instruction: Instruction) -> str:
        """Return where a result goes."""
        pool = self.conditions if instruction.operation.precedence == COMPARISON else self.floats
        name = self.given.get(instruction.result) or pool.take()
        self.names[instruction.result] = name
        return name

    def _release(self, position: int, instruction: Instruction) -> None:
        """Give back the buffers of operands that are not needed any more."""
        for place in dict.fromkeys(instruction.operands):
            name = self.names[place]
            if self.last[place] == position and place not in self.given:
                if name[0] == "b":
                    self.floats.free.append(name)
                elif name[0] == "c":
                    self.conditions.free.append(name)
