"""
How far it is to go, in time and in sun: what guides the search, in compiled code.

`flood_back` times the way to the destination from each node and finds the shortest walk,
`flood_out` the way there from the origin, and `flood_sun` bounds the sun still to come from
below. Queues are buckets of whole seconds, so that no heap is needed.

Plain arrays in, plain arrays out; no checks. Every clock is in whole seconds since the
start, every sun in 254ths of a second, so all sums are exact; `rating` says what a second is
rated at by the table's value, so that whoever likes the sun asks the same question turned.
A walk with places to pass has stages, and each stage's clock counts those before and behind it
in: its `ends` carry their shortest times. An arc is coded as
``2 * edge`` from the edge's first end to its second, plus 1 the other way. The ends of a walk
lie inside edges and are passed as `ends`: rows origin and destination, columns edge, then
node and seconds of either part.

Compiled with ``nogil`` and never ``parallel``: the browser app calls these from many
threads, and numba's plainest thread pool, workqueue, then aborts the process.
Signatures stay lazy, for an eager one refuses the read-only arrays we share.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

FAR = 2**31 - 1
FULL_SUN = 254  # of the table's values; 255 is unknown
SUN_BUCKET = 9  # bits of sun in one bucket of `flood_sun`, where a second costs up to 2 * 254
EDGE, NODE_0, S_0, NODE_1, S_1 = range(5)  # columns of `ends`


@njit(nogil=True, cache=True)
def grown(array: NDArray[Any]) -> NDArray[Any]:
    """Copy a pool into one of twice the size."""
    bigger = np.empty((2 * array.shape[0],) + array.shape[1:], array.dtype)  # noqa: RUF005 - numba
    bigger[: array.shape[0]] = array
    return bigger


@njit(nogil=True, cache=True)
def forget(
    touched: NDArray[np.int32],
    n_touched: int,
    back_s: NDArray[np.int32],
    out_s: NDArray[np.int32],
    sun_ahead: NDArray[np.int32],
    priced: NDArray[np.int32],
) -> None:
    """Wipe what a search wrote, node by node: far cheaper than the whole city."""
    for k in range(n_touched):
        node = touched[k]
        back_s[node] = FAR
        out_s[node] = FAR
        sun_ahead[node] = FAR
        priced[node] = FAR


@njit(nogil=True, cache=True)
def wait(
    queue: NDArray[np.int32],
    entry: int,
    bucket: NDArray[np.int32],
    place: int,
    node: int,
    cost: int,
) -> NDArray[np.int32]:
    """Let a node wait in a bucket, in front of those that came before it."""
    if entry == queue.shape[0]:
        queue = grown(queue)
    queue[entry, 0] = node
    queue[entry, 1] = cost
    queue[entry, 2] = bucket[place]
    bucket[place] = entry
    return queue


@njit(nogil=True, cache=True)
def _bound_s(
    x: float, y: float, goal_xy: NDArray[np.float64], goal_s: NDArray[np.int64], pace: float
) -> int:
    """Bound the seconds to the origin from below: as the crow flies, at the fastest pace."""
    far_0 = np.hypot(x - goal_xy[0, 0], y - goal_xy[0, 1]) * pace
    far_1 = np.hypot(x - goal_xy[1, 0], y - goal_xy[1, 1]) * pace
    return int(min(int(far_0 - 1e-6) + goal_s[0], int(far_1 - 1e-6) + goal_s[1]))


@njit(nogil=True, cache=True)
def flood_back(  # noqa: C901, PLR0912 - one loop, kept whole for speed
    arc_start: NDArray[np.int64],  # (n_nodes + 1,): slices of the arcs that leave a node
    arc_head: NDArray[np.int32],
    return_s: NDArray[np.int32],  # time on each arc walked the other way, as all walk here
    node_xy: NDArray[np.float64],
    ends: NDArray[np.int64],
    direct_s: int,  # straight along, where both ends lie on one edge; else FAR
    pace: float,  # s/m: no edge is faster, as the crow flies
    patience: float,  # 1 + budget,
    extra_s: int,  # and so many seconds beside
    back_s: NDArray[np.int32],  # (n_nodes + 1,): FAR, lowered in place
    touched: NDArray[np.int32],
    bucket: NDArray[np.int32],  # power of two, > 2 x the longest arc + 1
    queue: NDArray[np.int32],  # (n, 3): node, its seconds, next in the bucket
) -> tuple[int, int, int, NDArray[np.int32]]:
    """
    Time the way from each node to the destination, as far as the budget can matter.

    A* from the destination towards the origin that does not stop there, but goes on until
    the budget is spent. Returns the shortest walk, the budget in seconds, the number of
    nodes touched, and the queue, which may have grown. A shortest of FAR is no way at all.
    """
    goal_xy = np.empty((2, 2))
    goal_s = np.array([ends[0, S_0], ends[0, S_1]])
    for k in range(2):
        goal_xy[k] = node_xy[ends[0, NODE_0 + 2 * k]]
    mask = bucket.shape[0] - 1
    bucket[:] = -1
    shortest_s = direct_s
    budget_s = FAR if direct_s == FAR else int(np.floor(patience * direct_s)) + extra_s
    n_touched, n_entries, n_waiting = 0, 0, 0
    current = FAR
    for k in range(2):
        node, there_s = ends[1, NODE_0 + 2 * k], ends[1, S_0 + 2 * k]
        if there_s < back_s[node]:
            if back_s[node] == FAR:
                touched[n_touched] = node
                n_touched += 1
            back_s[node] = there_s
            key = there_s + _bound_s(node_xy[node, 0], node_xy[node, 1], goal_xy, goal_s, pace)
            queue = wait(queue, n_entries, bucket, key & mask, node, there_s)
            n_entries += 1
            n_waiting += 1
            current = min(current, key)
    while n_waiting > 0 and current <= budget_s:
        entry = bucket[current & mask]
        if entry < 0:
            current += 1
            continue
        node, there_s = queue[entry, 0], queue[entry, 1]
        bucket[current & mask] = queue[entry, 2]
        n_waiting -= 1
        if there_s > back_s[node]:  # found again by a shorter way
            continue
        for k in range(2):
            if node == ends[0, NODE_0 + 2 * k] and there_s + goal_s[k] < shortest_s:
                shortest_s = there_s + goal_s[k]
                budget_s = int(np.floor(patience * shortest_s)) + extra_s
        for arc in range(arc_start[node], arc_start[node + 1]):
            other = arc_head[arc]
            other_s = there_s + return_s[arc]
            if other_s >= back_s[other]:
                continue
            if back_s[other] == FAR:
                touched[n_touched] = other
                n_touched += 1
            back_s[other] = other_s
            key = other_s + _bound_s(node_xy[other, 0], node_xy[other, 1], goal_xy, goal_s, pace)
            if key > budget_s:
                continue
            key = max(key, current)  # the crow's bound is consistent up to rounding
            queue = wait(queue, n_entries, bucket, key & mask, other, other_s)
            n_entries += 1
            n_waiting += 1
    return shortest_s, budget_s, n_touched, queue


@njit(nogil=True, cache=True)
def flood_out(
    arc_start: NDArray[np.int64],
    arc_head: NDArray[np.int32],
    arc_s: NDArray[np.int32],
    ends: NDArray[np.int64],
    budget_s: int,
    back_s: NDArray[np.int32],  # from `flood_back`
    out_s: NDArray[np.int32],  # (n_nodes + 1,): FAR, lowered in place
    bucket: NDArray[np.int32],
    queue: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Time the way from the origin to each node from which one can still arrive in time."""
    mask = bucket.shape[0] - 1
    bucket[:] = -1
    n_entries, n_waiting = 0, 0
    current = FAR
    for k in range(2):
        node, here_s = ends[0, NODE_0 + 2 * k], ends[0, S_0 + 2 * k]
        if back_s[node] < FAR and here_s < out_s[node] and here_s + back_s[node] <= budget_s:
            out_s[node] = here_s
            queue = wait(queue, n_entries, bucket, here_s & mask, node, here_s)
            n_entries += 1
            n_waiting += 1
            current = min(current, here_s)
    while n_waiting > 0:
        entry = bucket[current & mask]
        if entry < 0:
            current += 1
            continue
        node, here_s = queue[entry, 0], queue[entry, 1]
        bucket[current & mask] = queue[entry, 2]
        n_waiting -= 1
        if here_s > out_s[node]:
            continue
        for arc in range(arc_start[node], arc_start[node + 1]):
            other = arc_head[arc]
            other_s = here_s + arc_s[arc]
            if other_s >= out_s[other] or back_s[other] > budget_s - other_s:
                continue
            out_s[other] = other_s
            queue = wait(queue, n_entries, bucket, other_s & mask, other, other_s)
            n_entries += 1
            n_waiting += 1
    return queue


