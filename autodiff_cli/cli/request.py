"""What a command is asked: the formula and the point that its words describe."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from autodiff_cli.cli.arguments import assignments, suggestion
from autodiff_cli.cli.greek import spellings
from autodiff_cli.cli.options import Active, Counting, Formula, Several, Table, Values
from autodiff_cli.cli.session import Session
from autodiff_cli.cli.values import numbers
from autodiff_cli.engine import point
from autodiff_cli.engine.linearise import Value
from autodiff_cli.engine.point import Numbers
from autodiff_cli.errors import AutodiffError, VariableError, named, shortened, visible
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language import adjacent
from autodiff_cli.language.parser import Reading, read
from autodiff_cli.language.tokens import variable_name
from autodiff_cli.notes.note import Note

#: A sign of a statement that is no comparison.
_NAMES_A_STEP = r"(?<![<>=!])=(?!=)"
if TYPE_CHECKING:
    from autodiff_cli.files.blockwise import LeftOut
    from autodiff_cli.files.pieces import Piece
    from autodiff_cli.files.table import Data

#: `-x` or `-x=4` beside an expression: a variable that lacks a minus.
_DASHED = r"(?s)-[^\W\d]\w*(=(?!=).*)?\Z"


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
        left: the rows of the file that were left out so far; None where none may be.
        pieces: the files of the data.
    """

    expressions: tuple[str, ...]
    reading: Reading
    given: Mapping[str, Numbers]
    values: Mapping[str, Value]
    wrt: tuple[str, ...]
    data: Data | None = None
    held: frozenset[str] = frozenset()
    rest: Iterator[Data] | None = None
    left: LeftOut | None = None
    pieces: tuple[Piece, ...] = ()

    @property
    def expression(self) -> str:
        """The text of the one formula, as typed."""
        return self.expressions[0]

    @property
    def notes(self) -> list[Note]:
        """What to say of the point: columns that the formula has no use for, rows left out."""
        if self.data is None:
            return []
        gaps = [] if self.left is None or not self.left.rows else [self.left.said()]
        return [Note(None, "data", text) for text in [*self._unused(self.data), *gaps]]

    def _unused(self, data: Data) -> list[str]:
        taken = self.given.keys()
        left = [data.title(place) for place, name in enumerate(data.names) if name not in taken]
        if not left:
            return []
        shown = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
        words = "column {} is" if len(left) == 1 else "columns {} are"
        text = f"{words.format(shown)} not used: no variable of the formula has that name"
        return [text]

    @property
    def readings(self) -> list[Note]:
        """How the text was read, where that may surprise."""
        return [Note(None, "reading", remark) for remark in self.reading.remarks]

    @property
    def graph(self) -> Graph:
        """The formula's graph."""
        return self.reading.graph


