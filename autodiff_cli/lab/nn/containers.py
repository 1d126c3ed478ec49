"""Modules of modules: one after the other, in a list, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autodiff_cli.lab.errors import LabTypeError
from autodiff_cli.lab.nn.module import Module


class Sequential(Module):
    """Modules one after the other: each takes what the one before made.

    Args:
        modules: the modules, or one mapping name → module.
    """

    def __init__(self, *modules: Any) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named = modules[0].items()
        else:
            named = {str(place): module for place, module in enumerate(modules)}.items()
        for name, module in named:
            if not isinstance(module, Module):
                raise LabTypeError(f"{module!r} is no module", mend="write nn.ReLU()")
            setattr(self, name, module)

    def forward(self, x: Any) -> Any:
        """Pass x through the modules, in order."""
        for module in self._modules.values():
            x = module(x)
        return x

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __getitem__(self, place: Any) -> Any:
        found = list(self._modules.values())[place]
        return Sequential(*found) if isinstance(found, list) else found

    def append(self, module: Module) -> Any:
        """Add a module at the end."""
        setattr(self, str(len(self)), module)
        return self


class ModuleList(Sequential):
    """Modules in a list; what is done with them, a `forward` says."""

    def __init__(self, modules: Any = ()) -> None:
        super().__init__(*modules)

    def forward(self, x: Any) -> Any:
        """Refuse: a list has no order of its own in which to call."""
        raise NotImplementedError("a ModuleList is not called; loop over its modules in forward()")


class ModuleDict(Sequential):
    """Modules by name; what is done with them, a `forward` says."""

    def __init__(self, modules: Any = ()) -> None:
        super().__init__(dict(modules))

    def forward(self, x: Any) -> Any:
        """Refuse: a dictionary has no order of its own in which to call."""
        raise NotImplementedError("a ModuleDict is not called; take a module by its name")

    def __getitem__(self, name: Any) -> Any:
        return self._modules[name]

    def keys(self) -> Any:
        """Return the names."""
        return self._modules.keys()

    def items(self) -> Any:
        """Return the names and their modules."""
        return self._modules.items()
