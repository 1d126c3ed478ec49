"""What a command is asked: the formula and the point that its words describe."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from autodiff_cli.cli.arguments import assignments, suggestion
from autodiff_cli.cli.values import numbers
from autodiff_cli.engine import point
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import Numbers
from autodiff_cli.errors import AutodiffError, VariableError, shortened, visible
from autodiff_cli.files import Data, begin, load
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.parser import Reading, read
from autodiff_cli.language.tokens import variable_name
from autodiff_cli.notes.note import Note

#: `-x` or `-x=4` beside an expression: a variable that lacks a minus.
_DASHED = re.compile(r"-[^\W\d]\w*(=(?!=).*)?\Z", re.DOTALL)


class Request(NamedTuple):
    """What a command is asked: a formula at a point.

    Attributes:
        expressions: the texts as typed.
        reading: the formulas as read, and the remarks on how.
        given: variable → float or list, as typed.
        values: variable → float or array, ready for the engine; empty without a point.
        wrt: the variables to differentiate with respect to.
        data: the file that gave columns of values, or None; of a big file the first block.
        held: variables that are constants.
        rest: reads the other blocks of a big file; None where there are no others.
    """

    expressions: tuple[str, ...]
    reading: Reading
    given: Mapping[str, Numbers]
    values: Mapping[str, Value]
    wrt: tuple[str, ...]
    data: Data | None = None
    held: frozenset[str] = frozenset()
    rest: Iterator[Data] | None = None

    @property
    def expression(self) -> str:
        """The text of the one formula, as typed."""
        return self.expressions[0]

    @property
    def notes(self) -> list[Note]:
        """What to say of the point: columns of the file that the formula has no use for."""
        if self.data is None:
            return []
        taken = self.given.keys()
        left = [
            self.data.title(place)
            for place, name in enumerate(self.data.names)
            if name not in taken
        ]
        if not left:
            return []
        shown = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
        words = "column {} is" if len(left) == 1 else "columns {} are"
        text = f"{words.format(shown)} not used: no variable of the formula has that name"
        return [Note(None, "data", text)]

    @property
    def graph(self) -> Graph:
        """The formula's graph."""
        return self.reading.graph


def read_request(
    expressions: Sequence[str] | None,
    at: Sequence[str] | None,
    const: Sequence[str] | None = None,
    wrt: Sequence[str] | None = None,
    *,
    seed: int | None = None,
    share: bool = True,
    needs_point: bool = True,
    options: Mapping[str, bool] | None = None,
    data: str | None = None,
    several: bool = False,
    partly: bool = False,
    stream: bool = False,
) -> Request:
    """Read the formula and the point of a command; with `several`, the formulas.

    With `partly`, variables may lack a value, and then the point is empty. With `stream`, only the
    first block of a big file is read, unless lists of values go with it.

    Raises:
        AutodiffError: no expression, more than the command takes, or a wrong text, name or value.
    """
    settings = [pair for text in at or () for pair in assignments(text)]
    constants = [pair for text in const or () for pair in assignments(text, bare=True)]
    named = [pair for pair in constants if pair[1]]
    given = _values([*settings, *named], seed, options or {})
    texts = _texts(expressions, list(given), options or {}, several)
    lists = any(isinstance(value, list) for value in given.values())
    table, rest = _table(data, stream and not lists)
    named_there = [name for name in (table.names if table else ()) if name]
    reading = read(texts, (*given, *named_there), share=share)
    graph = reading.graph
    if table is not None:
        columns = _columns(table, graph, given)
        if rest is not None and not columns:
            message = f"{visible(table.path)} has no column that is a variable of the formula"
            raise VariableError(message, mend="rename a column, or leave --data out")
        given |= columns
    values: Mapping[str, Value] = {}
    if given or needs_point or not graph.variables:
        _check_options(graph, given, options or {})
        absent = [name for name in graph.variables if name not in given] if partly else []
        zeros = dict.fromkeys(absent, 0.0)
        bound = point.bind(graph, {**given, **zeros}, giving=partial(_given, options or {}))
        values = {} if absent else bound
    chosen = [_differentiated(name) for names in wrt or () for name in names.split(",")]
    held = frozenset(variable_name(name) for name, _ in constants)
    point.check_wrt(graph.variables, [*chosen, *held])
    asked = tuple(
        name for name in graph.variables if name not in held and (not chosen or name in chosen)
    )
    return Request(texts, reading, given, values, asked, table, held, rest)


