"""The lines between two layers of boxes in the terminal: each net on a track of its own.

Where two nets cross, the one that runs along is interrupted; where lines join, they are one net.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: Which way lines leave a cell.
UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8


_LINES = {
    UP | DOWN: "│", UP: "│", DOWN: "│", LEFT | RIGHT: "─", LEFT: "─", RIGHT: "─",
    UP | RIGHT: "└", UP | LEFT: "┘", DOWN | RIGHT: "┌", DOWN | LEFT: "┐",
    UP | DOWN | RIGHT: "├", UP | DOWN | LEFT: "┤", LEFT | RIGHT | UP: "┴",
    LEFT | RIGHT | DOWN: "┬", UP | DOWN | LEFT | RIGHT: "┼",
}  # fmt: skip


#: The same lines where they stand out.
_HEAVY = str.maketrans("│─└┘┌┐├┤┴┬┼", "┃━┗┛┏┓┣┫┻┳╋")


class Net(NamedTuple):
    """The lines from one point up to the next layer: where they begin, and where they end.

    `lit` are the ends of those that stand out.
    """

    source: int
    low: int
    highs: tuple[int, ...]
    lit: tuple[int, ...] = ()

    @property
    def ends(self) -> tuple[int, int]:
        """The columns between which the net runs along."""
        return min(self.low, *self.highs), max(self.low, *self.highs)

    @property
    def straight(self) -> bool:
        """Whether it only runs up."""
        return self.highs == (self.low,)


def channel(
    nets: Sequence[Net], passing: set[int], columns: int, *, down: bool = False
) -> list[str]:
    """Return the lines of text between two layers, from the upper one down.

    Args:
        nets: the lines.
        passing: columns of the upper layer where a line goes on, so that it has no arrow.
        columns: how many there are.
        down: whether the lines that stand out are run along downwards.
    """
    tracks = _tracks(nets)
    count = max(tracks.values(), default=-1) + 1
    height = count + 2
    cells: list[dict[int, list[int]]] = [{} for _ in range(height)]

    def mark(row: int, column: int, net: int, ways: int) -> None:
        """Note the ways of a net at a cell; a second net there keeps apart."""
        here = cells[row].setdefault(column, [net, 0, 0])
        if here[0] == net:
            here[1] |= ways
        else:
            here[2] |= ways

    for which, net in enumerate(nets):
        track = height - 2 - tracks[which] if which in tracks else None
        for row in range(height):
            if track is None or row > track:
                mark(row, net.low, which, UP | DOWN)
            if track is not None and row < track:
                for high in net.highs:
                    mark(row, high, which, UP | DOWN)
        if track is not None:
            low, high = net.ends
            for column in range(low, high + 1):
                mark(track, column, which, LEFT * (column > low) | RIGHT * (column < high))
            mark(track, net.low, which, DOWN)
            for end in net.highs:
                mark(track, end, which, UP)
    heavy = _heavy(nets, tracks, height)
    lines = []
    for row, found in enumerate(cells):
        line = [" "] * (max(found, default=0) + 1)
        for column, (_, ways, other) in found.items():
            # Where two nets cross, the upright line is whole.
            both = "│" if other and ways | other == UP | DOWN | LEFT | RIGHT else _LINES[ways]
            if (row, column) in heavy:
                both = both.translate(_HEAVY)
            if row == 0 and column not in passing:
                both = "▲"
            line[column] = "▼" if down and row == height - 1 and "┃" in both else both
        lines.append("".join(line))
    return lines


def _heavy(nets: Sequence[Net], tracks: Mapping[int, int], height: int) -> set[tuple[int, int]]:
    """Return the row and column of each cell on the lines that stand out."""
    found: set[tuple[int, int]] = set()
    for which, net in enumerate(nets):
        turn = height - 2 - tracks[which] if which in tracks else 0
        for high in net.lit:
            found |= {(row, net.low) for row in range(turn, height)}
            found |= {(row, high) for row in range(turn + 1)}
            left, right = sorted((net.low, high))
            found |= {(turn, column) for column in range(left, right + 1)}
    return found


def _tracks(nets: Sequence[Net]) -> dict[int, int]:
    """Return a track for each net that runs along, 0 the lowest, so that none meets another.

    Where one net goes up from its track in the column in which another comes from below, the other
    must turn off lower down.
    """
    turning = [k for k, net in enumerate(nets) if not net.straight]
    lower: dict[int, set[int]] = {
        k: {j for j in turning if j != k and nets[j].low in nets[k].highs} for k in turning
    }
    tracks: dict[int, int] = {}
    waiting = list(turning)
    while waiting:
        ready = [k for k in waiting if not lower[k] & {*waiting} - {k}]
        chosen = min(ready or waiting, key=lambda k: (nets[k].ends, k))
        waiting.remove(chosen)
        low, high = nets[chosen].ends
        track = max((tracks[j] + 1 for j in lower[chosen] if j in tracks), default=0)
        while any(
            tracks[j] == track and nets[j].ends[0] <= high and low <= nets[j].ends[1]
            for j in tracks
        ):
            track += 1
        tracks[chosen] = track
    return tracks
