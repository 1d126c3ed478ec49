"""LaTeX: paragraphs and tables that fit a page of A4, to be input into a text or to stand alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from autodiff_cli.errors import visible
from autodiff_cli.formats.format import Format
from autodiff_cli.formats.grid import Grid
from autodiff_cli.formats.signs import Formula, Rounding, Signs
from autodiff_cli.graph.printer import LATEX, latex_name, latex_number

#: Points of a line of A4 with margins of 25 mm, of a wrapped column, and between two columns.
ROOM, WRAPPED, GAP = 455, 200, 12

#: Points of a letter in a table, roughly, on the broad side.
LETTER = 5.6

#: Rows of a table from which it may go on over the next page.
LONG = 36

#: What prose may have that is a sign of mathematics, or one of TeX's own.
_WORDS = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": "$<$", ">": "$>$", "|": "$|$", "−": "$-$", "·": r"$\cdot$", "×": r"$\times$",
    "∂": r"$\partial$", "…": r"\ldots{}", "≥": r"$\ge$", "≤": r"$\le$", "≠": r"$\ne$",
    "√": r"$\surd$", "–": r"\textendash{}", "—": r"\textemdash{}", "∞": r"$\infty$",
    "′": "$'$", "″": "$''$", "‴": "$'''$",
    "½": r"$\frac12$", "→": r"$\to$", "↑": r"$\uparrow$", "↓": r"$\downarrow$", "⁻": "$^-$",
    "ẇ": r"$\dot{w}$", "\u0304": r"$\bar{\,}$", "é": r"\'e",
    **{char: rf"\{char}" for char in "#$%&_{}"},
    **{char: f"$^{digit}$" for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{char: f"$_{digit}$" for digit, char in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip


def _accented(accent: str, label: str) -> Formula:
    letters = label.rstrip("0123456789")
    number = label[len(letters) :]
    return Formula(rf"\{accent}{{{latex_name(letters)}}}" + (f"_{{{number}}}" if number else ""))


class LatexSigns(Signs):
    """Signs of mathematics in LaTeX."""

    def small(self, value: float) -> Formula:
        """Return an error or a difference with two digits, 0 where there is none."""
        return Formula(latex_number(float(f"{value:.1e}")))

    def tangent(self, label: str) -> Formula:
        """Return the tangent of w3."""
        return _accented("dot", label)

    def adjoint(self, label: str) -> Formula:
        """Return the adjoint of w3."""
        return _accented("bar", label)

    def operator(self, by: str) -> Formula:
        """Return the sign of a partial derivative."""
        return Formula(rf"\partial/\partial {latex_name(by)}")

    def slope(self, of: str, by: str) -> Formula:
        """Return the partial derivative of one name by another."""
        return Formula(rf"\partial {latex_name(of)}/\partial {latex_name(by)}")

    def total(self, of: str, by: str) -> Formula:
        """Return the derivative of one name by another along all paths."""
        return Formula(rf"\mathrm{{d}} {latex_name(of)}/\mathrm{{d}} {latex_name(by)}")

    def standing(self, by: str, inside: str, *, several: bool = False) -> Formula:
        """Return a derivative that is still to be found."""
        sign = r"\partial" if several else "d"
        return Formula(rf"\frac{{{sign}}}{{{sign} {latex_name(by)}}}\left[{inside}\right]")

    def second(self, of: str, x: str, y: str) -> Formula:
        """Return the second derivative."""
        below = rf"\partial {latex_name(x)}"
        below += "^2" if x == y else rf"\,\partial {latex_name(y)}"
        return Formula(rf"\partial^2 {latex_name(of)}/{below}")

    def repeated(self, of: str, by: str, order: int) -> Formula:
        """Return a derivative taken by one variable again and again."""
        if order == 1:
            return self.slope(of, by)
        high = f"^{{{order}}}"
        below = rf"\partial {latex_name(by)}{high}"
        return Formula(rf"\partial{high} {latex_name(of)}/{below}")

    def mixed(self, of: str, path: Sequence[str]) -> Formula:
        """Return a derivative taken by several variables."""
        below = [
            rf"\partial {latex_name(by)}" + (f"^{{{count}}}" if count > 1 else "")
            for by, count in Counter(path).items()
        ]
        whole = rf"\partial^{{{len(path)}}} {latex_name(of)}/"
        return Formula(whole + r"\,".join(below))

    def order(self, of: str, order: int) -> Formula:
        """Return f', f'' and so on."""
        return Formula(f"{of}{chr(39) * order}" if order < 4 else f"{of}^{{({order})}}")

    def product(self, left: str, right: str) -> Formula:
        """Return the product of two things that are called by words."""
        return Formula(rf"\text{{{left}}}{self.times}\text{{{right}}}")

    def component(self, of: str, by: str) -> Formula:
        """Return the component of a vector that belongs to a variable."""
        return Formula(f"{of.replace('Hv', 'H v')}_{{{latex_name(by)}}}")

    def brief(self, text: str) -> str:
        """Return a formula whole: half a command is none."""
        return text


