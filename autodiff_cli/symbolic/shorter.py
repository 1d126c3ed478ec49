"""SymPy's derivatives made readable: factored, over one denominator, in known forms; if shorter.

A question of its own: where it takes too long, the derivatives as SymPy has them are there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sympy

from autodiff_cli.graph.graph import Graph
from autodiff_cli.symbolic import expression, wire
from autodiff_cli.symbolic.expression import Translation

#: Operations of a derivative that is looked at without being asked to.
MOST = 80

#: Letters for a part that a known form is written over, of which the first that is free serves.
LETTERS = ("p", "q", "s", "r", "p_1")

#: Share of its length that another form may have, and one over a new letter.
SHORTER, SHARE = 0.95, 0.7

#: How near two numbers are that are equal but for rounding, and where they are compared.
NEAR, TRIED = 1e-9, (sympy.Rational(37, 53), sympy.Rational(-71, 61), sympy.Rational(173, 97))

#: A formula, and the letter that stands in it for a part, with that part.
Form = tuple[Any, tuple[Any, Any] | None]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return for each path asked the shorter form of that derivative, or None where there is none.

    Args:
        request: the graph and its output; `paths`, the variables each derivative is taken by; the
            `direction` of a last one, or None; and `full`, whether SymPy's own simplification,
            which may be slow, is tried too.
    """
    graph = wire.decode(request["graph"], request["output"])
    translation = expression.translate(graph)
    forms = [_found(request, graph, translation, path) for path in request["paths"]]
    return {"forms": [form and _written(form, translation) for form in forms]}


def _found(
    request: dict[str, Any], graph: Graph, translation: Translation, path: Sequence[str]
) -> Form | None:
    places = [graph.variables.index(name) for name in path]
    node, direction = request["output"], request["direction"]
    found = (
        translation.derivative(node, places[0])
        if len(places) == 1 and direction is None
        else translation.repeated(node, places, direction)
    )
    return shorter(found, translation.symbols, full=request["full"])


def shorter(derivative: Any, symbols: Sequence[Any], *, full: bool = False) -> Form | None:
    """Return the shortest of a derivative's other forms, or None where none is shorter.

    Args:
        derivative: as SymPy has it.
        symbols: the variables.
        full: whether `sympy.simplify` is tried too.
    """
    if derivative.is_Atom or (not full and derivative.count_ops() > MOST):
        return None
    length = len(expression.text(derivative))
    found: list[Any] = []
    for ways in (*_WAYS, *([(sympy.simplify,)] if full else [])):
        tried = [form for way in ways if (form := _tried(way, derivative)) is not None]
        short = [form for form in tried if len(expression.text(form)) <= SHORTER * length]
        found += [form for form in short if _equal(derivative, form, symbols)]
        if found and not full:
            break
    best = min(found, key=lambda form: len(expression.text(form)), default=None)
    known = _sigmoid(derivative, symbols)
    if known is not None:
        form, part = known
        least = length if best is None else len(expression.text(best))
        short_enough = len(expression.text(form)) <= SHARE * least
        if short_enough and _equal(derivative, form.subs(*part), symbols):
            return known
    return None if best is None else (best, None)


def _tried(way: Callable[[Any], Any], derivative: Any) -> Any | None:
    """Return what a way makes of a derivative, or None where it is not for it."""
    try:
        return _signed(way(derivative))
    except (sympy.PolynomialError, NotImplementedError, ValueError, TypeError):
        return None


def _rational(derivative: Any) -> Any:
    """Return a derivative over one denominator, what is common cancelled, in factors."""
    return sympy.factor(sympy.cancel(sympy.together(derivative)))


#: Ways that are tried together; those of the next line only where none of these helps.
_WAYS: tuple[tuple[Callable[[Any], Any], ...], ...] = (
    (sympy.together, sympy.factor, _rational),
    (sympy.factor_terms,),
)


