"""Several formulas, second derivatives, and products with both."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from autodiff_cli.schemas.parts import NoteObject, Number, Numbers, SymbolicObject, Verdict


class SparseObject(TypedDict):
    """How the entries of a sparse matrix were found.

    Attributes:
        coloured: what has the colours: columns or rows.
        colours: variable, or formula, → its colour, from 0; -1 where it has no entry.
        sweeps: one for each colour.
        entries: how many can be other than 0.
    """

    coloured: Literal["columns", "rows"]
    colours: dict[str, int]
    sweeps: int
    entries: int


class ProductsObject(TypedDict):
    """Several formulas and their first derivatives.

    Attributes:
        expressions: the formulas as typed.
        at: variable → its value, or one for each point.
        values: a value each, or one for each point.
        jacobian: a formula a row, variable → derivative; null where there are too many.
        verdict: what SymPy's side says.
        notes: what departs from plain calculus.
    """

    expressions: list[str]
    at: dict[str, Numbers]
    values: list[Numbers]
    jacobian: list[dict[str, Numbers]] | None
    verdict: Verdict
    notes: list[NoteObject]


class JacobianObject(ProductsObject):
    """All first derivatives of several formulas.

    Attributes:
        schema: autodiff.jacobian/1.
        mode: the mode that was used.
        reason: why.
        symbolic: the same by SymPy; null where SymPy was not asked.
        sparse: with --sparse, how; a row has the entries that can be other than 0.
    """

    schema: Literal["autodiff.jacobian/1"]
    mode: str
    reason: str
    symbolic: list[dict[str, SymbolicObject] | None] | None
    sparse: NotRequired[SparseObject]


class VjpObject(ProductsObject):
    """A seed times the Jacobian.

    Attributes:
        schema: autodiff.vjp/1.
        seed: a weight a formula.
        product: variable → the weighted sum of its derivatives.
        symbolic: the same by SymPy; null where SymPy was not asked.
    """

    schema: Literal["autodiff.vjp/1"]
    seed: list[Number]
    product: dict[str, Numbers]
    symbolic: dict[str, SymbolicObject] | None


class JvpObject(ProductsObject):
    """The Jacobian times a direction.

    Attributes:
        schema: autodiff.jvp/1.
        direction: variable → its part of the direction.
        product: a number a formula.
        symbolic: the same by SymPy; null where SymPy was not asked.
    """

    schema: Literal["autodiff.jvp/1"]
    direction: dict[str, Number]
    product: list[Numbers]
    symbolic: dict[str, SymbolicObject] | None


class SecondObject(TypedDict):
    """What second derivatives have in common.

    Attributes:
        expression: the formula as typed.
        at: variable → its value, or one for each point.
        value: the formula's value.
        gradient: variable → derivative.
        verdict: what SymPy's side says.
        notes: what departs from plain calculus.
    """

    expression: str
    at: dict[str, Numbers]
    value: Numbers
    gradient: dict[str, Numbers]
    verdict: Verdict
    notes: list[NoteObject]


class HessianObject(SecondObject):
    """All second derivatives.

    Attributes:
        schema: autodiff.hessian/1.
        hessian: variable → variable → second derivative.
        symbolic: the same by SymPy; null where SymPy was not asked.
        sparse: with --sparse, how; a row has the entries that can be other than 0.
    """

    schema: Literal["autodiff.hessian/1"]
    hessian: dict[str, dict[str, Numbers]]
    symbolic: dict[str, dict[str, SymbolicObject]] | None
    sparse: NotRequired[SparseObject]


class HvpObject(SecondObject):
    """The Hessian times a direction.

    Attributes:
        schema: autodiff.hvp/1.
        direction: variable → its part of the direction.
        hvp: variable → component of the product.
        symbolic: the same by SymPy; null where SymPy was not asked.
    """

    schema: Literal["autodiff.hvp/1"]
    direction: dict[str, Number]
    hvp: dict[str, Numbers]
    symbolic: dict[str, SymbolicObject] | None
