"""A derivation as a teacher writes it: the rule, the line that it gives, the machine beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autodiff_cli.engine.record import Step as Recorded
from autodiff_cli.errors import width
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import PLAIN, Formula, Signs
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.ops.row import OPERANDS, Kink, words
from autodiff_cli.teach.explain import Beside, Derivation, Explanation, Step
from autodiff_cli.views import trace
from autodiff_cli.views.head import function, notes_payload, write_head, write_notes

#: As a trace has them.
DIGITS = trace.DIGITS

#: Letters of the inner function, of which the first that no name of the formula is serves.
INNER = ("u", "v", "t", "s", "z", "q")

#: Signs of program text, for `--json`.
_PROGRAM = replace(PLAIN, notation=PROGRAM)


class Book:
    """Prints the lines of one derivation.

    Args:
        graph: the formula.
        derivation: its derivation by one variable.
        signs: how formulas are written.
    """

    def __init__(self, graph: Graph, derivation: Derivation, signs: Signs) -> None:
        self.graph, self.derivation, self.signs = graph, derivation, signs
        taken = {*graph.variables, *graph.names.values()}
        self.letter = next((letter for letter in INNER if letter not in taken), "u_1")
        name = signs.notation.name
        self._steps = {node: name(text) for node, text in graph.names.items()}
        lines = {node: name(text) for node, text in derivation.book.names.items()}
        for place, node in derivation.standing.items():
            lines[place] = self.standing(self.called(node))
        self._lines = lines

    def part(self, node: int) -> str:
        """Return a part of the formula."""
        return expression(self.graph, node, self.signs.notation, self._steps)

    def called(self, node: int) -> str:
        """Return a part of the formula, by its name where it has one."""
        return self._steps.get(node) or self.part(node)

    def standing(self, inside: str) -> str:
        """Return a derivative that stands."""
        several = len(self.graph.variables) > 1 and self.signs is not _PROGRAM
        return self.signs.standing(self.derivation.variable, inside, several=several)

    def line(self, node: int) -> str:
        """Return a line, with the derivatives that still stand in it."""
        if node in self._lines:
            return self._lines[node]
        return expression(self.derivation.book, node, self.signs.notation, self._lines)

    def outer(self, step: Step) -> Formula:
        """Return the outer function of the chain rule, over u."""
        assert step.inner is not None
        names = {**self._steps, step.inner: self.signs.notation.name(self.letter)}
        return self.signs.formula(expression(self.graph, step.node, self.signs.notation, names))

    def inner(self, step: Step) -> Formula:
        """Return the inner function of the chain rule."""
        assert step.inner is not None
        return self.signs.formula(self.called(step.inner))


def write(out: Format, report: Explanation) -> None:
    """Write the derivations, each with the machine's numbers, and how the result is tidied up."""
    write_head(out, report.graph, report.at)
    for name, derivation in report.derivations.items():
        out.line()
        if len(report.derivations) > 1:
            out.line("by ", out.signs.name(name), ":")
        _derivation(out, report, derivation)
    write_notes(out, report.notes)
    if report.beside is not None and report.most is None:
        out.stream.flush()  # SymPy comes after: a derivation does not wait for it
        _beside(out, report, report.beside())


def _derivation(out: Format, report: Explanation, derivation: Derivation) -> None:
    book = Book(report.graph, derivation, out.signs)
    recorded = _recorded(report)
    left = report.most
    for step in derivation.listed():
        if left is not None and step.same_as is None:
            if not left:
                if report.hint:
                    out.paragraph(f"the next rule: {said(step)}")
                return
            left -= 1
        _step(out, book, step, recorded.get(step.node))
    if report.hint and report.most is not None:
        out.paragraph("no rule is left: what remains is algebra")
        return
    if report.most is None:
        _result(out, report, derivation, book)


