"""A small network in the lab, beside the same in NumPy: with a tape of its own, and by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autodiff_cli import lab
from tests.benchmarks.measure import OURS, Row, measured

TAPE, HAND = "NumPy with a tape", "NumPy by hand"
HIDDEN, STEPS, RATE = 64, 100, 0.01

#: The largest time that is accepted, in times that of NumPy with a tape.
LIMIT = 3.0


class Size(NamedTuple):
    """A task: examples, numbers in each, numbers that are wanted of each."""

    examples: int
    inputs: int
    outputs: int


SIZES = (Size(32, 4, 1), Size(64, 64, 1), Size(64, 784, 10))


class Value:
    """An array that knows how to hand its gradient on: micrograd's `Value`, on arrays."""

    def __init__(self, data: Any, below: tuple[Value, ...] = ()) -> None:
        self.data, self.below = data, below
        self.grad = np.zeros_like(data)
        self.hand_on: Callable[[], None] = lambda: None

    def __add__(self, other: Value) -> Value:
        out = Value(self.data + other.data, (self, other))

        def hand_on() -> None:
            self.grad += _summed(out.grad, self.data.shape)
            other.grad += _summed(out.grad, other.data.shape)

        out.hand_on = hand_on
        return out

    def __sub__(self, other: Value) -> Value:
        out = Value(self.data - other.data, (self, other))

        def hand_on() -> None:
            self.grad += _summed(out.grad, self.data.shape)
            other.grad -= _summed(out.grad, other.data.shape)

        out.hand_on = hand_on
        return out

    def __mul__(self, other: Value) -> Value:
        out = Value(self.data * other.data, (self, other))

        def hand_on() -> None:
            self.grad += _summed(out.grad * other.data, self.data.shape)
            other.grad += _summed(out.grad * self.data, other.data.shape)

        out.hand_on = hand_on
        return out

    def __matmul__(self, other: Value) -> Value:
        out = Value(self.data @ other.data, (self, other))

        def hand_on() -> None:
            self.grad += out.grad @ other.data.T
            other.grad += self.data.T @ out.grad

        out.hand_on = hand_on
        return out

    def relu(self) -> Value:
        """Return max(x, 0)."""
        out = Value(np.maximum(self.data, 0), (self,))

        def hand_on() -> None:
            self.grad += out.grad * (self.data > 0)

        out.hand_on = hand_on
        return out

    def mean(self) -> Value:
        """Return the mean of all numbers."""
        out = Value(np.mean(self.data), (self,))

        def hand_on() -> None:
            self.grad += np.full(self.data.shape, out.grad / self.data.size)

        out.hand_on = hand_on
        return out

    def backward(self) -> None:
        """Put the gradient of this number into everything below it."""
        order: list[Value] = []
        seen: set[Value] = set()

        def visit(value: Value) -> None:
            if value not in seen:
                seen.add(value)
                for below in value.below:
                    visit(below)
                order.append(value)

        visit(self)
        self.grad = np.ones_like(self.data)
        for value in reversed(order):
            value.hand_on()


def _summed(gradient: Any, shape: tuple[int, ...]) -> Any:
    if gradient.shape == shape:
        return gradient
    return (
        gradient.sum(axis=0) if len(shape) == gradient.ndim - 1 else gradient.sum().reshape(shape)
    )


def rows(repeats: int = 9) -> list[Row]:
    """Return one row for each size: 100 steps of a network with 64 hidden units."""
    found = []
    for size in SIZES:
        runs = {OURS: _timed(_in_the_lab, size), TAPE: _timed(_with_a_tape, size),
                HAND: _timed(_by_hand, size)}  # fmt: skip
        what = f"{STEPS} steps, {size.examples} × {size.inputs} → {HIDDEN} → {size.outputs}"
        found.append(measured(what, "ms", runs, {TAPE: LIMIT}, repeats, scale=1000))
    return found


def _timed(train: Callable[..., float], size: Size) -> Callable[[], float]:
    """Return what measures the processor's time of one training, and checks what it learned."""
    random = np.random.default_rng(0)
    x, y = (random.normal(size=(size.examples, n)) for n in (size.inputs, size.outputs))
    first = [random.uniform(-1, 1, (size.inputs, HIDDEN)) / size.inputs**0.5, np.zeros(HIDDEN)]
    second = [random.uniform(-1, 1, (HIDDEN, size.outputs)) / HIDDEN**0.5, np.zeros(size.outputs)]
    expected = _by_hand(x, y, [k.copy() for k in (*first, *second)])

    def run() -> float:
        start = time.process_time()
        loss = train(x, y, [k.copy() for k in (*first, *second)])
        taken = time.process_time() - start
        assert abs(loss - expected) < 1e-9 * abs(expected)
        return taken

    return run


def _in_the_lab(x: Any, y: Any, start: list[Any]) -> float:
    layers = lab.nn.Linear(x.shape[1], HIDDEN), lab.nn.Linear(HIDDEN, y.shape[1])
    model = lab.nn.Sequential(layers[0], lab.nn.ReLU(), layers[1])
    with lab.no_grad():
        for parameter, numbers in zip(model.parameters(), start, strict=True):
            parameter.copy_(lab.tensor(numbers.T))
    optimizer = lab.optim.SGD(model.parameters(), lr=RATE)
    inputs, wanted, distance = lab.tensor(x), lab.tensor(y), lab.nn.MSELoss()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = distance(model(inputs), wanted)
        loss.backward()
        optimizer.step()
    return float(loss.item())


def _with_a_tape(x: Any, y: Any, start: list[Any]) -> float:
    parameters = [Value(numbers) for numbers in start]
    first, first_bias, second, second_bias = parameters
    inputs, wanted = Value(x), Value(y)
    for _ in range(STEPS):
        for parameter in parameters:
            parameter.grad = np.zeros_like(parameter.data)
        distance = (inputs @ first + first_bias).relu() @ second + second_bias - wanted
        loss = (distance * distance).mean()
        loss.backward()
        for parameter in parameters:
            parameter.data -= RATE * parameter.grad
    return float(loss.data)


def _by_hand(x: Any, y: Any, start: list[Any]) -> float:
    first, first_bias, second, second_bias = start
    for _ in range(STEPS):
        before = x @ first + first_bias
        hidden = np.maximum(before, 0)
        distance = hidden @ second + second_bias - y
        loss = (distance * distance).mean()
        outer = distance * (2 / distance.size)
        inner = (outer @ second.T) * (before > 0)
        first -= RATE * (x.T @ inner)
        first_bias -= RATE * inner.sum(0)
        second -= RATE * (hidden.T @ outer)
        second_bias -= RATE * outer.sum(0)
    return float(loss)
