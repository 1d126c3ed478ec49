"""What PyTorch records, and its passes backward."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from autodiff_cli.schemas.parts import NoteObject, Numbers


class SavedObject(TypedDict):
    """A value that the backward pass will need.

    Attributes:
        id: of which step; null for a constant.
        value: the value; of a condition, whether it holds.
    """

    id: str | None
    value: Numbers | bool | list[bool]


class RecordedObject(TypedDict):
    """A step as PyTorch records it.

    Attributes:
        id: such as w3.
        name: its name in the formula, where it has one.
        operation: what it computes, as text over the ids.
        value: what it computed.
        grad_fn: what PyTorch calls it; null for a leaf.
        saves: what it keeps for the backward pass.
    """

    id: str
    name: NotRequired[str]
    operation: str
    value: Numbers
    grad_fn: str | None
    saves: list[SavedObject]


PassObject = TypedDict(
    "PassObject",
    {
        "pass": int,
        "seed": Numbers | None,
        "retain_graph": bool,
        "zeroed": bool,
        "before": dict[str, Numbers | None],
        "added": dict[str, Numbers],
        "after": dict[str, Numbers | None],
        "freed": list[str],
        "error": str | None,
    },
)
PassObject.__doc__ = """One pass backward.

    Attributes:
        pass: its number.
        seed: what it began with.
        retain_graph: whether what was saved was kept.
        zeroed: whether .grad was set to zero before.
        before: variable → .grad before; null for None.
        added: variable → what was added to it.
        after: variable → .grad after.
        freed: the steps whose saved values were freed.
        error: PyTorch's error, where the pass was refused.
    """


class BackwardObject(TypedDict):
    """What PyTorch's backward() does, pass by pass.

    Attributes:
        schema: autodiff.backward/1.
        expression: the formula as typed.
        at: the point, or points.
        value: the formula's value.
        grad_fn: what PyTorch calls its last step.
        operations: the record.
        passes: the passes.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.backward/1"]
    expression: str
    at: dict[str, Numbers]
    value: Numbers
    grad_fn: str | None
    operations: list[RecordedObject]
    passes: list[PassObject]
    notes: list[NoteObject]