def _signed(form: Any) -> Any:
    """Return −(x − 1)·… as (1 − x)·…: a minus goes into a difference."""
    if not form.is_Mul or form.as_coeff_Mul()[0] >= 0:
        return form
    factors = list(form.args)
    for place, factor in enumerate(factors):
        if factor.is_Add and any(term.as_coeff_Mul()[0] < 0 for term in factor.args):
            factors[place] = -factor
            return sympy.Mul(-1, *factors)
    return form


def _sigmoid(derivative: Any, symbols: Sequence[Any]) -> tuple[Any, tuple[Any, Any]] | None:
    """Return a derivative over p = sigmoid(u), where all its exponentials are powers of e^−u.

    There e^−u is 1/p − 1: the slope e^−u/(1 + e^−u)² is p·(1 − p).
    """
    inside = {term for term in derivative.atoms(sympy.Add) if sympy.S.One in term.args}
    for base in sorted(_exponentials(inside), key=sympy.default_sort_key):
        power = sympy.Dummy(positive=True)
        swapped = _over(derivative, base, power)
        if swapped is None:
            continue
        letter = _letter(symbols)
        form = sympy.factor(sympy.cancel(sympy.together(swapped.subs(power, 1 / letter - 1))))
        form = _signed(_complement(form, letter))
        argument = -base.args[0]
        if argument.could_extract_minus_sign():
            form = _signed(_complement(sympy.factor(form.subs(letter, 1 - letter)), letter))
            argument = -argument
        return form, (letter, 1 / (1 + sympy.exp(-argument)))
    return None


def _exponentials(sums: set[Any]) -> Iterator[Any]:
    """Yield the e^u of each 1 + e^u."""
    for term in sums:
        if len(term.args) == 2:
            yield from (part for part in term.args if isinstance(part, sympy.exp))


def _over(derivative: Any, base: Any, power: Any) -> Any | None:
    """Return a derivative with e^(k·u) as powers of one symbol; None where others are left."""
    swaps = {}
    for part in derivative.atoms(sympy.exp):
        ratio = sympy.cancel(part.args[0] / base.args[0])
        if not ratio.is_Integer:
            return None
        swaps[part] = power**ratio
    return derivative.xreplace(swaps)


def _complement(form: Any, letter: Any) -> Any:
    """Return (p − 1) as −(1 − p), wherever it is a factor."""
    factors, turned = [], False
    for factor in sympy.Mul.make_args(form):
        base, exponent = factor.as_base_exp()
        if base == letter - 1 and exponent.is_Integer:
            turned = True
            factors += [(-1) ** exponent, (1 - letter) ** exponent]
        else:
            factors.append(factor)
    return sympy.Mul(*factors) if turned else form


def _letter(symbols: Sequence[Any]) -> Any:
    taken = {symbol.name for symbol in symbols}
    name = next((letter for letter in LETTERS if letter not in taken), "p_0")
    return sympy.Symbol(name, positive=True)


def _equal(one: Any, other: Any, symbols: Sequence[Any]) -> bool:
    """Tell whether two formulas have the same numbers, wherever both have some that are tried."""
    compared = 0
    for shift in range(len(TRIED)):
        point = {
            symbol: TRIED[(place + shift) % len(TRIED)] + place
            for place, symbol in enumerate(sorted(one.free_symbols, key=str))
        }
        numbers = [sympy.N(form.subs(point), 20) for form in (one, other)]
        if all(number.is_Number and number.is_finite for number in numbers):
            compared += 1
            if abs(numbers[0] - numbers[1]) > NEAR * (1 + abs(numbers[0])):
                return False
    return compared > 0


def _written(form: Form, translation: Translation) -> dict[str, Any]:
    """Return a form as text and in LaTeX, with the part that its letter stands for."""
    formula, part = form
    found = {
        "text": expression.text(formula),
        "latex": expression.latex(formula, translation.atoms),
    }
    if part is None:
        return found
    letter, inside = part
    argument = -(1 / inside - 1).args[0]
    return found | {
        "letter": letter.name,
        "part": f"sigmoid({expression.text(argument)})",
        "part_latex": rf"\sigma\left({expression.latex(argument, translation.atoms)}\right)",
    }