def read_request(
    session: Session,
    formula: Formula | Several | Counting,
    values: Values | None = None,
    active: Active | None = None,
    table: Table | None = None,
    *,
    needs_point: bool = True,
    partly: bool = False,
    stream: bool = False,
    among: Sequence[Piece] = (),
) -> Request:
    """Read the formula and the point of a command; of `Several`, the formulas.

    Args:
        session: the run of the program, whose options are no variables.
        formula: the formula, or several.
        values: the values of variables; None where the command takes none.
        active: what is differentiated by, likewise.
        table: a file of values, likewise.
        needs_point: whether every variable needs a value.
        partly: whether variables may lack a value, and then the point is empty.
        stream: whether only the first block of a big file is read, unless lists go with it.
        among: the files of the data where they are known, of which the first one is read.

    Raises:
        AutodiffError: no expression, more than the command takes, or a wrong text, name or value.
    """
    values, active = values or Values(), active or Active()
    settings = [pair for text in values.at or () for pair in assignments(text)]
    constants = [pair for text in active.const or () for pair in assignments(text, bare=True)]
    given = _values(session, [*settings, *[pair for pair in constants if pair[1]]], values)
    texts = _texts(session, formula, list(given))
    lists = any(isinstance(value, list) for value in given.values())
    pieces, data, rest = _table(session, table, stream and not lists, among)
    named_there = [name for name in (data.names if data else ()) if name]
    of = [name.strip() for name in (getattr(formula, "of", None) or "").split(",") if name.strip()]
    reading = read(texts, (*given, *named_there), share=not formula.no_share, of=of)
    if formula.letter is not None:
        reading = reading._replace(graph=reading.graph.lettered(formula.letter))
    graph = reading.graph
    if of:
        texts = tuple(of)
    elif not given and not needs_point:
        reading = reading._replace(remarks=(*reading.remarks, *adjacent.remarks(graph.variables)))
    spelled = spellings(graph.variables)
    meant = {latin: name for name, latin in spelled.items() if name not in given}
    given = {meant.get(name, name): value for name, value in given.items()}
    _refuse_steps(graph, given)
    left: LeftOut | None = None
    if data is not None:
        if table is not None and table.na == "skip":
            data, rest, left = _complete(data, rest, graph)
        columns = _columns(session, data, graph, given)
        if rest is not None and not columns:
            message = f"{named(data.path)} has no column that is a variable of the formula"
            raise VariableError(message, mend="rename a column, or leave --data out")
        given |= columns
    bound: Mapping[str, Value] = {}
    if given or needs_point or not graph.variables:
        known = frozenset(graph.variables)
        for name in given:
            if name not in known:
                _refuse_option(session, name, f"the expression has no variable '{shortened(name)}'")
        absent = [name for name in graph.variables if name not in given] if partly else []
        zeros = dict.fromkeys(absent, 0.0)

        def giving(name: str) -> str:
            return setting(session.options, spelled.get(name, name))

        whole = point.bind(graph, {**given, **zeros}, giving=giving)
        bound = {} if absent else whole
    chosen = [_differentiated(name) for names in active.wrt or () for name in names.split(",")]
    chosen = [meant.get(name, name) for name in chosen]
    labels = [variable_name(name) for name, _ in constants]
    held = frozenset(meant.get(name, name) for name in labels)
    point.check_wrt(graph.variables, [*chosen, *held])
    wanted = frozenset(chosen or graph.variables)
    asked = tuple([name for name in graph.variables if name in wanted and name not in held])
    return Request(texts, reading, given, bound, asked, data, held, rest, left, pieces)


def _table(
    session: Session, table: Table | None, stream: bool, among: Sequence[Piece]
) -> tuple[tuple[Piece, ...], Data | None, Iterator[Data] | None]:
    """Return the files of `--data` and their rows, or of many the first block and the reader."""
    if table is None or table == Table():
        return (), None, None
    from autodiff_cli.files.blockwise import begin, load

    if among:
        return (*among,), *begin(among[:1])
    from autodiff_cli.files.dialect import read_dialect
    from autodiff_cli.files.pieces import pieces

    dialect = read_dialect(table.delimiter, table.decimal)
    if not table.data:
        given = table._asdict()
        name = next(name for name in ("delimiter", "decimal", "na") if given[name] is not None)
        raise AutodiffError(f"--{name} is for --data", mend="give a file, or leave it out")
    found = pieces(table.data, dialect, session.reach)
    data, rest = begin(found) if stream else (load(found), None)
    return found, data, rest


def _complete(
    data: Data, rest: Iterator[Data] | None, graph: Graph
) -> tuple[Data, Iterator[Data] | None, LeftOut]:
    """Return a file without the rows that lack a number which is read, and their count."""
    from autodiff_cli.files.blockwise import LeftOut, complete

    left = LeftOut()
    blocks = complete(chain([data], rest or ()), graph.variables, left)
    first = next(blocks, None)
    if first is None:
        message = f"every row of {named(data.path)} lacks a number that the formula reads"
        raise AutodiffError(message, mend="give it a row with all of them")
    return first, blocks if rest is not None else None, left


def _columns(
    session: Session, table: Data, graph: Graph, given: Mapping[str, Numbers]
) -> dict[str, Numbers]:
    """Return the columns that are variables of the formula."""
    for name in table.names:
        if name is not None and name in given:
            raise VariableError(
                f"the variable '{shortened(name)}' has values twice: in {table.path} and as "
                f"--{shortened(name)}",
                mend="leave one of them out",
            )
    known = {*given, *table.names}
    missing = [name for name in graph.variables if name not in known]
    if missing:
        has = ", ".join(table.title(place) for place in range(min(8, len(table.names))))
        more = ", …" if len(table.names) > 8 else ""
        name = shortened(missing[0])
        raise VariableError(
            f"no value for the variable '{name}': {table.path} has the columns {has}{more}",
            mend=f"rename a column, or write {setting(session.options, missing[0])}",
        )
    return {name: table.column(place) for name, place in _places(table, graph).items()}


def _places(table: Data, graph: Graph) -> dict[str, int]:
    """Return variable of the formula → its column."""
    places = {name: place for place, name in enumerate(table.names)}
    return {name: places[name] for name in graph.variables if name in places}


