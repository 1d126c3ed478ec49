"""`autodiff compare`: every method beside each other, and the user's own derivative checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from autodiff_cli import check
from autodiff_cli.answer import grad as differentiated
from autodiff_cli.commands import options
from autodiff_cli.commands.request import Request, read_request, single_point
from autodiff_cli.commands.words import formula, function_name, point_text, write_notes
from autodiff_cli.engine.cost import counts, operations
from autodiff_cli.errors import ExpressionError, VariableError, shortened
from autodiff_cli.language.parser import read
from autodiff_cli.language.printer import number
from autodiff_cli.language.tokens import columns, is_name, tokenise, variable_name
from autodiff_cli.limits import SYMPY_SECONDS
from autodiff_cli.opinions import claim as claims
from autodiff_cli.opinions.methods import Opinion, opinions
from autodiff_cli.render import json
from autodiff_cli.render.answer import program_text
from autodiff_cli.render.grid import Grid
from autodiff_cli.render.screen import Screen
from autodiff_cli.report import Answer
from autodiff_cli.session import MISMATCH, Session

#: Nodes up to which the operations of a gradient are counted.
COUNTED = 20_000

Claims = Annotated[
    list[str] | None,
    typer.Option("--claim", metavar="NAME=FORMULA", help="Your own derivative, to be checked."),
]


def compare(
    context: typer.Context,
    expressions: options.Expressions = None,
    at: options.At = None,
    const: options.Const = None,
    wrt: options.Wrt = None,
    claim: Claims = None,
    as_json: options.Json = False,
    no_share: options.NoShare = False,
    random_seed: options.Seed = None,
    no_sympy: options.NoSympy = False,
    sympy_seconds: options.SympySeconds = SYMPY_SECONDS,
) -> None:
    """Differentiate with every method there is and set the results beside each other.

    Exits 3 where autodiff and SymPy disagree, or where a claim is wrong.

    autodiff compare "sin(x)*y" --x 1 --y 2
    autodiff compare "x^3 + 2x^2 + 8x" --x 4 --claim x="3x^2 + 4x + 8"
    """
    session: Session = context.obj
    asked = read_request(
        expressions, at, const, wrt, seed=random_seed, share=not no_share, options=session.options
    )
    single_point(asked, "compare")
    checked = [_claim(asked, text, random_seed) for text in claim or ()]
    result = differentiated(asked.reading, asked.values, wrt=asked.wrt)
    client = None if no_sympy else session.sympy()
    report, symbolic = check.answered(
        asked.expression, result, asked.given, "reverse", client, sympy_seconds, count=True
    )
    found = opinions(asked.graph, asked.values, asked.wrt)
    digits = {name: row.values[0] for name, row in (symbolic.derivatives or {}).items()}
    tally = _counted(asked) | {"symbolic": symbolic.operations}
    if report.verdict == "MISMATCH" or any(one.disagreement for one in checked):
        session.status = MISMATCH
    if as_json:
        session.write(json.dumps(_object(report, found, digits, tally, checked)), None)
        return
    screen = session.screen()
    screen.paragraph(f"{function_name(asked.graph)} = {formula(asked.graph, screen)}")
    if report.at:
        screen.paragraph(f"at {point_text(report.at)}")
    screen.line(f"f = {number(result.value)}")
    for name in asked.wrt:
        screen.line()
        _variable(screen, name, report, found[name], digits.get(name))
    screen.line()
    _counts(screen, tally)
    for one in checked:
        _claimed(screen, one)
    screen.line(f"verdict: {report.verdict}")
    write_notes(screen, report.notes)


def _claim(asked: Request, text: str, seed: int | None) -> claims.Claim:
    """Read `x=3x^2` and check it."""
    spelling, _, formula_text = map(str.strip, text.partition("="))
    if not (is_name(spelling) and formula_text):
        message = f"'{shortened(text)}' is not NAME=FORMULA"
        raise VariableError(message, mend='write --claim x="3x^2 + 4x"')
    name = variable_name(spelling)
    if name not in asked.wrt:
        mend = f"the formula is differentiated by {', '.join(asked.wrt) or 'nothing'}"
        raise VariableError(f"the claim is for '{name}', which is not differentiated", mend=mend)
    graph = read([formula_text], tuple(asked.given)).graph
    for variable in graph.variables:
        if variable not in asked.graph.variables:
            message = f"the formula has no variable '{shortened(variable)}'"
            names = [token.name for token in tokenise(formula_text, tuple(asked.given)).tokens]
            column = columns(formula_text)[names.index(variable)]
            raise ExpressionError(message, formula_text, column)
    return claims.check(asked.graph, graph, name, formula_text, asked.values, seed)


def _variable(
    screen: Screen, name: str, report: Answer, rows: Sequence[Opinion], digits: str | None
) -> None:
    """Write one variable's methods, with SymPy's 30 digits as the yardstick."""
    slope = screen.alphabet.slope("f", name)
    symbolic = (report.symbolic or {}).get(name)
    if symbolic is not None:
        screen.paragraph(f"{slope} = {program_text(symbolic.derivative)} (SymPy)")
    if digits is not None:
        screen.paragraph(f"{slope} = {digits} (SymPy, 30 digits)")
    cells = []
    reasons = []
    for row in rows:
        if row.value is None:
            reasons.append(f"{row.method}: {row.reason}")
            continue
        error = check.error(row.value, digits)
        shown = "" if error is None else "0" if error == 0 else f"{error:.1e}"
        cells.append((row.method, number(row.value), shown, _time(row.seconds)))
    headings = (slope, "value", "error", "time")
    screen.table(Grid(headings, tuple(cells), frozenset((0,))))
    for reason in reasons:
        screen.paragraph(reason)


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else f"{seconds:.2f} s"


def _counted(asked: Request) -> dict[str, Any]:
    """Count arithmetic operations; of a gradient only where writing it down is quick."""
    if len(asked.graph) > COUNTED:
        return {"value": operations(asked.graph), "reverse": None, "forward": None}
    found = counts(asked.graph, asked.wrt)
    return {"value": found.value, "reverse": found.reverse, "forward": found.forward}


def _counts(screen: Screen, tally: dict[str, Any]) -> None:
    screen.paragraph(f"operations of the value: {tally['value']:,}")
    if tally["reverse"] is not None:
        screen.paragraph(
            f"operations of the value and the gradient: {tally['reverse']:,} by reverse mode, "
            f"{tally['forward']:,} by forward mode"
        )
    if tally["symbolic"] is not None:
        written, shared = tally["symbolic"]
        screen.paragraph(
            f"operations in SymPy's derivatives: {written:,} as written, "
            f"{shared:,} with common parts shared"
        )


def _claimed(screen: Screen, one: claims.Claim) -> None:
    wrong = one.disagreement
    slope = screen.alphabet.slope("f", one.name)
    if wrong is None:
        screen.paragraph(
            f"claim {slope} = {one.text}: agrees with autodiff at the point "
            f"and at {len(one.points) - 1} others"
        )
        return
    screen.paragraph(f"claim {slope} = {one.text}: WRONG at {point_text(dict(wrong.at))}")
    screen.line(f"  the claim gives  {number(wrong.claimed)}")
    screen.line(f"  autodiff finds   {number(wrong.found)}")


def _object(
    report: Answer,
    found: dict[str, list[Opinion]],
    digits: Mapping[str, str | None],
    tally: dict[str, Any],
    checked: Sequence[claims.Claim],
) -> dict[str, Any]:
    """Return `autodiff.compare/1`."""
    methods = {
        name: [
            {
                "method": row.method,
                "value": row.value,
                "error": None if row.value is None else check.error(row.value, digits.get(name)),
                "seconds": row.seconds,
                "reason": row.reason or None,
            }
            for row in rows
        ]
        for name, rows in found.items()
    }
    return {
        **json.answer(report),
        "schema": "autodiff.compare/1",
        "digits": dict(digits),
        "methods": methods,
        "operations": tally,
        "claims": [_claim_object(one) for one in checked],
    }


def _claim_object(one: claims.Claim) -> dict[str, Any]:
    wrong = one.disagreement
    return {
        "variable": one.name,
        "claim": one.text,
        "points": len(one.points),
        "agrees": wrong is None,
        "disagreement": None
        if wrong is None
        else {"at": dict(wrong.at), "claimed": wrong.claimed, "found": wrong.found},
    }
