"""What is wrong and what to write instead: the words of the parser's errors and remarks."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff_cli.errors import nearest, shortened
from autodiff_cli.language.meant import ELSEWHERE, advice
from autodiff_cli.language.tokens import Definition, Kind, Token
from autodiff_cli.ops import FUNCTIONS
from autodiff_cli.ops.row import OPERANDS

#: How a message shows an operand that goes on after its first token.
_BRACKETED = {
    Kind.OPEN: "(…)",
    Kind.BAR: "|…|",
    Kind.ROOT: "√…",
    Kind.FUNCTION: "{}(…)",
    Kind.CALL: "{}(…)",
}

#: A message and its mend.
Problem = tuple[str, str]

NATURAL = "log is the natural logarithm, ln; log10 and log2 have their names"


def multiplies(name: str) -> bool:
    """Tell whether `name(…)` is a product: one letter, with digits or a subscript after it."""
    rest = name[1:]
    if not rest or rest.isdecimal():
        return True
    return rest[0] == "_" and (rest[1:].isdecimal() or len(rest) == 2)


def not_a_function(name: str) -> Problem:
    """A long name stands before a bracket."""
    advised = advice(name)
    if advised:
        if name.lower() in ELSEWHERE:
            advised = f"write {name}*(…) for a product; {advised}"
        return f"'{shortened(name)}' is not a function", advised
    for function in FUNCTIONS:
        factor = name.removesuffix(function)
        if factor not in ("", name) and multiplies(factor):
            return f"'{shortened(name)}' is not a function", f"write {factor}*{function}(…)"
    guess = nearest(name, list(FUNCTIONS), 0.66) or _longest_part(name)
    name = shortened(name)
    product = f"{name}*(…) for a product"
    mend = f"did you mean {guess}(…)? Or write {product}" if guess else f"write {product}"
    return f"'{name}' is not a function", mend


def _longest_part(name: str) -> str:
    """Return the longest function that a name has in it, at its start if it has one there."""
    parts = [function for function in FUNCTIONS if len(function) > 2 and function in name]
    return max(parts, key=lambda part: (name.startswith(part), len(part)), default="")


def needs_brackets(function: Token, tokens: list[Token], at: int) -> Problem:
    """A function's name is followed by token `at`, which cannot begin an argument."""
    name = function.name
    if function.rows and all(row.arity > 1 for row in function.rows):
        return f"{name} needs brackets around its arguments", f"write {usage(name)}"
    found = "the text ends" if tokens[at].kind == Kind.END else f"'{tokens[at].spelling}' follows"
    return f"{name} needs an argument, but {found}", f"write {name}(x)"


def usage(name: str) -> str:
    """Return how a function of several arguments is written."""
    if name == "where":
        return "where(x > 0, value if true, value if false)"
    return f"{name}({', '.join(OPERANDS[: FUNCTIONS[name][0].arity])})"


def inverse(function: str, name: str) -> str:
    """Say that a power of −1 on a function's name was read as the inverse function."""
    return (
        f"{function}^-1 is the inverse function {name}, as books print it; "
        f"write 1/{function}(x) for the reciprocal"
    )


def run(name: str, argument: str, end: Token, after: str, powers: int) -> str:
    """Say how the argument of a function without brackets was read.

    Args:
        name: the function.
        argument: the text of its argument.
        end: the token that ended it.
        after: the spelling of the token after a division.
        powers: how many powers the argument has.
    """
    said = f"'{name} {argument}' is read as {name}({argument})"
    if end.kind in (Kind.DIVIDE, Kind.TIMES):
        sign = "/" if end.kind == Kind.DIVIDE else "*"
        after = after if after not in ("", "(") else "…"
        said = (
            f"'{name} {argument} {end.spelling} {after}' is read as {name}({argument}){sign}{after}"
        )
        other = f"{name}({argument}{sign}{after})"
    elif end.kind == Kind.OPEN:
        said = f"'{name} {argument} (…)' is read as {name}({argument}) times (…)"
        other = f"{name}({argument}(…))"
    elif powers:
        base = (
            argument.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
            if "^" not in argument
            else argument[: argument.index("^")]
        )
        other = f"({name}({base}))^…"
    else:
        head, _, last = argument.rpartition(" ")
        other = f"{name}({head})*{last}" if head else f"{name}(…)"
    return f"{said}; write {other} for the other reading"


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
        groups = [after.spelling]
        while tokens[at + 2].kind == Kind.COMMA and tokens[at + 3].kind == Kind.NUMBER:
            groups.append(tokens[at + 3].spelling)
            at += 2
        thousands = all(len(group) == 3 and group.isdigit() for group in groups)
        if thousands and before.spelling.isdigit() and len(before.spelling) <= 3:
            number = before.spelling + "".join(groups[:5])
            decimal = f", or {before.spelling}.{groups[0]} for a decimal comma"
            mend = f"write {number}{decimal if len(groups) == 1 else ''}"
            return "a comma between the digits of a number", mend
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


def wrong_call(definition: Definition, count: int) -> Problem:
    """A function of the user's own has too few or too many arguments."""
    names = [token.name for token in definition.parameters]
    wanted = f"{len(names)} argument{'s' if len(names) > 1 else ''}"
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    name = shortened(definition.name)
    return f"{name} takes {wanted}, not {count}", f"write {name}({shortened(shown)})"


SIGMOID = "σ(…) is the sigmoid; write σ*(…) for a product"


def root(power: str) -> str:
    """Say how a power that looks like a root was read; `power` begins with its sign."""
    divisor = power.rpartition("/")[2].strip()
    return (
        f"'{power}' is read as the power 1, then the quotient by {divisor}; "
        f"write ^(1/{divisor}) for the root"
    )


LONG = (
    "written out, the formula would be much longer than its graph: the parts that it repeats "
    "are steps named s_1, s_2 and so on"
)


def carried(sign: str) -> str:
    """Say that a line was read as the continuation of the one before it."""
    return f"a line that begins with {sign} goes on with the line before; write ; to end that one"


def again(name: str, earlier: Sequence[str]) -> str:
    """Say that a name was given several values, one after the other."""
    shown = ", ".join(shortened(one) for one in earlier[:3]) + (", …" if len(earlier) > 3 else "")
    return (
        f"{shortened(name)} gets a value {len(earlier) + 1} times: it is the last one, "
        f"and the earlier ones are called {shown}"
    )


def idle(names: Sequence[str]) -> str:
    """Say which steps are in no use."""
    shown = ", ".join(shortened(one) for one in names[:3]) + (", …" if len(names) > 3 else "")
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{shown} {verb} not used by the formula, the last statement; "
        "leave it out, or look for another spelling of its name"
    )
