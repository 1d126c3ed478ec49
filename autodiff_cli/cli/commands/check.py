"""`autodiff check FILE`: a hand-written trace or derivation, marked line by line."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.cli.arguments import assignments
from autodiff_cli.cli.options import Formula, Shown, Values
from autodiff_cli.cli.output import show
from autodiff_cli.cli.parameters import Argument
from autodiff_cli.cli.request import read_request, single_point, standard_input
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.errors import AutodiffError, visible
from autodiff_cli.language.tokens import variable_name
from autodiff_cli.teach.audit import audit
from autodiff_cli.teach.begun import begun_by
from autodiff_cli.views import audit as view

Words = Annotated[
    list[str] | None,
    Argument(
        metavar="FILE [EXPRESSION]",
        help="The work, - for stdin; and the formula, where the first line does not have it.",
    ),
]


def check(session: Session, values: Values, shown: Shown, words: Words = None) -> None:
    """Mark a student's own trace or derivation, line by line, and name the slip in it.

    The file has the formula on its first line, values such as x = 4, then the lines of the work:
    w2 = w1^3 = 64, dw2 = 3 w1^2 = 48, bar w2 = 1, df/dx = …, f' = … = …, or a table as of trace.
    A line is right, right given an earlier slip, wrong, rounded too early, or not read.

    Exits 3 where a line is wrong.

    autodiff check homework.txt
    autodiff check homework.txt "x^3 + 2x^2 + 8x" --x 4
    """
    if not words or len(words) > 2:
        raise AutodiffError("one FILE is expected", mend="autodiff check homework.txt")
    path, *formula = words
    if formula in (["-"], [""]) or (formula and formula[0].startswith("@")):
        raise AutodiffError("the formula is text here", mend='write check FILE "x^2"')
    begun = begun_by(_read(session, path), formula[0] if formula else None)
    given = [name for text in values.at or () for name, _ in assignments(text)]
    known = {variable_name(name) for name in given}
    there = [f"{name}={text}" for name, text in begun.values.items() if name not in known]
    asked = read_request(
        session,
        Formula(expressions=[begun.formula]),
        Values(at=[*(values.at or ()), *there], random_seed=values.random_seed),
        needs_point=False,
    )
    single_point(asked, "check")
    report = audit(begun, asked.reading, dict(asked.values))
    if report.first_wrong is not None:
        session.status = MISMATCH
    show(session, view, report, shown, title=f"{visible(path)}: {asked.expression}")


def _read(session: Session, path: str) -> str:
    """Return the text of the work."""
    if path == "-":
        return standard_input()
    try:
        return session.read(path)
    except UnicodeDecodeError:
        mend = "save it as text in UTF-8"
        raise AutodiffError(f"{visible(path)} is no text in UTF-8", mend=mend) from None
