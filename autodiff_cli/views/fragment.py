"""One film as a piece of HTML that stands alone: formula, point, stepper, picture, table, notes.

All numbers of the first point are in it as text; the script makes them move. Everything is escaped.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from autodiff_cli.errors import visible
from autodiff_cli.formats.mathml import mathml
from autodiff_cli.formats.signs import Rounding
from autodiff_cli.graph.graph import Graph
from autodiff_cli.graph.printer import LATEX, expression, latex_name
from autodiff_cli.graph.printer import number as whole
from autodiff_cli.graph.steps import steps as named_steps
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.views.film import FOLLOWED, Film, data, slider
from autodiff_cli.views.positions import Size
from autodiff_cli.views.trace_table import TraceTable

#: Nodes of a picture; a bigger graph is folded to what stands around the active node.
MOST_BOXES = 150

#: Letters of a picture that stands in the page as it is; a longer one is packed with the script.
STATIC = 10_000

#: Variables whose tangents stand in the picture too, not only in the table.
MOST_DRAWN = 2

#: Nodes of a formula that is written out, and signs of one in LaTeX.
MOST_NODES, LONGEST = 300, 4000


def fragment(
    film: Film, name: str, explanations: Sequence[Explanation] = (), *, address: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the element of a film, and the data that its script reads.

    Args:
        film: the formula at its first point.
        name: of the element, unique in its page.
        explanations: the derivations, of each output.
        address: what its state begins with in the page's address; None keeps it out of there.
    """
    writer = _Writer(film, name)
    read = data(film, writer.titles)
    read["above"], read["below"] = writer.controls(), writer.below(explanations)
    read["picture"] = writer.packed
    return writer.section(address), read


def formulas(graph: Graph) -> Iterator[str]:
    """Yield the named steps and the outputs in LaTeX, or what their size is."""
    size = rf"\text{{a formula of {len(graph) - len(graph.variables):,} operations and constants}}"
    if len(graph) > MOST_NODES:
        yield size
        return
    titles = set(graph.titles)
    lines = [
        f"{latex_name(name)} = {text}"
        for name, text in named_steps(graph, LATEX)
        if name not in titles
    ]
    names = ", ".join(map(latex_name, graph.variables))
    for name, output in zip(graph.functions, graph.outputs, strict=True):
        head = rf"{latex_name(name)}\left({names}\right)" if names else latex_name(name)
        lines.append(f"{head} = {expression(graph, output, LATEX)}")
    yield from lines if sum(map(len, lines)) <= LONGEST else [size]


