"""Layouts: layers, few crossings, nothing on top of anything, and the same every time."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff_cli.views.layout import Layout, Link, layers, layout
from autodiff_cli.views.order import crossings
from autodiff_cli.views.positions import Size, Spacing

SPACING = Spacing(20.0, 10.0, 30.0)


def graph(seed: int, most: int) -> tuple[int, list[Link]]:
    """A graph of operations on one to three variables, each taking up to three nodes before it."""
    chance = random.Random(seed)
    count, variables = chance.randint(4, most), chance.randint(1, 3)
    pairs = {
        (source, target)
        for target in range(variables, count)
        for source in chance.sample(range(target), min(target, chance.randint(1, 3)))
    }
    return count, [Link(*pair, Size(30, 12)) for pair in sorted(pairs)]


def least(count: int, links: Sequence[Link]) -> int | None:
    """The fewest crossings of these layers, by trying every order; None where that is too many.

    Edges of one source share their dummies, so a dummy is (source, layer).
    """
    ranks = layers(count, links)
    points: dict[tuple[int, int], int] = {(node, ranks[node]): node for node in range(count)}
    lines = set()
    for link in links:
        below = link.source
        for rank in range(ranks[link.source] + 1, ranks[link.target]):
            above = points.setdefault((link.source, rank), len(points))
            lines.add((below, above))
            below = above
        lines.add((below, link.target))
    up: list[list[int]] = [[] for _ in points]
    for below, above in lines:
        up[below].append(above)
    rows = [[point for (_, rank), point in points.items() if rank == level]
            for level in range(max(ranks) + 1)]  # fmt: skip
    if max(map(len, rows)) > 5:
        return None
    best = dict.fromkeys(itertools.permutations(rows[0]), 0)
    for row in rows[1:]:
        best = {
            order: min(count + crossings([before, order], up) for before, count in best.items())
            for order in itertools.permutations(row)
        }
    return min(best.values())


def test_crossings_that_can_be_avoided_are_in_one_of_twenty_graphs_at_most() -> None:
    tried = missed = 0
    for seed in range(120):
        count, links = graph(seed, 8)
        fewest = least(count, links)
        if fewest is None:
            continue
        tried += 1
        missed += layout([Size(60, 30)] * count, links, SPACING).crossings > fewest
    assert tried >= 60
    assert missed <= tried / 20


def boxes(found: Layout, sizes: Sequence[Size], links: Sequence[Link]) -> list[tuple[float, ...]]:
    """(left, top, right, bottom) of each node and each label."""
    shapes = [*zip(found.places, sizes, strict=True)]
    shapes += [(p, link.label) for p, link in zip(found.labels, links, strict=True) if p]
    return [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for (x, y), (w, h) in shapes]


@given(st.integers(0, 10**6), st.integers(4, 24))
def test_nothing_stands_on_anything_and_operands_stand_below(seed: int, most: int) -> None:
    count, links = graph(seed, most)
    chance = random.Random(seed)
    sizes = [Size(chance.randint(20, 200), chance.randint(20, 60)) for _ in range(count)]
    found = layout(sizes, links, SPACING)
    for a, b in itertools.combinations(boxes(found, sizes, links), 2):
        apart = a[2] <= b[0] + 0.1 or b[2] <= a[0] + 0.1 or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (a, b)
    for link, taken in zip(links, found.routes, strict=True):
        route = found.way(taken)
        assert found.places[link.source].y > found.places[link.target].y
        assert [place.y for place in route] == sorted((place.y for place in route), reverse=True)
    for left, top, right, bottom in boxes(found, sizes, links):
        assert left >= -0.1
        assert top >= -0.1
        assert right <= found.size.width + 0.1
        assert bottom <= found.size.height + 0.1


def test_a_layout_is_the_same_every_time() -> None:
    count, links = graph(7, 40)
    sizes = [Size(80, 40)] * count
    assert layout(sizes, links, SPACING) == layout(sizes, links, SPACING)


def test_a_chain_is_upright_and_a_node_stands_over_the_middle_of_two() -> None:
    chain = layout([Size(60, 30)] * 3, [Link(0, 1), Link(1, 2)], SPACING)
    assert len({place.x for place in chain.places}) == 1
    fork = layout([Size(60, 30)] * 3, [Link(0, 2), Link(1, 2)], SPACING)
    left, right, top = fork.places
    assert top.x == pytest.approx((left.x + right.x) / 2, abs=0.2)


@pytest.mark.parametrize(("count", "links"), [(0, []), (1, []), (3, [])])
def test_graphs_without_edges(count: int, links: list[Link]) -> None:
    found = layout([Size(60, 30)] * count, links, SPACING)
    assert len(found.places) == count


def test_work_on_a_big_graph_is_bounded() -> None:
    # Two variables that a thousand sums take, and a chain of all: the worst for pairs and dummies.
    links = [Link(source, target) for target in range(2, 1000) for source in (0, 1)]
    links += [Link(target - 1, target) for target in range(3, 1000)]
    found = layout([Size(60, 30)] * 1000, sorted(set(links)), SPACING)
    assert len(found.layers) == 999


def test_edges_of_one_source_take_no_room_for_each_other() -> None:
    links = [Link(0, target) for target in range(1, 400)]
    links += [Link(target - 1, target) for target in range(2, 400)]
    found = layout(
        [
            Size(
                60,
                30,
            )
        ]
        * 400,
        sorted(set(links)),
        SPACING,
    )
    own = [
        route
        for link, route in zip(sorted(set(links)), found.routes, strict=True)
        if link.source == 0
    ]
    assert len({id(route.trunk) for route in own}) == 1
    assert sum(len(route.own) for route in found.routes) == len(set(links))
    assert [len(found.way(route)) for route in own] == list(range(2, 401))
