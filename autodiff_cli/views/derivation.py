"""The lines of a derivation as text, and as data: what `--json` and CSV have of each step."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autodiff_cli.engine.record import Step as Recorded
from autodiff_cli.formats.csv import Csv
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import PLAIN, Formula, Signs
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.printer import PROGRAM, expression
from autodiff_cli.ops import find
from autodiff_cli.teach.derivation import Beside, Derivation, Explanation, Step
from autodiff_cli.views.head import notes_payload

#: Letters of the inner function, of which the first that no name of the formula is serves.
INNER = ("u", "v", "t", "s", "z", "q")

#: Columns of a table of the steps.
_COLUMNS = ("step", "rule", "law", "node", "before", "after", "partial", "tangent", "same_as")

#: Signs of program text.
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
        several = len(self.graph.variables) > 1 or bool(self.derivation.stretch.held)
        several = several and self.signs is not _PROGRAM
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

    @property
    def logarithm(self) -> Formula:
        """The logarithm of u, as the notation has it."""
        builder = Builder((self.letter,))
        graph = builder.graph([builder.apply(find("ln", 1), (0,))])
        return self.signs.formula(expression(graph, graph.outputs[0], self.signs.notation))

    def inner(self, step: Step) -> Formula:
        """Return the inner function of the chain rule."""
        assert step.inner is not None
        return self.signs.formula(self.called(step.inner))


def said(step: Step) -> str:
    """Return a rule's name, that of the outer function's rule with it."""
    if not step.law:
        return step.rule
    article = "" if step.law.endswith("functions") else "the "
    return f"{step.rule}, with {article}{step.law}"


def recorded_rows(report: Explanation) -> dict[int, Recorded]:
    """Return node → its row of the trace; nothing without a point."""
    return {step.node: step for step in report.recorded.steps} if report.recorded else {}


def table(report: Explanation, signs: Signs) -> str:
    """Return the lines as CSV: the rule, before and after, the machine's numbers.

    Args:
        report: the derivations.
        signs: those of the screen, of which a table for other programs has no use.
    """
    found: list[tuple[str, ...]] = []
    for derivation in report.read:
        lines = _described(report, derivation)
        for step in _first(derivation, report.most):
            cells = [lines[id(step)][key] for key in _COLUMNS]
            found.append(
                (derivation.variable, *["" if cell is None else str(cell) for cell in cells])
            )
    stream = io.StringIO()
    Csv(stream).table(Grid(("by", *_COLUMNS), tuple(found)))
    return stream.getvalue()


def payload(report: Explanation) -> dict[str, Any]:
    """Return `autodiff.explain/1`."""
    found = report.beside() if report.beside is not None and report.most is None else {}
    derivations = {
        name: _payload(report, derivation, found.get((name,)))
        for name, derivation in report.derivations.items()
    }
    if report.most is None:
        for order, deeper in enumerate(report.further, 2):
            (name,) = report.derivations
            for derivation in deeper.derivations.values():
                line = _payload(deeper, derivation, found.get((name,) * order))
                line = {"order": order, "expression": str(deeper.graph), **line}
                derivations[name].setdefault("orders", []).append(line)
    return {
        "schema": "autodiff.explain/1",
        "expression": report.expression or str(report.graph),
        "wrt": list(report.derivations),
        "at": dict(report.at) or None,
        "derivations": derivations,
        **_paths(report),
        "notes": notes_payload(report.notes),
    }


def _paths(report: Explanation) -> dict[str, Any]:
    """Return the derivatives of named steps, and what they add up to, where some are named."""
    if not report.pieces or report.most is not None:
        return {}
    names = {**report.graph.names, report.graph.outputs[0]: report.graph.called}

    def term(piece: Derivation) -> dict[str, Any]:
        local = {"derivative": piece.derivative, "value": piece.value}
        return {"through": names[piece.stretch.root], **local}

    return {
        "pieces": [
            {"of": names[piece.stretch.root], "by": piece.variable} | _payload(report, piece, None)
            for piece in report.pieces
        ],
        "totals": [
            {
                "by": total.stretch.name,
                "sum": [term(piece) for piece in total.pieces],
                "derivative": total.derivative,
                "value": total.value,
            }
            for total in report.totals
        ],
    }


def _described(report: Explanation, derivation: Derivation) -> dict[int, dict[str, Any]]:
    """Return the id of a step → what is said of it, but for its substeps, in program text."""
    book = Book(report.graph, derivation, _PROGRAM)
    labels, recorded = report.graph.labels(), recorded_rows(report)
    moving = {labels[k] for k in derivation.active}
    along = not derivation.stretch.held  # a tangent is along all paths
    found: dict[int, dict[str, Any]] = {}
    for step in _first(derivation, report.most):
        row = recorded.get(step.node)
        partials = [
            edge.partial
            for edge in (row.edges if row else ())
            if edge.partial is not None and edge.operand in moving
        ]
        found[id(step)] = {
            "step": step.number or None,
            "rule": step.rule,
            "law": step.law or None,
            "node": labels[step.node] or None,
            "before": book.part(step.node),
            "after": book.line(step.after),
            "outer": None if step.inner is None else book.outer(step),
            "inner": _inner(book, step),
            "partial": partials[0] if len(partials) == 1 else None,
            "tangent": (row.tangents or {})[derivation.variable] if row and along else None,
            "same_as": step.same_as,
            "kinks": [kink.said() for kink in step.kinks],
        }
    return found


def _payload(report: Explanation, derivation: Derivation, beside: Beside | None) -> dict[str, Any]:
    book = Book(report.graph, derivation, _PROGRAM)
    made = _described(report, derivation)
    for step in reversed(list(_first(derivation, report.most))):  # substeps come after their step
        below = [made[id(part)] for part in step.substeps if id(part) in made]
        made[id(step)]["substeps"] = below
    answer: dict[str, Any] = {
        "steps": [made[id(step)] for step in derivation.steps if id(step) in made]
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
