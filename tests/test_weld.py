from itertools import pairwise

import numpy as np
import pytest
import shapely

from solarpass.weld import weld

NO_HOUSE = shapely.STRtree([])


def welded(drawn, mapped, *, level=0, mapped_level=0, houses=NO_HOUSE):
    """Weld lines, each with nodes of its own unless places are the same."""
    xy = [np.array(line, float) for line in (*drawn, *mapped)]
    ends = np.array([(line[0], line[-1]) for line in xy]).reshape(-1, 2)
    node_xy, number = np.unique(ends, axis=0, return_inverse=True)
    is_drawn = np.arange(len(xy)) < len(drawn)
    return weld(
        node_xy,
        number.reshape(-1, 2),
        xy,
        is_drawn=is_drawn,
        is_mapped=~is_drawn,
        level=np.where(is_drawn, level, mapped_level)[:, None],
        houses=houses,
    )


def degree(welds, at):
    """Count the ends of edges at a place; 0 if no node is there."""
    (node,) = np.flatnonzero(np.hypot(*(welds.node_xy - at).T) < 1e-6).tolist() or [-1]
    return int((welds.end == node).sum())


def joins(welds):
    return [welds.xy[edge].tolist() for edge in np.flatnonzero(welds.is_join)]


EAST, NORTH = [(0, 0), (20, 0)], [(8, -50), (8, 50)]


def test_a_pavement_that_runs_across_a_mapped_way_shares_a_node_with_it():
    welds = welded([EAST], [NORTH])
    assert degree(welds, (8, 0)) == 4
    assert welds.source.tolist() == [0, 0, 1, 1]
    assert [line.tolist() for line in welds.xy[:2]] == [[[0, 0], [8, 0]], [[8, 0], [20, 0]]]
    # Its end 8 m off is led there already.
    assert not welds.is_join.any()


def test_what_shares_a_node_already_or_is_on_another_level_is_left_alone():
    bent = [(0, 0), (10, 40), (10, -40)]  # begins where EAST does, and crosses it
    assert welded([EAST], [bent]).source.tolist() == [0, 1]
    assert welded([EAST], [NORTH], mapped_level=1).source.tolist() == [0, 1]
    beyond = [(24, -50), (24, 50)]
    assert welded([EAST], [beyond]).is_join.any()
    assert not welded([EAST], [beyond], mapped_level=1).is_join.any()


@pytest.mark.parametrize(("apart", "is_joined"), [(7.9, True), (8.1, False)])
def test_a_pavement_that_ends_beside_a_mapped_way_leads_onto_it(apart, is_joined):
    x = 20 + apart
    welds = welded([EAST], [[(x, -50), (x, 50)]])
    assert joins(welds) == ([[[20, 0], [x, 0]]] if is_joined else [])
    assert degree(welds, (20, 0)) == 1 + is_joined
    assert degree(welds, (x, 0)) == 3 * is_joined


def test_a_pavement_that_leads_on_does_not_end():
    onward = [(20, 0), (20, -30)]
    assert joins(welded([EAST, onward], [[(24, -20), (24, 50)]])) == []


def test_of_two_mapped_ways_the_nearer_is_led_to_but_not_through_a_house():
    ways = [[(24, -50), (24, 50)], [(15, 6), (30, 6)]]
    assert joins(welded([EAST], ways)) == [[[20, 0], [24, 0]]]
    house = shapely.STRtree([shapely.box(21, -1, 23, 1)])
    assert joins(welded([EAST], ways, houses=house)) == [[[20, 0], [20, 6]]]
    assert joins(welded([EAST], ways[:1], houses=house)) == []


def test_nothing_is_cut_twice_at_one_place_nor_beside_its_end():
    near = [[(0, y), (8, y), (20, y)] for y in (0.0, 0.3)]
    welds = welded(near, [NORTH])
    assert degree(welds, (8, 0)) == 6
    assert (welds.source == 2).sum() == 2
    # One that ends 0.2 m past a mapped way is whole, and ends on it.
    welds = welded([[(-10, 0), (8.2, 0)]], [NORTH])
    assert welds.source.tolist() == [0, 1, 1, 0]
    assert joins(welds) == [[[8.2, 0], [8, 0]]]


@pytest.mark.parametrize("seed", range(5))
def test_welds_hang_together_and_add_no_length_but_the_joints(seed):
    rng = np.random.default_rng(seed)
    drawn, mapped = (
        [np.cumsum(rng.normal(0, 20, (4, 2)), axis=0).round(3) for _ in range(12)] for _ in "ab"
    )
    welds = welded(drawn, mapped)
    for line, pair in zip(welds.xy, welds.end, strict=True):
        assert line[[0, -1]].tolist() == welds.node_xy[pair].tolist()
    length_m = shapely.length([shapely.LineString(line) for line in welds.xy])
    for edge, line in enumerate((*drawn, *mapped)):
        own = (welds.source == edge) & ~welds.is_join
        # A cut may lie up to 0.5 m from the one made for its neighbour.
        most_m = 0.002 + 1.0 * (own.sum() - 1)
        assert length_m[own].sum() == pytest.approx(shapely.LineString(line).length, abs=most_m)
        parts = [welds.end[each].tolist() for each in np.flatnonzero(own)]
        assert all(one[1] == other[0] for one, other in pairwise(parts))
    assert length_m[welds.is_join].max(initial=0.0) <= 8.0
    assert len(welds.source) > 40
    met = shapely.STRtree([shapely.LineString(line) for line in mapped]).query(
        [shapely.LineString(line) for line in drawn], predicate="crosses"
    )
    number = [set(welds.end[welds.source == edge].ravel().tolist()) for edge in range(24)]
    assert met.size
    assert all(number[one] & number[12 + other] for one, other in met.T.tolist())


def test_without_mapped_ways_nothing_changes():
    welds = welded([EAST], [])
    assert (welds.source.tolist(), welds.xy[0].tolist()) == ([0], [[0, 0], [20, 0]])
