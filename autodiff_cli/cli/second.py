"""Derivatives beyond the first for a command: found, and set beside SymPy's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autodiff_cli.answers.gradient import GradResult, grad
from autodiff_cli.answers.higher import Finder, Higher, answer
from autodiff_cli.cli.options import Calculus
from autodiff_cli.cli.request import Request
from autodiff_cli.cli.session import Session


def beside(
    session: Session,
    asked: Request,
    calculus: Calculus,
    finder: Callable[[GradResult[Any]], Finder],
) -> Higher:
    """Return derivatives with SymPy's beside them.

    Args:
        session: the run of the program, which has SymPy's process.
        asked: the formula and the point.
        calculus: whether SymPy is asked, and how long it may think.
        finder: the answer of `grad` → what finds the derivatives.
    """
    result = grad(asked.reading, asked.values, wrt=asked.wrt)
    report = answer(
        asked.expression, result, asked.given, finder(result), session.sympy(calculus),
        calculus.sympy_seconds,
    )  # fmt: skip
    return replace(report, notes=(*asked.notes, *report.notes))
