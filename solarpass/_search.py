"""
The search for the walk of least sun, in compiled code; see `_flood` for its clocks and codes.

A stretch has the sun of the slot in which it is entered; 255, the unknown, counts as full
sun. `search_labels` walks best first, guided by the bound of the sun still to come, and
weighs labels at a node against each other within a slot: fast, and nearly always right.
`search_seconds` keeps one label for each node and second: right, and dearer.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ._flood import EDGE, FAR, NODE_0, S_0, grown, sun_of, wait

NODE, CLOCK, SUN, PARENT, ARC, NEXT, DEAD = range(7)  # columns of a label
BEYOND = 2**62  # as a key, worse than any walk
SECONDS = 2**32 - 1  # the lower half of a key


@njit(nogil=True, cache=True)
def _push(heap: NDArray[np.int64], n_heap: int, key: int, label: int) -> None:
    hole = n_heap
    while hole > 0:
        above = (hole - 1) >> 1
        if heap[above, 0] <= key:
            break
        heap[hole] = heap[above]
        hole = above
    heap[hole, 0], heap[hole, 1] = key, label


@njit(nogil=True, cache=True)
def _pop(heap: NDArray[np.int64], n_heap: int) -> None:
    """Take the least key, at the top, off a heap of `n_heap` and close the gap."""
    last = n_heap - 1
    key, label = heap[last, 0], heap[last, 1]
    hole = 0
    while True:
        below = 2 * hole + 1
        if below >= last:
            break
        if below + 1 < last and heap[below + 1, 0] < heap[below, 0]:
            below += 1
        if heap[below, 0] >= key:
            break
        heap[hole] = heap[below]
        hole = below
    heap[hole, 0], heap[hole, 1] = key, label


@njit(nogil=True, cache=True)
def lay_spans(
    touched: NDArray[np.int32],
    n_touched: int,
    budget_s: int,
    most_sun: int,
    offset_s: int,
    span_s: int,
    back_s: NDArray[np.int32],
    out_s: NDArray[np.int32],
    sun_ahead: NDArray[np.int32],
    base: NDArray[np.int64],  # (n_nodes + 1,): where a node's spans begin, filled in place
) -> int:
    """Give a place to each pair of node and span of time at which a walk of interest can be."""
    total = 0
    for k in range(n_touched):
        node = touched[k]
        if sun_ahead[node] <= most_sun and out_s[node] <= budget_s - back_s[node]:
            first = (offset_s + out_s[node]) // span_s
            base[node] = total - first
            total += (offset_s + budget_s - back_s[node]) // span_s - first + 1
    return total


@njit(nogil=True, cache=True)
def _is_new(
    labels: NDArray[np.int32],
    first_label: NDArray[np.int32],
    pair: int,
    clock: int,
    sun: int,
) -> bool:
    """
    Tell whether no label of a node and slot does as well, and bury those that do no better.

    That is not exact: arriving earlier in the slot may mean entering the next street before
    the shade has reached it.
    """
    before, label = -1, first_label[pair]
    while label >= 0:
        after = labels[label, NEXT]
        other_clock, other_sun = labels[label, CLOCK], labels[label, SUN]
        if other_clock <= clock and other_sun <= sun:
            return False
        if clock <= other_clock and sun <= other_sun:
            labels[label, DEAD] = 1
            if before < 0:
                first_label[pair] = after
            else:
                labels[before, NEXT] = after
        else:
            before = label
        label = after
    return True


@njit(nogil=True, cache=True)
def _arrive(
    node: int,
    clock: int,
    sun: int,
    ends: NDArray[np.int64],
    budget_s: int,
    offset_s: int,
    slot_s: int,
    stored: NDArray[np.uint8],
) -> tuple[int, int]:
    """
    Walk the last stretch, where the destination's edge begins at this node.

    Returns the walk's key, sun above and seconds below, and the arc; else a key beyond all.
    """
    key, code = BEYOND, -1
    for k in range(2):
        if node != ends[1, NODE_0 + 2 * k]:
            continue
        part_s = ends[1, S_0 + 2 * k]
        if clock + part_s > budget_s:
            continue
        row = (offset_s + clock) // slot_s
        total = sun + part_s * sun_of(stored, row, ends[1, EDGE])
        if (total << 32) + clock + part_s < key:
            key, code = (total << 32) + clock + part_s, 2 * ends[1, EDGE] + k
    return key, code


@njit(nogil=True, cache=True)
def search_labels(  # noqa: C901, PLR0912, PLR0915 - one loop, kept whole for speed
    arc_start: NDArray[np.int64],
    arc_head: NDArray[np.int32],
    arc_s: NDArray[np.int32],
    arc_code: NDArray[np.int32],
    ends: NDArray[np.int64],
    direct_s: int,
    direct_code: int,
    budget_s: int,
    most_sun: int,  # a walk must have less sun than this to be of interest
    offset_s: int,
    slot_s: int,
    stored: NDArray[np.uint8],
    back_s: NDArray[np.int32],
    sun_ahead: NDArray[np.int32],  # from `flood_sun` without a price,
    priced: NDArray[np.int32],  # and with
    price: int,  # this one
    base: NDArray[np.int64],  # from `lay_spans`, of slots
    n_pairs: int,
    haste: int,  # quarters by which the sun still to come is overrated: 0 is right
    most_labels: int,  # then it gives up
    labels: NDArray[np.int32],  # (n, 7)
    heap: NDArray[np.int64],  # (n, 2): key, label
) -> tuple[NDArray[np.int64], int, bool, NDArray[np.int32], NDArray[np.int64]]:
    """
    Find the walk of least sun within the budget, and of these the quickest.

    Returns its arcs as rows (code, second entered, second left), first to last, none if no
    walk has less than `most_sun`; its sun; whether labels ran out; and the pools, which may
    have grown.
    """
    best = most_sun << 32  # sun above, seconds below
    best_parent, best_code = -2, -1
    n_labels, n_heap, popped = 0, 0, -1
    first_label = np.full(n_pairs, -1, np.int32)
    if direct_s <= budget_s:
        key = (direct_s * sun_of(stored, offset_s // slot_s, ends[0, EDGE]) << 32) + direct_s
        if key < best:
            best, best_parent, best_code = key, -1, direct_code
    while True:
        # The first turn leaves the origin by the two parts of its edge, later ones a node.
        if popped < 0:
            clock, sun, first, stop = 0, 0, 0, 2
        else:
            node, clock, sun = labels[popped, NODE], labels[popped, CLOCK], labels[popped, SUN]
            first, stop = arc_start[node], arc_start[node + 1]
            key, code = _arrive(node, clock, sun, ends, budget_s, offset_s, slot_s, stored)
            if key < best:
                best, best_parent, best_code = key, popped, code
        row = (offset_s + clock) // slot_s
        for arc in range(first, stop):
            if popped < 0:
                other, arrival, code = ends[0, NODE_0 + 2 * arc], ends[0, S_0 + 2 * arc], -1
                code = 2 * ends[0, EDGE] + 1 - arc
            else:
                other, arrival, code = arc_head[arc], clock + arc_s[arc], arc_code[arc]
            if back_s[other] > budget_s - arrival or sun_ahead[other] == FAR:
                continue
            total = sun + (arrival - clock) * sun_of(stored, row, code >> 1)
            ahead = max(int(sun_ahead[other]), priced[other] - price * (budget_s - arrival))
            key = ((total + ahead) << 32) + arrival + back_s[other]
            if key >= best or n_labels == most_labels:
                continue
            pair = base[other] + (offset_s + arrival) // slot_s
            if not _is_new(labels, first_label, pair, arrival, total):
                continue
            if n_labels == labels.shape[0]:
                labels = grown(labels)
                heap = grown(heap)
            new = labels[n_labels]
            new[NODE], new[CLOCK], new[SUN], new[PARENT] = other, arrival, total, popped
            new[ARC], new[NEXT], new[DEAD] = code, first_label[pair], 0
            first_label[pair] = n_labels
            _push(heap, n_heap, key + ((ahead * haste >> 2) << 32), n_labels)
            n_labels += 1
            n_heap += 1
        while n_heap > 0 and labels[heap[0, 1], DEAD]:
            _pop(heap, n_heap)
            n_heap -= 1
        # In haste keys are too high to prove anything, and the first walk found will do.
        if n_heap == 0 or (heap[0, 0] >= best and (haste == 0 or best_parent > -2)):
            break
        popped = heap[0, 1]
        _pop(heap, n_heap)
        n_heap -= 1
    walk = _trace(labels, best_parent, best_code, best & SECONDS)
    return walk, best >> 32, n_labels == most_labels, labels, heap


@njit(nogil=True, cache=True)
def _trace(labels: NDArray[np.int32], parent: int, code: int, walk_s: int) -> NDArray[np.int64]:
    """Follow a walk back to its start; rows are (arc, second entered, second left)."""
    n_arcs = 0 if parent == -2 else 1
    label = parent
    while label >= 0:
        n_arcs += 1
        label = labels[label, PARENT]
    walk = np.empty((n_arcs, 3), np.int64)
    left = walk_s
    for k in range(n_arcs - 1, -1, -1):
        entered = 0 if parent < 0 else int(labels[parent, CLOCK])
        walk[k, 0], walk[k, 1], walk[k, 2] = code, entered, left
        left = entered
        if parent >= 0:
            code, parent = labels[parent, ARC], labels[parent, PARENT]
    return walk


@njit(nogil=True, cache=True)
def search_seconds(  # noqa: C901, PLR0915 - one loop, kept whole for speed
    arc_start: NDArray[np.int64],
    arc_head: NDArray[np.int32],
    arc_s: NDArray[np.int32],
    arc_code: NDArray[np.int32],
    edge_node: NDArray[np.int32],
    ends: NDArray[np.int64],
    budget_s: int,
    most_sun: int,  # of the best walk known, and
    most_s: int,  # its seconds: a walk must do better
    offset_s: int,
    slot_s: int,
    stored: NDArray[np.uint8],
    back_s: NDArray[np.int32],
    sun_ahead: NDArray[np.int32],
    priced: NDArray[np.int32],
    price: int,
    base: NDArray[np.int64],  # from `lay_spans`, of seconds
    n_pairs: int,
    bucket: NDArray[np.int32],
    queue: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """
    Find the very least sun within the budget, second by second from the start.

    Whoever stands at one node at one second has one future, so the least sun at each pair is
    all there is to know. Returns the walk as `search_labels` does, none if nothing beats the
    best walk known, and the queue, which may have grown.
    """
    sun_at = np.full(n_pairs, FAR, np.int32)
    came_by = np.empty(n_pairs, np.int32)  # the arc, or less than 0 from the origin
    mask = bucket.shape[0] - 1
    bucket[:] = -1
    best = (most_sun << 32) + most_s
    best_node, best_clock, best_code = -1, 0, -1
    n_entries, n_waiting, clock = 0, 0, 0
    for k in range(2):
        node, part_s = ends[0, NODE_0 + 2 * k], ends[0, S_0 + 2 * k]
        if sun_ahead[node] == FAR or back_s[node] > budget_s - part_s:
            continue
        total = part_s * sun_of(stored, offset_s // slot_s, ends[0, EDGE])
        pair = base[node] + offset_s + part_s
        if total + sun_ahead[node] <= most_sun and total < sun_at[pair]:
            sun_at[pair] = total
            came_by[pair] = -1 - k
            queue = wait(queue, n_entries, bucket, part_s & mask, node, part_s)
            n_entries += 1
            n_waiting += 1
    while n_waiting > 0:
        entry = bucket[clock & mask]
        if entry < 0:
            clock += 1
            continue
        node = queue[entry, 0]
        bucket[clock & mask] = queue[entry, 2]
        n_waiting -= 1
        sun = int(sun_at[base[node] + offset_s + clock])
        row = (offset_s + clock) // slot_s
        key, code = _arrive(node, clock, sun, ends, budget_s, offset_s, slot_s, stored)
        if key < best:
            best, best_node, best_clock, best_code = key, node, clock, code
        for arc in range(arc_start[node], arc_start[node + 1]):
            other, arrival = arc_head[arc], clock + arc_s[arc]
            if back_s[other] > budget_s - arrival or sun_ahead[other] == FAR:
                continue
            total = sun + arc_s[arc] * sun_of(stored, row, arc_code[arc] >> 1)
            ahead = max(int(sun_ahead[other]), priced[other] - price * (budget_s - arrival))
            if ((total + ahead) << 32) + arrival + back_s[other] >= best:
                continue
            pair = base[other] + offset_s + arrival
            if total >= sun_at[pair]:
                continue
            if sun_at[pair] == FAR or arrival == clock:  # else it waits already
                queue = wait(queue, n_entries, bucket, arrival & mask, other, arrival)
                n_entries += 1
                n_waiting += 1
            sun_at[pair] = total
            came_by[pair] = arc
    walk = _trace_seconds(
        arc_code, arc_s, edge_node, ends, offset_s, base, came_by, best_node, best_clock, best_code
    )
    if len(walk) > 0:
        walk[-1, 2] = best & SECONDS
    return walk, queue


@njit(nogil=True, cache=True)
def _trace_seconds(
    arc_code: NDArray[np.int32],
    arc_s: NDArray[np.int32],
    edge_node: NDArray[np.int32],
    ends: NDArray[np.int64],
    offset_s: int,
    base: NDArray[np.int64],
    came_by: NDArray[np.int32],
    node: int,
    clock: int,
    code: int,
) -> NDArray[np.int64]:
    backwards = np.empty((64, 3), np.int64)
    n_arcs = 0
    left = -1
    while node >= 0:
        if n_arcs + 1 >= backwards.shape[0]:
            backwards = grown(backwards)
        backwards[n_arcs, 0], backwards[n_arcs, 1], backwards[n_arcs, 2] = code, clock, left
        n_arcs += 1
        left = clock
        arc = came_by[base[node] + offset_s + clock]
        if arc < 0:  # k = 0 is the first end of the edge, walked to against its direction
            code, clock, node = 2 * ends[0, EDGE] + 2 + arc, 0, -1
            backwards[n_arcs, 0], backwards[n_arcs, 1], backwards[n_arcs, 2] = code, clock, left
            n_arcs += 1
        else:
            code = arc_code[arc]
            node, clock = edge_node[code >> 1, code & 1], clock - arc_s[arc]
    return backwards[:n_arcs][::-1].copy()
