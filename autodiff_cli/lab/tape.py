"""The record that makes backward possible: each operation, its inputs, and the values it saved.

What is stored during the forward pass are the inputs that the rule needs, and no derivative:
that is computed in the backward pass, from the operation table's rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from autodiff_cli.engine import rules
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.overloads import node_name
from autodiff_cli.ops.row import OPERANDS, Operation
from autodiff_cli.ops.shapes import LinearMap, Shape


class Custom:
    """An operation whose backward somebody wrote: `autograd.Function` makes one."""

    name = "function"

    def saves(self, position: int, parameters: Any) -> tuple[str, ...]:
        """Return nothing: what is saved is the writer's own affair."""
        return ()

    def edges(self, node: Any, positions: tuple[int, ...], make: Any) -> list[Any]:
        """Return what stands on the edges to the operands at `positions`."""
        raise NotImplementedError


Row = Operation | LinearMap


class Version:
    """How often a piece of memory was changed in place; shared by all tensors on that memory."""

    __slots__ = ("number",)

    def __init__(self) -> None:
        self.number = 0


class Saved(NamedTuple):
    """A value kept for backward: the memory itself, no copy, and its version at that time."""

    value: Any
    version: Version | None
    number: int

    @classmethod
    def of(cls, value: Any, version: Version | None) -> Saved:
        """Save a value as it is now; numbers and plain arrays have no version."""
        return cls(value, version, 0 if version is None else version.number)

    @property
    def changes(self) -> int:
        """Number of changes in place since it was saved."""
        return 0 if self.version is None else self.version.number - self.number


class TapeEntry:
    """One recorded operation: a tensor's `grad_fn`.

    Attributes:
        row: row of the operation table, or of its second family, the linear maps.
        parameters: a linear map's axes, shapes or key.
        origins: for each operand the TapeEntry that made it, the leaf tensor itself, or None where
            nothing is to be differentiated.
        live: the places of the operands that have an origin.
        shapes: shape of each operand.
        dtype: type of the operands' numbers.
        needs: letters of what the rules need saved: operands a, b, c, the result y, the key.
        saved: letter → Saved; None once a backward has freed them.
        shape: shape of the result.
        hooks: functions that the result's adjoint is handed to on its way, or None.
        plain: for each operand the Python number that it is, or None; None where none is.
        kept: tensors, weakly held, whose `.grad` gets the result's adjoint.
    """

    __slots__ = (
        "__weakref__", "dtype", "hooks", "kept", "live", "needs", "origins", "parameters", "plain",
        "row", "saved", "shape", "shapes",
    )  # fmt: skip

    def __init__(
        self,
        row: Row | Custom,
        parameters: Mapping[str, Any],
        origins: tuple[Any, ...],
        shapes: tuple[Shape, ...],
        dtype: Any,
        live: tuple[int, ...] | None = None,
    ) -> None:
        self.row, self.parameters, self.dtype = row, parameters, dtype
        self.origins, self.shapes = origins, shapes
        if live is None:
            live = tuple([place for place, origin in enumerate(origins) if origin is not None])
        self.live = live
        if isinstance(row, Operation):
            self.needs = rule_needs(row, live)
        elif isinstance(row, LinearMap) and "key" not in parameters:
            self.needs = map_needs(row, live)
        else:
            self.needs = tuple(sorted({k for place in live for k in row.saves(place, parameters)}))
        self.saved: dict[str, Saved] | None = {}
        self.shape: Shape = ()
        self.plain: tuple[Any, ...] | None = None
        self.hooks: list[Any] | None = None
        self.kept: list[Any] | None = None

    def name(self) -> str:
        """Return what PyTorch calls it: SinBackward0, AddBackward0."""
        if isinstance(self.row, Custom):
            return f"{self.row.name}Backward"
        return node_name(self.row.name, self.parameters, self.shapes, self.plain)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """For each operand (what made it, 0); AccumulateGrad is a leaf, and None needs nothing."""
        return tuple(
            (origin if origin is None or isinstance(origin, TapeEntry) else Leaf(origin), 0)
            for origin in self.origins
        )

    def __repr__(self) -> str:
        return f"<{self.name()}>"

    def value(self, letter: str) -> Any:
        """Return a saved value, checked.

        Raises:
            LabError: it was freed, or changed in place since it was saved.
        """
        if self.saved is None:
            raise freed_error([self])
        saved = self.saved[letter]
        if saved.version is not None and saved.version.number != saved.number:
            times = "once" if saved.changes == 1 else f"{saved.changes} times"
            raise LabError(
                f"a value that backward needs was changed in place: {self.row.name} saved "
                f"{self._what(letter)} of shape {shape_text(saved.value)}, and it was changed "
                f"{times} since, so the derivative would be that of another point",
                mend="compute a new tensor (y = y + 1 in place of y += 1), or change it after "
                "backward",
            )
        return saved.value

    def check(self) -> None:
        """Raise the error of `value` for anything that is saved and cannot be used."""
        for letter, saved in (self.saved or {}).items():
            if saved.version is not None and saved.version.number != saved.number:
                self.value(letter)

    def free(self) -> None:
        """Let go of the saved values; an operation that saved nothing can run again."""
        if self.needs:
            self.saved = None

    def described(self) -> str:
        """Return what the operation saves, in words: "multiply saves its second operand"."""
        letters = list(self.needs)
        words = []
        if len(self.origins) > 1 and set(letters) >= set(OPERANDS[: len(self.origins)]):
            words.append("its operands")
            letters = letters[len(self.origins) :]
        words += [self._what(letter) for letter in letters]
        return f"{self.row.name} saves {' and '.join(words) or 'nothing'}"

    def _what(self, letter: str) -> str:
        if letter == "y":
            return "its result"
        if letter == "key":
            return "what it was given" if isinstance(self.row, Custom) else "its index"
        if len(self.origins) == 1:
            return "its operand"
        return f"its {('first', 'second', 'third')[OPERANDS.index(letter)]} operand"


