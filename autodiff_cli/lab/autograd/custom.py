"""Functions whose backward somebody wrote: `class Exp(Function)` with `forward` and `backward`.

The whole call is one entry of the record; what it saved is checked and freed like a rule's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_cli.lab.apply import State
from autodiff_cli.lab.errors import LabError
from autodiff_cli.lab.modes import no_grad, recording
from autodiff_cli.lab.tape import Custom, Saved, TapeEntry


class Context:
    """What `forward` hands to `backward`: saved tensors, and any attribute that is set.

    Attributes:
        needs_input_grad: for each input, whether its gradient is wanted.
    """

    def __init__(self, needs: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs
        self._saved: list[tuple[Any, Saved | None]] = []
        self._flat: set[int] = set()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for `backward`; a change in place of one of them is noticed."""
        self._saved = [
            (x, Saved.of(x.array, x.version) if isinstance(x, State) else None) for x in tensors
        ]

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors that were saved."""
        for x, saved in self._saved:
            if saved is not None and saved.changes:
                raise LabError(
                    "a value that backward needs was changed in place: save_for_backward was given "
                    f"a tensor of shape {x.array.shape}, and it was changed since",
                    mend="compute a new tensor (y = y + 1 in place of y += 1)",
                )
        return tuple([x for x, _ in self._saved])

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say that results have no gradient."""
        self._flat = {id(x) for x in tensors}


class Function:
    """The base of functions with a backward of their own.

    `forward(ctx, *inputs)` computes, and saves what it needs in ctx; `backward(ctx, *gradients)`
    takes one gradient for each result and answers one for each input, or None. Inputs and saved
    tensors know how they were made, so backward can be differentiated too.
    """

    @staticmethod
    def forward(*inputs: Any) -> Any:
        """Compute the result: a subclass says it."""
        raise NotImplementedError("write `def forward(ctx, x):`, under @staticmethod")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradient of each input: a subclass says it."""
        raise NotImplementedError("write `def backward(ctx, gradient):`, under @staticmethod")

    @classmethod
    def apply(cls, *inputs: Any) -> Any:
        """Carry the function out, and record it.

        Raises:
            LabError: `forward` answers no tensor.
        """
        origins = tuple([getattr(x, "origin", None) if recording() else None for x in inputs])
        ctx = Context(tuple(origin is not None for origin in origins))
        with no_grad():
            split = getattr(cls, "setup_context", None)
            answer = cls.forward(*inputs) if split else cls.forward(ctx, *inputs)
            if split:
                split(ctx, inputs, answer)
        outputs = answer if isinstance(answer, tuple) else (answer,)
        for output in outputs:
            if not isinstance(output, State):
                raise LabError(f"{cls.__name__}.forward answers a {type(output).__name__}",
                               mend="answer a tensor, or a tuple of them")  # fmt: skip
        found = [output.make(output.array, output.version) for output in outputs]
        if any(origin is not None for origin in origins):
            _record(cls, ctx, inputs, origins, outputs, found)
        return tuple(found) if isinstance(answer, tuple) else found[0]


def _record(
    function: Any, ctx: Context, inputs: Any, origins: Any, outputs: Any, found: list[Any]
) -> None:
    """Make one entry for the call, and one for each result, which hands its adjoint on."""
    shapes = tuple([getattr(x, "array", np.empty(())).shape for x in inputs])
    kinds = [x.array.dtype for x in outputs]
    call = TapeEntry(Call(function, ctx, outputs, shapes), {}, origins, shapes, kinds[0])
    call.saved = {letter: Saved.of(None, None) for letter in call.needs}
    call.shape = outputs[0].array.shape
    for place, (output, result) in enumerate(zip(outputs, found, strict=True)):
        if id(output) in ctx._flat or output.array.dtype.kind != "f":
            continue
        shape = output.array.shape
        result._maker = TapeEntry(Result(function, place), {}, (call,), (shape,), kinds[place])
        result._maker.shape = shape
        for k, (saved, _) in enumerate(ctx._saved):  # a result that is saved knows its maker
            if saved is output:
                ctx._saved[k] = (result, Saved.of(result.array, result.version))


class Parts:
    """The adjoints of a call's results, as far as they have arrived: place → adjoint."""

    __array_ufunc__ = None

    def __init__(self, found: dict[int, Any]) -> None:
        self.found = found

    def __add__(self, other: Parts) -> Parts:
        mine, theirs = self.found, other.found
        both = {k: mine[k] + theirs[k] for k in mine.keys() & theirs.keys()}
        return Parts(mine | theirs | both)