class _Writer:
    """Writes the parts of one film.

    Args:
        film: the formula at its first point.
        name: of the element.

    Attributes:
        picture: the graph as SVG, "" where it is too big.
        size: its breadth and height in pixels.
    """

    def __init__(self, film: Film, name: str) -> None:
        self.film, self.name, self.graph = film, name, film.graph
        self.report = film.reports[0]
        self.titles = self.graph.functions
        self.followed = self.report.wrt[:FOLLOWED]
        self.picture, self.size = self._picture()
        self.table = TraceTable(film)

    def section(self, address: str | None) -> str:
        """Return the whole element."""
        kept = "" if address is None else f' data-address="{escape(address)}"'
        about = f"Trace of {_text(self.titles[0])}"
        shown = "".join(mathml(text, block=True) for text in formulas(self.graph))
        parts = [
            f'<section class="autodiff-film" id="{self.name}"{kept} aria-label="{about}">',
            '<div class="top">',
            f'<div class="formula" tabindex="0" role="region" aria-label="Formula">{shown}</div>',
            self._answer(),
            "</div>",
            self._at(),
            f'<div class="board">{self._graph()}{self.table.written()}</div>',
            "</section>\n",
        ]
        return "\n".join(parts)

    def _at(self) -> str:
        """Return the point as a line, for paper and where no script runs."""
        if not self.report.at:
            return ""
        shown = ", ".join(f"{name} = {whole(value)}" for name, value in self.report.at.items())
        return f'<p class="at">at {self.table.formula(shown)}</p>'

    def _answer(self) -> str:
        """Return the value of each output, and the gradient of the one that the sweep is from."""
        cells = [
            f'<div class="v"><dt>{mathml(latex_name(title))}</dt>'
            f'<dd data-answer="value {place}">{self._number(one.value)}</dd></div>'
            for place, (title, one) in enumerate(zip(self.titles, self.film.reports, strict=True))
        ]
        for name in self.report.wrt:
            slopes = "".join(
                f'<span data-from="{place}"{" hidden" if place else ""}>{self._slope(title, name)}'
                "</span>"
                for place, title in enumerate(self.titles)
            )
            place = self.graph.variables.index(name)
            number = self._number(self.report.gradient[name])
            cells.append(
                f'<div class="a"><dt>{slopes}</dt>'
                f'<dd data-answer="slope {place}">{number}</dd></div>'
            )
        return f'<dl class="answer">{"".join(cells)}</dl>'

    def _slope(self, title: str, name: str) -> str:
        return mathml(rf"\frac{{\partial {latex_name(title)}}}{{\partial {latex_name(name)}}}")

    def _point(self) -> str:
        """Return a slider and a field for each variable, and which output the sweep is from."""
        rows = []
        for place, variable in enumerate(self.graph.variables):
            at = self.report.at[variable]
            low, high, step = (whole(end) for end in slider(at).values())
            held = "" if variable in self.report.wrt else ' <span class="held">constant</span>'
            identity = f"{self.name}-x{place}"
            rows.append(
                f'<div class="variable" data-variable="{place}">'
                f'<label for="{identity}">{mathml(latex_name(variable))}{held}</label>'
                f'<input type="range" min="{low}" max="{high}" step="{step}" value="{whole(at)}" '
                f'aria-label="{_text(variable)}, slider">'
                f'<input type="text" inputmode="decimal" id="{identity}" value="{whole(at)}" '
                f'aria-label="{_text(variable)}" '
                'autocomplete="off" spellcheck="false"></div>'
            )
        if len(self.titles) > 1:
            options = "".join(
                f'<option value="{place}">{_text(title)}</option>'
                for place, title in enumerate(self.titles)
            )
            rows.append(
                '<label class="of">Reverse sweep of <select class="outputs">'
                f"{options}</select></label>"
            )
        rows.append('<button type="button" class="reset">First point</button>')
        return f'<div class="point live">{"".join(rows)}</div>'

    def _graph(self) -> str:
        """Return the place of the picture; of a big graph, of the nodes around the active one."""
        if not self.picture:
            return '<div class="graph around live"></div>'
        shown, late = self.picture, ""
        if self.packed:  # what comes later has its place already, where a script will bring it
            shown, late = f"{self.picture[: self.picture.index('>') + 1]}</svg>", " late"
        wide, high = self.size
        return (
            f'<div class="graph{late}" {"hidden " if late else ""}tabindex="0" role="region" '
            f'aria-label="Graph" style="--wide:{wide:g}px;--high:{high:g}px">{shown}</div>'
        )

    @property
    def packed(self) -> str:
        """What of the picture comes with the script, because it is long."""
        return self.picture if len(self.picture) > STATIC else ""

    def _picture(self) -> tuple[str, Size]:
        """Return the graph as a picture, or "" where it is too big for one, and its size."""
        if len(self.graph) > MOST_BOXES:
            return "", Size(0.0, 0.0)
        from autodiff_cli.views.boxes import Shown, boxes
        from autodiff_cli.views.svg import svg

        drawn = self.followed if len(self.followed) <= MOST_DRAWN else ()
        steps = [
            step._replace(tangents={name: (step.tangents or {})[name] for name in drawn})
            for step in self.report.steps
        ]
        shown = Shown(
            graph=self.graph, steps=steps, parts=("value", "partial", "tangent", "adjoint"),
            titles=self.titles, number=self._number, moving=True,
        )  # fmt: skip
        picture = boxes(shown)
        return svg(picture, whole=True), Size(picture.width, picture.height)

    def controls(self) -> str:
        """Return what comes with the script: the point, the stepper, sentences, questions."""
        return f"{self._point()}{_STEPPER}{_ASK.format(self.name)}"

    def below(self, explanations: Sequence[Explanation]) -> str:
        """Return a place for notes, and the derivations."""
        found = '<ul class="notes" aria-label="Notes"></ul>'
        if not explanations:
            return found
        from autodiff_cli.formats.html import Mathematical
        from autodiff_cli.views import explain

        stream = io.StringIO()
        out = Mathematical(stream, rounding=Rounding(self.film.digits))
        for explanation in explanations:
            explain.write(out, explanation)
        summary = "<summary>The derivation by the rules of calculus</summary>"
        return (
            f'{found}<details class="derivation">{summary}<div tabindex="0" role="region" '
            f'aria-label="Derivation">{stream.getvalue()}</div></details>'
        )

    def _number(self, value: float) -> str:
        return whole(Rounding(self.film.digits)(value))


def _button(kind: str, sign: str, says: str) -> str:
    return (
        f'<button type="button" class="{kind}" aria-label="{says}" title="{says}">{sign}</button>'
    )


_STEPPER = f"""\
<div class="stepper live" role="group" aria-label="Go through both sweeps">
<div class="buttons">{_button("first", "⇤", "The whole trace")}\
<button type="button" class="back">← Back</button>\
<button type="button" class="next">Next →</button>\
{_button("last", "⇥", "Last step")}<span class="sweeps">\
<button type="button" class="forward">Forward</button>\
<button type="button" class="reverse">Reverse</button></span>\
<button type="button" class="practice" aria-pressed="false">Practice</button></div>
<input type="range" class="scrub" min="0" max="1" value="0" aria-label="Step">
<p class="count"></p>
</div>
<div class="said" role="status" aria-live="polite"></div>"""

_ASK = """\
<form class="ask live" hidden>
<div class="asks"><label class="asked-for" for="{0}-answer"></label><span class="answering">\
<input type="text" id="{0}-answer" autocomplete="off" autocapitalize="off" spellcheck="false">\
<button class="check">Check</button><button type="button" class="hint">Hint</button>\
<button type="button" class="show">Show</button></span></div>
<p class="mark" role="status"></p><p class="solved"></p>
</form>"""


def _text(text: str) -> str:
    return escape(visible(text))