def _differentiated(text: str) -> str:
    """Return a name of `--wrt`."""
    if not text.strip():
        raise VariableError("--wrt has an empty name", mend="write --wrt x,y")
    return variable_name(text.strip())


def _values(
    session: Session, settings: Sequence[tuple[str, str]], values: Values
) -> dict[str, Numbers]:
    given: dict[str, Numbers] = {}
    for spelling, text in settings:
        name = variable_name(spelling)
        if name in given:
            message = f"the variable '{shortened(name)}' has two values"
            raise VariableError(message, mend=f"give one; for several points write --{name} 1,2,3")
        try:
            given[name] = numbers(name, text, values.random_seed)
        except AutodiffError:
            _refuse_option(session, name)
            raise
    return given


def _texts(
    session: Session, formula: Formula | Several | Counting, names: list[str]
) -> tuple[str, ...]:
    """Return the one expression, or the several; from stdin for `-`."""
    expressions = formula.expressions
    if not expressions:
        for name in names:
            _refuse_option(session, name)
        raise AutodiffError("no expression", mend='write it in quotes: "x^2 + 3x"')
    if isinstance(formula, Several | Counting):
        texts = [
            line
            for text in expressions
            for line in (_lines(_whole(session, text)) if _is_elsewhere(text) else [text])
        ]
        return tuple(texts) or ("",)
    if len(expressions) > 1:
        words = ", ".join(f"'{shortened(word)}'" for word in expressions[:3])
        mend = "put the formula in quotes; a variable named like an option is set by --at NAME=4"
        dashed = next((word for word in expressions if re.match(_DASHED, word)), None)
        if dashed:
            option, _, value = dashed.partition("=")
            mend = f"write -{shortened(dashed)} to give a variable its value"
            if option in session.options:
                mend = f"write {option} {shortened(value)}"
        message = f"one expression is expected, not {len(expressions)}: {words}"
        raise AutodiffError(message, mend=mend)
    return (_whole(session, expressions[0]),)


def _is_elsewhere(text: str) -> bool:
    return text == "-" or text.startswith("@")


def _whole(session: Session, text: str) -> str:
    """Return an expression as typed, from stdin for `-`, or from the file of `@net.txt`."""
    if text == "-":
        return standard_input().strip()
    if not text.startswith("@"):
        return text
    if len(text) == 1:
        raise AutodiffError("@ is followed by a file's name", mend="write @net.txt")
    try:
        return session.read(text[1:]).strip()
    except UnicodeDecodeError:
        raise AutodiffError(f"{visible(text[1:])} is no text in UTF-8") from None


def _lines(text: str) -> list[str]:
    """Return the expressions of a text: one a line, or all as statements where a step is named."""
    if ";" in text or re.search(_NAMES_A_STEP, text):
        return [text]
    return [line.strip() for line in text.splitlines() if line.strip()]


def standard_input() -> str:
    """Return all of stdin, without the mark that some editors put before UTF-8."""
    if sys.stdin is None:
        raise OSError("the standard input is closed")
    return sys.stdin.read().removeprefix("\ufeff")


def _refuse_steps(graph: Graph, given: Mapping[str, Numbers]) -> None:
    """Refuse a value for a name that a step has."""
    named = {*graph.names.values(), *graph.titles} - set(graph.variables)
    for name in given:
        if name in named:
            message = f"'{shortened(name)}' is a step of the formula, and has a value too"
            raise VariableError(message, mend="leave the value out, or the step")


def _refuse_option(session: Session, name: str, message: str = "") -> None:
    """Refuse a variable that the formula has not, where an option was meant."""
    option = suggestion(name, session.options)
    if option and message:
        raise VariableError(message, mend=f"did you mean the option {option}?")
    if option:
        message = f"there is no option --{shortened(name)}"
        raise AutodiffError(message, mend=f"did you mean {option}?")
    having = session.elsewhere(name)
    if having:
        raise AutodiffError(
            f"{session.command} has no use for --{name}",
            mend=f"leave it out: it is an option of {', '.join(having)}",
        )


def setting(options: Mapping[str, bool], name: str) -> str:
    """Return the words that give a variable its value, one that is named like an option too."""
    return f"--at {name}=4" if f"--{name}" in options else f"--{shortened(name)} 4"


def single_point(request: Request, command: str) -> None:
    """Refuse several points where a command shows one."""
    for name, value in request.given.items():
        if isinstance(value, list):
            raise VariableError(
                f"{command} shows one point, and {name} has {len(value)} values",
                mend=f"write --{name} {value[0]:g}; grad takes lists",
            )
