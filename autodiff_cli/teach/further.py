"""Derivatives of derivatives: each order derived, rule by rule, from the one before, tidied up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from autodiff_cli.errors import AutodiffError
from autodiff_cli.language.parser import read
from autodiff_cli.teach.derivation import Explanation
from autodiff_cli.teach.explain import explain


def further(
    report: Explanation, at: Mapping[str, float], order: int, *, every: bool = False
) -> Explanation:
    """Return an explanation with the derivations of the orders beyond the first.

    Args:
        report: the derivation by one variable.
        at: variable → number, or empty.
        order: the last order; those after one that is constant are 0, and left out.
        every: as for `explain`.

    Raises:
        AutodiffError: a derivative on the way is too long to be derived.
    """
    found: list[Explanation] = []
    (name,) = report.derivations
    text = report.derivations[name].derivative
    for count in range(2, order + 1):
        made = None if text is None else read([text], report.graph.variables)
        if made is not None:
            titled = replace(made.graph, titles=report.graph.titles)
            varies = [name] if name in titled.variables else []
            here = {name: at[name] for name in titled.variables} if at else {}
            try:
                found.append(explain(made._replace(graph=titled), here, wrt=varies, every=every))
            except AutodiffError:
                made = None
        if made is None:
            raise AutodiffError(
                f"the derivative of order {count - 1} is too long to be derived once more",
                mend=f"write --order {count - 1}; autodiff grad --order gives the numbers",
            )
        if not found[-1].derivations:
            break
        text = found[-1].derivations[name].derivative
    return replace(report, further=tuple(found))