class Result(Custom):
    """One result of a call."""

    def __init__(self, function: Any, place: int) -> None:
        self.name, self.place = function.__name__, place

    def edges(self, node: Any, positions: tuple[int, ...], make: Any) -> list[Any]:
        """Return the edge from the result to the call."""
        return [ResultEdge(self.place)]


class ResultEdge:
    """Hands a result's adjoint to the call, under its place."""

    __array_ufunc__ = None

    def __init__(self, place: int) -> None:
        self.place = place

    def __rmul__(self, adjoint: Any) -> Parts:
        return Parts({self.place: adjoint})


class Call(Custom):
    """The call itself: its backward answers for all inputs at once."""

    def __init__(self, function: Any, ctx: Context, outputs: Any, shapes: Any) -> None:
        self.name, self.function, self.ctx = function.__name__, function, ctx
        self.results = [(x.array.shape, x.array.dtype) for x in outputs]
        self.shapes = shapes

    def saves(self, position: int, parameters: Any) -> tuple[str, ...]:
        """Return what stands for the saved tensors, if there are any."""
        return ("key",) if self.ctx._saved else ()

    def edges(self, node: Any, positions: tuple[int, ...], make: Any) -> list[Any]:
        """Return the edges to the inputs: backward is called by the first that is used."""
        answers: list[Any] = []
        return [CallEdge(self, position, make, answers) for position in positions]

    def pull(self, parts: Parts, make: Any) -> list[Any]:
        """Call the backward that somebody wrote, and check its answers."""
        given = [parts.found.get(k) for k in range(len(self.results))]
        tensors = any(isinstance(adjoint, State) for adjoint in given)
        ready = [
            adjoint if isinstance(adjoint, State)
            else make(np.zeros(*shape_kind) if adjoint is None else np.array(adjoint))
            for adjoint, shape_kind in zip(given, self.results, strict=True)
        ]  # fmt: skip
        if tensors:
            answer = self.function.backward(self.ctx, *ready)
        else:
            with no_grad():
                answer = self.function.backward(self.ctx, *ready)
        answers = list(answer) if isinstance(answer, tuple) else [answer]
        extra = answers[len(self.shapes) :]
        if len(answers) < len(self.shapes) or any(k is not None for k in extra):
            raise LabError(
                f"{self.name}.backward answers {len(answers)} gradients for {len(self.shapes)} "
                "inputs",
                mend="answer one for each input of forward, or None",
            )
        for gradient, shape in zip(answers, self.shapes, strict=False):
            if gradient is not None and gradient.array.shape != shape:
                raise LabError(
                    f"{self.name}.backward answers a gradient of shape {gradient.array.shape} for "
                    f"an input of shape {shape}"
                )
        return [k if tensors or k is None else k.array for k in answers]


class CallEdge:
    """An edge from a call to one of its inputs."""

    __array_ufunc__ = None

    def __init__(self, call: Call, position: int, make: Any, answers: list[Any]) -> None:
        self.call, self.position, self.make, self.answers = call, position, make, answers

    def __rmul__(self, parts: Parts) -> Any:
        if not self.answers:
            self.answers += self.call.pull(parts, self.make)
        answer = self.answers[self.position]
        return np.zeros(self.call.shapes[self.position]) if answer is None else answer
