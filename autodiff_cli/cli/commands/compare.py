"""`autodiff compare`: every method beside each other, and the user's own derivative checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from autodiff_cli.answers.compare import comparison
from autodiff_cli.answers.sampled import Question
from autodiff_cli.cli.options import Active, Calculus, Formula, Judged, Shown, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request, single_point
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.engine.composition import standing, without_steps
from autodiff_cli.errors import AutodiffError, ExpressionError, VariableError, shortened
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import read
from autodiff_cli.language.tokens import is_name, place, variable_name
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.methods.claim import check as checked
from autodiff_cli.teach.diagnosed import diagnosed
from autodiff_cli.views import compare as view

Claims = Annotated[
    list[str] | None,
    Option("--claim", metavar="NAME=FORMULA", help="Your own derivative, to be checked."),
]
Steps = Annotated[
    bool, Option("--steps", help="Add the errors of differences over falling step sizes.")
]
Float32 = Annotated[bool, Option("--float32", help="Add single precision, in all that is shown.")]


def _count(value: int) -> int:
    """Refuse less than no points, and more than the limit."""
    if value < 0:
        raise AutodiffError(f"--points is {value}", mend="write a number of points, 100")
    if value > limit("points"):
        raise exceeded("points")
    return value


Points = Annotated[
    int,
    Option(
        "--points", metavar="N", callback=_count, show_default=False,
        help="Add the largest errors at N points sampled inside the domain; "
        "variables then need no values.",
    ),
]  # fmt: skip


def compare(
    session: Session,
    formula: Formula,
    values: Values,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    claim: Claims = None,
    steps: Steps = False,
    points: Points = 0,
    float32: Float32 = False,
) -> None:
    """Differentiate with every method there is and set the results beside each other.

    Exits 3 where autodiff and SymPy disagree, or where a claim is wrong.

    autodiff compare "sin(x)*y" --x 1 --y 2
    autodiff compare "x^3 + 2x^2 + 8x" --x 4 --claim x="3x^2 + 4x + 8"
    autodiff compare "x^3 + 2x^2 + 8x" --x 4 --steps
    autodiff compare "sin(x)" --x 1 --steps -o error.svg
    autodiff compare "sin(x)*y" --points 100 --float32
    """
    asked = read_request(
        session, formula, values, active, needs_point=not points or steps,
        partly=points > 0 and not steps,
    )  # fmt: skip
    single_point(asked, "compare")
    given = {name: value for name, value in asked.given.items() if isinstance(value, float)}
    answers = [_claim(asked, text) for text in claim or ()]
    claims = [
        checked(asked.graph, answer, name, text, given, values.random_seed)
        for name, text, answer in answers
    ]
    question = Question(
        expression=asked.expression,
        reading=asked.reading,
        given=given,
        wrt=asked.wrt,
        held=asked.held,
        steps=steps,
        points=points,
        float32=float32,
        seed=values.random_seed,
    )
    client = session.sympy(calculus)
    report = comparison(question, claims, client, calculus.sympy_seconds)
    pairs = zip(answers, report.claims, strict=True)
    found = [diagnosed(asked.graph, answer, one, given) for (_, _, answer), one in pairs]
    report = replace(report, claims=tuple(found))
    if not report.agrees:
        session.status = MISMATCH
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)


def _claim(asked: Request, text: str) -> tuple[str, str, Graph]:
    """Read `x=3x^2`: the variable, the formula as typed and as a graph."""
    spelling, _, formula_text = map(str.strip, text.partition("="))
    if not (is_name(spelling) and formula_text):
        message = f"'{shortened(text)}' is not NAME=FORMULA"
        raise VariableError(message, mend='write --claim x="3x^2 + 4x"')
    name = variable_name(spelling)
    if name not in asked.wrt:
        mend = f"the formula is differentiated by {', '.join(asked.wrt) or 'nothing'}"
        raise VariableError(f"the claim is for '{name}', which is not differentiated", mend=mend)
    steps = standing(asked.graph)
    graph = read([formula_text], (*asked.given, *steps)).graph
    for variable in graph.variables:
        if variable not in asked.graph.variables and variable not in steps:
            message = f"the formula has no variable '{shortened(variable)}'"
            raise ExpressionError(message, formula_text, place(formula_text, variable))
    if not set(graph.variables) <= set(asked.graph.variables):
        graph = without_steps(graph, asked.graph)
    return name, formula_text, graph
