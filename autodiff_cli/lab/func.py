"""`torch.func`: functions in, derivative functions out; they can be put into each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff_cli.lab.autograd import functional
from autodiff_cli.lab.backward import grad as gradients
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.joining import stack, unbind
from autodiff_cli.lab.modes import enable_grad


def grad_and_value(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Any:
    """Return a function that answers the gradient of `func`, and its value.

    Args:
        func: answers one number, or with has_aux a pair (number, anything).
        argnums: the argument, or arguments, to differentiate by.
        has_aux: `func` answers something beside the number, which is handed on.
    """
    places = argnums if isinstance(argnums, tuple) else (argnums,)

    def function(*arguments: Any) -> Any:
        with enable_grad():
            ready = list(arguments)
            outer = any(getattr(x, "requires_grad", False) for x in arguments)
            for place in places:
                x = arguments[place]
                ready[place] = x.clone() if x.requires_grad else x.detach().requires_grad_()
            found: Any = func(*ready)
            value, more = found if has_aux else (found, ())
            if getattr(value, "ndim", 1):
                raise LabError("grad of a function that does not answer one number, of shape ()",
                               mend="sum the result, or write jacrev")  # fmt: skip
            slopes = gradients(value, [ready[place] for place in places],
                               create_graph=outer, materialize_grads=True)  # fmt: skip
        slopes = slopes if outer else tuple(slope.detach() for slope in slopes)
        value = value if outer else value.detach()
        more = more if outer or not hasattr(more, "detach") else more.detach()
        chosen = slopes if isinstance(argnums, tuple) else slopes[0]
        return (chosen, (value, more)) if has_aux else (chosen, value)

    return function


def grad(func: Callable[..., Any], argnums: Any = 0, has_aux: bool = False) -> Any:
    """Return the gradient of `func` as a function."""
    both = grad_and_value(func, argnums, has_aux)

    def function(*arguments: Any) -> Any:
        slopes, value = both(*arguments)
        return (slopes, value[1]) if has_aux else slopes

    return function


def jacrev(func: Callable[..., Any], argnums: int = 0) -> Any:
    """Return the Jacobian of `func` by one argument as a function, row by row in reverse mode."""

    def function(*arguments: Any) -> Any:
        def partly(x: Any) -> Any:
            return func(*arguments[:argnums], x, *arguments[argnums + 1 :])

        recorded = any(getattr(x, "requires_grad", False) for x in arguments)
        return functional.jacobian(partly, arguments[argnums], create_graph=recorded)

    return function


def jacfwd(func: Callable[..., Any], argnums: int = 0) -> Any:
    """Return the Jacobian of `func` as a function: the same matrix as `jacrev`."""
    return jacrev(func, argnums)


def hessian(func: Callable[..., Any], argnums: int = 0) -> Any:
    """Return the second derivatives of `func` as a function."""
    return jacrev(jacrev(func, argnums), argnums)


def vjp(func: Callable[..., Any], *primals: Any) -> Any:
    """Return the value, and a function: seed → seed times the Jacobian."""
    leaves = [x.detach().requires_grad_() for x in primals]
    with enable_grad():
        value = func(*leaves)

    def pull(seed: Any) -> tuple[Any, ...]:
        return gradients(value, leaves, seed, retain_graph=True, materialize_grads=True)

    return value.detach(), pull


def jvp(func: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """Return the value, and how it changes along the tangents."""
    return functional.jvp(func, primals, tangents)


def vmap(func: Callable[..., Any], in_dims: Any = 0, out_dims: int = 0) -> Any:
    """Return `func` for each element along an axis, one call for each, stacked.

    Args:
        func: takes and answers tensors.
        in_dims: the axis of each argument; None for one that is the same in all calls.
        out_dims: the axis of the result.
    """

    def function(*arguments: Any) -> Any:
        axes = in_dims if isinstance(in_dims, tuple) else (in_dims,) * len(arguments)
        parts = [None if axis is None else unbind(x, axis)
                 for x, axis in zip(arguments, axes, strict=True)]  # fmt: skip
        counts = {len(part) for part in parts if part is not None}
        if len(counts) != 1:
            raise LabError(f"vmap over axes of different lengths: {sorted(counts)}")
        calls = [
            func(*[x if part is None else part[k]
                   for x, part in zip(arguments, parts, strict=True)])
            for k in range(counts.pop())
        ]  # fmt: skip
        if isinstance(calls[0], tuple):
            return tuple(stack(list(column), out_dims) for column in zip(*calls, strict=True))
        return stack(calls, out_dims)

    return function