def _table(path: str | None, stream: bool) -> tuple[Data | None, Iterator[Data] | None]:
    """Return the file of `--data`, and what reads on where it is big."""
    if path is None:
        return None, None
    return begin(path) if stream else (load(path), None)


def _columns(table: Data, graph: Graph, given: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return the columns that are variables of the formula."""
    for name in table.names:
        if name is not None and name in given:
            raise VariableError(
                f"the variable '{shortened(name)}' has values twice: in {table.path} and as "
                f"--{shortened(name)}",
                mend="leave one of them out",
            )
    missing = [name for name in graph.variables if name not in (*given, *table.names)]
    if missing:
        has = ", ".join(table.title(place) for place in range(min(8, len(table.names))))
        more = ", …" if len(table.names) > 8 else ""
        name = shortened(missing[0])
        raise VariableError(
            f"no value for the variable '{name}': {table.path} has the columns {has}{more}",
            mend=f"rename a column, or write --{name} 4",
        )
    return {name: table.column(place) for name, place in _places(table, graph).items()}


def _places(table: Data, graph: Graph) -> dict[str, int]:
    """Return variable of the formula → its column."""
    places = {name: place for place, name in enumerate(table.names)}
    return {name: places[name] for name in graph.variables if name in places}


def _given(options: Mapping[str, bool], name: str) -> str:
    """Return the words that give a variable its value, one that is named like an option too."""
    return f"--at {name}=4" if f"--{name}" in options else f"--{name} 4"


def _differentiated(text: str) -> str:
    """Return a name of `--wrt`."""
    if not text.strip():
        raise VariableError("--wrt has an empty name", mend="write --wrt x,y")
    return variable_name(text.strip())


def _values(
    settings: Sequence[tuple[str, str]], seed: int | None, options: Mapping[str, bool]
) -> dict[str, Numbers]:
    given: dict[str, Numbers] = {}
    for spelling, text in settings:
        name = variable_name(spelling)
        if name in given:
            message = f"the variable '{shortened(name)}' has two values"
            raise VariableError(message, mend=f"give one; for several points write --{name} 1,2,3")
        try:
            given[name] = numbers(name, text, seed)
        except AutodiffError:
            option = suggestion(name, options)
            if option is None:
                raise
            message = f"there is no option --{shortened(name)}"
            raise AutodiffError(message, mend=f"did you mean {option}?") from None
    return given


def _texts(
    expressions: Sequence[str] | None,
    names: list[str],
    options: Mapping[str, bool],
    several: bool,
) -> tuple[str, ...]:
    """Return the one expression, or the several; from stdin for `-`."""
    if not expressions:
        for name in names:
            option = suggestion(name, options)
            if option:
                raise AutodiffError(f"there is no option --{name}", mend=f"did you mean {option}?")
        raise AutodiffError("no expression", mend='write it in quotes: "x^2 + 3x"')
    if several:
        lines = standard_input().splitlines() if "-" in expressions else []
        read_in = [line.strip() for line in lines if line.strip()]
        texts = [t for text in expressions for t in (read_in if text == "-" else [text])]
        return tuple(texts) or ("",)
    if len(expressions) > 1:
        words = ", ".join(f"'{shortened(word)}'" for word in expressions[:3])
        mend = "put the formula in quotes; a variable named like an option is set by --at NAME=4"
        dashed = next((word for word in expressions if _DASHED.match(word)), None)
        if dashed:
            mend = f"write -{shortened(dashed)} to give a variable its value"
        message = f"one expression is expected, not {len(expressions)}: {words}"
        raise AutodiffError(message, mend=mend)
    if expressions[0] == "-":
        return (standard_input().strip(),)
    return (expressions[0],)


def standard_input() -> str:
    """Return all of stdin, without the mark that some editors put before UTF-8."""
    if sys.stdin is None:
        raise OSError("the standard input is closed")
    return sys.stdin.read().removeprefix("\ufeff")


def _check_options(graph: Graph, given: Mapping[str, Numbers], options: Mapping[str, bool]) -> None:
    """An unknown variable that is close to an option is taken for it."""
    for name in given:
        option = None if name in graph.variables else suggestion(name, options)
        if option:
            message = f"the expression has no variable '{shortened(name)}'"
            raise VariableError(message, mend=f"did you mean the option {option}?")


def single_point(request: Request, command: str) -> None:
    """Refuse several points where a command shows one."""
    for name, value in request.given.items():
        if isinstance(value, list):
            raise VariableError(
                f"{command} shows one point, and {name} has {len(value)} values",
                mend=f"write --{name} {value[0]:g}; grad takes lists",
            )
