"""Text to graph: a plain formula is read at once, all else statement by statement."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from autodiff_cli.errors import ExpressionError
from autodiff_cli.graph.collection import Uncollected
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.language import mends
from autodiff_cli.language.expression import Parser
from autodiff_cli.language.tokens import WORDS, Apart, Unread, Vocabulary, tokenise

#: A power that may have been meant as a root: x^1/2.
_ROOT = r"\^\s*1\s*/\s*[0-9]+|\*\*\s*1\s*/\s*[0-9]+"


class Reading(NamedTuple):
    """A graph, and what the reader should know of how its text was understood."""

    graph: Graph
    remarks: tuple[str, ...]


def read(
    texts: Sequence[str],
    variables: Collection[str] = (),
    *,
    share: bool = True,
    of: Sequence[str] = (),
) -> Reading:
    """Read expressions into one graph.

    Args:
        texts: one text for each output: an expression, or statements of which the last is it.
        variables: names that are variables even where the language has a constant (`e`).
        share: False keeps equal subexpressions apart.
        of: names of steps that are the outputs, in place of each text's last statement.

    Raises:
        ExpressionError: the text is not an expression; it carries the column and the mend.
        LimitError: the text is beyond a limit of `limits.py`.
    """
    with Uncollected():
        known = WORDS.intersection(variables)
        plain = None if of else _plain(texts, known, share)
        graph, remarks = plain or _more(texts, frozenset(variables), share, of)
        remarks = [*remarks, *(mends.root(m[0]) for text in texts for m in _roots(text))]
        return Reading(graph, tuple(dict.fromkeys(remarks)))


def _roots(text: str) -> Iterable[re.Match[str]]:
    return re.finditer(_ROOT, text) if "/" in text else ()


def _more(
    texts: Sequence[str], variables: frozenset[str], share: bool, of: Sequence[str]
) -> tuple[Graph, list[str]]:
    """Read what is no plain formula; only then is it loaded what reads steps, LaTeX and code."""
    from autodiff_cli.language.statements import read_statements

    return read_statements(texts, variables, share, of)


def _plain(
    texts: Sequence[str], known: frozenset[str], share: bool
) -> tuple[Graph, list[str]] | None:
    """Read texts that are one plain formula each; None where one is more."""
    try:
        try:
            return _formulas(texts, known, share, calls=True)
        except (Apart, ExpressionError):  # where each bracket is a token, its column is known
            return _formulas(texts, known, share, calls=False)
    except Unread:
        return None


def _formulas(
    texts: Sequence[str], known: frozenset[str], share: bool, *, calls: bool
) -> tuple[Graph, list[str]]:
    """Read texts that are one plain formula each; `calls` is as `tokenise` has it."""
    vocabulary = Vocabulary(known)
    rows = [tokenise(text, vocabulary, calls=calls) for text in texts]
    builder = Builder(vocabulary.names, share=share)
    parsers = [
        Parser(text, tokens, builder, calls=calls) for text, tokens in zip(texts, rows, strict=True)
    ]
    outputs = [parser.parse() for parser in parsers]
    return builder.graph(outputs), [remark for parser in parsers for remark in parser.remarks]
