"""`autodiff grad`: the value, the gradient, SymPy's derivative beside it, and the verdict."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autodiff_cli.answers.beside import Answer, answered
from autodiff_cli.answers.gradient import GradResult
from autodiff_cli.answers.gradient import Mode as ModeName
from autodiff_cli.answers.gradient import grad as differentiated
from autodiff_cli.answers.higher import Higher
from autodiff_cli.answers.judging import unasked
from autodiff_cli.answers.trace import trace as traced
from autodiff_cli.cli import options
from autodiff_cli.cli.commands import graph as graph_command
from autodiff_cli.cli.commands import trace as trace_command
from autodiff_cli.cli.request import Request, read_request, single_point
from autodiff_cli.cli.session import MISMATCH, Session
from autodiff_cli.errors import AutodiffError, shortened, visible
from autodiff_cli.files.replacing import replacing
from autodiff_cli.limits import SYMPY_SECONDS, exceeded, limit
from autodiff_cli.notes.note import Note
from autodiff_cli.views import gradient as rendering
from autodiff_cli.views.head import write_head, write_notes

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

Mode = Annotated[Literal["reverse", "forward"], typer.Option("--mode", help="Which sweep to use.")]
WithTrace = Annotated[bool, typer.Option("--trace", help="Add the trace, node by node.")]
WithGraph = Annotated[bool, typer.Option("--graph", help="Add the computation graph.")]
Output = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write inputs, value and gradient: .csv or .parquet."
    ),
]
Order = Annotated[
    int | None,
    typer.Option("--order", metavar="N", help="Add f', f'' … up to order N, in one variable."),
]


def grad(
    context: typer.Context,
    expressions: options.Expressions = None,
    at: options.At = None,
    data: options.DataFile = None,
    const: options.Const = None,
    wrt: options.Wrt = None,
    mode: Mode = "reverse",
    with_trace: WithTrace = False,
    with_graph: WithGraph = False,
    as_json: options.Json = False,
    output: Output = None,
    order: Order = None,
    strict: options.Strict = False,
    no_share: options.NoShare = False,
    rows: options.Rows = options.DEFAULT_ROWS,
    random_seed: options.Seed = None,
    no_sympy: options.NoSympy = False,
    sympy_seconds: options.SympySeconds = SYMPY_SECONDS,
) -> None:
    """Differentiate a formula at a point, or at many, with SymPy's derivative beside it.

    autodiff grad "sin(x)+sin(y)" --x 4 --y 2
    autodiff grad "x^3 + a*x" --x 4 --const a=1
    autodiff grad "tanh(x)" --x "linspace(-1, 1, 5)"
    autodiff grad "sin(x)+sin(y)" --data points.csv -o slopes.csv
    autodiff grad "x^3 + 2x^2 + 8x" --x 4 --trace --graph
    autodiff grad "x^3 + 2x^2 + 8x" --x 4 --order 3
    """
    session: Session = context.obj
    whole = as_json or with_trace or order is not None or not rows
    asked = read_request(
        expressions, at, const, wrt, seed=random_seed, share=not no_share, data=data,
        options=session.options, stream=output is not None and not whole,
    )  # fmt: skip
    if with_trace:
        single_point(asked, "--trace")
    _check_order(order, asked.wrt)
    client = None if no_sympy else session.sympy()
    higher, written = None, False
    if output is not None and asked.rest is not None:
        report = _streamed(asked, mode, output, rows, unasked(client, sympy_seconds))
    else:
        result = differentiated(asked.reading, asked.values, mode=mode, wrt=asked.wrt)
        first = First(session, asked, result, mode, rows)
        if client is not None and not as_json and sys.stdout.isatty():
            client.waiting = first.write
        report = _beside(asked, result, mode, client, sympy_seconds)
        higher, written = _orders(asked, result, order, client, sympy_seconds), first.written
        if output is not None:
            _write(asked, report, output)
    verdicts = [report.verdict, *([] if higher is None else [higher.verdict])]
    if strict and any(verdict != "match" for verdict in verdicts):
        session.status = MISMATCH
    if as_json:
        session.write(_json(asked, report, higher, with_trace, with_graph), None)
        return
    _show(session, report, rows, output, head=not written)
    if higher is not None and higher.entries:
        _show_orders(session, report, higher, rows)
    if with_graph:
        session.screen().line()
        graph_command.show(session, asked, rows)
    if with_trace:
        session.screen().line()
        trace_command.show(session, traced(asked.reading, asked.values, wrt=asked.wrt), rows)


def _streamed(asked: Request, mode: ModeName, output: str, rows: int, reason: str) -> Answer:
    """Differentiate a big file block by block, and write it."""
    from autodiff_cli.batch.block import Work
    from autodiff_cli.batch.stream import stream

    assert asked.data is not None
    assert asked.rest is not None
    numbers = {name: at for name, at in asked.given.items() if isinstance(at, float)}
    work = Work(reading=asked.reading, at=numbers, wrt=asked.wrt, mode=mode, shown=rows)
    return stream(
        work, chain([asked.data], asked.rest), output, expression=asked.expression,
        notes=asked.notes, unasked=reason,
    )  # fmt: skip


def _beside(
    asked: Request, result: GradResult, mode: str, client: Client | None, seconds: float
) -> Answer:
    """Set SymPy beside an answer."""
    report, _ = answered(asked.expression, result, asked.given, mode, client, seconds)
    return replace(report, notes=(*asked.notes, *report.notes))


def _write(asked: Request, report: Answer, output: str) -> None:
    """Write the rows of an answer to a file."""
    from autodiff_cli.files import writer
    from autodiff_cli.files.rows import rows

    table = rows(report.at, report.value, report.gradient, asked.data)
    with replacing(output) as stream, writer(output, stream) as file:
        file.write(table)


def _json(
    asked: Request, report: Answer, higher: Higher | None, with_trace: bool, with_graph: bool
) -> str:
    """Return the answer, and what was asked for beside it, as one JSON object."""
    from autodiff_cli.formats import json

    found = json.answer(report) | ({} if higher is None else json.orders(higher))
    if with_trace:
        steps = traced(asked.reading, asked.values, wrt=asked.wrt)
        found["trace"] = json.trace(steps, asked.expression)
    if with_graph:
        found["graph"] = json.graph(asked.graph, None, asked.expression)
    return json.dumps(found)


def _check_order(order: int | None, wrt: tuple[str, ...]) -> None:
    """Refuse an order that is none, or of a formula with several variables."""
    if order is None:
        return
    if order < 1:
        raise AutodiffError(f"there is no order {order} here", mend="ask for order 1 or more")
    if order > limit("orders"):
        raise exceeded("orders")
    if len(wrt) > 1:
        shown = ", ".join(map(shortened, wrt[:8])) + (", …" if len(wrt) > 8 else "")
        raise AutodiffError(
            f"--order is for one variable, and this formula has {shown}",
            mend=f"choose one with --wrt {shortened(wrt[0])}; all second derivatives: "
            "autodiff hessian",
        )


def _orders(
    asked: Request,
    result: GradResult,
    order: int | None,
    client: Client | None,
    seconds: float,
) -> Higher | None:
    """Return f′ … f⁽ᴺ⁾ where they are asked for and the formula has a variable."""
    if order is None:
        return None
    from autodiff_cli.answers import higher as curvature

    finder = curvature.orders_finder(result, order)
    return curvature.answer(asked.expression, result, asked.given, finder, client, seconds)


def _new(notes: Sequence[Note], said: Sequence[Note]) -> list[Note]:
    return [note for note in notes if note not in said]


class First:
    """Writes autodiff's own answer where SymPy is slow to come: nobody waits for SymPy.

    Attributes:
        written: whether it was.
    """

    def __init__(
        self, session: Session, asked: Request, result: GradResult, mode: str, rows: int
    ) -> None:
        self._session, self._asked, self._result = session, asked, result
        self._mode, self._rows = mode, rows
        self.written = False

    def write(self) -> None:
        """Write the value and the gradient, and that SymPy's side will follow."""
        self.written = True
        screen, result = self._session.screen(), self._result
        write_head(screen, result.graph, self._asked.given)
        rendering.write_numbers(
            screen, self._asked.given, result.value, result.gradient, {}, self._mode, self._rows
        )
        screen.line()
        screen.line("SymPy is still at work:")
        screen.stream.flush()


def _show(session: Session, report: Answer, rows: int, output: str | None, *, head: bool) -> None:
    screen = session.screen()
    if head:
        write_head(screen, report.graph, report.at)
    else:
        screen.line()
    rendering.write(screen, report, rows)
    if output is not None:
        screen.paragraph(f"value and gradient are in {visible(output)}")
    write_notes(screen, report.notes)


def _show_orders(session: Session, report: Answer, higher: Higher, rows: int) -> None:
    from autodiff_cli.views.higher import write_orders

    session.screen().line()
    write_orders(session.screen(), higher, rows)
    write_notes(session.screen(), _new(higher.notes, report.notes))
