"""PyTorch's words: which function is a method of tensors, which a function, which changes in place.

Each word is declared once, in the file of its kind; here they are put together.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from autodiff_cli.lab import (
    creation,
    division,
    elementwise,
    extremes,
    further,
    joining,
    products,
    random,
    reductions,
    selection,
    shaping,
)
from autodiff_cli.lab.apply import State, apply
from autodiff_cli.lab.errors import LabTypeError
from autodiff_cli.lab.tensor import Tensor
from autodiff_cli.ops.shapes import PERMUTE

#: Where the words that are methods too are declared; of one name, the last counts.
KINDS = (
    division, elementwise, shaping, joining, reductions, extremes, selection, products,
    further,
)  # fmt: skip

#: Methods that are functions too, where the class itself has them.
OF_THE_CLASS = ("clone", "detach", "numel", "is_floating_point", "zero_", "fill_")

#: Functions of each element that have a form with _ at their end, which changes in place.
IN_PLACE = (
    "abs", "neg", "exp", "exp2", "expm1", "ln", "log", "log2", "log10", "log1p", "sqrt", "rsqrt",
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "sigmoid", "erf",
    "relu", "floor", "ceil", "trunc", "frac", "round", "sign", "square", "reciprocal", "hypot",
    "clamp", "clip", "clamp_min", "clamp_max", "nan_to_num", "remainder", "fmod", "floor_divide",
    "lerp", "addcmul", "addcdiv", "masked_fill", "scatter", "scatter_add", "index_add",
    "index_fill", "tril", "triu", "cumsum", "cumprod",
)  # fmt: skip


#: NumPy's words for parameters, which PyTorch takes too.
NUMPYS = {"axis": "dim", "keepdims": "keepdim"}


def worded(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that takes NumPy's words for its parameters, and `out=` for its result."""

    @wraps(method)
    def call(*operands: Any, **options: Any) -> Any:
        if not options:
            return method(*operands)
        out = options.pop("out", None)
        found = method(*operands, **{NUMPYS.get(name, name): k for name, k in options.items()})
        return found if out is None else out.copy_(found)

    return call


def function_of(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method as a function, which says so when it is not given a tensor."""

    def function(input: Any, *operands: Any, **options: Any) -> Any:
        if not isinstance(input, State) and not any(isinstance(k, State) for k in operands[:1]):
            array = Tensor.operand(input)
            if not isinstance(array, State):
                raise LabTypeError(
                    f"{name} of a {type(input).__name__}: it takes a tensor",
                    mend="write tensor(…) around it",
                )
            input = array
        return method(input, *operands, **options)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = method.__doc__
    return function


def _changing(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def change(self: Any, *operands: Any, **options: Any) -> Any:
        return self.replaced_by(method, *operands, **options)

    change.__name__ = change.__qualname__ = f"{name}_"
    change.__doc__ = f"As `{name}`, in place."
    return change


def _turned(self: Any) -> Any:
    """The tensor with its axes in the opposite order."""
    return apply(PERMUTE, self, axes=tuple(reversed(range(self.array.ndim))))


def _matrices_turned(self: Any) -> Any:
    """The tensor with its last two axes exchanged."""
    return shaping.transpose(self, -2, -1)


def methods() -> dict[str, Callable[..., Any]]:
    """Return name → method for every method of tensors that is a function too."""
    found: dict[str, Callable[..., Any]] = dict(elementwise.ELEMENTWISE)
    for module in KINDS:
        found |= {method.__name__: worded(method) for method in module.METHODS}
        others = getattr(module, "OTHER_NAMES", {})
        found |= {name: found[method.__name__] for name, method in others.items()}
    return found


def words() -> dict[str, Any]:
    """Return name → function for every function of the lab."""
    found: dict[str, Any] = {
        name: method if name in elementwise.ELEMENTWISE and name not in ("max", "min")
        else function_of(name, method)
        for name, method in methods().items()
    }  # fmt: skip
    found |= {name: function_of(name, getattr(Tensor, name)) for name in OF_THE_CLASS}
    for module in (creation, random, shaping, joining, selection, products, further):
        plain = module in (creation, random)
        others = getattr(module, "OTHER_FUNCTIONS", {})
        functions = {function.__name__: function for function in module.FUNCTIONS} | others
        found |= {k: function if plain else worded(function) for k, function in functions.items()}
    return found


def attach() -> None:
    """Make the words methods of tensors."""
    known = methods()
    for name, method in known.items():
        setattr(Tensor, name, method)
    for name in IN_PLACE:
        setattr(Tensor, f"{name}_", _changing(name, known[name]))
    for module in (creation, random):
        for method in module.METHODS:
            setattr(Tensor, method.__name__, method)
    Tensor.where = selection.chosen  # type: ignore[attr-defined]
    Tensor.T = property(_turned)  # type: ignore[attr-defined]
    Tensor.mT = property(_matrices_turned)  # type: ignore[attr-defined]


attach()
