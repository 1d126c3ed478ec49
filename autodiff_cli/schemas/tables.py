"""The operation table, and code for other languages."""

from __future__ import annotations

from typing import Literal, TypedDict

from autodiff_cli.schemas.parts import NoteObject


class ExportObject(TypedDict):
    """A formula and its derivative as code.

    Attributes:
        schema: autodiff.export/1.
        expression: the formula as typed.
        to: the language.
        mode: the mode of the derivative.
        code: the program.
        notes: what the language has otherwise.
    """

    schema: Literal["autodiff.export/1"]
    expression: str
    to: str
    mode: str
    code: str
    notes: list[NoteObject]


class KinkObject(TypedDict):
    """A place where a function has no derivative.

    Attributes:
        kind: such as kink or jump.
        condition: where, over the operands a, b, c.
        text: the same in words.
        slope: what is used there.
        others: what other programs use.
    """

    kind: str
    condition: str
    text: str
    slope: str
    others: str | None


class LossObject(TypedDict):
    """Where a function keeps fewer digits.

    Attributes:
        order: of the derivative; 0 is the value.
        text: where.
    """

    order: int
    text: str


class FunctionObject(TypedDict):
    """A row of the operation table.

    Attributes:
        name: its name.
        call: how it is written.
        summary: what it is.
        aliases: other names.
        rules: the derivative by each operand, over a, b, c.
        definition: what it is short for.
        domain: where it is defined; null for everywhere.
        kinks: where it has no derivative.
        losses: where it keeps fewer digits.
    """

    name: str
    call: str
    summary: str
    aliases: list[str]
    rules: list[str]
    definition: str | None
    domain: str | None
    kinks: list[KinkObject]
    losses: list[LossObject]


class FunctionsObject(TypedDict):
    """The operation table.

    Attributes:
        schema: autodiff.functions/1.
        functions: a row each.
    """

    schema: Literal["autodiff.functions/1"]
    functions: list[FunctionObject]
