"""What every lab tensor is made of, and `apply`, the one way an operation is carried out.

`apply` computes with the operation table's array functions and records a TapeEntry wherever an
operand is to be differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autodiff_cli.engine import arrays, rules
from autodiff_cli.lab.axes import Size
from autodiff_cli.lab.errors import LabError, LabIndexError, LabTypeError
from autodiff_cli.lab.mixing import one_type
from autodiff_cli.lab.modes import recording, watcher
from autodiff_cli.lab.tape import (
    PYTORCHS,
    Custom,
    Row,
    Saved,
    TapeEntry,
    Version,
    pytorch_keeps,
    shape_text,
)
from autodiff_cli.ops import COMPARISONS, DIVIDE, POWER
from autodiff_cli.ops.row import OPERANDS, Operation
from autodiff_cli.ops.shapes import CONVERT, EXPAND, INDEX, MATMUL, PERMUTE, RESHAPE, Path

#: Operations that answer truth values, and the one whose parameter says the type.
COMPARING = {*COMPARISONS.values(), CONVERT}

#: Name → function of arrays; `_compute` keeps NumPy quiet.
_functions = arrays.warning_functions

#: Maps whose result NumPy may hand out as a view of the operand's memory.
VIEWS = {INDEX, RESHAPE, PERMUTE, EXPAND}


class Alias(NamedTuple):
    """What a view is a view of.

    Attributes:
        base: the tensor whose memory it is.
        path: the maps that lead from the base to the view.
        number: the memory's version for which the view's `grad_fn` holds; after a change in
            place it is made anew, from the base.
        refused: why a recorded change in place of this view is refused, or "".
    """

    base: Any
    path: Path
    number: int
    refused: str = ""


class State:
    """An array, who made it, and how often it was changed. The array object never changes.

    Attributes:
        array: the numbers.
        version: counts changes in place; shared with every tensor on the same memory.
        alias: what it is a view of, or None.
        wanted: True for a leaf whose gradient is wanted.
        hooks: functions that a leaf's gradient is handed to on its way, or None.
    """

    array: np.ndarray[Any, Any]
    version: Version
    alias: Alias | None
    wanted: bool
    hooks: list[Any] | None
    _maker: TapeEntry | None
    _grad: Any

    @classmethod
    def make(
        cls, array: Any, version: Version | None = None, maker: TapeEntry | None = None
    ) -> Any:
        """Return a tensor on this array, without a copy."""
        tensor = cls.__new__(cls)
        tensor.array, tensor.version = array, Version() if version is None else version
        tensor._maker, tensor.wanted, tensor.alias = maker, False, None
        tensor._grad = tensor.hooks = None
        return tensor

    @property
    def origin(self) -> Any:
        """What an adjoint that arrives here belongs to: the TapeEntry, this leaf, or None."""
        alias = self.alias
        if alias is not None and alias.number != self.version.number:
            self._renew(alias)
        maker = self._maker
        return maker if maker is not None else self if self.wanted else None

    @property
    def grad_fn(self) -> TapeEntry | None:
        """The TapeEntry that made it; None for a leaf."""
        return None if self.origin is self else self.origin

    @property
    def requires_grad(self) -> bool:
        """True where operations on this tensor are recorded."""
        return self.origin is not None

    @property
    def shape(self) -> Size:
        """Length of each axis."""
        return Size(self.array.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.array.ndim

    def _renew(self, alias: Alias) -> None:
        """Record the way from the base, as it is now, to this view."""
        self.alias = alias._replace(number=self.version.number)
        origin, array = alias.base.origin, alias.base.array
        if origin is None or self.wanted or alias.refused:
            return
        for row, parameters in alias.path:
            origin = TapeEntry(row, parameters, (origin,), (array.shape,), array.dtype)
            array = row.value(array, **parameters)
            origin.shape = array.shape
        self._maker = origin


def apply(row: Row, *operands: Any, **parameters: Any) -> Any:
    """Carry out a row on tensors and Python numbers and record it; on numbers alone, compute.

    Raises:
        LabError: the operands' shapes do not go together.
    """
    first = dtype = None
    mixed = False
    values: list[Any] = []
    for operand in operands:
        if isinstance(operand, State):
            operand_array = operand.array
            values.append(operand_array)
            if first is None:
                first, dtype = operand, operand_array.dtype
                mixed = dtype.kind != "f"
            elif operand_array.dtype != dtype:
                mixed = True
        else:
            values.append(operand)
    if first is None and isinstance(row, Operation):
        return rules.value(row)(*[float(operand) for operand in operands])
    assert first is not None
    if mixed:
        operands, dtype = one_type(row, operands, apply)
        values = [x.array if isinstance(x, State) else x for x in operands]
    elif row in COMPARING:
        dtype = None
    array = np.asarray(_compute(row, values, parameters), dtype)
    shares = row in VIEWS and np.may_share_memory(array, values[0])
    result = first.make(array, first.version if shares else None)
    if array.dtype.kind == "f" and recording():
        origins, live = [], []
        for place, operand in enumerate(operands):
            origin = operand.origin if isinstance(operand, State) else None
            origins.append(origin)
            if origin is not None:
                live.append(place)
        if live:
            entry = TapeEntry(row, parameters, tuple(origins), (), array.dtype, tuple(live))
            _record(entry, operands, values, result)
            result._maker = entry
    if shares:
        _link(result, first, row, parameters)
    watching = watcher()
    if watching is not None:
        watching.forward(row, values, parameters, result)
    return result


def _compute(row: Row, values: list[Any], parameters: dict[str, Any]) -> Any:
    try:
        if row in VIEWS:  # nothing is computed that could warn
            return row.value(*values, **parameters)
        with np.errstate(all="ignore"):
            if isinstance(row, Operation):
                return _functions()[row.name](*values)
            return row.value(*values, **parameters)
    except ValueError as error:
        shapes = " and ".join(shape_text(value) for value in values)
        raise LabError(*_shape_error(row, shapes, parameters)) from error
    except IndexError as error:
        raise index_error(values[0], error) from error
    except TypeError as error:
        kinds = " and ".join(str(getattr(value, "dtype", value)) for value in values)
        raise LabTypeError(f"{row.name} does not take numbers of type {kinds}") from error


def index_error(array: Any, error: IndexError) -> LabIndexError:
    """Return the error for an index that an array does not have, with what NumPy says of it."""
    said = str(error).removesuffix(" or be broadcastable")
    return LabIndexError(
        f"a tensor of shape {shape_text(array)} has no such element: {said}",
        mend="an axis of n elements is counted from 0 to n − 1, or from −n to −1",
    )


def _shape_error(row: Row, shapes: str, parameters: dict[str, Any]) -> tuple[str]:
    if row is MATMUL:
        why = "the last axis of the first must be as long as the first axis of the second"
    elif row is RESHAPE:
        return (f"reshape: {shapes} has another count of numbers than {parameters['shape']}",)
    elif row is EXPAND:
        return (f"expand: {shapes} cannot become {parameters['shape']}; only an axis of length 1 "
                "can be made longer, and new axes stand in front",)  # fmt: skip
    elif row is POWER and "()" in shapes:
        return ("whole numbers to a negative power are no whole numbers; write x.double()",)
    elif isinstance(row, Operation):
        why = "counted from the last axis, lengths must be equal or one of them 1"
    else:
        why = ", ".join(f"{name}={value}" for name, value in parameters.items())
        return (f"{row.name}: a tensor of shape {shapes} has no {why}",)
    return (f"{row.name}: the shapes {shapes} do not go together; {why}",)


def _record(entry: TapeEntry, operands: Sequence[Any], values: list[Any], result: State) -> None:
    """Write down what an operation's rules need."""
    entry.shapes = tuple([x.shape if isinstance(x, np.ndarray) else () for x in values])
    entry.shape = result.array.shape
    if len(entry.live) < len(operands):
        entry.plain = tuple([None if isinstance(x, State) else x for x in operands])
    if entry.row is CONVERT:
        entry.dtype = values[0].dtype
    if entry.needs:
        entry.saved = {k: _kept(k, operands, values, result) for k in entry.needs}
    if entry.row.name in PYTORCHS:
        _as_pytorch(entry, operands, values, result)


