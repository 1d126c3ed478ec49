"""A text of statements to a graph: named steps, functions of the user's own, and the formula.

First every statement is written as tokens, so that all variables are known; then each is read in
turn. `statements → steps → graph`: the last statement is the formula, unless others are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from autodiff_cli.errors import AutodiffError, ExpressionError, nearest, shortened
from autodiff_cli.graph.graph import Builder, Graph
from autodiff_cli.graph.order import ordered, repeated
from autodiff_cli.language import mends
from autodiff_cli.language.aligned import BEGIN
from autodiff_cli.language.definitions import Called, complete
from autodiff_cli.language.expression import Parser
from autodiff_cli.language.lexemes import Group, Item, Lexeme, is_word, lexemes
from autodiff_cli.language.lexemes import statements as split_statements
from autodiff_cli.language.scope import Scope
from autodiff_cli.language.sums import Writer, Written, is_name
from autodiff_cli.language.tokens import Definition, Kind, Token, Unreadable, normalise
from autodiff_cli.language.translated import translated
from autodiff_cli.limits import exceeded, limit
from autodiff_cli.ops import CONSTANTS, FUNCTIONS

_SETS = frozenset(("=", ":="))
_CHANGES = frozenset(("+=", "-=", "*=", "/="))


@dataclass(slots=True)
class Statement:
    """One statement as tokens.

    Attributes:
        text: the text that it stands in.
        written: its right-hand side.
        name: the step, the function or the formula, or "".
        token: stands for the step in later statements.
        definition: the function of the user's own that it defines.
        column: where it begins.
        node: what it computes, once it is read.
    """

    text: str
    written: Written
    name: str = ""
    token: Token | None = None
    definition: Definition | None = None
    column: int = 0
    node: int = -1


@dataclass(slots=True)
class Program:
    """Statements in order, and the formulas among them."""

    scope: Scope
    statements: list[Statement] = field(default_factory=list)
    formulas: list[Statement] = field(default_factory=list)

    @property
    def remarks(self) -> list[str]:
        """What the reader should know of how the texts were understood."""
        return self.scope.remarks


def read_statements(
    texts: Sequence[str], given: Collection[str], share: bool, of: Sequence[str]
) -> tuple[Graph, list[str]]:
    """Return the graph of texts of statements, and the remarks on how they were read.

    Args:
        texts: one text for each output; a name holds in the texts after its own too.
        given: names that have a value.
        share: False keeps equal subexpressions apart.
        of: the steps that are the outputs, in place of each text's last statement.

    Raises:
        ExpressionError: a statement is none; with its column and the mend.
        LimitError: the text is beyond a limit.
    """
    program = Program(Scope(given))
    for text in texts:
        if len(text) > limit("text"):
            raise exceeded("text")
        _write(text, program)
    builder = Builder(tuple(program.scope.variables), share=share)
    _build(program, builder)
    outputs, titles = _outputs(program, of)
    _name(program, builder, outputs, titles)
    return ordered(builder, outputs, titles, program.scope.declared), program.remarks


def _write(text: str, program: Program) -> None:
    """Write the statements of one text as tokens."""
    items = translated(text, lexemes(text), program.scope.given, program.remarks)
    found = list(split_statements(items))
    if not found:
        message, mend = mends.operand_due([Token(Kind.END, "")], 0)
        raise ExpressionError(message, text, len(text.rstrip()), mend=mend)
    writer = Writer(text, program.scope)
    sides = [_sides(text, statement) for statement, _ in found]
    _declare(text, sides, program.scope)
    for number, ((left, sign, right), (_, carried)) in enumerate(zip(sides, found, strict=True)):
        if sign is not None:
            program.remarks.extend(mends.carried(one.text) for one in carried if one.text in "+-−–")
        if number == len(sides) - 1:
            statement = _formula(text, left, sign, right, writer, program)
            program.formulas.append(statement)
        else:
            statement = _named(text, left, sign, right, writer, program)
        program.statements.append(statement)


Sides = tuple[list[Item], Lexeme | None, list[Item]]


def _sides(text: str, items: list[Item]) -> Sides:
    """Return what stands left of the first = of a statement, the sign, and what stands right."""
    for at, item in enumerate(items):
        if isinstance(item, Lexeme) and (item.text in _SETS or item.text in _CHANGES):
            left = items[:at]
            form = [isinstance(one, Group) for one in left]
            if not left or not is_name(left[0]) or form not in ([False], [False, True]):
                message = "a name stands left of ="
                mend = "write name = formula, or f(x) = formula; an equation keeps one side"
                raise ExpressionError(message, text, items[0].column, mend=mend)
            if at + 1 == len(items):
                message = f"there is nothing after '{item.text}'"
                raise ExpressionError(message, text, item.column, mend="write a formula")
            return left, item, items[at + 1 :]
    return [], None, items


def _label(text: str, item: Item) -> str:
    """Return the name that a lexeme is."""
    assert isinstance(item, Lexeme)
    try:
        return normalise(item.text)
    except Unreadable as problem:
        at = item.column + problem.offset
        raise ExpressionError(problem.what, text, at, mend=problem.mend) from None


def _parameters(text: str, bracket: Item) -> list[tuple[str, int]]:
    """Return the names in the bracket of a definition, each with its column."""
    assert isinstance(bracket, Group)
    found: list[tuple[str, int]] = []
    for at, item in enumerate(bracket.items):
        if at % 2 == 0 and is_name(item):
            name = _label(text, item)
            if name not in [other for other, _ in found]:
                found.append((name, item.column))
                continue
            message = f"'{shortened(name)}' is a parameter twice"
            raise ExpressionError(message, text, item.column, mend="write another name")
        if at % 2 == 0 or not is_word(item, ","):
            message = "the parameters of a function are names"
            raise ExpressionError(message, text, item.column, mend="write f(x, y) = formula")
    if len(bracket.items) % 2 == 0:
        message = "a parameter is missing"
        raise ExpressionError(message, text, bracket.column, mend="write f(x) = formula")
    return found


def _declare(text: str, sides: Sequence[Sides], scope: Scope) -> None:
    """Let the parameters of the formula `f(x, y) = …` be its first variables, in that order."""
    left = sides[-1][0]
    if len(left) != 2:
        return
    steps = {*scope.steps, *(_label(text, one[0]) for one, _, _ in sides if len(one) == 1)}
    for name, column in _parameters(text, left[1]):
        if name in steps:
            message = f"'{shortened(name)}' is a step and a parameter of the formula"
            raise ExpressionError(message, text, column, mend="give one of them another name")
        scope.variable(name, text, column)
        scope.declared.add(name)


def _formula(
    text: str,
    left: list[Item],
    sign: Lexeme | None,
    right: list[Item],
    writer: Writer,
    program: Program,
) -> Statement:
    """Write the last statement."""
    name, column = "", right[0].column
    if sign is not None and len(left) == 1:
        return _step(text, left, sign, right, writer, program)
    if sign is not None:
        name, column = _label(text, left[0]), left[0].column
        program.scope.check_new(name, text, column)
    program.scope.defining = name
    written = writer.write(right)
    program.scope.defining = ""
    return Statement(text, written, name, column=column)


def _named(
    text: str,
    left: list[Item],
    sign: Lexeme | None,
    right: list[Item],
    writer: Writer,
    program: Program,
) -> Statement:
    """Write a statement before the last."""
    if sign is None:
        message = "only the last statement may be without a name"
        mend = "write name = …, or end the line with a sign to go on in the next one"
        raise ExpressionError(message, text, right[0].column, mend=mend)
    if len(left) == 1:
        return _step(text, left, sign, right, writer, program)
    return _define(text, left, sign, right, writer, program)


def _step(
    text: str,
    left: list[Item],
    sign: Lexeme,
    right: list[Item],
    writer: Writer,
    program: Program,
) -> Statement:
    """Write `name = formula` or `name += formula`."""
    scope, column = program.scope, left[0].column
    name = _label(text, left[0])
    before = scope.steps.get(name)
    if sign.text in _CHANGES:
        if before is None:
            message = f"'{shortened(name)}' has no value yet that {sign.text} could change"
            raise ExpressionError(message, text, column, mend=f"write {name} = … first")
        operator = Lexeme(sign.text[0], sign.column, sign.end)
        right = [left[0], operator, Group("(", right[0].column, right)]
    if name in scope.functions:
        message = f"'{shortened(name)}' is a function here"
        raise ExpressionError(message, text, column, mend="give the step another name")
    scope.defining = "" if before is not None else name
    written = writer.write(right)
    scope.defining = ""
    if before is None:
        scope.check_new(name, text, column)
    if name in CONSTANTS and before is None:
        program.remarks.append(f"{name} is the step of that name here, not the constant")
    token = scope.steps[name] = Token(Kind.VARIABLE, name, name)
    return Statement(text, written, name, token=token, column=column)


def _define(
    text: str,
    left: list[Item],
    sign: Lexeme,
    right: list[Item],
    writer: Writer,
    program: Program,
) -> Statement:
    """Write `f(x, y) = formula`."""
    scope, column = program.scope, left[0].column
    name = _label(text, left[0])
    if sign.text in _CHANGES:
        message = f"{sign.text} changes a step, not a function"
        raise ExpressionError(message, text, sign.column, mend=f"write {shortened(name)}(…) = …")
    if name in scope.steps:
        message = f"'{shortened(name)}' is a step already"
        raise ExpressionError(message, text, column, mend="give the function another name")
    tokens = [Token(Kind.VARIABLE, one, one) for one, _ in _parameters(text, left[1])]
    scope.parameters = {token.name: token for token in tokens}
    scope.defining = "" if name in scope.functions else name
    written = writer.write(right)
    scope.parameters, scope.defining = {}, ""
    scope.check_new(name, text, column)
    if name in FUNCTIONS or name in scope.functions:
        program.remarks.append(f"{name}(…) is the function that is defined here")
    definition = Definition(name, tokens)
    scope.functions[name] = Called(name, definition)
    return Statement(text, written, name, definition=definition, column=column)


def _build(program: Program, builder: Builder) -> None:
    """Read every statement in turn."""
    left = limit("operations")
    for statement in program.statements:
        start = len(builder.operations)
        definition = statement.definition
        if definition is not None:
            for token in definition.parameters:
                token.place = builder.placeholder()
        written = statement.written
        end = written.columns[-1] + 1 if written.columns else len(statement.text)
        tokens = [*written.tokens, Token(Kind.END, "")]
        parser = Parser(statement.text, tokens, builder, [*written.columns, end], left)
        statement.node = parser.parse()
        left = parser.stack.left
        program.remarks.extend(parser.remarks)
        if definition is not None:
            complete(builder, definition, start, statement.node)
        elif statement.token is not None:
            if statement.node in builder.constants:
                statement.node = builder.again(statement.node)
            statement.token.place = statement.node


def _outputs(program: Program, of: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the nodes of the outputs, and their names."""
    if not of:
        return [one.node for one in program.formulas], [one.name for one in program.formulas]
    nodes = []
    for name in of:
        token = program.scope.steps.get(name)
        if token is None:
            steps = list(program.scope.steps)
            close = nearest(name, steps)
            mend = f"did you mean {close}?" if close else f"the steps are {', '.join(steps[:8])}"
            raise AutodiffError(f"there is no step '{shortened(name)}'", mend=mend)
        nodes.append(token.place)
    return nodes, list(of)


