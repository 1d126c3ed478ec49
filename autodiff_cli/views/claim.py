"""A derivative of the user's own: how it stands, and where it is wrong."""

from __future__ import annotations

from typing import Any

from autodiff_cli.formats.format import Format
from autodiff_cli.formats.signs import Signs
from autodiff_cli.methods.claim import Claim
from autodiff_cli.teach.diagnosed import Diagnosed
from autodiff_cli.views import slip
from autodiff_cli.views.head import point


def write(out: Format, one: Claim, function: str) -> None:
    """Write a claim on a derivative of the function so called, and how it stands."""
    claimed = ("claim ", out.signs.slope(function, one.name), f" = {one.text}: ")
    wrong = one.disagreement
    if wrong is not None:
        out.paragraph(*claimed, "WRONG at ", point(dict(wrong.at), out.signs))
        out.line("  the claim gives  ", out.signs.number(wrong.claimed))
        found = "  SymPy finds      " if wrong.by == "SymPy" else "  autodiff finds   "
        out.line(found, out.signs.number(wrong.found))
        if isinstance(one, Diagnosed) and one.rounded:
            out.line("  it is right to the digits that were typed")
        elif isinstance(one, Diagnosed) and wrong.by == "autodiff":
            slip.write(out, one.slips)
        return
    out.paragraph(*claimed, _outcome(one, out.signs))
    if one.unreached:
        out.paragraph(f"no point was found with {', '.join(one.unreached)}: not tried there")


def _outcome(one: Claim, signs: Signs) -> str:
    """Say how a claim stands that is not wrong."""
    given = len(one.points) > one.sampled
    if one.outcome == "undecided":
        why = "at most points there is no number, or none that rounding leaves alone"
        return f"undecided: {why if one.points else 'no point inside the domain was found'}"
    whom = one.points[0].by
    if given and not one.sampled:
        first = f"agrees with {whom} at the point"
    else:
        told = given and one.points[0].agrees is not None
        many = one.told - told
        others = "at" if whom == "autodiff" else "with autodiff at"
        first = f"agrees with {whom} at the point and {others} {many} others"
        if not told:
            first = f"agrees with autodiff at {many} sampled points"
        if given and not told:
            first += "; at the point itself they cannot be compared"
    side = next((point.side for point in one.points if point.side), "")
    if side:
        return (
            f"right on the {side} alone: the point is a kink, where there is no one slope, and "
            f"autodiff uses {signs.number(one.points[0].found)}"
        )
    return first


def payload(one: Claim) -> dict[str, Any]:
    """Return a claim as an object."""
    wrong = one.disagreement
    return {
        "variable": one.name,
        "claim": one.text,
        "points": len(one.points),
        "outcome": one.outcome,
        "agrees": None if one.outcome == "undecided" else wrong is None,
        "side": next((point.side for point in one.points if point.side), None),
        "unreached": list(one.unreached),
        "disagreement": None
        if wrong is None
        else {"at": dict(wrong.at), "claimed": wrong.claimed, "found": wrong.found},
        "slips": slip.payload(one.slips if isinstance(one, Diagnosed) else ()),
    }