@njit(nogil=True, cache=True)
def _least_sun(
    stored: NDArray[np.uint8],
    rating: NDArray[np.int32],
    edge: int,
    first_row: int,
    last_row: int,
) -> int:
    least = FULL_SUN
    for row in range(first_row, last_row + 1):
        least = min(least, rating[stored[row, edge]])
    return least


@njit(nogil=True, cache=True)
def flood_sun(
    arc_start: NDArray[np.int64],
    arc_head: NDArray[np.int32],
    return_s: NDArray[np.int32],  # time on each arc walked the other way, as all walk here
    arc_code: NDArray[np.int32],
    ends: NDArray[np.int64],
    budget_s: int,
    offset_s: int,  # of the start, since the table's first row
    slot_s: int,
    stored: NDArray[np.uint8],  # (n_times, n_edges)
    rating: NDArray[np.int32],  # (256,)
    back_s: NDArray[np.int32],
    out_s: NDArray[np.int32],
    price: int,  # in sun, of each second walked
    after_s: int,  # the shortest time of the stages behind, which `ends` counts in,
    after_sun: int,  # and the bound of their sun
    sun_ahead: NDArray[np.int32],  # (n_nodes + 1,): FAR, lowered in place
    bucket: NDArray[np.int32],
    queue: NDArray[np.int32],
) -> NDArray[np.int32]:
    """
    Bound the sun from each node to the destination from below, with a price on time.

    Each arc counts with its least sun over the slots in which a walk within the budget can
    enter it, and with a price for its seconds. Whatever the price, this less the price of the
    seconds that are left bounds the sun still to come (Lagrange): without a price it knows
    nothing of the budget, with one it tells the long way round from the short. Buckets are
    coarse, so a node may be mended after its turn; none is missed.
    """
    mask = bucket.shape[0] - 1
    bucket[:] = -1
    n_entries, n_waiting, current = 0, 0, after_sun >> SUN_BUCKET
    for k in range(2):
        node, last_s = ends[1, NODE_0 + 2 * k], budget_s - ends[1, S_0 + 2 * k]
        if out_s[node] > last_s:
            continue
        least = _least_sun(
            stored,
            rating,
            ends[1, EDGE],
            (offset_s + out_s[node]) // slot_s,
            (offset_s + last_s) // slot_s,
        )
        ahead = after_sun + (ends[1, S_0 + 2 * k] - after_s) * (least + price)
        if ahead < sun_ahead[node]:
            sun_ahead[node] = ahead
            key = ahead >> SUN_BUCKET
            queue = wait(queue, n_entries, bucket, key & mask, node, ahead)
            n_entries += 1
            n_waiting += 1
    while n_waiting > 0:
        entry = bucket[current & mask]
        if entry < 0:
            current += 1
            continue
        node, ahead = queue[entry, 0], queue[entry, 1]
        bucket[current & mask] = queue[entry, 2]
        n_waiting -= 1
        if ahead > sun_ahead[node]:
            continue
        for arc in range(arc_start[node], arc_start[node + 1]):
            before = arc_head[arc]
            last_s = budget_s - back_s[node] - return_s[arc]  # no later may this arc be entered
            if out_s[before] > last_s or sun_ahead[before] <= ahead:
                continue
            least = _least_sun(
                stored,
                rating,
                arc_code[arc] >> 1,
                (offset_s + out_s[before]) // slot_s,
                (offset_s + last_s) // slot_s,
            )
            more = ahead + return_s[arc] * (least + price)
            if more >= sun_ahead[before]:
                continue
            sun_ahead[before] = more
            key = more >> SUN_BUCKET
            queue = wait(queue, n_entries, bucket, key & mask, before, more)
            n_entries += 1
            n_waiting += 1
    return queue


