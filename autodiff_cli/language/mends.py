"""What is wrong and what to write instead: the words of the parser's errors and remarks."""

from __future__ import annotations

from autodiff_cli.errors import nearest, shortened
from autodiff_cli.language.tokens import Kind, Token
from autodiff_cli.ops import FUNCTIONS

#: How a message shows an operand that goes on after its first token.
_BRACKETED = {
    Kind.OPEN: "(…)",
    Kind.BAR: "|…|",
    Kind.ROOT: "√…",
    Kind.FUNCTION: "{}(…)",
}

#: A message and its mend.
Problem = tuple[str, str]


def multiplies(name: str) -> bool:
    """Tell whether `name(…)` is a product: one letter, with digits or a subscript after it."""
    rest = name[1:]
    if not rest or rest.isdecimal():
        return True
    return rest[0] == "_" and (rest[1:].isdecimal() or len(rest) == 2)


def not_a_function(name: str) -> Problem:
    """A long name stands before a bracket."""
    for function in FUNCTIONS:
        factor = name.removesuffix(function)
        if factor not in ("", name) and multiplies(factor):
            return f"'{shortened(name)}' is not a function", f"write {factor}*{function}(…)"
    guess = nearest(name, list(FUNCTIONS))
    name = shortened(name)
    product = f"{name}*(…) for a product"
    mend = f"did you mean {guess}(…)? Or write {product}" if guess else f"write {product}"
    return f"'{name}' is not a function", mend


def needs_brackets(name: str, tokens: list[Token], at: int) -> Problem:
    """A function's name is not followed by a bracket, but by token `at`."""
    following, argument = tokens[at], "x"
    if following.kind in (Kind.NUMBER, Kind.CONSTANT, Kind.VARIABLE):
        argument = shortened(following.spelling)
        if following.kind == Kind.NUMBER and tokens[at + 1].kind in (Kind.CONSTANT, Kind.VARIABLE):
            argument += shortened(tokens[at + 1].spelling)
    elif following.kind == Kind.BAR:
        argument = "|x|"
    return f"{name} needs brackets around its argument", f"write {name}({argument})"


def power_of_function(function: Token, power: Token) -> Problem:
    """A function's name is raised to something other than an unsigned number."""
    name = function.name
    if power.kind != Kind.MINUS and not power.spelling.startswith("⁻"):
        return f"only a number can be the power on {name}", f"write ({name}(x))^n"
    inverse = next((n for n in (f"a{name}", f"arc{name}") if n in FUNCTIONS), None)
    mend = f"{inverse}(x) or 1/{name}(x)?" if inverse else f"write 1/{name}(x)"
    return f"a negative power on {name} could mean its inverse or its reciprocal", mend


def wrong_count(call: Token, count: int, tokens: list[Token], at: int) -> Problem:
    """A function has too few or too many arguments; token `at` closes it."""
    arities = sorted({row.arity for row in call.rows})
    wanted = " or ".join(("one", "two", "three")[arity - 1] for arity in arities)
    wanted += " argument" if arities == [1] else " arguments"
    if call.name in ("max", "min"):
        wanted = "two or more arguments"
    mend = f"separate them with commas: {call.name}(a, b)"
    if arities == [1]:
        mend = f"write {call.name}(x)"
        if tokens[at - 1].kind == tokens[at - 3].kind == Kind.NUMBER:
            mend = f"in a decimal number write a point: {tokens[at - 3].spelling}."
            mend += tokens[at - 1].spelling
    elif call.name == "where":
        mend = "write where(x > 0, value if true, value if false)"
    return f"{call.name} takes {wanted}, not {count}", mend


def comma(tokens: list[Token], at: int) -> Problem:
    """A comma stands outside of a function's brackets."""
    before, after = tokens[at - 1], tokens[at + 1]
    if before.kind == Kind.NUMBER and after.kind == Kind.NUMBER:
        return "a decimal comma", f"write {before.spelling}.{after.spelling}"
    return "a comma outside of a function's brackets", "write one expression"


def operand_due(tokens: list[Token], at: int) -> Problem:
    """Something that cannot begin an operand stands where one is due, or the text ends."""
    token, before = tokens[at], tokens[at - 1] if at else None
    if before is None:
        if token.kind == Kind.END:
            return "the expression is empty", "write a formula such as x^2 + 3x"
        return (
            f"an expression cannot begin with '{token.spelling}'",
            "write a number or a name first",
        )
    if token.kind == Kind.CLOSE and before.kind == Kind.OPEN:
        name = tokens[at - 2].name if at > 1 and tokens[at - 2].kind == Kind.FUNCTION else ""
        return "there is nothing in these brackets", f"write {name}(x)" if name else "remove them"
    found = "the text ends" if token.kind == Kind.END else f"'{token.spelling}' follows"
    if before.kind == Kind.ROOT:
        return "√ takes the number, name or bracket after it", "write √(-x)"
    if before.kind == Kind.BAR:
        return (
            f"a bar opens an absolute value, but {found}",
            "write |x|, or abs(x) inside other bars",
        )
    mend = "write a number, a name or a bracket here"
    if before.kind == Kind.DIVIDE and token.kind == Kind.DIVIDE:
        mend = "write / for a quotient and floor(a/b) for a whole one"
    return f"an operand is missing: after '{before.spelling}' {found}", mend


def reading(what: str, left: str, token: Token) -> str:
    """Say how a product without a sign was read. `left` begins with the operator."""
    right = _BRACKETED.get(token.kind, "{}").format(shortened(token.spelling))
    gap = " " if left[-1].isspace() else ""  # `x y` without it were another name
    left = shortened(left.strip())
    if what == "quotient":
        divisor = left[1:].strip()
        return (
            f"'{left}{gap}{right}' is read from left to right: the quotient by {divisor}, "
            f"times {right}; write /({divisor}*{right}) to divide by the product"
        )
    if what == "power":
        exponent = left.lstrip("*^ ")
        return (
            f"'{left}{right}' is read as the power {exponent}, times {right}; "
            f"write ^({exponent}*{right}) for the other reading"
        )
    return (
        f"'{left}{right}' is read as {left} times {right}; write √({left[1:]}*{right}) "
        f"for the root of the product"
    )
