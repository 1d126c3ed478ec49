"""`autodiff plot`: a function over its derivative, or contours with the gradient."""

from __future__ import annotations

from typing import Annotated

from autodiff_cli.cli.inline import Inline, show_or_inline
from autodiff_cli.cli.intervals import Interval, moving, split
from autodiff_cli.cli.options import Formula, Shown, Table, Values
from autodiff_cli.cli.output import in_characters
from autodiff_cli.cli.parameters import Option
from autodiff_cli.cli.request import Request, read_request
from autodiff_cli.cli.session import Session
from autodiff_cli.errors import VariableError, shortened
from autodiff_cli.views import plot as view

Ascii = Annotated[bool, Option("--ascii", help="Draw in the terminal without Braille.")]


def plot(
    session: Session,
    formula: Formula,
    values: Values,
    table: Table,
    shown: Shown,
    ascii: Ascii = False,
    inline: Inline = False,
) -> None:
    """Draw a function over its derivative, or of two variables contours and the gradient.

    A variable runs over an interval; a value besides marks the place with its tangent. Poles,
    jumps and kinks are gaps and marks. Besides the formats that all commands have, there are svg,
    and png and pdf with the extra 'plot'.

    autodiff plot "x^3 - 2x" --x=-2..2 --at x=1
    autodiff plot "tan(x)" --x=-5..5 -o tan.svg
    autodiff plot "a*sin(x)" --a 2
    autodiff plot "(1-x)^2 + 100(y-x^2)^2" --x=-2..2 --y=-1..3
    """
    if ascii:
        in_characters(view, shown, "--ascii")
    intervals, rest, constants = split(values)
    asked = read_request(session, formula, rest, None, table, needs_point=False, partly=True)
    moved = moving(asked, intervals)
    held = _held(asked, moved)
    remarks = asked.reading.remarks
    places = {name: [] if name in constants else _listed(asked, name) for name in moved}
    from_file = {name for name in moved if asked.data is not None and name in asked.data.names}
    if len(moved) == 1:
        from autodiff_cli.answers.curve import curve

        ((name, interval),) = moved.items()
        answer = view.Plot(
            answer=curve(
                asked.expression, asked.graph, name, interval, held,
                tangents=() if from_file else places[name],
                points=places[name] if from_file else (), remarks=remarks,
            ),
            ascii=ascii,
        )  # fmt: skip
    else:
        from autodiff_cli.answers.contours import contours

        x, y = moved
        pairs = _pairs(asked, places)
        answer = view.Plot(
            answer=contours(
                asked.expression, asked.graph, (x, y), (moved[x], moved[y]), held,
                marks=() if from_file else pairs, points=pairs if from_file else (),
                remarks=remarks,
            ),
            ascii=ascii,
        )  # fmt: skip
    show_or_inline(session, view, answer, shown, inline=inline, title=asked.expression)


def _listed(asked: Request, name: str) -> list[float]:
    """Return the values of a variable that moves: places to be marked."""
    given = asked.given.get(name, [])
    return list(given) if isinstance(given, list) else [given]


def _held(asked: Request, moved: dict[str, Interval]) -> dict[str, float]:
    """Return the values of the variables that do not move.

    Raises:
        VariableError: one has several.
    """
    held = {}
    for name, value in asked.given.items():
        if name in moved:
            continue
        if isinstance(value, list):
            raise VariableError(
                f"{shortened(name)} does not move in this picture, and has {len(value)} values",
                mend=f"write --{shortened(name)} {value[0]:g}, or an interval: -1..1",
            )
        held[name] = value
    return held


def _pairs(asked: Request, places: dict[str, list[float]]) -> list[tuple[float, float]]:
    """Return the places to be marked in the plane."""
    across, up = places.values()
    if len(across) != len(up):
        x, y = places
        raise VariableError(
            f"a place in the picture needs both: {x} has {len(across)} and {y} {len(up)} values",
            mend=f"write --at {x}=1,{y}=1",
        )
    return list(zip(across, up, strict=True))