@njit(nogil=True, cache=True)
def bound_sun(
    ends: NDArray[np.int64],  # counting the stages before and behind in, as
    direct: NDArray[np.int64],  # seconds straight along, and the arc, which do not
    before_s: int,
    after_s: int,
    after_sun: int,
    budget_s: int,
    offset_s: int,
    slot_s: int,
    stored: NDArray[np.uint8],
    rating: NDArray[np.int32],
    back_s: NDArray[np.int32],
    price: int,
    sun_ahead: NDArray[np.int32],
) -> int:
    """Bound the sun from the place where a stage begins to the destination from below."""
    bound, first_row = FAR, (offset_s + before_s) // slot_s
    for k in range(3):
        if k < 2:
            node, part_s = ends[0, NODE_0 + 2 * k], ends[0, S_0 + 2 * k] - before_s
            behind_s, ahead, edge = back_s[node], sun_ahead[node], ends[0, EDGE]
        else:
            part_s, behind_s, ahead, edge = direct[0], after_s, after_sun, direct[1] >> 1
        last_s = budget_s - behind_s - part_s
        if max(ahead, part_s) == FAR or last_s < before_s:
            continue
        least = _least_sun(stored, rating, edge, first_row, (offset_s + last_s) // slot_s)
        bound = min(bound, ahead + part_s * (least + price))
    return bound
