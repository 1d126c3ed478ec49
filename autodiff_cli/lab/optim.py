"""Optimizers: what a step makes of each parameter and its gradient.

A step is a change in place without a record. Each class says one update, on NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.errors import LabError, LabTypeError
from autodiff_cli.lab.modes import enable_grad

Array = np.ndarray[Any, Any]


class Optimizer:
    """Holds parameters in groups, each with its settings, and what it remembers of each.

    Args:
        params: the tensors to train, or groups {"params": tensors, "lr": …}.
        settings: the settings of groups that say none.

    Attributes:
        param_groups: dictionaries with "params" and the settings; lr may be changed there.
        state: parameter → what the update remembers of it.
    """

    def __init__(self, params: Any, settings: dict[str, Any]) -> None:
        for name in ("lr", "eps", "weight_decay", "momentum"):
            if settings.get(name, 0) < 0:
                raise LabError(f"{name}={settings[name]} is negative", mend=f"write {name}=0.1")
        if isinstance(params, State):
            raise LabTypeError("an optimizer takes a list of tensors", mend="write [x]")
        given = list(params)
        if not given:
            raise LabError("an optimizer without parameters", mend="write model.parameters()")
        groups = given if isinstance(given[0], dict) else [{"params": given}]
        self.param_groups = [settings | group for group in groups]
        self.state: dict[Any, dict[str, Any]] = {}
        for group in self.param_groups:
            chosen = group["params"]
            group["params"] = [chosen] if isinstance(chosen, State) else list(chosen)
            for parameter in group["params"]:
                if not isinstance(parameter, State):
                    raise LabTypeError(f"a {type(parameter).__name__} is no tensor to train")
                if parameter.grad_fn is not None:
                    raise LabError("a result cannot be trained, a leaf can", mend="use .detach()")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or write 0 into them; else the next backward adds to them."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                else:
                    parameter.zero_grad()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient; return what the closure answers.

        Args:
            closure: computes the loss anew and its gradients.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                memory = self.state.setdefault(parameter, {})
                gradient = parameter.grad.array
                gradient = -gradient if group["maximize"] else gradient
                parameter.array -= self.update(parameter.array, gradient, group, memory)
                parameter.version.number += 1
        return loss

    def update(
        self, numbers: Array, gradient: Array, group: dict[str, Any], memory: dict[str, Any]
    ) -> Array:
        """Return what is taken from a parameter: a subclass says it."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent: lr·gradient is taken, or lr·velocity with a momentum.

    Args:
        momentum: share of the velocity that is kept; velocity = momentum·velocity + gradient.
        dampening: share of the gradient that is left out of the velocity.
        weight_decay: this times the parameter is added to its gradient.
        nesterov: take the gradient and the velocity after it.
        maximize: go up.
    """

    def __init__(
        self, params: Any, lr: float = 1e-3, momentum: float = 0.0, dampening: float = 0.0,
        weight_decay: float = 0.0, nesterov: bool = False, *, maximize: bool = False,
    ) -> None:  # fmt: skip
        settings = {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize,
        }  # fmt: skip
        if nesterov and (momentum <= 0 or dampening):
            raise LabError("nesterov needs a momentum and no dampening", mend="write momentum=0.9")
        super().__init__(params, settings)

    def update(
        self, numbers: Array, gradient: Array, group: dict[str, Any], memory: dict[str, Any]
    ) -> Array:
        """Return lr·gradient, or lr·velocity."""
        if group["weight_decay"]:
            gradient = gradient + group["weight_decay"] * numbers
        momentum = group["momentum"]
        if momentum:
            before = memory.get("velocity")
            velocity = np.array(gradient) if before is None else (
                momentum * before + (1 - group["dampening"]) * gradient
            )  # fmt: skip
            memory["velocity"] = velocity
            gradient = gradient + momentum * velocity if group["nesterov"] else velocity
        return np.asarray(group["lr"] * gradient)


class Adam(Optimizer):
    """Steps of nearly equal length: the mean gradient over its root mean square.

    Kingma and Ba 2015, algorithm 1.

    Args:
        betas: shares of the two means that are kept.
        eps: added to the root, so that nothing is divided by 0.
        weight_decay: this times the parameter is added to its gradient.
        amsgrad: divide by the largest mean square so far.
        maximize: go up.
    """

    apart = False

    def __init__(
        self, params: Any, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0.0, amsgrad: bool = False, *,
        maximize: bool = False,
    ) -> None:  # fmt: skip
        if not all(0 <= beta < 1 for beta in betas):
            raise LabError(f"betas={betas} are not below 1", mend="write betas=(0.9, 0.999)")
        settings = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "amsgrad": amsgrad, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, settings)

    def update(
        self, numbers: Array, gradient: Array, group: dict[str, Any], memory: dict[str, Any]
    ) -> Array:
        """Return lr·mean/(√square + eps), both means as if they had not begun at 0."""
        lr, (keep, keep_square) = group["lr"], group["betas"]
        decay = group["weight_decay"]
        if decay and not self.apart:
            gradient = gradient + decay * numbers
        count = memory["step"] = memory.get("step", 0) + 1
        mean = keep * memory.get("mean", 0.0) + (1 - keep) * gradient
        square = keep_square * memory.get("square", 0.0) + (1 - keep_square) * gradient * gradient
        memory["mean"], memory["square"] = mean, square
        if group["amsgrad"]:
            square = memory["largest"] = np.maximum(memory.get("largest", 0.0), square)
        root = np.sqrt(square) / np.sqrt(1 - keep_square**count) + group["eps"]
        taken = lr / (1 - keep**count) * mean / root
        return np.asarray(taken + lr * decay * numbers if self.apart else taken)


class AdamW(Adam):
    """Adam, where weight_decay shrinks the parameter itself (Loshchilov and Hutter 2019)."""

    apart = True

    def __init__(self, params: Any, lr: float = 1e-3, weight_decay: float = 1e-2,
                 **settings: Any) -> None:  # fmt: skip
        super().__init__(params, lr, weight_decay=weight_decay, **settings)


class RMSprop(Optimizer):
    """The gradient over its root mean square (Tieleman and Hinton 2012).

    Args:
        alpha: share of the mean square that is kept.
        eps: added to the root.
        momentum: share of the last step that is kept.
        centered: divide by the deviation in place of the root mean square.
    """

    def __init__(
        self, params: Any, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
        weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False, *,
        maximize: bool = False,
    ) -> None:  # fmt: skip
        settings = {
            "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay,
            "momentum": momentum, "centered": centered, "maximize": maximize,
        }  # fmt: skip
        super().__init__(params, settings)

    def update(
        self, numbers: Array, gradient: Array, group: dict[str, Any], memory: dict[str, Any]
    ) -> Array:
        """Return lr·gradient/(√square + eps), with the last step's momentum."""
        keep = group["alpha"]
        gradient = gradient + group["weight_decay"] * numbers
        square = keep * memory.get("square", 0.0) + (1 - keep) * gradient * gradient
        memory["square"] = square
        if group["centered"]:
            mean = memory["mean"] = keep * memory.get("mean", 0.0) + (1 - keep) * gradient
            square = square - mean * mean
        step = gradient / (np.sqrt(square) + group["eps"])
        if group["momentum"]:
            step = memory["step"] = group["momentum"] * memory.get("step", 0.0) + step
        return np.asarray(group["lr"] * step)
