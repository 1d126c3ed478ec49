"""A point: the value of every variable, as floats or as arrays of one common shape."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Any

from autodiff_cli.engine.linearise import Value, floats
from autodiff_cli.errors import SHORT, VariableError, nearest, shortened, words
from autodiff_cli.graph.graph import Graph
from autodiff_cli.language.adjacent import factors, pair
from autodiff_cli.ops import CONSTANTS, FUNCTIONS

#: One value, or several.
Numbers = float | list[float]


def item(name: str) -> str:
    """Return how Python gives a variable its value."""
    return f'{{"{name}": 4}}'


def bind(
    graph: Graph,
    at: Mapping[str, Any],
    *,
    copy: bool = True,
    giving: Callable[[str], str] = item,
) -> dict[str, Value]:
    """Return a float, or an array of the common shape, for every variable of the graph.

    Args:
        graph: the graph whose variables need values.
        at: variable → number, sequence of numbers or NumPy array; arrays broadcast.
        copy: keep the numbers even if the caller then writes on the arrays.
        giving: writes how a name is given a value, for the mend of one without.

    Raises:
        VariableError: a variable has no value, a value no variable, a value is not a number, or
            the shapes do not broadcast.
    """
    if not isinstance(at, Mapping):
        raise VariableError("the point is not a mapping", mend='write {"x": 4.0}')
    variables = graph.variables
    if tuple(at) == variables:
        if type(at) is dict and set(map(type, at.values())) == {float}:
            return at.copy()  # there may be a million: no name is looked up
        given: Collection[Any] = at.values()
    else:
        check_names(variables, at, giving)
        given = [at[name] for name in variables]
    values = {
        name: value if type(value) is float else _number(name, value, copy)
        for name, value in zip(variables, given, strict=True)
    }
    if floats(values.values()):
        return values
    import numpy

    try:
        arrays = numpy.broadcast_arrays(*values.values())
    except ValueError:
        sizes = ", ".join(f"{name} has {_size(value)}" for name, value in values.items())
        raise VariableError(
            f"the values do not go together row by row: {sizes}",
            mend="give every variable one value, or the same number of values",
        ) from None
    return dict(zip(values, arrays, strict=True))


def _size(value: Value) -> str:
    return "one value" if isinstance(value, float) else f"shape {value.shape}"


def _number(name: str, value: Any, copy: bool) -> Value:
    beyond = VariableError(f"the value of {name} is beyond the range of float64")
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            raise beyond from None
    wrong = VariableError(f"the value of {name} is not a number", mend=f"write {item(name)}")
    if isinstance(value, (str, bytes)):
        raise wrong
    import numpy

    try:
        kind = numpy.asarray(value)
        # Text, None, complex numbers and dates would be converted without a word.
        if kind.dtype.kind == "O" and not all(isinstance(x, numbers.Real) for x in kind.flat):
            raise wrong
        if kind.dtype.kind not in "biufO" or numpy.any(getattr(value, "mask", False)):
            raise wrong  # what is masked is no number either
        with numpy.errstate(over="ignore"):
            array = numpy.array(kind, dtype=float, copy=copy or None)
    except (TypeError, ValueError, OverflowError):
        raise wrong from None
    if kind.dtype.itemsize > 8 and (numpy.isinf(array) > numpy.isinf(kind)).any():
        raise beyond  # a long double
    return float(array) if array.shape == () and not isinstance(value, numpy.ndarray) else array


def check_names(
    variables: Sequence[str], given: Mapping[str, Any], giving: Callable[[str], str] = item
) -> None:
    """Raise the error for the first variable without a value or value without a variable."""
    if tuple(given) == tuple(variables):
        return
    known = frozenset(variables)
    for name in given:
        if not isinstance(name, str):
            message = f"the name of a variable is text, not {type(name).__name__}"
            raise VariableError(message, mend='write {"x": 4.0}')
    for name in variables:
        if name not in given:
            message = f"no value for the variable '{shortened(name)}'"
            raise VariableError(message, mend=_mend(name, variables, given, giving))
    for name in given:
        if name not in known:
            raise VariableError(
                f"the expression has no variable '{shortened(name)}'", mend=_has(variables)
            )


def check_wrt(variables: Sequence[str], wrt: Sequence[str]) -> None:
    """Raise the error for the first name of `wrt` that is not a variable."""
    known = frozenset(variables)
    for name in wrt:
        if name not in known:
            message = f"cannot differentiate with respect to '{shortened(name)}'"
            raise VariableError(message, mend=_has(variables))


def chosen(graph: Graph, wrt: Sequence[str] | None) -> tuple[str, ...]:
    """Return the variables to differentiate with respect to, in the graph's order."""
    if wrt is None:
        return graph.variables
    wrt = words("wrt", wrt)
    check_wrt(graph.variables, wrt)
    wanted = frozenset(wrt)
    return tuple(name for name in graph.variables if name in wanted)


