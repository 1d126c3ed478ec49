"""The computation graph: frozen columns in topological order, and the builder that shares nodes.

Operands always come before the operation, so every pass is a plain loop. Node i is
`operations[i]` on `operands[i]`; columns, not node objects, keep a million nodes cheap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autodiff_cli.graph import letter as letters
from autodiff_cli.graph.constant import Constant
from autodiff_cli.graph.steps import statements
from autodiff_cli.ops import CONSTANT as CONSTANT
from autodiff_cli.ops import VARIABLE as VARIABLE
from autodiff_cli.ops.row import COMPARISON, Operation


@dataclass(frozen=True, slots=True)
class Node:
    """One node as a reader wants it.

    Attributes:
        index: position in the graph.
        label: "w3", or "" for constants, subexpressions without a variable and comparisons.
        operation: row of the operation table, or VARIABLE or CONSTANT.
        operands: indices of the operand nodes.
    """

    index: int
    label: str
    operation: Operation
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Graph:
    """A frozen computation graph. `str(graph)` is program text that parses back to an equal graph.

    Attributes:
        variables: names; nodes 0 … len(variables) − 1 are the variables, in order of appearance.
        operations, operands: one entry a node.
        constants: node → constant, for the nodes whose operation is CONSTANT.
        spellings: node → text as first typed, where it differs from the plain one.
        outputs: nodes that are the results, one for each expression.
        dependent: one byte a node, 1 where the node depends on a variable.
        names: node → the name that a step of the text gives it; equal graphs may differ in names.
        titles: the name of each output, "" where it has none; empty if none has one.
        chosen: the letter of the labels where one was chosen, else "".
    """

    variables: tuple[str, ...]
    operations: tuple[Operation, ...]
    operands: tuple[tuple[int, ...], ...]
    constants: Mapping[int, Constant]
    outputs: tuple[int, ...]
    dependent: bytes
    spellings: Mapping[int, str] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    chosen: str = ""

    def __len__(self) -> int:
        return len(self.operations)

    def __iter__(self) -> Iterator[Node]:
        for index, label in enumerate(self.labels()):
            yield Node(index, label, self.operations[index], self.operands[index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return self is other or self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        """Everything but the places of the constants, which have no `w`."""
        names: list[object] = []
        rows: list[object] = []
        for index, operation in enumerate(self.operations):
            if operation is CONSTANT:
                names.append(self.constants[index].exact)
            else:
                names.append(len(rows))
                rows.append((operation, tuple([names[k] for k in self.operands[index]])))
        return self.variables, tuple(rows), tuple([names[k] for k in self.outputs])

    def __str__(self) -> str:
        return statements(self)

    def __repr__(self) -> str:
        return f"<Graph of {len(self)} nodes over {', '.join(self.variables) or 'no variables'}>"

    def select(self, outputs: Sequence[int]) -> Graph:
        """Return the graph of some of the outputs, by position, without what they do not need."""
        builder = Builder(self.variables, share=False)
        builder.operations, builder.operands = list(self.operations), list(self.operands)
        builder.constants, builder.spellings = dict(self.constants), dict(self.spellings)
        builder.dependent, builder.names = bytearray(self.dependent), dict(self.names)
        titles = [self.titles[position] for position in outputs] if self.titles else ()
        kept = builder.graph([self.outputs[position] for position in outputs], titles)
        return replace(kept, chosen=self.chosen)

    @property
    def letter(self) -> str:
        """The letter of the labels: the chosen one, or the first that no name is like."""
        return self.chosen or letters.free(self._names())

    def lettered(self, letter: str) -> Graph:
        """Return the same graph with labels of another letter.

        Raises:
            AutodiffError: it is not one letter, or a name of the formula is like its labels.
        """
        letters.check(letter, self._names())
        return replace(self, chosen=letter)

    def _names(self) -> tuple[str, ...]:
        """Return all names of the text: of variables, steps and outputs."""
        return (*self.variables, *self.names.values(), *self.titles)

    @property
    def called(self) -> str:
        """The name of the first output: as the text has it, or f."""
        return (self.titles[0] if self.titles else "") or "f"

    @property
    def functions(self) -> list[str]:
        """The names of the outputs: as the text has them, else f, or f1, f2 and so on."""
        count = len(self.outputs)
        plain = ["f"] if count == 1 else [f"f{k}" for k in range(1, count + 1)]
        titles = self.titles or [""] * count
        return [title or name for title, name in zip(titles, plain, strict=True)]

    def function(self, position: int) -> Graph:
        """Return the graph of one output, by position, which keeps its name beside the others."""
        name = self.functions[position]
        alone = self.select((position,))
        return alone if name == alone.called else replace(alone, titles=(name,))

    def labels(self) -> list[str]:
        """Return `w1`, `w2`, … for each node that depends on a variable, "" for the others."""
        letter, labels, number = self.letter, [], 0
        for operation, dependent in zip(self.operations, self.dependent, strict=True):
            if dependent and operation.precedence != COMPARISON:
                number += 1
                labels.append(f"{letter}{number}")
            else:
                labels.append("")
        return labels

    def named(self) -> dict[int, str]:
        """Return node → label, for the nodes that have one."""
        return {index: label for index, label in enumerate(self.labels()) if label}

    def below(self, nodes: Iterable[int], stop: Container[int] = ()) -> Iterator[int]:
        """Yield nodes and all that they are computed from, each once, in no order; see `below`."""
        return below(self.operands, nodes, stop)


def below(
    operands: Sequence[tuple[int, ...]], nodes: Iterable[int], stop: Container[int] = ()
) -> Iterator[int]:
    """Yield nodes and all that they are computed from, each once, in no order.

    Args:
        operands: the operands of each node.
        nodes: where to begin.
        stop: nodes met on the way whose own operands are left out.
    """
    todo = list(dict.fromkeys(nodes))
    found = set(todo)
    yield from todo
    while todo:
        for operand in operands[todo.pop()]:
            if operand not in found:
                found.add(operand)
                yield operand
                if operand not in stop:
                    todo.append(operand)


class Builder:
    """Builds a graph node by node; with `share`, equal nodes are one node.

    Args:
        variables: names of all variables, in order; they are the first nodes.
        share: False keeps equal subexpressions apart (variables are shared always).

    Attributes:
        dependent: one byte a node, 1 where the node depends on a variable.
        share: whether equal nodes are one.
        names: node → the name of the step that it is.
    """

    def __init__(self, variables: Sequence[str] = (), *, share: bool = True) -> None:
        self.variables = tuple(variables)
        self.operations: list[Operation] = [VARIABLE] * len(self.variables)
        self.operands: list[tuple[int, ...]] = [()] * len(self.variables)
        self.dependent = bytearray(b"\x01" * len(self.variables))
        self.constants: dict[int, Constant] = {}
        self.spellings: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.share = share
        self._constants: dict[tuple[str, str, int], int] = {}
        self._known: dict[Operation, dict[tuple[int, ...], int]] = defaultdict(dict)
        self._unary: dict[Operation, dict[int, int]] = defaultdict(dict)
        # A node of the newest node equals no other. Until a node that is no variable is an operand
        # for the second time, none that was made so is looked for: in a long formula few are.
        self._late, self._first = True, len(self.variables)

    def constant(self, constant: Constant, spelling: str = "") -> int:
        """Return the node of a constant; the first `spelling` is the one kept."""
        index = len(self.operations)
        if self.share:
            known = self._constants.setdefault(constant.exact, index)
            if known != index:
                return known
        self.operations.append(CONSTANT)
        self.operands.append(())
        self.dependent.append(0)
        self.constants[index] = constant
        exact = constant.exact
        if spelling and (spelling != exact[1] or exact[2]) and spelling != constant.spelling:
            self.spellings[index] = spelling
        return index

    def placeholder(self) -> int:
        """Return a node that stands for a parameter; no output may need it."""
        self.operations.append(VARIABLE)
        self.operands.append(())
        self.dependent.append(1)
        return len(self.operations) - 1

    def again(self, index: int) -> int:
        """Return a constant's twin, which can have a name without the others having it."""
        twin = len(self.operations)
        self.operations.append(CONSTANT)
        self.operands.append(())
        self.dependent.append(0)
        self.constants[twin] = self.constants[index]
        if index in self.spellings:
            self.spellings[twin] = self.spellings[index]
        return twin

    def unary(self, operation: Operation, operand: int, spelling: str = "") -> int:
        """Return the node of `operation` on one operand, new only if there is no equal one."""
        operations, dependent = self.operations, self.dependent
        index = len(operations)
        if self.share and not (self._late and operand == index - 1 >= self._first):
            if self._late and operand >= self._first:
                self._enter()
            known = self._unary[operation].setdefault(operand, index)
            if known != index:
                return known
        operations.append(operation)
        self.operands.append((operand,))
        dependent.append(dependent[operand])
        if spelling and spelling != operation.name:
            self.spellings[index] = spelling
        return index

    def apply(self, operation: Operation, operands: tuple[int, ...], spelling: str = "") -> int:
        """Return the node of `operation` on `operands`, new only if there is no equal one."""
        if len(operands) == 1:
            return self.unary(operation, operands[0], spelling)
        operations, dependent = self.operations, self.dependent
        index = len(operations)
        if self.share and not (self._late and index - 1 in operands and index > self._first):
            if self._late and max(operands) >= self._first:
                self._enter()
            known = self._known[operation].setdefault(operands, index)
            if known != index:
                return known
        operations.append(operation)
        self.operands.append(operands)
        if len(operands) == 2:
            dependent.append(dependent[operands[0]] | dependent[operands[1]])
        else:
            dependent.append(1 in [dependent[operand] for operand in operands])
        if spelling and spelling != operation.name:
            self.spellings[index] = spelling
        return index

    def _enter(self) -> None:
        """Enter the nodes that were not yet: from now on they may be asked for again."""
        self._late = False
        for index in range(self._first + 1, len(self.operations)):
            operation, operands = self.operations[index], self.operands[index]
            if index - 1 in operands:
                if len(operands) == 1:
                    self._unary[operation].setdefault(index - 1, index)
                else:
                    self._known[operation].setdefault(operands, index)

    def copy(self, graph: Graph, index: int, places: Sequence[int] | Mapping[int, int]) -> int:
        """Return the node that is one of another graph's here, spelled as there.

        Args:
            graph: the other graph.
            index: which of its operations or constants.
            places: its node → the node of this builder, for the operands.
        """
        spelling = graph.spellings.get(index, "")
        if graph.operations[index] is CONSTANT:
            return self.constant(graph.constants[index], spelling)
        operands = tuple([places[operand] for operand in graph.operands[index]])
        return self.apply(graph.operations[index], operands, spelling)

    def needed(self, outputs: Sequence[int]) -> bytearray:
        """Return one byte a node, 1 where an output needs it; variables are left as they are."""
        needed = bytearray(len(self.operations))
        for output in outputs:
            needed[output] = 1
        operands_of = self.operands
        for index in range(len(needed) - 1, len(self.variables) - 1, -1):
            if needed[index]:
                for operand in operands_of[index]:
                    needed[operand] = 1
        return needed

    def graph(self, outputs: Sequence[int], titles: Sequence[str] = ()) -> Graph:
        """Return the frozen graph of `outputs`, without operations that no output needs."""
        count = len(self.operations)
        needed = self.needed(outputs)
        needed[: len(self.variables)] = b"\x01" * len(self.variables)
        if all(needed):
            places = list(range(count))
            return self._freeze(
                self.operations, self.operands, self.dependent, outputs, places, titles
            )
        position, places = 0, [0] * count
        for index in range(count):
            places[index] = position
            position += needed[index]
        kept = [index for index in range(count) if needed[index]]
        operations = [self.operations[index] for index in kept]
        operands = [tuple([places[k] for k in self.operands[index]]) for index in kept]
        dependent = bytes([self.dependent[index] for index in kept])
        ends = [places[k] for k in outputs]
        return self._freeze(operations, operands, dependent, ends, places, titles, needed)

    def _freeze(
        self,
        operations: Sequence[Operation],
        operands: Sequence[tuple[int, ...]],
        dependent: bytes | bytearray,
        outputs: Sequence[int],
        places: Sequence[int],
        titles: Sequence[str],
        needed: bytearray | None = None,
    ) -> Graph:
        return Graph(
            variables=self.variables,
            operations=tuple(operations),
            operands=tuple(operands),
            constants={places[k]: c for k, c in self.constants.items() if not needed or needed[k]},
            spellings={places[k]: s for k, s in self.spellings.items() if not needed or needed[k]},
            outputs=tuple(outputs),
            dependent=bytes(dependent),
            names={places[k]: n for k, n in self.names.items() if not needed or needed[k]},
            titles=tuple(titles) if any(titles) else (),
        )
