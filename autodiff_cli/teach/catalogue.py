"""The usual slips, one row each: what goes wrong, as a rewrite of one rule, and what to say of it.

A rewrite is text in the program's own language, as the rules of the operation table are: it stands
for the derivative of one node. The sources say where the right rule stands.
"""

from __future__ import annotations

from dataclasses import dataclass

BOOK = "OpenStax Calculus 1, section "
SWEEPS = "Griewank & Walther, Evaluating Derivatives (2nd ed.), section "

CHAIN, POWERS, PRODUCTS, QUOTIENTS = "chain rule", "power rule", "product rule", "quotient rule"
EXPONENTIALS, SUMS = "exponentials and logarithms", "sums and constants"
FUNCTIONS, VARIABLES = "derivatives of functions", "several variables"
FORWARD, REVERSE, NUMBERS = "forward sweep", "reverse sweep", "numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What a slip makes of the nodes of one kind.

    Attributes:
        of: the kind of node, see `teach.rewriting`, or the name of an operation.
        wrong: what is written for the derivative of the node: over its operands u and v, their
            derivatives du and dv, its value y, its derivative `right`, the variable x, and the
            slope of the outer function, at x and at du too, and c, the operand that is held
            fast. Of an edge, what passes it: over what
            is arriving, the partial, the operand's own value, and the value and the tangent of
            the node that it arrives from.
    """

    of: str
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One usual slip.

    Attributes:
        id: a word for programs.
        name: a few words for people.
        text: what to tell the student; {node}, {inner}, {right} stand for formulas.
        sweep: whether it is made in a sweep over the graph; else in calculus on paper.
        topic: what it belongs to.
        level: of an exercise that shows it, 1 to 5.
        rank: how common it is; 1 is the commonest.
        source: where the right rule stands.
        rewrites: what becomes of a node; empty where the slip is not of one node's derivative.
    """

    id: str
    name: str
    text: str
    sweep: bool
    topic: str
    level: int
    rank: int
    source: str
    rewrites: tuple[Rewrite, ...] = ()


def _row(
    name: str, text: str, topic: str, level: int, section: str, *rewrites: tuple[str, str]
) -> tuple[str, str, str, int, str, tuple[Rewrite, ...]]:
    found = tuple(Rewrite(of=of, wrong=wrong) for of, wrong in rewrites)
    return name, text, topic, level, section, found