class Leaf:
    """The end of a way back: the leaf tensor in whose `.grad` the derivatives add up."""

    next_functions: tuple[Any, ...] = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        """Return what PyTorch calls it."""
        return "struct torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return "<AccumulateGrad>"


def freed_error(steps: Sequence[TapeEntry]) -> LabError:
    """Return the error for a backward through steps whose saved values were freed."""
    lost = list(dict.fromkeys(step.described() for step in steps))
    more = f"; and {len(lost) - 3} more" if len(lost) > 3 else ""
    return LabError(
        "this is a second backward through the same graph, and an earlier one freed the values "
        f"that its operations need for it ({'; '.join(lost[:3])}{more})",
        mend="write backward(retain_graph=True) the first time, or compute the result again "
        "before each backward",
    )


#: Where PyTorch saves something else than the table's rule reads: for each operand, the letters.
PYTORCHS = {
    "relu": ("y",), "sigmoid": ("y",), "tanh": ("y",), "expm1": ("y",), "silu": ("a",),
    "divide": ("b", "ab"),
}  # fmt: skip


@cache
def rule_needs(row: Operation, live: tuple[int, ...]) -> tuple[str, ...]:
    """Return the letters of the values that the rules for some of a row's operands read."""
    texts = [row.rule(position) for position in live if row.rule(position)]
    return tuple(sorted({letter for text in texts for letter in rules.formula(text).variables}))


@cache
def pytorch_keeps(row: Row, live: tuple[int, ...]) -> frozenset[str]:
    """Return the letters that PyTorch saves for some operands of a row of `PYTORCHS`."""
    return frozenset(letter for place in live for letter in PYTORCHS[row.name][place])


@cache
def map_needs(row: LinearMap, live: tuple[int, ...]) -> tuple[str, ...]:
    """Return the letters that the transposes for some of a map's operands need, without a key."""
    return tuple(sorted({letter for place in live for letter in row.saves(place, {})}))


def shape_text(value: Any) -> str:
    """Return the shape of an array, a tensor or a number: (3,), or () for a number."""
    return str(tuple(getattr(value, "shape", ())))