def points(at: Mapping[str, Value]) -> list[dict[str, float]]:
    """Return a point, or the rows of arrays, as a list of points of floats."""
    if all(isinstance(value, float) for value in at.values()):
        return [dict(at)]
    columns = [value.ravel().tolist() for value in at.values()]
    return [dict(zip(at, row, strict=True)) for row in zip(*columns, strict=True)]


def alone(at: Mapping[str, Value]) -> dict[str, float]:
    """Return a point of floats; a file with one row gives one.

    Raises:
        VariableError: there are several points.
    """
    found = {}
    for name, value in at.items():
        if getattr(value, "size", 1) != 1:
            raise VariableError(
                f"a sparse matrix is found at one point, and {shortened(name)} has "
                f"{value.size} values",
                mend=f"give {shortened(name)} one value, or ask for the dense matrix",
            )
        found[name] = float(value.item()) if hasattr(value, "item") else value
    return found


def components(
    variables: Sequence[str], direction: Mapping[str, Any] | Sequence[Any]
) -> dict[str, float]:
    """Return a direction as variable → component, for all of `variables`.

    Raises:
        VariableError: a component has no variable, is no finite number, or one is missing.
    """
    if not isinstance(direction, Mapping):
        direction = listed("the direction", direction)
        if len(direction) != len(variables):
            raise VariableError(
                f"the direction needs {len(variables)} components, not {len(direction)}",
                mend=f"give one for each of: {', '.join(map(shortened, variables)) or 'none'}",
            )
        direction = dict(zip(variables, direction, strict=True))
    found = dict.fromkeys(variables, 0.0)
    for name, value in direction.items():
        if name not in found:
            raise VariableError(
                f"the direction has a component for '{shortened(str(name))}'",
                mend=f"the variables are: {', '.join(map(shortened, variables)) or 'none'}",
            )
        found[name] = component(f"the component of {shortened(name)}", value)
    return found


def listed(what: str, numbers: Any) -> tuple[Any, ...]:
    """Return the numbers of a direction or of weights in their order, or raise VariableError."""
    try:
        if isinstance(numbers, (str, bytes, Mapping, Set)):
            raise TypeError
        return tuple(numbers)
    except TypeError:
        raise VariableError(f"{what} must be a list of numbers", mend="write [1.0, 0.0]") from None


def component(what: str, value: Any) -> float:
    """Return one number of a direction or of weights."""
    try:
        number = _number(what, value, copy=False)
    except VariableError:
        number = None
    if not isinstance(number, float):
        raise VariableError(f"{what} is not a number of float64", mend="write 1.0")
    if number - number != 0:
        raise VariableError(f"{what} is {number}, not a finite number")
    return number


def _has(variables: Sequence[str]) -> str:
    if not variables:
        return "it has no variables"
    shown = ", ".join(shortened(name) for name in variables[:8])
    return f"its variables are {shown}{', …' if len(variables) > 8 else ''}"


def _mend(
    name: str, variables: Sequence[str], given: Mapping[str, Any], giving: Callable[[str], str]
) -> str:
    """Say what a name without a value may have meant."""
    value = f"write {giving(shortened(name))}"
    if len(name) > SHORT:  # no slip of a formula, and looking for one would take seconds
        return value
    if any(f"d{other}" == name or name == "d" for other in variables) and "d" in variables:
        return "leave d/dx out: its derivative is what the program finds"
    product = factors(name, {other for other in (*variables, *given) if other != name})
    if product:
        return f"write {'*'.join(product)} for a product"
    letters = pair(name)
    if not CONSTANTS.keys().isdisjoint(letters):
        return f"write {'*'.join(letters)} for a product, or {giving(shortened(name))}"
    for length in range(len(name) - 1, 1, -1):
        if name[:length] in FUNCTIONS:
            return f"write {name[:length]}({name[length:]}) for the function"
    close = nearest(name, [other for other in given if other != name])
    return f"{value}; or did you mean {close}?" if close else value
