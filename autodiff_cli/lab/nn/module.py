"""Module: an object with parameters and a `forward`; attributes that are parameters are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autodiff_cli.lab.apply import convert
from autodiff_cli.lab.dtypes import float32, float64
from autodiff_cli.lab.errors import LabError, LabUnsupportedError
from autodiff_cli.lab.modes import no_grad
from autodiff_cli.lab.tensor import Tensor


class Parameter(Tensor):
    """A leaf that belongs to a module: `parameters()` finds it.

    Args:
        data: a tensor, whose memory it shares.
        requires_grad: False for numbers that are not trained.
    """

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        self.__dict__.update(Tensor.make(data.array, data.version).__dict__)
        self.wanted = requires_grad

    @classmethod
    def make(cls, array: Any, version: Any = None, maker: Any = None) -> Any:
        """Return a tensor: what is computed with a parameter is no parameter."""
        return Tensor.make(array, version, maker)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class Module:
    """The base of layers and networks: a subclass has `__init__` and `forward`."""

    training: bool
    _modules: dict[str, Module]
    forward: Callable[..., Any]

    def __init__(self) -> None:
        self.__dict__.update(_parameters={}, _buffers={}, _modules={}, training=True)

    def __setattr__(self, name: str, value: Any) -> None:
        kinds = self.__dict__
        if "_modules" not in kinds and isinstance(value, (Parameter, Module)):
            raise AttributeError(
                f"{type(self).__name__} has no place for '{name}' yet; "
                "write super().__init__() first"
            )
        for kind in ("_parameters", "_buffers", "_modules"):
            kinds.get(kind, {}).pop(name, None)
        if isinstance(value, Parameter):
            kinds["_parameters"][name] = value
        elif isinstance(value, Module):
            kinds["_modules"][name] = value
        object.__setattr__(self, name, value)

    def register_parameter(self, name: str, parameter: Any) -> None:
        """Add a parameter under a name."""
        setattr(self, name, parameter)

    def register_buffer(self, name: str, tensor: Any) -> None:
        """Add a tensor that is saved with the parameters, and not trained."""
        setattr(self, name, tensor)
        self.__dict__["_buffers"][name] = tensor

    def add_module(self, name: str, module: Any) -> None:
        """Add a module under a name."""
        setattr(self, name, module)

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Return what `forward` makes of the inputs."""
        if not hasattr(self, "forward"):
            raise LabUnsupportedError(
                f"{type(self).__name__} has no forward()",
                mend="write `def forward(self, x):` in it",
            )
        return self.forward(*inputs, **options)

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Yield this module and all within, each once, with a name like "0.weight"."""
        todo: list[tuple[str, Module]] = [("", self)]
        seen: set[int] = set()
        while todo:
            name, module = todo.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            yield name, module
            todo += reversed(
                [(f"{name}.{k}" if name else k, m) for k, m in module._modules.items()]
            )

    def modules(self) -> Iterator[Module]:
        """Yield this module and all within."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the modules that are attributes of this one, with their names."""
        return iter(self._modules.items())

    def children(self) -> Iterator[Module]:
        """Yield the modules that are attributes of this one."""
        return iter(self._modules.values())

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """Yield every parameter within, each once, with a name like "0.weight"."""
        return self._named("_parameters")

    def parameters(self) -> Iterator[Any]:
        """Yield every parameter within: what an optimizer takes."""
        return (parameter for _, parameter in self.named_parameters())

    def _named(self, kind: str) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        for name, module in self.named_modules():
            for own, tensor in module.__dict__[kind].items():
                if id(tensor) not in seen:
                    seen.add(id(tensor))
                    yield f"{name}.{own}" if name else own, tensor

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or write 0 into them."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            else:
                parameter.zero_grad()

    def train(self, mode: bool = True) -> Any:
        """Say that the network is in training (dropout drops), or not."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Any:
        """Say that the network is in use, not in training."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Ask for the gradients of all parameters, or no longer."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def apply(self, function: Callable[[Module], Any]) -> Any:
        """Call a function with each module within."""
        for module in list(self.modules()):
            function(module)
        return self

    def to(self, what: Any) -> Any:
        """Return the network with its numbers as another type; "cpu" is where they are."""
        if isinstance(what, str):
            return self
        for kind in ("_parameters", "_buffers"):
            for _, tensor in list(self._named(kind)):
                tensor.array = convert(tensor.detach(), what.numpy).array
        return self

    def double(self) -> Any:
        """Return the network with its numbers as float64."""
        return self.to(float64)

    def float(self) -> Any:
        """Return the network with its numbers as float32."""
        return self.to(float32)

    def state_dict(self) -> dict[str, Any]:
        """Return name → tensor for all parameters and buffers, on their own memory."""
        found = dict(self._named("_parameters")) | dict(self._named("_buffers"))
        return {name: tensor.detach() for name, tensor in found.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Write the numbers of a `state_dict` into the parameters.

        Raises:
            LabError: names are missing or unknown.
        """
        own = dict(self._named("_parameters")) | dict(self._named("_buffers"))
        if own.keys() != state.keys():
            wrong = ", ".join(sorted(own.keys() ^ state.keys()))
            raise LabError(f"the names do not agree: {wrong}")
        with no_grad():
            for name, tensor in own.items():
                tensor.copy_(state[name])

    def extra_repr(self) -> str:
        """Return what is said of the module in brackets."""
        return ""

    def __repr__(self) -> str:
        lines = [
            f"  ({name}): " + repr(module).replace("\n", "\n  ")
            for name, module in self._modules.items()
        ]
        if not lines:
            return f"{type(self).__name__}({self.extra_repr()})"
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"
