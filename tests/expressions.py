"""Random formulas over the whole operation table: trees, their graphs, and their text.

One generator serves two sources of choice: a seeded `random.Random`, and Hypothesis, which
shrinks. The text brackets everything, so it does not depend on the printer it is held against.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from autodiff_cli.graph.constant import literal, named
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.ops import COMPARISONS, OPERATIONS, WHERE
from autodiff_cli.ops.row import COMPARISON, Operation

VARIABLES = ("x", "y", "theta")
LITERALS = ("2", "0.5", "-1", "3", "-2", "1e-3", "0", "1", "-0.25", "1.5")
NAMED = ("pi", "e")
#: Every row that is not a comparison: comparisons stand only in `where`.
ROWS = tuple(row for row in OPERATIONS if row.precedence != COMPARISON)
SMOOTH = tuple(row for row in ROWS if not row.kinks and not row.domain and row is not WHERE)
OTHER_SIGNS = {"*": ("*", "·", "×"), "/": ("/", "÷"), "-": ("-", "−"), "^": ("^", "**")}


@dataclass(frozen=True)
class Tree:
    """A leaf (a variable's or a constant's text) or an operation on trees."""

    operation: Operation | None
    operands: tuple[Tree, ...] = ()
    leaf: str = ""

    def __repr__(self) -> str:
        return text(self)

    def leaves(self) -> Iterator[str]:
        """The leaves' texts from left to right."""
        if self.operation is None:
            yield self.leaf
        for operand in self.operands:
            yield from operand.leaves()


#: Picks one of a sequence.
Choose = Callable[[Sequence[Any]], Any]


def tree(
    choose: Choose,
    size: int,
    rows: Sequence[Operation] = ROWS,
    variables: Sequence[str] = VARIABLES,
    literals: Sequence[str] = LITERALS,
    root: Operation | None = None,
) -> Tree:
    """Return a tree of at most `size` operations (and the comparisons of its `where`).

    `root` is the outermost operation; any of `rows` by default.
    """
    if size <= 0:
        kind = choose(("variable", "variable", "variable", "literal", "named"))
        leaves = {"variable": variables, "literal": literals, "named": NAMED}[kind]
        return Tree(None, leaf=choose(leaves))
    row = root or choose(rows)
    if row is WHERE:
        comparison = choose(tuple(COMPARISONS.values()))
        left, a, b = _shares(choose, size - 1, 3)
        condition = Tree(comparison, (_sub(choose, left, rows, variables, literals),
                                      Tree(None, leaf=choose(literals))))  # fmt: skip
        operands = tuple(_sub(choose, part, rows, variables, literals) for part in (a, b))
        return Tree(WHERE, (condition, *operands))
    count = choose((2, 2, 3)) if row.variadic else row.arity
    parts = _shares(choose, size - 1, count)
    operands = tuple(_sub(choose, part, rows, variables, literals) for part in parts)
    if row.name == "log" and row.arity == 2 and operands[1].leaf in ("2", "10"):
        operands = (operands[0], Tree(None, leaf="3"))  # log(x, 2) is log2
    return Tree(row, operands)


_sub = tree


def _shares(choose: Choose, size: int, count: int) -> list[int]:
    parts = [0] * count
    for _ in range(size):
        parts[choose(range(count))] += 1
    return parts


def graph(root: Tree, *, share: bool = True) -> Graph:
    """Return the graph of a tree, built without the parser."""
    names = tuple(dict.fromkeys(leaf for leaf in root.leaves() if _is_variable(leaf)))
    builder = Builder(names, share=share)

    def build(node: Tree) -> int:
        if node.operation is not None:
            operands = tuple([build(operand) for operand in node.operands])
            return builder.apply(node.operation, operands)
        if _is_variable(node.leaf):
            return names.index(node.leaf)
        constant = named(node.leaf) if node.leaf in NAMED else literal(node.leaf)
        return builder.constant(constant, node.leaf)

    return builder.graph([build(root)])


def text(root: Tree, choose: Choose | None = None) -> str:
    """Return text of a tree with every operand bracketed; with `choose`, in varied spellings."""
    pick = choose or (lambda options: options[0])
    row, below = root.operation, [text(operand, choose) for operand in root.operands]
    if row is None:
        return root.leaf
    if row.symbol:
        sign = pick(OTHER_SIGNS.get(row.symbol, (row.symbol,)))
        joined = sign.join(f"({operand})" for operand in below)
        return joined if len(below) > 1 else sign + joined
    if row.name == "abs" and pick((False, True)):
        return f"|({below[0]})|"
    if row.name == "sqrt" and pick((False, True)):
        return f"√({below[0]})"
    name = pick((row.name, *row.aliases))
    if row is WHERE:
        return f"{name}({', '.join(below)})"
    return f"{name}({', '.join(f'({operand})' for operand in below)})"


def _is_variable(leaf: str) -> bool:
    return leaf[0].isalpha() and leaf not in NAMED


def seeded(seed: int, size: int, **options: Any) -> Tree:
    """Return the tree of a seed."""
    return tree(random.Random(seed).choice, size, **options)


@st.composite
def trees(draw: st.DrawFn, largest: int = 8, rows: Sequence[Operation] = ROWS) -> Tree:
    """Hypothesis strategy: trees of up to `largest` operations."""
    size = draw(st.integers(0, largest))
    return tree(lambda options: draw(st.sampled_from(options)), size, rows)


@st.composite
def texts(draw: st.DrawFn, largest: int = 8) -> tuple[str, Tree]:
    """Hypothesis strategy: a text in varied spellings, and the tree that it means."""
    root = draw(trees(largest))
    return text(root, lambda options: draw(st.sampled_from(options))), root
