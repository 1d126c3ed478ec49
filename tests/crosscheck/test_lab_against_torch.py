"""The lab against PyTorch itself: 200 generated programs, executed by both.

Values, gradients, accumulation, second derivatives, and whether there is an error, must agree.
"""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any

import numpy as np
import pytest

from autodiff_cli import lab
from tests.crosscheck.programs import BINARY, UNARY, Statement, program

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'autodiff-cli[crosscheck]'"
)

OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "**": operator.pow,
}  # fmt: skip
ERRORS = (RuntimeError, IndexError, ValueError, TypeError)


@pytest.fixture(autouse=True)
def _float64():
    """Let torch make float64 of whole numbers and literals, as the lab does."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


class Machine:
    """Runs statements on one of the two libraries, and keeps what can be seen of them."""

    def __init__(self, library: Any) -> None:
        self.library, self.is_torch = library, library is torch
        self.tensors: dict[str, Any] = {}
        self.seen: list[Any] = []

    def run(self, code: list[Statement]) -> None:
        for line in code:
            try:
                self.step(line)
            except ERRORS as error:
                self.seen.append((line, "error"))
                self.error = error
                return
            self.seen.append((line, self.state()))

    def state(self) -> dict[str, Any]:
        found = {}
        for name, tensor in self.tensors.items():
            found[name] = self.numbers(tensor)
            if tensor.is_leaf and tensor.grad is not None:
                found[name + ".grad"] = self.numbers(tensor.grad)
            found[name + ".is_leaf"] = tensor.is_leaf
            found[name + ".requires_grad"] = tensor.requires_grad
        return found

    def numbers(self, tensor: Any) -> Any:
        return tensor.numpy(force=True).copy() if self.is_torch else tensor.detach().numpy().copy()

    def function(self, name: str) -> Any:
        if not self.is_torch:
            return getattr(lab, name)
        path = (UNARY | BINARY)[name]
        return reduce(getattr, path.split("."), torch)

    def make(self, numbers: Any, wanted: bool = False) -> Any:
        dtype = {"dtype": torch.float64} if self.is_torch else {}
        return self.library.tensor(numbers, requires_grad=wanted, **dtype)

    def step(self, line: Statement) -> None:
        verb, operands = line.verb, line.operands
        if verb == "leaf":
            numbers, shape, wanted = operands
            result = self.make(np.reshape(numbers, shape).tolist(), wanted)
        elif verb == "integers":
            result = self.library.tensor([1, 2], requires_grad=operands[0])
        elif verb in PASSES:
            PASSES[verb](self, *operands)
            return
        else:
            named = [
                self.tensors.get(operand, operand) if isinstance(operand, str) else operand
                for operand in operands
            ]
            result = VERBS[verb](self, *named)
        self.tensors[line.target] = result

    def backward(self, name: str, kind: str, retain: bool) -> None:
        result = self.tensors[name]
        result.backward(self.seed(result, kind), retain_graph=retain)

    def seed(self, result: Any, kind: str) -> Any:
        shape = tuple(result.shape)
        if kind == "none":
            return None
        if kind == "wrong":
            return self.make(np.ones((*shape, 2)).tolist())
        numbers = np.ones(shape) if kind == "ones" else np.arange(1.0, np.prod(shape) + 1)
        return self.make(numbers.reshape(shape).tolist())

    def zero_grad(self) -> None:
        for tensor in self.tensors.values():
            if tensor.is_leaf and tensor.grad is not None:
                tensor.grad.data.zero_()

    def grad(self, name: str, wanted: str, retain: bool) -> None:
        grad = torch.autograd.grad if self.is_torch else lab.grad
        result = self.tensors[name]
        (found,) = grad(result, self.tensors[wanted], self.seed(result, "ramp"),
                        retain_graph=retain)  # fmt: skip
        self.tensors["gradient"] = found

    def second_derivative(self, name: str, wanted: str) -> None:
        grad = torch.autograd.grad if self.is_torch else lab.grad
        result, leaf = self.tensors[name], self.tensors[wanted]
        (first,) = grad(result, leaf, self.seed(result, "ones"), create_graph=True)
        self.tensors["first"] = first.detach()
        second = None
        if first.requires_grad:
            (second,) = grad(first, leaf, self.seed(first, "ramp"), allow_unused=True)
        missing = self.make(np.zeros(tuple(leaf.shape)).tolist())
        self.tensors["second"] = missing if second is None else second.detach()


def number(machine: Machine, sign: str, a: Any, other: float) -> Any:
    if sign.startswith("r"):
        return OPERATORS[sign[1:]](other, a)
    return OPERATORS[sign](a, other)


def put(machine: Machine, a: Any, b: Any, value: float) -> Any:
    a[0] = value * b
    return a


def leaf_change(machine: Machine, a: Any, b: Any, value: float) -> Any:
    with machine.library.no_grad():
        a -= 0.125
    return a


VERBS = {
    "unary": lambda machine, name, a: machine.function(name)(a),
    "binary": lambda machine, name, a, b: machine.function(name)(a, b),
    "number": number,
    "where": lambda machine, test, level, a, b: machine.library.where(test > level, a, b),
    "index": lambda machine, a, key: a[key],
    "mask": lambda machine, a: a[a > 0.5],
    "sum": lambda machine, a, b: a.sum(),
    "mean": lambda machine, a, b: a.mean(),
    "sum0": lambda machine, a, b: a.sum(0),
    "meanlast": lambda machine, a, b: a.mean(-1),
    "kept": lambda machine, a, b: a - a.sum(-1, keepdim=True),
    "flat": lambda machine, a, b: a.reshape(-1),
    "turn": lambda machine, a, b: a.reshape(-1, 1).T,
    "matmul": lambda machine, a, b: a @ b,
    "detach": lambda machine, a: a.detach() * 1,
    "+=": lambda machine, a, b, value: operator.iadd(a, value),
    "*=": lambda machine, a, b, value: operator.imul(a, value),
    "*=tensor": lambda machine, a, b, value: operator.imul(a, b),
    "zero_": lambda machine, a, b, value: a.zero_(),
    "put": put,
    "leaf change": leaf_change,
}
PASSES = {
    "backward": Machine.backward,
    "zero grad": Machine.zero_grad,
    "grad": Machine.grad,
    "second derivative": Machine.second_derivative,
}


@pytest.mark.parametrize("seed", range(200))
def test_a_generated_program_does_what_torch_does(seed: int) -> None:
    code = program(seed)
    ours, theirs = Machine(lab), Machine(torch)
    ours.run(code)
    theirs.run(code)
    assert len(ours.seen) == len(theirs.seen), (code, ours.seen[-1], theirs.seen[-1])
    for (line, seen), (_, expected) in zip(ours.seen, theirs.seen, strict=True):
        if "error" in (seen, expected):
            assert seen == expected, (line, getattr(ours, "error", getattr(theirs, "error", None)))
            continue
        assert seen.keys() == expected.keys(), (line, code)
        for name, value in expected.items():
            np.testing.assert_allclose(
                seen[name], value, rtol=1e-9, atol=1e-9, err_msg=f"{name} after {line} of {code}"
            )
