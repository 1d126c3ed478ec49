"""Programs that a learner of PyTorch types, run on the lab or on PyTorch: what can be seen of them.

The programs stand in text files; what PyTorch makes of them, in `expected.json`, for machines
without it. `python -m tests.programs` writes that file anew, with PyTorch.
"""

from __future__ import annotations

import math
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
EXPECTED = HERE / "expected.json"

#: What a program raises is compared by the first of these that it is.
ERRORS = (IndexError, TypeError, AttributeError, NotImplementedError, RuntimeError, ValueError)

#: Letters at the ends of expressions: what is differentiated.
LEAVES = "xmsc"


def lines(name: str) -> dict[str, str]:
    """Return the programs of one line, each its own name."""
    text = (HERE / name).read_text(encoding="utf-8")
    return {line: line for line in text.splitlines() if line and not line.startswith("#")}


def stories(file: str) -> dict[str, str]:
    """Return name → program of several lines; a line `## name` begins each."""
    found: dict[str, str] = {}
    for block in (HERE / file).read_text(encoding="utf-8").split("\n## ")[1:]:
        name, _, code = block.partition("\n")
        found[name.strip()] = code
    return found


def programs() -> dict[str, str]:
    """Return name → code for all programs; an expression is differentiated, with weights."""
    ends = {name: f"y = {code}\n{WEIGHTED}" for name, code in lines("expressions.txt").items()}
    several = [stories(file) for file in ("stories.txt", "typed.txt", "reported.txt")]
    return ends | lines("errors.txt") | several[0] | several[1] | several[2]


WEIGHTED = """
for _part in (y if isinstance(y, (tuple, list)) else [y]):
    if getattr(_part, "requires_grad", False):
        _ramp = torch.arange(1., _part.numel() + 1, dtype=_part.dtype).reshape(_part.shape)
        _part.backward(_ramp, retain_graph=True)
"""


#: The derivative of a derivative, for each leaf that has one that is not 0.
TWICE = """
_ends = [_part for _part in (y if isinstance(y, (tuple, list)) else [y])
         if getattr(_part, "requires_grad", False)]
def _weighted(part):
    return (part * torch.arange(1., part.numel() + 1, dtype=part.dtype).reshape(part.shape)).sum()
for _name, _leaf in {"x": x, "m": m, "s": s, "c": c}.items():
    if _ends:
        _g, = torch.autograd.grad(
            sum(_weighted(_part) for _part in _ends), _leaf, create_graph=True, allow_unused=True)
        if _g is not None and _g.requires_grad:
            _h, = torch.autograd.grad(
                _weighted(_g), _leaf, allow_unused=True, retain_graph=True)
            if _h is not None and float(_h.abs().max()) > 1e-12:
                globals()[_name + "2"] = _h
"""


def names(library: str) -> dict[str, Any]:
    """Return what the programs find: the library, and some tensors."""
    torch = import_module(library)
    if library == "torch":
        torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    leaf = {"requires_grad": True}
    return {
        "torch": torch, "nn": torch.nn, "F": torch.nn.functional, "np": np, "math": math,
        "x": torch.tensor([0.5, -1.25, 2.0], **leaf),
        "m": torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], **leaf),
        "s": torch.tensor([[1.0, 0.5, -0.5], [2.0, -1.0, 0.25], [0.75, 1.25, 3.0]], **leaf),
        "c": torch.tensor((np.arange(24.0).reshape(2, 3, 4) / 8 - 1).tolist(), **leaf),
        "i": torch.tensor([1, 2, 3]),
        "b": torch.tensor([True, False, True]),
    }  # fmt: skip


def seen(library: str, code: str) -> dict[str, Any]:
    """Run a program, and return its variables and the gradients, or the kind of its error."""
    space = names(library)
    kept = dict(space)
    try:
        exec(compile(code, "program", "exec"), space)  # noqa: S102 (these files alone)
    except ERRORS as error:
        kinds = [kind.__name__ for kind in ERRORS if isinstance(error, kind)]
        return {"error": kinds, "said": str(error)}
    finally:
        if library == "torch":
            space["torch"].set_default_dtype(space["torch"].float32)
    found = {
        name: described(value) for name, value in space.items()
        if name[0] != "_" and (name not in kept or value is not kept[name])
    }  # fmt: skip
    for name in LEAVES:
        if getattr(space[name], "grad", None) is not None and space[name] is kept[name]:
            found[f"{name}.grad"] = described(space[name].grad)
    return {name: value for name, value in found.items() if value is not None}


def described(value: Any) -> Any:
    """Return a value as JSON has it; None for what is not compared (functions, modules)."""
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, float):
        return number(value)
    if isinstance(value, tuple) and type(value).__name__ == "Size":
        return {"size": list(value)}
    if isinstance(value, (tuple, list)):
        return [described(part) for part in value]
    if hasattr(value, "detach"):
        plain = value.detach()
        plain = plain + 0 if plain.is_floating_point() else plain  # PyTorch's zeros without memory
        shown = {
            "dtype": str(value.dtype), "shape": list(value.shape),
            "values": [number(k) for k in plain.reshape(-1).tolist()],
            "requires_grad": value.requires_grad,
        }  # fmt: skip
        if value.is_leaf and value.grad is not None:
            shown["grad"] = described(value.grad)
        return shown
    return str(value) if type(value).__name__ == "dtype" else None


def number(value: Any) -> Any:
    """Return a number rounded to twelve digits; what JSON cannot hold, as text."""
    if isinstance(value, (bool, int)):
        return value
    if not math.isfinite(value):
        return str(value)
    return float(f"{value:.12g}")


def differs(ours: Any, theirs: Any, where: str = "") -> str:
    """Return the first difference in words, or ""."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if "error" in theirs or "error" in ours:
            same = set(theirs.get("error", [None])) <= set(ours.get("error", []))
            return "" if same else f"{where} {ours} instead of {theirs}"
        if ours.keys() != theirs.keys():
            return f"{where}: {sorted(ours.keys() ^ theirs.keys())} only in one"
        pairs = [(ours[name], theirs[name], f"{where}.{name}") for name in theirs]
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            return f"{where}: {ours} instead of {theirs}"
        pairs = [(a, b, f"{where}[{k}]") for k, (a, b) in enumerate(zip(ours, theirs, strict=True))]
    elif type(ours) is float and type(theirs) is float:
        return (
            ""
            if math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)
            else f"{where}: {ours} instead of {theirs}"
        )
    else:
        same = ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)
        return "" if same else f"{where}: {ours!r} instead of {theirs!r}"
    return next(filter(None, (differs(*pair) for pair in pairs)), "")