def _name(
    program: Program, builder: Builder, outputs: Sequence[int], titles: Sequence[str]
) -> None:
    """Name the nodes of steps; an earlier meaning of a name gets a number."""
    meanings: dict[str, list[Statement]] = {}
    for statement in program.statements:
        if statement.token is not None:
            meanings.setdefault(statement.name, []).append(statement)
    taken = {*meanings, *program.scope.variables, *titles}
    names = builder.names
    count = len(program.scope.variables)
    for name, found in meanings.items():
        number = 0
        for statement in found[:-1]:
            number += 1
            while f"{name}_{number}" in taken:
                number += 1
            statement.name = f"{name}_{number}"
            taken.add(statement.name)
        if len(found) > 1:
            program.remarks.append(mends.again(name, [one.name for one in found[:-1]]))
    for statement in program.statements:
        if statement.token is not None and statement.node >= count:
            names.setdefault(statement.node, statement.name)
    for node, title in zip(outputs, titles, strict=True):
        if title and node >= count and node not in builder.constants:
            names.setdefault(node, title)
    number = 0
    for node in repeated(builder, outputs):
        number += 1
        while f"s_{number}" in taken:
            number += 1
        names[node] = f"s_{number}"
    if number:
        program.remarks.append(mends.LONG)
    _unused(program, builder, outputs)


def _unused(program: Program, builder: Builder, outputs: Sequence[int]) -> None:
    """Say which steps no output needs."""
    needed = builder.needed(outputs)
    idle = [
        statement.name
        for statement in program.statements
        if statement.token is not None
        and not needed[statement.node]
        and statement not in program.formulas
        and BEGIN not in statement.text  # of an export the derivatives are left out
    ]
    if idle:
        program.remarks.append(mends.idle(idle))