def said(step: Step) -> str:
    """Return a rule's name, that of the outer function's rule with it."""
    return f"{step.rule}, with the {step.law}" if step.law else step.rule


def _step(out: Format, book: Book, step: Step, recorded: Recorded | None) -> None:
    if step.same_as is not None:
        out.paragraph("   ", out.signs.formula(book.standing(book.called(step.node))),
                      f": as in step {step.same_as}")  # fmt: skip
        return
    name = f"{step.number}. {said(step)}"
    if step.node in book.graph.names:
        named = f"{book.called(step.node)} = {book.part(step.node)}"
        out.paragraph("   step ", out.signs.formula(named), hanging=5)
    if step.inner is not None:
        letter = out.signs.name(book.letter)
        inner = out.signs.formula(f"{letter} = {book.inner(step)}")
        out.paragraph(name, ": outer ", book.outer(step), ", inner ", inner, hanging=3)
    elif step.logarithm is not None:
        whole = out.signs.formula(f"ln(f) = {book.line(step.logarithm)}")
        out.paragraph(name, ": ", whole, ", and f′ is f times its derivative", hanging=3)
    else:
        out.paragraph(name, hanging=3)
    _equation(out, "   ", book.standing(book.called(step.node)), book.line(step.after))
    if recorded is not None:
        _machine(out, recorded, book)
    for kink in step.kinks:
        _kink(out, book, step, kink)


def _equation(out: Format, lead: str, left: str, right: str) -> None:
    """Write an equation, on two lines where one would be broken inside a bracket."""
    signs = out.signs
    if signs.notation.latex or width(f"{lead}{left} = {right}") <= out.columns:
        out.paragraph(lead, signs.formula(f"{left} = {right}"), hanging=5)
        return
    out.paragraph(lead, signs.formula(left), hanging=5)
    out.paragraph("   ", signs.formula(f"= {right}"), hanging=5)


def _kink(out: Format, book: Book, step: Step, kink: Kink) -> None:
    """Write where a slope is a convention: over a, b, c, as the table has it, and what they are."""
    where = words(kink.text or kink.condition)
    operands = book.graph.operands[step.node]
    labels = {letter: book.part(node) for letter, node in zip(OPERANDS, operands, strict=False)}
    known = {**labels, "y": book.part(step.node)}
    means = ", ".join(
        f"{letter} is {text}"
        for letter, text in known.items()
        if re.search(rf"\b{letter}\b", where)
    )
    kind = kink.kind.replace("-", " ")
    said = kink.slope.format(**labels)
    out.paragraph(f"   {kind} where {where} ({means}): {said}", hanging=5)


def _machine(out: Format, recorded: Recorded, book: Book) -> None:
    """Write the node, its partials and its tangent: what the machine has for the same line."""
    signs = out.signs
    moving = {label for k, label in book.graph.named().items() if k in book.derivation.active}
    parts = [
        f"{signs.local(recorded.label, edge.operand)} = {signs.number(edge.partial)}"
        for edge in recorded.edges
        if edge.partial is not None and edge.operand in moving
    ]
    moved = (recorded.tangents or {})[book.derivation.variable]
    parts.append(f"{signs.tangent(recorded.label)} = {signs.number(moved)}")
    out.paragraph("   machine, ", signs.label(recorded.label), ": ",
                  signs.formula(", ".join(trace.elided(parts, signs))), hanging=5)  # fmt: skip


def _result(out: Format, report: Explanation, derivation: Derivation, book: Book) -> None:
    out.line()
    left = _left(report, derivation, out.signs)
    put, *tidied = derivation.tidy
    _equation(out, "together: ", left, book.line(put))
    for node in tidied:
        _equation(out, "tidied up: ", left, book.line(node))
    if derivation.value is not None:
        _equation(out, "at the point: ", left, out.signs.number(derivation.value))