class Latex(Format):
    """Writes an answer as LaTeX; see `Format`.

    Args:
        stream: a text stream.
        rows: rows of a table that are written at most; 0 writes all.
        rounding: what is done to numbers.
        standalone: write a whole document.
    """

    DRAWS = False
    TIKZ = True
    SIGNS = LatexSigns(
        notation=LATEX, plain=False, partial=r"\partial ", times=r" \cdot ", ellipsis=r"\ldots",
        mark="",
    )  # fmt: skip

    def __init__(
        self,
        stream: TextIO,
        *,
        rows: int = 0,
        rounding: Rounding | None = None,
        standalone: bool = False,
    ) -> None:
        super().__init__(stream, rows=rows, rounding=rounding)
        self._standalone = standalone
        self._blocks: list[str] = []
        self._packages = {"amsmath"}

    def line(self, *parts: str) -> None:
        """Write one line, a paragraph of its own."""
        if any(parts):
            text = "".join(map(_part, parts)).strip(" ")
            self._blocks.append(rf"{{\raggedright\noindent {text}\par}}")

    def gap(self) -> None:
        """Leave room between two parts."""
        self._blocks.append(r"\bigskip")

    def paragraph(self, *parts: str, hanging: int = 2) -> None:
        """Write words; TeX wraps them."""
        self.line(*parts)

    def figure(self, lines: Sequence[str]) -> None:
        """Write a drawing of characters as it is."""
        text = "\n".join(visible(line) for line in lines).replace(r"\end", r"\ end")
        self._blocks.append(f"\\begin{{verbatim}}\n{text}\n\\end{{verbatim}}")

    def tikz(self, text: str) -> None:
        """Write a picture, an environment of TikZ."""
        self._packages.add("tikz")
        self._blocks.append(text)

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write a list of headings with their texts."""
        items = [rf"\item[{_part(heading)}] {_part(text)}" for heading, text in rows]
        self._blocks.append("\\begin{description}\n" + "\n".join(items) + "\n\\end{description}")

    def fits(self, grid: Grid) -> bool:
        """Tell whether a table is no broader than a page of A4."""
        return len(_parts(grid, _breadths(grid))) == 1

    def table(self, grid: Grid) -> None:
        """Write a table; where it is broader than the page, as several, each with column one."""
        if grid.skipped:
            blank = ("",) * (len(grid.headings) - 1)
            rows = list(grid.rows)
            rows.insert(grid.skipped[0], (Formula(r"\vdots"), *blank))
            grid = grid._replace(rows=tuple(rows))
        breadths = _breadths(grid)
        for places in _parts(grid, breadths):
            self._blocks.append(self._tabular(grid, places, breadths))
        if grid.columns:
            self.line(f"… {grid.columns}")

    def _tabular(self, grid: Grid, places: Sequence[int], breadths: Sequence[float]) -> str:
        wrapping = {k for k in places if breadths[k] > WRAPPED and k in grid.left}
        if wrapping:
            self._packages.add("array")
        kinds = {k: "l" if k in grid.left else "r" for k in places}
        kinds |= dict.fromkeys(wrapping, rf">{{\raggedright\arraybackslash}}p{{{WRAPPED}pt}}")

        def row(cells: Sequence[str]) -> str:
            return " & ".join(_cell(cells[k], wraps=k in wrapping) for k in places)

        kind = "longtable" if len(grid.rows) > LONG else "tabular"
        if kind == "longtable":
            self._packages.add("longtable")
        body = [row(cells) + r" \\" for cells in grid.rows]
        lines = [rf"\begin{{{kind}}}{{{''.join(kinds.values())}}}", r"\hline"]
        lines.append(row(grid.headings) + r" \\ \hline")
        lines += [r"\endhead"] if kind == "longtable" else []
        text = "\n".join([*lines, *body, r"\hline", rf"\end{{{kind}}}"])
        return text if kind == "longtable" else f"\\noindent\n{text}"

    def end(self) -> None:
        """Write everything: what it needs is known now."""
        packages = ", ".join(sorted(self._packages))
        body = "\n\n".join(self._blocks)
        head = [f"% needs \\usepackage{{{packages}}}"]
        if any(not line.isascii() for line in body.splitlines()):
            head.append("% letters beyond English and Greek: compile with XeLaTeX or LuaLaTeX")
        text = "\n".join([*head, r"\begingroup\renewcommand{\arraystretch}{1.25}", body])
        text += "\n\\endgroup\n"
        if self._standalone:
            text = (
                "\\documentclass[a4paper]{article}\n\\usepackage[margin=25mm]{geometry}\n"
                f"\\usepackage{{{packages}}}\n\\setlength{{\\parskip}}{{0.5\\baselineskip}}\n"
                f"\\begin{{document}}\n{text}\\end{{document}}\n"
            )
        self.stream.write(text)


def words(text: str) -> str:
    """Return prose as TeX reads it."""
    written = "".join(
        _WORDS.get(char) or (rf"${latex_name(char)}$" if _is_greek(char) else char)
        for char in visible(text)
    )
    return written.replace("$$", "").replace("--", "-{}-")


def _is_greek(char: str) -> bool:
    return "Ͱ" <= char <= "Ͽ" and latex_name(char) != char


def _part(text: str) -> str:
    return f"${text}$" if isinstance(text, Formula) and text else words(text)


def _cell(text: str, *, wraps: bool) -> str:
    """Return a cell; where its column wraps, formulas may be broken at their equals signs."""
    lines = text.split("\n") if text else []
    if not isinstance(text, Formula):
        return r"\newline ".join(map(words, lines)) if wraps else words("; ".join(lines))
    if wraps:
        return r"\newline ".join(f"${'$ ${}= '.join(_sides(line))}$" for line in lines)
    if len(lines) < 2:
        return f"${text}$" if text else ""
    body = r" \\ ".join(lines)
    return rf"$\begin{{array}}{{@{{}}l@{{}}}} {body} \end{{array}}$"


def _sides(formula: str) -> list[str]:
    """Split a formula at the equals signs that stand in no bracket."""
    sides, start, depth = [], 0, 0
    for found in re.finditer(r"\\(begin|left|end|right)\b|\\.|[{}]| = ", formula):
        mark = found[0]
        if mark in ("{", r"\begin", r"\left"):
            depth += 1
        elif mark in ("}", r"\end", r"\right"):
            depth -= 1
        elif mark == " = " and not depth:
            sides.append(formula[start : found.start()])
            start = found.end()
    return [*sides, formula[start:]]


def _breadth(text: str) -> float:
    """Return about how many points a cell takes, on the broad side."""

    def letters(line: str) -> int:
        line = re.sub(r"\\(text|mathrm|operatorname|mathit)\b", "", line)
        line = re.sub(r"\\(left|right|,|;)", "", line)
        line = re.sub(r"\\(sin|cos|tan|log|exp|sinh|cosh|tanh|max|min)\b", "xxx", line)
        line = re.sub(r"\\[a-zA-Z]+", "x", line)
        return len(re.sub(r"[{}^_$ ]", "", line)) + line.count(" = ") + line.count(" + ")

    return LETTER * max(map(letters, text.split("\n")), default=0)


def _breadths(grid: Grid) -> list[float]:
    rows = (grid.headings, *grid.rows)
    return [max(_breadth(row[k]) for row in rows) for k in range(len(grid.headings))]


def _parts(grid: Grid, breadths: Sequence[float]) -> list[list[int]]:
    """Return the columns of each table: all in one where they fit."""

    def breadth(places: Sequence[int]) -> float:
        taken = [min(breadths[k], WRAPPED) if k in grid.left else breadths[k] for k in places]
        return sum(taken) + GAP * len(taken)

    found, places = [], [0]
    for place in range(1, len(grid.headings)):
        if len(places) > 1 and breadth([*places, place]) > ROOM:
            found.append(places)
            places = [0]
        places.append(place)
    return [*found, places]
