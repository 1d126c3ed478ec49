"""A program as C text: one function over columns of doubles, in loops that a compiler vectorises.

What an operation is called comes from the C target of `export`, and what it computes from the
table. Names are numbered and numbers hexadecimal: nothing that a user typed is in it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from autodiff_cli.compiled.program import Instruction, Program
from autodiff_cli.export.targets import TARGETS
from autodiff_cli.ops import OPERATIONS, POWER, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation

#: Points of a block: what one loop leaves for the next stays in the first two levels of cache.
BLOCK, FEWEST, CACHE = 2048, 64, 1 << 20

#: Points of a loop come in multiples of this, so that none is computed outside of the vectors:
#: a number does not depend on its place.
WIDTH = 8

#: Operations of one loop: more of them keep a compiler busy for longer, and gain nothing.
LOOP = 32

_C = TARGETS["c"]

#: Functions of C that are one instruction of a processor, or none: compilers know them.
_BUILT_IN = frozenset({"sqrt", "abs", "floor", "ceil"})

#: Row → the function of C's library that it calls, and how many operands that takes.
CALLED = {
    row.name: (_C.functions.get(row.name, "pow"), row.arity)
    for row in OPERATIONS
    if (row.name in _C.functions or row is POWER) and row.name not in _BUILT_IN
}

_HEAD = """\
#include <math.h>
#if defined(__GNUC__) && !defined(__clang__)
#define VECTOR __attribute__((const, nothrow, leaf, simd("notinbranch")))
#else
#define VECTOR
#endif
"""

_COLUMN = """\
static const double *column(const double *given, long step, long count, long whole, double *room)
{
    if (step && count == whole) return given;
    for (long i = 0; i < whole; i++) room[i] = given[step*(i < count ? i : count - 1)];
    return room;
}
"""

#: What the library is asked for.
NAME = "value_and_gradient"


class Unit(NamedTuple):
    """The text of a program in C.

    Attributes:
        text: the whole translation unit. Its function `NAME` takes how many points there are, the
            columns, for each column 1 or (where all its numbers are one) 0, the columns for the
            results, and room.
        room: numbers that fit into the room.
    """

    text: str
    room: int


def unit(program: Program, vectors: Collection[str] = ()) -> Unit:
    """Return the C text of a program.

    Args:
        program: what is computed.
        vectors: functions of C's library that have a form for vectors.
    """
    return _Writer(program, frozenset(vectors)).unit()


class _Loop(NamedTuple):
    """Instructions of one loop."""

    instructions: list[Instruction]
    vectorised: bool


class _Writer:
    """Writes the text of one program.

    Attributes:
        made: place → the loop that computes it.
        last: place → the last loop that reads it.
        stored: place → the column that holds it between loops.
    """

    def __init__(self, program: Program, vectors: frozenset[str]) -> None:
        self.program, self.vectors = program, vectors
        self.conditions = {
            instruction.result: instruction
            for instruction in program.instructions
            if instruction.operation.precedence == COMPARISON
        }
        self.loops = list(self._loops())
        self.made = {
            instruction.result: number
            for number, loop in enumerate(self.loops)
            for instruction in loop.instructions
        }
        self.last: dict[int, int] = {}
        for number, loop in enumerate(self.loops):
            for instruction in loop.instructions:
                self.last.update(dict.fromkeys(self._read(instruction.operands), number))
        self.stored = {place: f"v{place}" for place in range(len(program.variables))}
        computed = [(k, place) for k, place in enumerate(program.outputs) if place in self.made]
        self.stored |= {place: f"o{k}" for k, place in reversed(computed)}
        self.kept = 0
        self.free: list[str] = []
        self.calls: list[str] = []

    def _loops(self) -> Iterator[_Loop]:
        """Yield the loops: what has no form for vectors stands in loops of its own."""
        here: list[Instruction] = []
        vectorised = True
        for instruction in self.program.instructions:
            if instruction.result in self.conditions:
                continue
            kind = self._is_vectorised(instruction.operation)
            if here and (kind != vectorised or len(here) == LOOP):
                yield _Loop(here, vectorised)
                here = []
            here.append(instruction)
            vectorised = kind
        if here:
            yield _Loop(here, vectorised)

    def _is_vectorised(self, operation: Operation) -> bool:
        return operation.name not in CALLED or CALLED[operation.name][0] in self.vectors

    def _read(self, operands: Sequence[int]) -> Iterator[int]:
        """Yield the numbers that operands are made of; a condition is written where it is used."""
        for place in operands:
            if place in self.conditions:
                yield from self._read(self.conditions[place].operands)
            elif place not in self.program.constants:
                yield place

    def unit(self) -> Unit:
        """Return the text."""
        loops = [self._loop(number) for number in range(len(self.loops))]
        variables, outputs = len(self.program.variables), len(self.program.outputs)
        columns = variables + outputs + self.kept
        fitting = CACHE // (8 * max(1, columns)) // WIDTH * WIDTH
        length = max(FEWEST, min(BLOCK, fitting))
        text = "\n".join([_HEAD, *self._declared(), *loops, self._whole(length)])
        return Unit(text, columns * length)

    def _declared(self) -> Iterator[str]:
        """Yield the functions that the loops call."""
        rows = dict.fromkeys(i.operation for loop in self.loops for i in loop.instructions)
        for row in rows:
            if row.name in CALLED:
                name, arity = CALLED[row.name]
                form = "VECTOR " if name in self.vectors else ""
                yield f"{form}double {name}({', '.join(['double'] * arity)});"
            elif row.name in _C.pieces:
                yield _C.pieces[row.name]
        yield _COLUMN

    def _loop(self, number: int) -> str:
        """Return one loop as a function of the columns that it reads and writes."""
        instructions = self.loops[number].instructions
        names = {place: _number(value) for place, value in self.program.constants.items()}
        read = dict.fromkeys(
            place
            for instruction in instructions
            for place in self._read(instruction.operands)
            if self.made.get(place, -1) < number
        )
        names |= {place: f"{self.stored[place]}[i]" for place in read}
        lines = []
        for instruction in instructions:
            place = instruction.result
            names[place] = f"w{place}"
            lines.append(f"        double w{place} = {self._expression(instruction, names)};")
        written = [i.result for i in instructions if self._is_needed_after(i.result, number)]
        lines += [f"        {self._hold(place)}[i] = w{place};" for place in written]
        columns = [f"const double *restrict {self.stored[place]}" for place in read]
        columns += [f"double *restrict {self.stored[place]}" for place in written]
        passed = ", ".join(["eighths", *(self.stored[place] for place in (*read, *written))])
        self.calls.append(f"        loop{number}({passed});")
        self.free += [self.stored[k] for k in read if self.last[k] == number and self._is_room(k)]
        head = f"static __attribute__((noinline)) void loop{number}"
        body = ["    for (long i = 0; i < 8*eighths; i++) {", *lines, "    }"]
        return "\n".join([f"{head}({', '.join(['long eighths', *columns])})", "{", *body, "}", ""])

    def _is_needed_after(self, place: int, number: int) -> bool:
        return place in self.stored or self.last.get(place, number) > number

    def _hold(self, place: int) -> str:
        """Return the column that holds a number between loops."""
        if place not in self.stored:
            if not self.free:
                self.free.append(f"b{self.kept}")
                self.kept += 1
            self.stored[place] = self.free.pop()
        return self.stored[place]

    def _is_room(self, place: int) -> bool:
        return self.stored[place].startswith("b")

    def _expression(self, instruction: Instruction, names: dict[int, str]) -> str:
        operation = instruction.operation
        if operation is WHERE:
            condition, first, second = instruction.operands
            if condition in self.conditions:
                test = self._expression(self.conditions[condition], names)
            else:
                test = names[condition]
            return f"{test} ? {names[first]} : {names[second]}"
        texts = [
            f"({self._expression(self.conditions[k], names)})" if k in self.conditions else names[k]
            for k in instruction.operands
        ]
        if operation.symbol and operation is not POWER:
            return f" {operation.symbol} ".join(texts) if len(texts) > 1 else f"-{texts[0]}"
        name = "pow" if operation is POWER else _C.functions.get(operation.name, "")
        if not name:
            name = _C.pieces[operation.name].partition("(")[0].split()[-1]
        return f"{name}({', '.join(texts)})"

    def _whole(self, length: int) -> str:
        """Return the function over all points."""
        variables, outputs = len(self.program.variables), len(self.program.outputs)
        lines = [
            f"void {NAME}(long points, const double *const *given, const long *steps,",
            "    double *const *results, double *room)",
            "{",
            f"    for (long start = 0; start < points; start += {length}) {{",
            f"        long count = points - start < {length} ? points - start : {length};",
            f"        long eighths = (count + {WIDTH - 1})/{WIDTH};",
            f"        long whole = {WIDTH}*eighths;",
        ]
        for k in range(variables):
            lines.append(
                f"        const double *v{k} = column(given[{k}] + steps[{k}]*start, steps[{k}], "
                f"count, whole, room + {k * length});"
            )
        for k in range(outputs):
            lines.append(
                f"        double *o{k} = count == whole ? results[{k}] + start : "
                f"room + {(variables + k) * length};"
            )
        for k in range(self.kept):
            lines.append(f"        double *b{k} = room + {(variables + outputs + k) * length};")
        lines += self.calls
        for k, place in enumerate(self.program.outputs):
            held = self.stored.get(place)
            if held != f"o{k}":
                number = f"{held}[i]" if held else _number(self.program.constants[place])
                lines.append(f"        for (long i = 0; i < count; i++) o{k}[i] = {number};")
        lines.append("        if (count < whole) {")
        for k in range(outputs):
            lines.append(
                f"            for (long i = 0; i < count; i++) results[{k}][start + i] = o{k}[i];"
            )
        return "\n".join([*lines, "        }", "    }", "}", ""])


def _number(value: float) -> str:
    """Return a number exactly, in a text that no locale changes."""
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    text = value.hex()
    return f"({text})" if text.startswith("-") else text
