"""The object of Taylor series."""

from __future__ import annotations

from typing import Literal, TypedDict

from autodiff_cli.schemas.parts import NoteObject, Number, SymbolicObject, Verdict


class RemainderObject(TypedDict):
    """What is left of a function beside its polynomial, at a second point.

    Attributes:
        value: the formula's value there.
        polynomials: the values of the polynomials of degree 0, 1 and so on there.
        remainder: the value minus that of the last polynomial.
        following: the first term that is left out there; 0 where a few are 0.
    """

    value: Number
    polynomials: list[Number]
    remainder: Number
    following: Number


class TaylorObject(TypedDict):
    """Taylor's polynomial of a formula at a point.

    Attributes:
        schema: autodiff.taylor/1.
        expression: the formula as typed.
        at: variable → its value.
        variable: the one that the polynomial is in.
        value: the formula's value.
        derivatives: from the first on.
        symbolic: the same by SymPy; null where SymPy was not asked.
        coefficients: of the polynomial, from the constant on.
        polynomial: as a text of the language; null where a coefficient is no number.
        to: the second point.
        remainder: what is left there.
        verdict: what SymPy's side says.
        notes: what departs from plain calculus.
    """

    schema: Literal["autodiff.taylor/1"]
    expression: str
    at: dict[str, Number]
    variable: str
    value: Number
    derivatives: list[Number]
    symbolic: list[SymbolicObject] | None
    coefficients: list[Number]
    polynomial: str | None
    to: Number
    remainder: RemainderObject
    verdict: Verdict
    notes: list[NoteObject]
