"""What `grad` says: the value, the derivatives, SymPy's beside them, and what was asked for too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autodiff_cli.answers.bench import SymbolicRow
from autodiff_cli.answers.beside import Answer
from autodiff_cli.engine.linearise import Value
from autodiff_cli.files.rows import Rows, rows
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import Formula
from autodiff_cli.notes.note import AT_A_KINK
from autodiff_cli.symbolic.verdict import Verdict, worst
from autodiff_cli.views.beside import Line, symbolic_row, write_lines
from autodiff_cli.views.head import called, equation, notes_payload, write_head, write_notes

if TYPE_CHECKING:
    from autodiff_cli.answers.higher import Higher
    from autodiff_cli.answers.trace import Trace
    from autodiff_cli.files.table import Data
    from autodiff_cli.views.graph import Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradient:
    """An answer of `grad`, with what was asked for beside it.

    Attributes:
        answer: the value and the gradient, with SymPy beside them.
        higher: f′ … f⁽ᴺ⁾, or None.
        trace, graph: the record of the sweeps and the graph, or None.
        data: the file that the points came from, or None.
        begun: True where autodiff's own side was written while SymPy was at work.
        file: the file that holds all rows, as it was named, or "".
    """

    answer: Answer
    higher: Higher | None = None
    trace: Trace | None = None
    graph: Drawing | None = None
    data: Data | None = None
    begun: bool = False
    file: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict."""
        found = [self.answer.verdict]
        return worst(found if self.higher is None else [*found, self.higher.verdict])


def write(out: Format, report: Gradient) -> None:
    """Write the value, the derivatives with SymPy's beside them, and the verdict."""
    answer = report.answer
    if report.begun:
        out.line()
    else:
        write_head(out, answer.graph, answer.at)
    write_numbers(
        out, answer.at, answer.value, answer.gradient, answer.symbolic or {}, answer.mode,
        answer.between, said=not report.begun and _is_number(answer, out),
        function=called(answer.graph),
    )  # fmt: skip
    out.line()
    out.line(f"verdict: {answer.verdict}{reason(answer)}{share(answer)}")
    if report.file:
        out.paragraph(f"value and gradient are in {report.file}")
    write_notes(out, answer.notes)
    if report.higher is not None and report.higher.entries:
        from autodiff_cli.views.higher import write_orders

        out.line()
        write_orders(out, report.higher)
        said = frozenset(answer.notes)
        write_notes(out, [note for note in report.higher.notes if note not in said])
    if report.graph is not None:
        from autodiff_cli.views import graph

        out.line()
        graph.write(out, report.graph)
    if report.trace is not None:
        from autodiff_cli.views import trace

        out.line()
        trace.write(out, report.trace)


def write_numbers(
    out: Format,
    at: Mapping[str, float | list[float]],
    value: Value,
    gradient: Mapping[str, Value],
    symbolic: Mapping[str, SymbolicRow],
    mode: str,
    between: int = 0,
    *,
    said: bool = False,
    function: str = "f",
) -> None:
    """Write the value, unless it was said, and the derivatives with SymPy's where known."""
    lines = [
        Line(out.signs.slope(function, name), slope, symbolic.get(name))
        for name, slope in gradient.items()
    ]
    if isinstance(value, float):
        if not said:
            out.line(_value(value, out, function))
        if lines:
            out.line()
    write_lines(out, at, value, lines, f"{mode} mode", function, between)


def _value(value: float, out: Format, function: str) -> Formula:
    return out.signs.formula(f"{out.signs.name(function)} = {out.signs.number(value)}")


def _is_number(answer: Answer, out: Format) -> bool:
    """Tell whether the formula is its value: the head of the answer has said it."""
    value, name = answer.value, called(answer.graph)
    return isinstance(value, float) and "".join(equation(answer.graph, out.signs, name)) == _value(
        value, out, name
    )


#: Verdict → the kinds of notes that are its reason.
REASONS = {
    "kink": AT_A_KINK,
    "overflow": {"overflow", "domain"},
    "undefined": {"domain"},
    "symbolic-complex": {"domain"},
    "rounding": {"rounding"},
}


def reason(report: Answer) -> str:
    """Return the kinds of departures behind a verdict, each with its first node."""
    first: dict[str, str] = {}
    for note in report.notes:
        if note.kind in REASONS.get(report.verdict, ()) and note.node is not None:
            kind = "" if note.kind == report.verdict else note.kind.replace("-", " ") + " "
            first.setdefault(note.kind, f"{kind}at {note.node}")
    return f" ({', '.join(first.values())})" if first else ""


def share(report: Answer) -> str:
    """Return at how many of how many points the verdict was found, where not at all."""
    sample = report.sample
    if sample is None:
        return ""
    return f", at {sample.judged:,} of {sample.points:,} points (seed {sample.seed})"


def table(report: Gradient) -> Rows:
    """Return the inputs, the value and the derivatives, a row a point, for CSV and Parquet."""
    answer = report.answer
    return rows(answer.at, answer.value, answer.gradient, report.data)


def payload(report: Gradient) -> dict[str, Any]:
    """Return `autodiff.grad/1`, with what was asked for beside it."""
    found = answer_payload(report.answer)
    if report.higher is not None:
        from autodiff_cli.views.higher import orders

        found |= orders(report.higher)
    if report.trace is not None:
        from autodiff_cli.views import trace

        found["trace"] = trace.payload(report.trace)
    if report.graph is not None:
        from autodiff_cli.views import graph

        found["graph"] = graph.payload(replace(report.graph, values=None))
    return found


def answer_payload(report: Answer) -> dict[str, Any]:
    """Return `autodiff.grad/1` of the answer alone.

    Where SymPy's value is not a plain match, it stands under `symbolic_value` with its own verdict.
    """
    found = {
        "schema": "autodiff.grad/1",
        "expression": report.expression,
        "at": dict(report.at),
        "value": report.value,
        "gradient": dict(report.gradient),
        "symbolic": symbolic_payload(report.symbolic),
        "verdict": report.verdict,
        "notes": notes_payload(report.notes),
    }
    sample = report.sample
    if sample is not None:
        found["sample"] = {
            "points": sample.points,
            "judged": sample.judged,
            "seed": sample.seed,
            "kinds": dict(sample.kinds),
            "found": dict(sample.found),
            "verdicts": dict(sample.verdicts),
            "first": dict(sample.first),
        }
    value = report.symbolic_value
    if value is not None and value.verdict != "match":
        found["symbolic_value"] = {"value": value.value, "verdict": value.verdict}
    return found


def symbolic_payload(symbolic: Mapping[str, SymbolicRow] | None) -> dict[str, Any] | None:
    """Return SymPy's derivatives with their values, or None where SymPy was not asked."""
    if symbolic is None:
        return None
    return {name: symbolic_row(row) for name, row in symbolic.items()}
