"""f'' on a sheet: it is the f' of f', judged by the same rules, with f' as the formula.

It follows where it is the derivative of what the student has for the order before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from autodiff_cli.engine.gradient_graph import gradient_graph
from autodiff_cli.graph.graph import Graph
from autodiff_cli.teach.blame import Blame
from autodiff_cli.teach.handwriting import Statement
from autodiff_cli.teach.naming import Names
from autodiff_cli.teach.neighbourhood import points_to_tell
from autodiff_cli.teach.reckoning import Judged, Reckoning

#: f'' and f''(x), d^2f/dx^2 and d^2/dx^2 f, by one variable.
_PRIMES = re.compile(r"([^\W\d_]\w*)('{2,4})(?:\([^()=]*\))?")
_LEIBNIZ = re.compile(
    r"[d∂]\s*(?:\^|\*\*)?\{?([2-4²³⁴])\}?\s*([^\W\d_]\w*)?\s*/\s*"
    r"(?:\(?\s*[d∂]\s*([^\W\d_]\w*?)\s*\)?)\s*(?:\^|\*\*)?\{?([2-4²³⁴])\}?\s*([^\W\d_]\w*)?"
)
_ORDER = {"²": 2, "³": 3, "⁴": 4}


def order_of(left: str) -> tuple[str, str, int] | None:
    """Return the name, the variable ("" for a prime) and the order of a higher derivative.

    None where a left side is no derivative of order 2, 3 or 4.
    """
    if match := _PRIMES.fullmatch(left.strip()):
        return match[1], "", len(match[2])
    match = _LEIBNIZ.fullmatch(left.strip())
    if match is None or match[1] != match[4]:
        return None
    return match[2] or match[5] or "f", match[3], _ORDER.get(match[1]) or int(match[1])


class Successive:
    """The accounts of the derivatives of a formula, each as a formula of its own.

    Args:
        graph: the formula.
        at: the point; empty where there is none.
        names: what the sheet calls the formula and its variables.
    """

    def __init__(self, graph: Graph, at: Mapping[str, float], names: Names) -> None:
        self.graph, self.at, self.names = graph, at, names
        #: order → the derivative as a formula, and what the student has for it.
        self._right: dict[int, Graph] = {0: graph}
        self._own: dict[int, Graph] = {}

    def take(self, reckoning: Reckoning, one: Statement, judged: Judged, order: int = 1) -> None:
        """Keep what the student has for a derivative that is wrong, where it is a formula."""
        quantity = judged.quantity
        if judged.status != "wrong" or quantity is None or quantity.by is None:
            return
        if quantity.of == reckoning.names.result:
            own = Blame(reckoning, judged, one.left).over_variables()
            if own is not None:
                self._own[order] = own

    def judged(self, one: Statement) -> tuple[Reckoning, Judged, Statement] | None:
        """Judge a statement about a higher derivative.

        Returns:
            the account it was judged in, how it stands, and the statement as that account has it;
            None where it is about none, or not of this formula.
        """
        found = order_of(one.left)
        by = None if found is None else self._variable(found[0], found[1])
        if found is None or by is None:
            return None
        order = found[2]
        said = replace(one, left="f'")
        reckoning, judged = self._in(self._of(order - 1, by), by, said)
        if judged.status == "wrong" and order - 1 in self._own:
            _, follows = self._in(self._own[order - 1], by, said)
            if follows.status == "right":
                judged = replace(judged, status="follows", tainted=True)
        self.take(reckoning, said, judged, order)
        return reckoning, judged, said

    def _variable(self, name: str, by: str) -> str | None:
        if self.names.node(name, bold=True) != self.names.result:
            return None
        if by:
            return by if by in self.graph.variables else None
        place = self.names.by
        return self.graph.variables[place] if place >= 0 else None

    def _of(self, order: int, by: str) -> Graph:
        for known in range(len(self._right), order + 1):
            self._right[known] = gradient_graph(self._right[known - 1], (by,)).select((1,))
        return self._right[order]

    def _in(self, graph: Graph, by: str, one: Statement) -> tuple[Reckoning, Judged]:
        at = dict(zip(graph.variables, one.at, strict=True)) if one.at else self.at
        reckoning = Reckoning(graph, points_to_tell(graph, at), given=bool(at))
        reckoning.names.by = graph.variables.index(by)
        return reckoning, reckoning.judged(one)
