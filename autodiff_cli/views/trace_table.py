"""The trace as a table of a page: every number as text, in cells that a script finds again.

Closing tags that HTML has no need of are left out: a page is sent round, and should be small.
"""

from __future__ import annotations

import re
from html import escape

from autodiff_cli.engine.record import Edge, Step
from autodiff_cli.engine.record import formulas as rules
from autodiff_cli.errors import visible
from autodiff_cli.formats.signs import UNICODE, Rounding
from autodiff_cli.graph.printer import TERMINAL, expression
from autodiff_cli.graph.printer import number as whole
from autodiff_cli.ops import WHERE
from autodiff_cli.views.film import FOLLOWED, Film

#: The signs of a power, and the plain ones.
RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(RAISED, "−0123456789")

#: Rows that are drawn at once where a script runs; the others come a moment later.
FIRST = 40

#: Edges of a node whose partials a row lists, and letters of an operation that stands on one line.
MOST_EDGES, BROAD = 12, 60


class TraceTable:
    """Writes the table of one film.

    Args:
        film: the formula at its first point.
    """

    def __init__(self, film: Film) -> None:
        self.film, self.graph, self.report = film, film.graph, film.reports[0]
        self.named = self.graph.named()
        self.nodes = {label: node for node, label in self.named.items()}
        self.followed = self.report.wrt[:FOLLOWED]
        letter = self.graph.letter
        # What is called, or a reference of HTML; a power; a label; another name, of any script.
        self.names = re.compile(
            rf"(&#?\w+;|[^\W\d_]\w*(?=\())|([{RAISED}]+)|\b({letter})(\d+)(?![^\W{RAISED}])"
            rf"|([^\W\d_][^\W{RAISED}]*)"
        )

    def written(self) -> str:
        """Return the trace as a table."""
        letter = self.graph.letter
        heads = [
            f"<th scope=col><i>{letter}</i><sub>i</sub>",
            "<th scope=col>operation",
            "<th scope=col class=v>value",
            "<th scope=col>local partials",
        ]
        for name in self.followed:
            by = f"<span class=by>by {self.formula(name)}</span>"
            shown = f"tangent <i>{UNICODE.tangent(letter)}</i><sub>i</sub>"
            heads.append(f"<th scope=col class=t>{shown}{by if len(self.report.wrt) > 1 else ''}")
        shown = f"adjoint <i>{UNICODE.adjoint(letter)}</i><sub>i</sub>"
        heads.append(f"<th scope=col class=a>{shown}")
        more = len(self.report.wrt) - len(self.followed)
        rows = list(map(self._row, self.report.steps))
        late = "<tbody class=late>" if len(rows) > FIRST else ""
        said = f"<caption>Tangents by {more:,} more variables are left out.</caption>"
        return (
            '<div class="trace" tabindex="0" role="region" aria-label="Trace"><table>'
            f"{said if more else ''}<thead><tr>{''.join(heads)}<tbody>"
            f"{''.join(rows[:FIRST])}{late}{''.join(rows[FIRST:])}</table></div>"
        )

    def _row(self, step: Step) -> str:
        """Return a row; closing tags that HTML has no need of are left out."""
        node, moved = step.node, step.tangents or {}
        name = [step.label, *[self.graph.names[k] for k in (node,) if k in self.graph.names]]
        tangents = "".join(f"<td class=t>{self._number(moved[by])}" for by in self.followed)
        adjoint = "" if step.adjoint is None else self._number(step.adjoint)
        partials = "".join(self._partial(step, edge) for edge in step.edges[:MOST_EDGES])
        if len(step.edges) > MOST_EDGES:
            partials += f"<p>and {len(step.edges) - MOST_EDGES:,} more"
        operation = expression(self.graph, node, TERMINAL, self.named)
        return (
            f"<tr data-of={node}><th scope=row class=m>{self.formula(' = '.join(name))}"
            f'<td class="m{" long" if len(operation) > BROAD else ""}">{self.formula(operation)}'
            f"<td class=v>{self._number(step.value)}"
            f"<td>{partials}{tangents}<td class=a>{adjoint}\n"
        )

    def _partial(self, step: Step, edge: Edge) -> str:
        """Return `∂w3/∂w1 = 2·w1 = 8`; the rule of a branch stands where that branch is taken."""
        if edge.partial is None:
            return ""
        operand, made, rule = self.nodes[edge.operand], edge.formula_graph, ""
        if made is not None and made.dependent[made.outputs[0]]:
            kind = " class=here" if self._branches(step.node, operand) else ""
            rule = f"<span{kind}>{self.formula(edge.formula(TERMINAL))} = </span>"
        left = self.formula(UNICODE.local(step.label, edge.operand))
        return f"<p class=m>{left} = {rule}<b data-by={operand}>{self._number(edge.partial)}</b>"

    def formula(self, text: str) -> str:
        """Return a formula: names in italics, the functions' upright, numbers of labels lowered."""

        def written(found: re.Match[str]) -> str:
            upright, power, label, digits, name = found.groups()
            if power:
                return f"<sup>{power.translate(_PLAIN)}</sup>"
            return upright or (f"<i>{label}</i><sub>{digits}</sub>" if label else f"<i>{name}</i>")

        return self.names.sub(written, _text(text.replace(" - ", " − ")))

    def _branches(self, node: int, operand: int) -> bool:
        """Tell whether the rule of an edge is another one at other points."""
        make = rules(self.graph, node, self.named)[operand]
        return make is not None and WHERE in make().operations

    def _number(self, value: float) -> str:
        return whole(Rounding(self.film.digits)(value))


def _text(text: str) -> str:
    return escape(visible(text))