#: id → name, what to say, topic, level, section, rewrites; the commonest first.
_CALCULUS = {
    "chain-missing": _row(
        "chain factor missing", "your answer lacks the inner derivative: {right}",
        CHAIN, 2, "3.6", ("composite", "slope")),
    "sign-of-cosine": _row(
        "sign of the derivative of cosine", "the derivative of cosine has a minus: {right}",
        FUNCTIONS, 1, "3.5", ("cos", "sin(u)*du")),
    "product-of-derivatives": _row(
        "product of derivatives",
        "the derivative of a product is not the product of the derivatives: {right}",
        PRODUCTS, 2, "3.3", ("product", "du*dv")),
    "half-product": _row(
        "half a product", "half of the product rule (uv)' = u'v + uv' is missing: {right}",
        PRODUCTS, 2, "3.3", ("product", "du*v"), ("product", "u*dv")),
    "quotient-plus": _row(
        "quotient with plus", "the quotient rule has a minus, (u/v)' = (u'v - uv')/v^2: {right}",
        QUOTIENTS, 3, "3.3", ("quotient", "(du*v + u*dv)/v^2")),
    "quotient-order": _row(
        "quotient in the wrong order",
        "the numerator's derivative comes first, (u/v)' = (u'v - uv')/v^2: {right}",
        QUOTIENTS, 3, "3.3", ("fraction", "(u*dv - du*v)/v^2")),
    "exponent-kept": _row(
        "exponent not lowered", "the power rule takes 1 from the exponent: {right}",
        POWERS, 1, "3.3", ("raised", "v*u^v*du")),
    "coefficient-lost": _row(
        "coefficient lost", "the exponent comes down as a factor: {right}",
        POWERS, 1, "3.3", ("raised", "u^(v - 1)*du")),
    "multiple-lost": _row(
        "constant multiple lost", "the constant factor stays: {right}",
        SUMS, 1, "3.3", ("multiple", "du"), ("divisor", "du")),
    "power-on-exponential": _row(
        "power rule on an exponential",
        "the variable stands in the exponent, where the power rule does not hold: {right}",
        EXPONENTIALS, 2, "3.9", ("exponential", "u*v^(u - 1)"),
        ("exponential", "u*v^(u - 1)*du"), ("general power", "v*u^(v - 1)*du")),
    "quotient-of-derivatives": _row(
        "quotient of derivatives",
        "the derivative of a quotient is not the quotient of the derivatives: {right}",
        QUOTIENTS, 3, "3.3", ("fraction", "du/dv"), ("reciprocal", "u/dv")),
    "wrong-denominator": _row(
        "wrong denominator", "the quotient rule divides by the square of the denominator: {right}",
        QUOTIENTS, 3, "3.3", ("quotient", "(du*v - u*dv)/v"), ("quotient", "(du*v - u*dv)/u^2"),
        ("quotient", "du*v - u*dv")),
    "base-lost": _row(
        "ln a lost", "the logarithm of the base belongs to it: {right}",
        EXPONENTIALS, 2, "3.9", ("exponential", "y*du"), ("logarithm", "du/u")),
    "minus-lost": _row(
        "minus lost", "the minus stays: {right}",
        SUMS, 1, "3.3", ("difference", "du + dv"), ("opposite", "du")),
    "term-left-out": _row(
        "term left out", "every term of a sum has its derivative: {right}", SUMS, 1, "3.3"),
    "constant-as-variable": _row(
        "constant treated as the variable", "the derivative of a constant is 0: {right}",
        SUMS, 1, "3.3", ("constant term", "right + 1"), ("constant factor", "u + right")),
    "constant-kept": _row(
        "constant kept", "the derivative of a constant is 0, not the constant: {right}",
        SUMS, 1, "3.3", ("constant added", "right + c"), ("constant subtracted", "right - c")),
    "other-variable": _row(
        "another variable treated as the variable",
        "{node} is held fast here, and its derivative is {right}",
        VARIABLES, 2, "3.3", ("other variable", "1")),
    "inside-kept": _row(
        "inside kept", "the factor is the derivative of the inside, not the inside: {right}",
        CHAIN, 2, "3.6", ("composite", "slope*u")),
    "outer-at-inner-derivative": _row(
        "outer at the inner's derivative",
        "the outer derivative is taken at {inner}, not at its derivative: {right}",
        CHAIN, 3, "3.6", ("composite", "slope_at_du"), ("composite", "slope_at_du*du")),
    "argument-lost": _row(
        "argument lost", "the outer derivative is taken at {inner}, not at {x}: {right}",
        CHAIN, 3, "3.6", ("composite", "slope_at_x*du")),
    "exponent-raised": _row(
        "exponent raised", "the power rule takes 1 from the exponent, and adds none: {right}",
        POWERS, 1, "3.3", ("raised", "v*u^(v + 1)*du")),
    "product-sum": _row(
        "product as a sum", "a product has the product rule, not the sum rule: {right}",
        PRODUCTS, 2, "3.3", ("product", "du + dv")),
    "product-minus": _row(
        "product with minus", "the product rule has a plus, (uv)' = u'v + uv': {right}",
        PRODUCTS, 2, "3.3", ("product", "du*v - u*dv")),
    "wrong-partner": _row(
        "wrong partner", "each derivative goes with the other factor, (uv)' = u'v + uv': {right}",
        PRODUCTS, 2, "3.3", ("product", "du*u + dv*v")),
    "root-half-lost": _row(
        "half of the root lost", "the derivative of a root has 2 below: {right}",
        FUNCTIONS, 2, "3.3", ("sqrt", "du/y")),
    "sign-of-sine": _row(
        "sign of the derivative of sine", "the derivative of sine has no minus: {right}",
        FUNCTIONS, 1, "3.5", ("sin", "-cos(u)*du")),
    "square-lost": _row(
        "square lost", "the derivative of tangent is a square: {right}",
        FUNCTIONS, 2, "3.5", ("tan", "sec(u)*du"), ("cot", "-csc(u)*du"),
        ("tanh", "sech(u)*du"), ("coth", "-csch(u)*du")),
    "absolute-value": _row(
        "absolute value's derivative taken as 1", "left of 0 the slope is -1: {right}",
        FUNCTIONS, 2, "3.2", ("abs", "du")),
    "argument-for-value": _row(
        "argument for the function's value",
        "the rule has the value of the function in it, not its argument: {right}",
        FUNCTIONS, 2, "3.5", ("tanh", "(1 - u^2)*du"), ("sigmoid", "u*(1 - u)*du"),
        ("tan", "(1 + u^2)*du")),
    "inverse-as-reciprocal": _row(
        "inverse function taken as a reciprocal",
        "the inverse function is not 1 over the function: {right}",
        FUNCTIONS, 3, "3.7", ("asin", "-cos(u)/sin(u)^2*du"), ("acos", "sin(u)/cos(u)^2*du"),
        ("atan", "-du/sin(u)^2"), ("asinh", "-cosh(u)/sinh(u)^2*du"),
        ("acosh", "-sinh(u)/cosh(u)^2*du"), ("atanh", "-du/sinh(u)^2")),
    "sign-of-hyperbolic": _row(
        "sign of the derivative of cosh", "cosh has no minus, other than cosine: {right}",
        FUNCTIONS, 2, "6.9", ("cosh", "-sinh(u)*du")),
    "sign-of-inverse": _row(
        "sign in the derivative of an inverse function", "a sign is wrong in it: {right}",
        FUNCTIONS, 3, "3.7", ("atan", "du/(1 - u^2)"), ("asin", "du/sqrt(1 + u^2)"),
        ("asin", "-slope*du"), ("acos", "-slope*du"), ("atan", "-slope*du")),
    "constant-of-erf": _row(
        "factor of erf lost", "the factor 2/sqrt(pi) belongs to it: {right}",
        FUNCTIONS, 3, "3.6", ("erf", "exp(-u^2)*du"), ("erfc", "-exp(-u^2)*du")),
    "integrated": _row(
        "integrated", "that is an integral; the derivative is {right}",
        POWERS, 1, "3.3", ("raised", "u^(v + 1)/(v + 1)"), ("reciprocal", "u*ln(v)"),
        ("sin", "-cos(u)"), ("cos", "sin(u)"), ("ln", "u*ln(u) - u")),
    "negated": _row(
        "sign of the whole", "the sign of the whole answer is wrong", SUMS, 1, "3.3"),
    "function-itself": _row(
        "the function itself", "that is the formula's value, not its derivative",
        NUMBERS, 1, "3.1"),
    "degrees": _row(
        "degrees for radians", "the angles are taken in degrees; calculus has radians",
        NUMBERS, 1, "3.5"),
}  # fmt: skip