def _left(report: Explanation, derivation: Derivation, signs: Signs) -> str:
    """Return what the result is called: f′(x), or ∂f/∂x."""
    if len(report.graph.variables) == 1:
        return function(report.graph, signs, signs.order("f", 1))
    return signs.slope("f", derivation.variable)


def _beside(out: Format, report: Explanation, found: Mapping[str, Beside]) -> None:
    """Write SymPy's derivatives, and that both are equal."""
    out.line()
    for name, row in found.items():
        by = f"by {name} " if len(found) > 1 else ""
        if not row.text:
            out.paragraph(f"note (skipped): symbolic side skipped: {row.reason}")
            return
        text = row.latex if out.signs.notation.latex and row.latex else row.text.replace("**", "^")
        verdicts = {
            True: f"both are equal, checked at {row.points} points",
            False: "the two are not equal at all points that were tried",
            None: "no point was found at which both have a value",
        }
        out.paragraph(f"SymPy has {by}", out.signs.formula(text), f": {verdicts[row.equal]}")


def _recorded(report: Explanation) -> dict[int, Recorded]:
    """Return node → its row of the trace; nothing without a point."""
    return {step.node: step for step in report.recorded.steps} if report.recorded else {}


def payload(report: Explanation) -> dict[str, Any]:
    """Return `autodiff.explain/1`."""
    found = report.beside() if report.beside is not None and report.most is None else {}
    return {
        "schema": "autodiff.explain/1",
        "expression": report.expression or str(report.graph),
        "wrt": list(report.derivations),
        "at": dict(report.at) or None,
        "derivations": {
            name: _payload(report, derivation, found.get(name))
            for name, derivation in report.derivations.items()
        },
        "notes": notes_payload(report.notes),
    }


def _payload(report: Explanation, derivation: Derivation, beside: Beside | None) -> dict[str, Any]:
    book = Book(report.graph, derivation, _PROGRAM)
    labels, recorded = report.graph.labels(), _recorded(report)
    moving = {labels[k] for k in derivation.active}
    made: dict[int, dict[str, Any]] = {}
    listed = list(_first(derivation, report.most))
    kept = {id(step) for step in listed}
    for step in reversed(listed):  # substeps come after the step that needs them
        row = recorded.get(step.node)
        partials = [
            edge.partial
            for edge in (row.edges if row else ())
            if edge.partial is not None and edge.operand in moving
        ]
        made[id(step)] = {
            "rule": step.rule,
            "law": step.law or None,
            "node": labels[step.node] or None,
            "before": book.part(step.node),
            "after": book.line(step.after),
            "outer": None if step.inner is None else book.outer(step),
            "inner": _inner(book, step),
            "partial": partials[0] if len(partials) == 1 else None,
            "tangent": (row.tangents or {})[derivation.variable] if row else None,
            "same_as": step.same_as,
            "kinks": [kink.said() for kink in step.kinks],
            "substeps": [made[id(below)] for below in step.substeps if id(below) in kept],
        }
    answer: dict[str, Any] = {
        "steps": [made[id(step)] for step in derivation.steps if id(step) in kept]
    }
    if report.most is not None:
        left = [step for step in derivation.listed() if step.same_as is None][report.most :]
        return answer | {"next": said(left[0]) if left else None}
    return answer | {
        "tidy": [book.line(node) for node in derivation.tidy],
        "derivative": derivation.derivative,
        "value": derivation.value,
        "equals_symbolic": beside.equal if beside else None,
    }


def _inner(book: Book, step: Step) -> str | None:
    """Return the inner function; of logarithmic differentiation, what e^u has for its u."""
    if step.logarithm is not None:
        return book.line(step.logarithm)
    return None if step.inner is None else book.inner(step)


def _first(derivation: Derivation, most: int | None) -> Iterator[Step]:
    """Yield the first lines of a derivation, or all."""
    left = most
    for step in derivation.listed():
        if left is not None and step.same_as is None:
            if not left:
                return
            left -= 1
        yield step
