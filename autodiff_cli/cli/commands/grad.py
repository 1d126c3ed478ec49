"""`autodiff grad`: the value, the gradient, SymPy's derivative beside it, and the verdict."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Literal

from autodiff_cli.answers.beside import Answer, answered
from autodiff_cli.answers.drawn import SEED
from autodiff_cli.answers.gradient import GradResult, backend_for
from autodiff_cli.answers.gradient import Mode as ModeName
from autodiff_cli.answers.gradient import grad as differentiated
from autodiff_cli.answers.inspection import inspected
from autodiff_cli.answers.judging import unasked
from autodiff_cli.cli.dataset import check_alone, into_folder, is_folder, numbers, read
from autodiff_cli.cli.greek import spellings
from autodiff_cli.cli.options import Active, Calculus, Formula, Judged, Many, Shown, Table, Values
from autodiff_cli.cli.order import Order, check_order
from autodiff_cli.cli.output import chosen, judge, opened, save, show, to_standard_output
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request, setting, single_point
from autodiff_cli.cli.session import Session
from autodiff_cli.compiled import Backend
from autodiff_cli.engine.point import bind
from autodiff_cli.errors import AutodiffError, VariableError, named
from autodiff_cli.limits import BACKEND_VARIABLE
from autodiff_cli.views import gradient as view
from autodiff_cli.views.head import called, write_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from autodiff_cli.answers.drawn import Draw
    from autodiff_cli.answers.judging import Judged as Judgement
    from autodiff_cli.batch.stream import Judge
    from autodiff_cli.notes.counting import Place

Mode = Annotated[Literal["reverse", "forward"], Option("--mode", help="Which sweep to use.")]
Computing = Annotated[
    Backend,
    Option(
        "--backend", envvar=BACKEND_VARIABLE,
        help="What computes many points: NumPy, compiled C, or whichever takes less time.",
    ),
]  # fmt: skip
WithTrace = Annotated[bool, Option("--trace", help="Add the trace, node by node.")]
WithGraph = Annotated[bool, Option("--graph", help="Add the computation graph.")]


def grad(
    session: Session,
    formula: Formula,
    values: Values,
    table: Table,
    active: Active,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    mode: Mode = "reverse",
    with_trace: WithTrace = False,
    with_graph: WithGraph = False,
    order: Order = None,
    backend: Computing = "auto",
) -> None:
    """Differentiate a formula at a point, or at many, with SymPy's derivative beside it.

    Without a point, the derivative is given as a formula.
    To a .csv or .parquet file go the inputs, the value and the gradient, a row a point; to a folder
    such a file for each file of the data.

    autodiff grad "sin(x)+sin(y)" --x 4 --y 2
    autodiff grad "x^3 + a*x" --x 4 --const a=1
    autodiff grad "tanh(x)" --x "linspace(-1, 1, 5)"
    autodiff grad "sin(x)+sin(y)" --data points.csv -o slopes.csv
    autodiff grad "sin(x)+sin(y)" --data "runs/*.parquet" -o out/ --workers 8
    autodiff grad "x^3 + 2x^2 + 8x" --x 4 --trace --graph
    autodiff grad "x^3 + 2x^2 + 8x" --x 4 --order 3
    autodiff grad "x^2*sin(y)" --x 4 --y 2 --order 3
    """
    if is_folder(shown, many):
        beside = {"trace": with_trace, "graph": with_graph, "order": order is not None}
        for name in filter(lambda name: beside[name], beside):
            raise AutodiffError(f"--{name} is for one point", mend="leave it out, or -o FOLDER/")
        asked = read(session, formula, values, active, table)
        seed = values.random_seed or SEED
        _data_set(session, asked, table, calculus, judged, shown, many, mode, backend, seed)
        return
    check_alone(many)
    shown = to_standard_output(view, shown)
    name = chosen(view, shown)
    kept = shown.output if name in ("csv", "parquet") else None
    whole = (
        with_trace or order is not None or (shown.rows == 0 and (name != "csv" or kept is not None))
    )
    pointed = with_trace or with_graph or judged.strict or mode == "forward" or kept is not None
    asked = read_request(
        session, formula, values, active, table, needs_point=pointed,
        stream=name in ("csv", "parquet", "text") and not whole,
    )  # fmt: skip
    _check_backend(backend, asked, mode)
    if asked.graph.variables and not asked.given:
        _formulas(session, asked, calculus, shown, order)
        return
    if with_trace:
        single_point(asked, "--trace")
    check_order(order, asked.wrt, several=True)
    client = session.sympy(calculus)
    if kept is not None:
        shown = shown._replace(format=None, output=None)
    if asked.rest is not None:
        output = "-" if kept is None and name == "csv" else kept
        answer = _streamed(
            session, asked, mode, backend, output, shown, values.random_seed, calculus
        )
        if output == "-":
            judge(session, answer, strict=judged.strict)
            return
        report = view.Gradient(answer=replace(answer, notes=(*asked.notes, *answer.notes)))
        report = _with(asked, None, report, session, calculus, None, False, with_graph)
    else:
        result = differentiated(
            asked.reading, asked.values, mode=mode, wrt=asked.wrt, backend=backend
        )
        first = First(asked, result, mode, shown)
        if client is not None and chosen(view, shown) == "text" and first.awaited:
            client.waiting = first.write
        answer, _ = answered(
            asked.expression, result, asked.given, mode, client, calculus.sympy_seconds,
            seed=values.random_seed or SEED,
        )  # fmt: skip
        answer = replace(answer, notes=(*asked.notes, *answer.notes))
        session.pages &= not first.written
        report = view.Gradient(answer=answer, begun=first.written, data=asked.data)
        report = _with(asked, result, report, session, calculus, order, with_trace, with_graph)
        if kept is not None:
            save(session, view, report, kept)
    report = replace(report, file="" if kept is None else named(kept))
    show(session, view, report, shown, strict=judged.strict, title=asked.expression)


def _check_backend(backend: Backend, asked: Request, mode: ModeName) -> None:
    """Refuse C on the command line where it computes nothing; the environment may ask for it."""
    if backend != "c" or os.environ.get(BACKEND_VARIABLE) == "c":
        return
    if mode == "forward":
        raise AutodiffError("--backend c is for reverse mode", mend="leave out --mode forward")
    if not any(isinstance(value, list) for value in asked.given.values()):
        mend = "give a list of values, --x 1,2,3, or --data FILE, or leave out --backend"
        raise AutodiffError("--backend c is for many points", mend=mend)


def _formulas(
    session: Session, asked: Request, calculus: Calculus, shown: Shown, order: int | None
) -> None:
    """Write the derivative as a formula: no point is given."""
    from autodiff_cli.teach.equal import beside
    from autodiff_cli.teach.formulas import formulas
    from autodiff_cli.views import formulas as view_of_formulas

    spelled = spellings(asked.graph.variables)
    first = asked.graph.variables[0]
    giving = setting(session.options, spelled.get(first, first))
    try:
        bind(asked.graph, {}, giving=lambda name: giving if name == first else name)
    except VariableError as error:
        meant = error.mend != f"write {giving}"  # sinx, or πr: a product or a function
        if meant or (order is not None and len(asked.wrt) > 1):
            raise
    check_order(order, asked.wrt)
    report = formulas(asked.reading, asked.wrt, giving, order)
    derived, client = report.derived, session.sympy(calculus)
    ask = None if client is None else partial(beside, derived, client, calculus.sympy_seconds)
    derived = replace(derived, expression=asked.expression, beside=ask)
    show(session, view_of_formulas, replace(report, derived=derived), shown, title=asked.expression)


def _data_set(
    session: Session,
    asked: Request,
    table: Table,
    calculus: Calculus,
    judged: Judged,
    shown: Shown,
    many: Many,
    mode: ModeName,
    backend: Backend,
    seed: int,
) -> None:
    """Differentiate at every row of a data set, each of its files into one of its own.

    By C only where it is asked for: what it would pay for differs from machine to machine.
    """
    from autodiff_cli.batch.block import Work
    from autodiff_cli.batch.stream import answer

    _check_backend(backend, asked, mode)
    rows = opened(sys.stdout, "text", view, shown._replace(format=None)).rows
    judge, reason = _judging(session, asked, calculus)
    work = Work(
        reading=asked.reading, at=numbers(asked), wrt=asked.wrt, mode=mode, shown=rows,
        backend="numpy" if backend == "auto" else backend,
        seed=None if judge is None else seed, described=True,
    )  # fmt: skip
    told = {
        "expression": asked.expression, "mode": mode, "backend": work.backend, "seed": work.seed,
    }  # fmt: skip
    into_folder(
        session, asked, work, told, shown, many,
        skip=table.na == "skip", strict=judged.strict,
        answer=lambda kept: answer(work, kept, asked.expression, reason, judge),
    )  # fmt: skip


def _judging(session: Session, asked: Request, calculus: Calculus) -> tuple[Judge | None, str]:
    """Return what asks SymPy about rows that were drawn, or why nothing does."""
    client, seconds = session.sympy(calculus), calculus.sympy_seconds
    reason = unasked(client, seconds)
    if client is None or reason:
        return None, reason

    def judge(draw: Draw, number: Callable[[Place], int]) -> Judgement:
        return inspected(draw, asked.graph, asked.wrt, client, seconds, number=number)

    return judge, reason


def _streamed(
    session: Session,
    asked: Request,
    mode: ModeName,
    backend: Backend,
    output: str | None,
    shown: Shown,
    seed: int | None,
    calculus: Calculus,
) -> Answer:
    """Differentiate big data block by block, and write the rows if they go anywhere."""
    from autodiff_cli.batch.block import Work
    from autodiff_cli.batch.stream import stream

    assert asked.data is not None
    assert asked.rest is not None
    rows = opened(sys.stdout, "text", view, shown).rows
    judge, reason = _judging(session, asked, calculus)
    first = asked.data
    known = first.count / first.share if first.share else 0.0
    work = Work(
        reading=asked.reading, at=numbers(asked), wrt=asked.wrt, mode=mode, shown=rows,
        backend=backend_for(asked.reading, asked.wrt, backend, known),
        seed=None if judge is None else seed or SEED,
    )  # fmt: skip
    return stream(
        work, chain([asked.data], asked.rest), output, session.reach,
        expression=asked.expression, unasked=reason, judge=judge, quiet=session.quiet,
    )  # fmt: skip


def _with(
    asked: Request,
    result: GradResult[Any] | None,
    report: view.Gradient,
    session: Session,
    calculus: Calculus,
    order: int | None,
    with_trace: bool,
    with_graph: bool,
) -> view.Gradient:
    """Return an answer with what was asked for beside it."""
    if order is not None and result is not None:
        from autodiff_cli.answers import higher

        found = higher.answer(
            asked.expression, result, asked.given, higher.orders_finder(result, order),
            session.sympy(calculus), calculus.sympy_seconds,
        )  # fmt: skip
        report = replace(report, higher=found)
    if with_trace:
        from autodiff_cli.answers.trace import trace

        record = trace(asked.reading, asked.values, wrt=asked.wrt)
        report = replace(report, trace=replace(record, expression=asked.expression))
    if with_graph:
        from autodiff_cli.cli.drawing import drawing

        report = replace(report, graph=drawing(asked))
    return report


class First:
    """Writes autodiff's own answer where SymPy is slow to come: nobody waits for SymPy.

    Attributes:
        written: whether it was.
    """

    def __init__(self, asked: Request, result: GradResult[Any], mode: str, shown: Shown) -> None:
        self._asked, self._result, self._mode, self._shown = asked, result, mode, shown
        self.written = False

    @property
    def awaited(self) -> bool:
        """Whether somebody sits before the screen and waits."""
        return self._shown.output is None and sys.stdout.isatty()

    def write(self) -> None:
        """Write the value and the gradient, and that SymPy's side will follow."""
        self.written = True
        out, result = opened(sys.stdout, "text", view, self._shown), self._result
        write_head(out, result.graph, self._asked.given)
        view.write_numbers(
            out,
            self._asked.given,
            result.value,
            result.gradient,
            {},
            self._mode,
            function=called(result.graph),
        )
        out.line()
        out.line("SymPy is still at work:")
        out.stream.flush()
