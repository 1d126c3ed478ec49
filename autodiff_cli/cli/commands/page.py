"""`autodiff page`: a formula as one file that a student opens at home, moves and practises in."""

from __future__ import annotations

import re
import sys
from typing import Annotated

from autodiff_cli.answers.trace import traces
from autodiff_cli.cli import options
from autodiff_cli.cli.options import Active, Several, Values
from autodiff_cli.cli.output import check_page
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, named, nearest, shortened
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.teach.explain import explain
from autodiff_cli.views.film import DIGITS, PARTS, Film
from autodiff_cli.views.page import Page
from autodiff_cli.views.page import page as written

Output = Annotated[
    str | None, Option("-o", "--output", metavar="FILE", help="Write to a file, page.html.")
]
Practice = Annotated[bool, Option("--practice", help="Open with the numbers hidden, to be found.")]
Hide = Annotated[
    str | None,
    Option("--hide", metavar="PARTS", help="Hide these in practice: value, partial, tangent, "
                 "adjoint."),
]  # fmt: skip
Title = Annotated[str, Option("--title", metavar="TEXT", help="What stands above the formula.")]
Lang = Annotated[
    str | None, Option("--lang", metavar="TAG", help="The language of the title: en, de, pt-BR.")
]
Digits = Annotated[
    int | None,
    Option("--digits", metavar="N", callback=options.digits, help="Digits of the numbers."),
]


def page(
    session: Session,
    formula: Several,
    values: Values,
    active: Active,
    output: Output = None,
    practice: Practice = False,
    hide: Hide = None,
    title: Title = "",
    lang: Lang = None,
    digits: Digits = None,
) -> None:
    """Write a page of HTML: the trace as a film, with sliders for the point, and practice.

    It is one file that needs no network. All numbers are in it as text; where scripts run, it
    steps through both sweeps, computes every number anew as a slider moves, hides numbers and
    says which usual slip a wrong one is.

    autodiff page "x^3 + 2x^2 + 8x" --x 4 -o page.html
    autodiff page "sin(x)*y" --x 1 --y 2 --practice -o practice.html
    autodiff page "h = tanh(a*x); (h - t)^2" --a 0.5 --x 1 --t 1 --const x,t -o neuron.html
    autodiff page "x*y" "x + y" --x 2 --y 3 --hide adjoint -o two.html
    """
    asked = read_request(session, formula, values, active)
    single_point(asked, "page")
    if output is not None:
        check_page(output)
    elif session.films is None and sys.stdout.isatty():
        message = "a page is for a browser, not for a terminal"
        raise AutodiffError(message, mend="write it to a file: -o page.html")
    film = Film(
        graph=asked.graph,
        reports=traces(asked.graph, asked.values, wrt=asked.wrt),
        expression=asked.expression,
        readings=tuple(asked.readings),
        digits=DIGITS if digits is None else digits,
        practice=practice or hide is not None,
        hidden=PARTS if hide is None else _hidden(hide),
    )
    language = _language(lang, title)
    report = Page(film=film, explanations=explanations(asked, film), title=title, language=language)
    if session.films is not None:
        session.films.append(report)
    else:
        session.write(written(report), output)
        if output is not None and sys.stdout.isatty():
            sys.stdout.write(f"{named(output)} is written; open it in a browser\n")


def explanations(asked: Request, film: Film) -> tuple[Explanation, ...]:
    """Return the derivation of each formula that is not too long for one."""
    found = []
    for report in film.reports:
        try:
            found.append(explain(asked.reading._replace(graph=report.graph), wrt=asked.wrt))
        except AutodiffError:  # nobody reads it, says `explain`
            continue
    return tuple(found)


def _hidden(text: str) -> tuple[str, ...]:
    """Read what practice hides: names of parts."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in (*PARTS, "partial"):
            close = nearest(name, (*PARTS, "partial"))
            guess = (
                f"did you mean {close}?" if close else f"write some of {','.join(PARTS)},partial"
            )
            raise AutodiffError(f"--hide has no '{shortened(name)}'", mend=guess)
    if not names:
        raise AutodiffError("--hide names nothing", mend=f"write some of {','.join(PARTS)},partial")
    return names


def _language(tag: str | None, title: str) -> str:
    """Return a tag of a language, which is letters and digits with a minus between them."""
    if tag is None:
        return "en"
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag):
        raise AutodiffError(f"'{shortened(tag)}' is no tag of a language", mend="write --lang de")
    if not title:
        raise AutodiffError(
            "--lang is the language of the title: the words of a page are English",
            mend="add --title",
        )
    return tag
