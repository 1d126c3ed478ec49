"""`autodiff compare`: every method beside each other, and the user's own derivative checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from autodiff_cli.answers.compare import comparison
from autodiff_cli.answers.sampled import Question
from autodiff_cli.cli.dataset import check_alone, into_folder, is_folder, numbers
from autodiff_cli.cli.dataset import read as read_data
from autodiff_cli.cli.options import Active, Calculus, Formula, Judged, Many, Shown, Table, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request, single_point
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.engine.composition import over_variables, standing
from autodiff_cli.errors import AutodiffError, ExpressionError, VariableError, shortened
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading, read
from autodiff_cli.language.tokens import is_name, place, variable_name
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.methods.claim import check as checked
from autodiff_cli.teach.diagnosed import diagnosed
from autodiff_cli.views import compare as view

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

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
    table: Table,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    claim: Claims = None,
    steps: Steps = False,
    points: Points = 0,
    float32: Float32 = False,
) -> None:
    """Differentiate with every method there is and set the results beside each other.

    Exits 3 where autodiff and SymPy disagree, or where a claim is wrong. With --data, the claims,
    or without one SymPy's derivatives, are held against autodiff's at every row.

    autodiff compare "sin(x)*y" --x 1 --y 2
    autodiff compare "x^3 + 2x^2 + 8x" --x 4 --claim x="3x^2 + 4x + 8"
    autodiff compare "x^3 + 2x^2 + 8x" --x 4 --steps
    autodiff compare "sin(x)" --x 1 --steps -o error.svg
    autodiff compare "sin(x)*y" --points 100 --float32
    autodiff compare "sin(x)*y" --data "runs/*.parquet" --claim x="y*cos(x)"
    """
    if table != Table():
        if steps or points or float32:
            name = "steps" if steps else "points" if points else "float32"
            raise AutodiffError(f"--{name} is for one point", mend="leave it out, or --data")
        if shown.output is not None and not is_folder(shown, many):
            message = "compare writes what it finds at every row into a folder"
            raise AutodiffError(message, mend=f"write -o {shortened(shown.output)}/")
        asked = read_data(session, formula, values, active, table)
        _on_rows(session, asked, table, calculus, judged, shown, many, claim)
        return
    check_alone(many)
    asked = read_request(
        session, formula, values, active, needs_point=not points or steps,
        partly=points > 0 and not steps,
    )  # fmt: skip
    single_point(asked, "compare")
    given = numbers(asked)
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


def _on_rows(
    session: Session,
    asked: Request,
    table: Table,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    claim: list[str] | None,
) -> None:
    """Hold claims, or SymPy's derivatives, against autodiff's at every row of a data set."""
    from autodiff_cli.batch.claimed import Claimed, held
    from autodiff_cli.batch.claimed import Formula as Candidate

    claims: list[Candidate] = []
    for text in claim or ():
        name, written, graph = _claim(asked, text)
        claims.append(Candidate(name, written, Reading(graph, ()), mine=True))
    if len({one.name for one in claims}) < len(claims):
        raise AutodiffError("two claims are for one variable", mend="give one")
    if not claims:
        client = session.sympy(calculus)
        if client is None:
            message = "without SymPy and without a claim there is nothing to hold against autodiff"
            raise AutodiffError(message, mend='add --claim x="…", or leave --no-sympy out')
        claims = [Candidate(*one, mine=False) for one in _of_sympy(asked, client, calculus)]
    work = Claimed(
        reading=asked.reading, at=numbers(asked), wrt=asked.wrt, claims=tuple(claims)
    )  # fmt: skip
    told = {"expression": asked.expression, "claimed": list(claim or ())}
    report = into_folder(
        session, asked, work, told, shown, many, skip=table.na == "skip", strict=judged.strict,
        judge=lambda kept: held(work, kept),
    )  # fmt: skip
    if report is not None and report.verdict in ("WRONG", "MISMATCH"):
        session.status = MISMATCH


def _of_sympy(
    asked: Request, client: Client, calculus: Calculus
) -> Iterator[tuple[str, str, Reading]]:
    """Yield SymPy's derivatives, as formulas of ours.

    Raises:
        AutodiffError: SymPy has none, or one that is no formula of ours.
    """
    from autodiff_cli.symbolic.question import derive

    found = derive(client, asked.graph, [], asked.wrt, calculus.sympy_seconds)
    if found.skipped:
        message = f"SymPy's derivative is not known: {found.reason}"
        raise AutodiffError(message, mend='give your own: --claim x="…"')
    for name, one in found.derivatives.items():
        try:
            yield name, one.text, read([one.text], asked.graph.variables)
        except AutodiffError:
            message = (
                f"SymPy's derivative by {shortened(name)} is no formula: {shortened(one.text)}"
            )
            raise AutodiffError(message, mend='give your own: --claim x="…"') from None


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
    known = standing(asked.graph)
    graph = read([formula_text], (*asked.given, *known)).graph
    for variable in graph.variables:
        if variable not in known:
            message = f"the formula has no variable '{shortened(variable)}'"
            raise ExpressionError(message, formula_text, place(formula_text, variable))
    if not set(graph.variables) <= set(asked.graph.variables):
        graph = over_variables(graph, asked.graph, known)
    return name, formula_text, graph