def _kept(letter: str, operands: Sequence[Any], values: list[Any], result: State) -> Saved:
    """Return what one letter of a rule stands for, as it is now."""
    if letter == "y":
        return Saved.of(result.array, result.version)
    if letter == "key":
        return Saved.of(None, None)
    place = OPERANDS.index(letter)
    operand = operands[place]
    return Saved.of(values[place], operand.version if isinstance(operand, State) else None)


def _as_pytorch(
    entry: TapeEntry, operands: Sequence[Any], values: list[Any], result: State
) -> None:
    """Notice the changes in place that PyTorch notices, and no others.

    What it does not save is copied; what it saves is watched, whether the rule reads it or not.
    """
    assert entry.saved is not None
    assert not isinstance(entry.row, Custom)
    theirs = pytorch_keeps(entry.row, entry.live)
    if entry.row is DIVIDE and not isinstance(operands[0], State):
        theirs = frozenset()  # a number over a tensor is a product with its reciprocal there
    for letter in entry.saved.keys() - theirs:
        entry.saved[letter] = Saved.of(np.array(entry.saved[letter].value), None)
    for letter in theirs - entry.saved.keys():
        entry.saved[letter] = _kept(letter, operands, values, result)


def _link(view: State, of: State, row: Any, parameters: dict[str, Any]) -> None:
    """Note what a view is a view of: the tensor that owns the memory, and the way from there."""
    base, refused = of, ""
    path: Path = ((row, parameters),)
    if of.alias is not None:
        base, path = of.alias.base, (*of.alias.path, (row, parameters))
        refused = of.alias.refused
    if not recording() and base.origin is not None:
        refused = "it was made inside no_grad(), where its place in the whole was not recorded"
    view.alias = Alias(base, path, view.version.number, refused)


def convert(operand: Any, dtype: Any) -> Any:
    """Return a tensor as another type of numbers, recorded; anything else as it is."""
    if not isinstance(operand, State) or operand.array.dtype == dtype:
        return operand
    return apply(CONVERT, operand, dtype=dtype)
