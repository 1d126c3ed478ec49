"""SymPy's derivatives in a shorter form too, in a little time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from autodiff_cli.answers.paths import Path
from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic.question import Form, shorter

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client


#: Derivatives that are given in a shorter form too, and CPU seconds for all that without asking.
MOST_FORMS, FORM_SECONDS = 20, 0.5

#: Characters of a derivative that is given in a shorter form too.
LONGEST_FORM = 1000


def tidied_up(
    client: Client | None,
    graph: Graph,
    texts: Mapping[Path, str],
    seconds: float,
    direction: Mapping[str, float] | None = None,
) -> Mapping[Path, Form]:
    """Return path → a shorter form of SymPy's derivative, for those that have one.

    Args:
        client: SymPy's process, or None.
        graph: what was differentiated.
        texts: SymPy's derivatives; "" where there is none.
        seconds: how long SymPy may think; unless it is asked for all means, it is given little.
        direction: what they were further differentiated along, or None.
    """
    if client is None or client.simplify == "off":
        return {}
    short = [path for path, text in texts.items() if 0 < len(text) <= LONGEST_FORM]
    asked = short[:MOST_FORMS]
    least = seconds if client.simplify == "full" else min(seconds, FORM_SECONDS)
    return shorter(client, graph, asked, least, direction=direction)