#: The same of the sweeps over a graph.
_SWEEP = {
    "assigned-not-added": _row(
        "= for +=", "{node} is used {uses} times: what each use sends back is added up",
        REVERSE, 2, "3.2"),
    "other-factor": _row(
        "the other factor", "the partial of a product by one factor is the other factor",
        REVERSE, 1, "3.1", ("product edge", "arriving*own")),
    "partial-left-out": _row(
        "partial left out", "the partial on the edge from {consumer} to {operand} is left out",
        REVERSE, 1, "3.2", ("edge", "arriving")),
    "sign-lost": _row(
        "sign lost", "the sign on the edge from {consumer} to {operand} is wrong",
        REVERSE, 1, "3.2", ("edge", "-arriving*partial")),
    "edge-left-out": _row(
        "edge left out", "the edge from {consumer} to {operand} is left out",
        REVERSE, 2, "3.2", ("one edge of several", "0")),
    "arriving-left-out": _row(
        "adjoint, or tangent, left out",
        "the partial between {consumer} and {operand} is multiplied by what arrives there",
        REVERSE, 2, "3.2", ("edge", "partial")),
    "wrong-seed": _row(
        "wrong seed", "the sweep starts with 1: the result's derivative by itself",
        REVERSE, 2, "3.2"),
    "value-for-adjoint": _row(
        "value for the adjoint, or the tangent",
        "the partial is multiplied by what arrives at the edge, not by a value",
        REVERSE, 2, "3.2", ("edge", "value*partial")),
    "tangent-for-adjoint": _row(
        "tangent for the adjoint",
        "the partial is multiplied by the adjoint of {consumer}, not by its tangent",
        REVERSE, 3, "3.2", ("edge back", "tangent*partial")),
    "added-for-multiplied": _row(
        "added for multiplied", "what arrives at an edge is multiplied by its partial",
        REVERSE, 2, "3.2", ("edge", "arriving + partial")),
    "passed-too-early": _row(
        "passed on too early",
        "{node} was passed on before all its uses had sent back, and then again",
        REVERSE, 3, "3.2"),
    "not-zeroed": _row(
        "not set to zero", "the adjoints of an earlier sweep are still in it",
        REVERSE, 3, "3.2"),
    "updated-weight": _row(
        "updated weight used in the same sweep",
        "{operand} was moved before the sweep had ended: the sweep goes on with its old value",
        REVERSE, 4, "3.2"),
    "wrong-operand": _row(
        "wrong operand", "the line takes another operand than the formula has",
        NUMBERS, 1, "2.2"),
    "miscalculated": _row(
        "miscalculated", "what stands before it is right, and gives another number",
        NUMBERS, 1, "2.2"),
    "extra-edge": _row(
        "an edge that is not there", "there is no edge from {consumer} to {operand}",
        REVERSE, 2, "3.2"),
    "rounded-early": _row(
        "rounded too early", "it was computed on with a rounded number", NUMBERS, 2, "2.2"),
}  # fmt: skip

#: id → slip.
SLIPS: dict[str, Slip] = {
    key: Slip(
        id=key, name=name, text=text, sweep=sweep, topic=topic, level=level, rank=rank,
        source=(SWEEPS if sweep else BOOK) + section, rewrites=rewrites,
    )
    for sweep, rows in ((False, _CALCULUS), (True, _SWEEP))
    for rank, (key, (name, text, topic, level, section, rewrites)) in enumerate(rows.items(), 1)
}  # fmt: skip
