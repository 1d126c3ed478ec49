"""What names in a student's work stand for: values, tangents, adjoints, derivatives by a name.

An expression is read over such quantities: each gets a name that the language cannot split.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from autodiff_cli.errors import AutodiffError
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.adjacent import factors
from autodiff_cli.language.parser import read
from autodiff_cli.ops import FUNCTIONS
from autodiff_cli.teach.quantity import BACK, DIRECTION, Expression, Quantity, Written, key
from autodiff_cli.teach.typed import Typed, typed

#: A letter, and a letter or a digit: raised digits are neither, they are exponents.
_LETTER, _SIGN = r"[^\W\d²³¹⁰⁴-⁹]", r"[^\W²³¹⁰⁴-⁹]"

_NAME = rf"{_LETTER}(?:{_SIGN}|[\u0300-\u036f])*(?:_?\{{\w+\}})?{_SIGN}*"
_D = r"(?:d|∂)\s*"
_OF = rf"({_NAME})(?:\s*\([^()=]*\))?"

_OPERATOR = re.compile(
    rf"{_D}/\s*{_D}({_NAME}?)\s*(?:\(\s*({_NAME})\s*\)|\[\s*({_NAME})\s*\]|\s({_NAME}))"
)
_LEIBNIZ = re.compile(rf"{_D}{_OF}\s*/\s*{_D}({_NAME})")
_WORD = re.compile(rf"(bar|dot|adj|adjoint(?:\s+of)?|tangent(?:\s+of)?)[\s_]*\(?\s*({_NAME})\s*\)?")
_PRIMED = re.compile(
    rf"({_NAME})('+)(?:\(\s*(?:{_NAME}|[\d.]+)(?:\s*,\s*(?:{_NAME}|[\d.]+))*\s*\))?"
)
_PLAIN = re.compile(rf"({_NAME})(\(\s*(?:{_NAME}|[\d.]+)(?:\s*,\s*(?:{_NAME}|[\d.]+))*\s*\))?")
_START = re.compile(rf"(?<!{_LETTER})(?={_LETTER}|∂)")

#: Accents over a letter: a dot, and two kinds of bar.
_DOT, _BARS = "\u0307", "\u0304\u0305"


class Names:
    """What the names of a sheet stand for.

    Args:
        graph: the formula.

    Attributes:
        nodes: name, as `key` has it → the node.
        spelled: node → the name by which the student calls it.
        result: the node of the result.
        own: what the result is called from the start.
        by: what f' is the derivative by: a variable, or DIRECTION; BACK where it is an adjoint.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.result = graph.outputs[0]
        self.by = 0 if len(graph.variables) == 1 else DIRECTION
        self.nodes: dict[str, int] = {}
        self.spelled: dict[int, str] = {}
        self.own = {key(title) for title in graph.titles if title} | {"f"}
        for node, name in (*enumerate(graph.variables), *graph.names.items()):
            self.add(name, node)

    def add(self, name: str, node: int) -> None:
        """Give a node a name; the last one is what the student calls it."""
        self.nodes[key(name)] = node
        self.spelled[node] = name

    def aliases(self) -> set[str]:
        """Return what the result may be called, as far as nothing else has the name."""
        return (self.own | {"y", "z", "L", "F", "J", "E", "loss", "out", "output"}) - set(
            self.nodes
        )

    def node(self, name: str, *, bold: bool = False) -> int | None:
        """Return the node of a name; None where nothing has it yet.

        Args:
            name: the name.
            bold: whether one that the result is often called by stands for the result.
        """
        found = self.nodes.get(key(name))
        if found is None and key(name) in (self.aliases() if bold else self.own):
            return self.result
        return found

    def known(self, name: str) -> bool:
        """Tell whether a name stands for something."""
        return self.node(name) is not None

    def target(self, text: str) -> Written | None:
        """Return what a left side is about; its names need not be known."""
        text = (
            text.strip().strip("()").strip() if text.count("(") != text.count(")") else text.strip()
        )
        found = next(self._written(text, 0, bold=True), None)
        if found is None or found.start or text[found.end :].strip():
            return None
        return found

    def _written(self, text: str, place: int, *, bold: bool = False) -> Iterator[Written]:
        """Yield the quantities of a text; a bold reader takes unknown names for names too."""
        while match := _START.search(text, place):
            found = self._here(text, match.start(), bold=bold)
            if found is not None:
                yield found
                place = found.end
            else:
                name = re.compile(_NAME).match(text, match.start())
                place = name.end() if name else match.start() + 1

    def _here(self, text: str, at: int, *, bold: bool) -> Written | None:
        """Return the quantity that begins at a place."""
        if match := _OPERATOR.match(text, at):
            of = match[2] or match[3] or match[4]
            return Written(of, match[1], False, at, match.end())
        match = _LEIBNIZ.match(text, at)
        if match and (bold or (self.known(match[1]) and self.known(match[2]))):
            return Written(match[1], match[2], False, at, match.end())
        match = _WORD.match(text, at)
        if match and (bold or self.known(match[2])) and not self.known(match[1]):
            back = match[1] in ("bar", "adj") or match[1].startswith("adjoint")
            return Written(
                "" if back else match[2], match[2] if back else "", back, at, match.end()
            )
        match = _PRIMED.match(text, at)
        if match and (bold or self.known(match[1])) and len(match[2]) == 1:
            return Written(match[1], "", False, at, match.end())
        match = _PLAIN.match(text, at)
        return None if match is None else self._plain(match, bold=bold)

    def _plain(self, match: re.Match[str], *, bold: bool) -> Written | None:
        """Return the quantity of a name that has no sign of a derivative after it."""
        name, at, end = match[1], match.start(), match.end(1)
        if any(bar in name for bar in _BARS):
            return Written("", key(name), True, at, end) if bold or self.known(name) else None
        if _DOT in name:
            return Written(key(name), "", False, at, end) if bold or self.known(name) else None
        if self.known(name) and (name not in FUNCTIONS or not match[2]):
            called = match[2] and key(name) not in self.graph.variables
            return Written(name, None, False, at, match.end() if called else end)
        for part, of, by, back in (
            (re.fullmatch(r"(.+?)_?bar", name), "", None, True),
            (re.fullmatch(r"(.+?)_?(?:dot|prime)", name), None, "", False),
            (re.fullmatch(r"[dD](.+)", name), None, "", False),
        ):
            if part and (
                self.known(part[1]) or (bold and re.fullmatch(r"[^\W\d]_?\w?\d*", part[1]))
            ):
                return Written(
                    part[1] if of is None else of, part[1] if by is None else by, back, at, end
                )
        if bold and name not in FUNCTIONS:
            return Written(name, None, False, at, match.end())
        return None

    def quantity(self, written: Written, *, bold: bool = False) -> Quantity | None:
        """Return what a written quantity stands for; None where a name is unknown."""
        of = self.result if written.back else self.node(written.of, bold=bold)
        if of is None:
            return None
        if bold and not written.back and key(written.of) in self.aliases():
            self.own = self.own | {key(written.of)}  # from now on, it is called that
        if written.by is None:
            return Quantity(of)
        if not written.by:
            if self.by == BACK:
                return Quantity(self.result, of, True)
            return Quantity(of, self.by)
        by = self.node(written.by, bold=bold)
        return None if by is None else Quantity(of, by, written.back)

    def expression(self, text: str) -> Expression | None:
        """Read one side of an equation; None where it cannot be read."""
        for tried in _shorter(text):
            found = self._expression(tried)
            if found is not None:
                return found
        return None

    def _expression(self, text: str) -> Expression | None:
        pieces, quantities, spans, place = list[str](), dict[str, Quantity](), list[Any](), 0
        letter = next(k for k in "QUVZXKMHW" if all(k not in name for name in self.nodes))
        for written in self._all(text):
            quantity = self.quantity(written)
            if quantity is None:
                return None
            name = next((n for n, q in quantities.items() if q == quantity), "")
            if not name:
                name = f"{letter}{len(quantities)}"
                quantities[name] = quantity
            before = text[place : written.start]
            glued = before and (before[-1].isalnum() or before[-1] == ")")
            pieces += [before, " " if glued else "", name]
            if re.match(_SIGN, text[written.end : written.end + 1]):
                pieces.append(" ")
            spans.append((quantity, written.start, written.end))
            place = written.end
        pieces.append(text[place:])
        try:
            if not quantities:
                found = typed(text)
                return Expression(text=text, number=found) if isinstance(found, Typed) else None
            graph = read(["".join(pieces)], tuple(quantities)).graph
        except AutodiffError:
            return None
        if not set(graph.variables) <= set(quantities) or len(graph.outputs) != 1:
            return None
        return Expression(text=text, graph=graph, quantities=quantities, spans=tuple(spans))

    def _all(self, text: str) -> Iterator[Written]:
        """Yield the quantities of a side; xy is x times y where only x and y are known."""
        known = {*self.nodes, *self.own}
        place = 0
        for match in re.finditer(rf"(?<!{_LETTER})(?:∂\s*)?{_NAME}", text):
            if match.start() < place:
                continue
            found = self._here(text, match.start(), bold=False)
            if found is not None:
                yield found
                place = found.end
            elif match[0] not in FUNCTIONS and key(match[0]) == match[0]:
                at = match.start()
                for part in factors(match[0], known):
                    if part in known:
                        yield Written(part, None, False, at, at + len(part))
                    at += len(part)


def _shorter(text: str) -> Iterator[str]:
    """Yield a side as it is, then without the remarks and the units that may follow it."""
    yield text
    if re.search(r"\d,\d", text):
        yield re.sub(r"(?<=\d),(?=\d)", ".", text)
    without = re.sub(r"\s*[(\[][^()\[\]]*[^\W\d_]{2}[^()\[\]]*[)\]]\s*$", "", text)
    if without != text:
        yield without
    yield re.sub(r"\s+(?:by|because|since|from|using|as|so)\b.*$", "", text)
    unit = re.fullmatch(
        r"(\s*[+\-]?[\d.,]+(?:e[+\-]?\d+)?)\s*[^\W\d_°]{1,10}(?:[/²³^]\w*)*\.?\s*", text
    )
    if unit:
        yield unit[1]
