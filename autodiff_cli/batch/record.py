"""What is kept of a piece that is done, as JSON: a later run need not do it again.

Floats and sums are written whole, so that a run that goes on says what one run would have said.
"""

from __future__ import annotations

from typing import Any

from autodiff_cli.answers.drawn import Draw
from autodiff_cli.answers.drawn import Row as Candidate
from autodiff_cli.batch.summary import Column, Ends, Extreme, Left, Row, Summary, Worst
from autodiff_cli.notes.counting import Count, Departure, Place
from autodiff_cli.notes.note import Note


def written(summary: Summary) -> dict[str, Any]:
    """Return the summary of one piece as an object of JSON; its number is left out."""
    ends = summary.ends
    return {
        "most": ends.most,
        "head": ends.head.tolist(),
        "tail": ends.tail.tolist(),
        "first": ends.first[1].tolist(),
        "last": ends.last[1].tolist(),
        "points": summary.points,
        "found": [
            [*key, said, points, _row(first)]
            for key, (said, points, first) in summary.departures.found.items()
        ],
        "columns": {
            name: [kept.finite, _extreme(kept.least), _extreme(kept.greatest), hex(kept.total)]
            for name, kept in summary.columns.items()
        },
        "verdict": summary.verdict,
        "worst": {
            name: [
                worst.most,
                worst.beyond,
                [[one.key, one.place.row, one.row, one.at, one.numbers] for one in worst.rows],
            ]
            for name, worst in summary.worst.items()
        },
        "draw": None if summary.draw is None else _draw(summary.draw),
        "left": [summary.left.rows, _row(summary.left.first), summary.left.row],
    }


def _draw(draw: Draw) -> dict[str, Any]:
    return {
        "seed": draw.seed,
        "count": draw.count,
        "found": dict(draw.found),
        "kinds": {
            kind: [
                [row.rank, row.key, row.place.row, row.at, row.value, row.derivatives]
                for row in rows
            ]
            for kind, rows in draw.kinds.items()
        },
    }


def _drawn(told: dict[str, Any], piece: int) -> Draw:
    return Draw(
        seed=told["seed"],
        count=told["count"],
        kinds={
            kind: tuple(
                Candidate(rank, key, Place(piece, row), tuple(at), value, tuple(slopes))
                for rank, key, row, at, value, slopes in rows
            )
            for kind, rows in told["kinds"].items()
        },
        found=told["found"],
    )


def _row(place: Place | None) -> int | None:
    return None if place is None else place.row


def _extreme(found: Extreme | None) -> list[Any] | None:
    return None if found is None else [found.key, found.place.row, found.value, found.row]


def read(told: dict[str, Any], piece: int) -> Summary:
    """Return the summary that `written` wrote.

    Args:
        told: the object.
        piece: the number that the piece has now.
    """
    import numpy

    def places(rows: list[int]) -> Any:
        return numpy.array([[piece] * len(rows), rows])

    def place(row: int | None) -> Place | None:
        return None if row is None else Place(piece, row)

    def extreme(found: list[Any] | None) -> Extreme | None:
        if found is None:
            return None
        key, row, value, said = found
        return Extreme(key, Place(piece, row), value, said)

    ends = Ends(
        most=told["most"],
        head=numpy.array(told["head"], dtype=float),
        tail=numpy.array(told["tail"], dtype=float),
        first=places(told["first"]),
        last=places(told["last"]),
    )
    departures = {
        (node, which): Departure(Note(*said), points, place(row))
        for node, which, said, points, row in told["found"]
    }
    return Summary(
        ends=ends,
        departures=Count(points={piece: told["points"]}, found=departures),
        columns={
            name: Column(
                finite=finite,
                least=extreme(least),
                greatest=extreme(greatest),
                total=int(total, 16),
            )
            for name, (finite, least, greatest, total) in told["columns"].items()
        },
        verdict=told["verdict"],
        draw=None if told["draw"] is None else _drawn(told["draw"], piece),
        worst={
            name: Worst(
                most=most,
                beyond=beyond,
                rows=tuple(
                    Row(key, Place(piece, row), said, tuple(at), (numbers[0], numbers[1]))
                    for key, row, said, at, numbers in rows
                ),
            )
            for name, (most, beyond, rows) in told["worst"].items()
        },
        left=Left(told["left"][0], place(told["left"][1]), told["left"][2]),
    )
