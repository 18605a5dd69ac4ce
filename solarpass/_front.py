"""
The search for every walk worth knowing, in compiled code; see `_flood` for its clocks and codes.

One search, best first, in the order of the sun walked so far and a bound of the sun to come.
The first walk that arrives is the shadiest, of these the quickest; each later one has more sun and
is of interest only if it is quicker than the one before, so the time allowed shrinks from
walk to walk, and with it the bound grows: keys are mended when their turn comes.

Whoever stands at one place at one second has one future. The bounds are consistent, so the first
label that has its turn at a place and second has the least sun there, and closes the pair: one bit.

A walk with places to pass has stages. A place is numbered ``stage * width + node``, and node
``width - 1`` is where the stage ends; there the last stage arrives, and any other goes on.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ._flood import EDGE, FAR, NODE_0, S_0, grown, wait

PLACE, CLOCK, SUN, PARENT, CODE = range(5)  # columns of a label
LOOK_BACK = 48  # arcs behind one that a search without rounds looks at; our choice


@njit(nogil=True, cache=True)
def push(heap: NDArray[np.int64], n_heap: int, key: int, label: int) -> None:
    """Put a label into a heap of `n_heap` by its key."""
    hole = n_heap
    while hole > 0:
        above = (hole - 1) >> 1
        if heap[above, 0] <= key:
            break
        heap[hole] = heap[above]
        hole = above
    heap[hole, 0], heap[hole, 1] = key, label


@njit(nogil=True, cache=True)
def pop(heap: NDArray[np.int64], n_heap: int) -> None:
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
    total: int,  # of the stages before
    budget_s: int,
    span_bits: int,  # a span has so many seconds, as a power of two
    back_s: NDArray[np.int32],
    out_s: NDArray[np.int32],
    sun_ahead: NDArray[np.int32],
    base: NDArray[np.int64],  # (n_nodes + 1,): where a node's spans begin, filled in place
) -> int:
    """Give a bit to each pair of node and span of time at which a walk of interest can be."""
    for k in range(n_touched):
        node = touched[k]
        if sun_ahead[node] < FAR and out_s[node] <= budget_s - back_s[node]:
            first = out_s[node] >> span_bits
            base[node] = total - first
            total += ((budget_s - back_s[node]) >> span_bits) - first + 1
    return total


@njit(nogil=True, cache=True)
def _was_at(labels: NDArray[np.int32], label: int, place: int) -> bool:
    """Tell whether a walk has lately been at a place."""
    for _ in range(LOOK_BACK):
        if label < 0:
            return False
        if labels[label, PLACE] == place:
            return True
        label = labels[label, PARENT]
    return False


@njit(nogil=True, cache=True)
def search_front(  # noqa: C901, PLR0912, PLR0915 - one loop, kept whole for speed
    arc_start: NDArray[np.int64],
    arc_head: NDArray[np.int32],
    arc_s: NDArray[np.int32],
    arc_code: NDArray[np.int32],
    ends: NDArray[np.int64],  # (n_stages, 2, 5)
    direct: NDArray[np.int64],  # (n_stages, 2): seconds straight along, FAR if none, and the arc
    budget_s: int,
    most_sun: int,  # a walk must have less sun than this to be of interest
    n_wanted: int,  # walks, after which it stops
    is_simple: bool,  # noqa: FBT001 - compiled, called by position
    offset_s: int,
    slot_s: int,
    stored: NDArray[np.uint8],
    rating: NDArray[np.int32],
    back_s: NDArray[np.int32],  # these four flat, (n_stages * width,)
    sun_ahead: NDArray[np.int32],  # from `flood_sun` without a price,
    priced: NDArray[np.int32],  # and with
    base: NDArray[np.int64],  # from `lay_spans`
    price: int,  # this one
    span_bits: int,  # 0 is right; wider spans close too much
    haste: int,  # quarters by which the sun still to come is overrated: 0 is right
    most_labels: int,  # then it gives up
    closed: NDArray[np.uint8],  # bits, all 0, left so
    labels: NDArray[np.int32],  # (n, 5)
    heap: NDArray[np.int64],  # (n, 2): key, label
) -> tuple[NDArray[np.int64], int, NDArray[np.int32], NDArray[np.int64]]:
    """
    Find the walks that are each the quickest with so little sun, from the shadiest on.

    Returns their last labels, how many labels were made, and the pools, which may have grown.
    As many as `most_labels` means that more walks may have been found with more.
    """
    n_stages = ends.shape[0]
    width = back_s.shape[0] // n_stages
    goal = width - 1
    settled, n_settled = np.empty(16, np.int64), 0
    best = most_sun << 32  # a key: sun above, seconds below
    first_limit = limit = budget_s + 1  # seconds, to be undercut
    n_labels, n_heap, popped = 0, 0, -1
    while True:
        # The first turn sets out from the origin, later ones from a label.
        place = -1 if popped < 0 else int(labels[popped, PLACE])
        clock = 0 if popped < 0 else int(labels[popped, CLOCK])
        sun = 0 if popped < 0 else int(labels[popped, SUN])
        stage = place // width  # -1 for the origin
        node = place - stage * width
        stands = node == goal
        first, last, stop = 0, 0, 0
        if not stands:
            first, last = arc_start[node], arc_start[node + 1]
            stop = last
            if node == ends[stage, 1, NODE_0] or node == ends[stage, 1, NODE_0 + 2]:
                stop += 2
        elif stage < n_stages - 1:
            stage += 1
            stop = 3
        else:
            if n_settled == settled.shape[0]:
                settled = grown(settled)
            settled[n_settled] = popped
            n_settled += 1
            limit = clock
            if n_settled == n_wanted:
                break
        shift = stage * width
        row = (offset_s + clock) // slot_s
        for arc in range(first, stop):
            if stands and arc < 2:
                other, seconds = ends[stage, 0, NODE_0 + 2 * arc], ends[stage, 0, S_0 + 2 * arc]
                code = 2 * ends[stage, 0, EDGE] + 1 - arc
            elif stands:
                other, seconds, code = goal, direct[stage, 0], direct[stage, 1]
                if seconds == FAR:
                    continue
            elif arc < last:
                other, seconds, code = int(arc_head[arc]), int(arc_s[arc]), int(arc_code[arc])
            else:
                k = arc - last
                if node != ends[stage, 1, NODE_0 + 2 * k]:
                    continue
                other, seconds = goal, ends[stage, 1, S_0 + 2 * k]
                code = 2 * ends[stage, 1, EDGE] + k
            there, arrival = shift + other, clock + seconds
            if back_s[there] >= limit - arrival or sun_ahead[there] == FAR:
                continue
            total = sun + seconds * rating[stored[row, code >> 1]]
            ahead = max(sun_ahead[there], priced[there] - price * (limit - 1 - arrival))
            key = ((total + ahead) << 32) + arrival + back_s[there]
            if key >= best:
                continue
            pair = base[there] + (arrival >> span_bits)
            if closed[pair >> 3] >> (pair & 7) & 1:
                continue
            if is_simple and _was_at(labels, popped, there):
                continue
            if n_labels == most_labels:
                break
            if n_labels == labels.shape[0]:
                labels = grown(labels)
            if n_heap == heap.shape[0]:
                heap = grown(heap)
            new = labels[n_labels]
            new[PLACE], new[CLOCK], new[SUN] = there, arrival, total
            new[PARENT], new[CODE] = popped, code
            push(heap, n_heap, key + ((ahead * haste >> 2) << 32), n_labels)
            n_labels += 1
            n_heap += 1
        popped = -1
        while n_heap > 0 and n_labels < most_labels:
            key, label = heap[0, 0], heap[0, 1]
            there, arrival = int(labels[label, PLACE]), int(labels[label, CLOCK])
            pair = base[there] + (arrival >> span_bits)
            pop(heap, n_heap)
            n_heap -= 1
            if closed[pair >> 3] >> (pair & 7) & 1 or back_s[there] >= limit - arrival:
                continue
            if limit < first_limit:
                ahead = max(sun_ahead[there], priced[there] - price * (limit - 1 - arrival))
                fresh = ((labels[label, SUN] + ahead) << 32) + arrival + back_s[there]
                if fresh >= best:
                    continue
                if fresh > key:
                    push(heap, n_heap, fresh, label)
                    n_heap += 1
                    continue
            closed[pair >> 3] |= 1 << (pair & 7)
            popped = label
            break
        if popped < 0:
            break
    for label in range(n_labels):
        closed[(base[labels[label, PLACE]] + (labels[label, CLOCK] >> span_bits)) >> 3] = 0
    return settled[:n_settled], n_labels, labels, heap


@njit(nogil=True, cache=True)
def trace(labels: NDArray[np.int32], label: int, width: int) -> NDArray[np.int64]:
    """Follow a walk back to its start; rows are (arc, second entered, second left, stage)."""
    n_arcs, at = 0, label
    while at >= 0:
        n_arcs += 1
        at = labels[at, PARENT]
    walk = np.empty((n_arcs, 4), np.int64)
    for k in range(n_arcs - 1, -1, -1):
        parent = labels[label, PARENT]
        walk[k, 0], walk[k, 2] = labels[label, CODE], labels[label, CLOCK]
        walk[k, 1] = 0 if parent < 0 else labels[parent, CLOCK]
        walk[k, 3] = labels[label, PLACE] // width
        label = parent
    return walk


@njit(nogil=True, cache=True)
def sweep_seconds(  # noqa: C901, PLR0912, PLR0915 - one loop, kept whole for speed
    arc_start: NDArray[np.int64],
    arc_head: NDArray[np.int32],
    arc_s: NDArray[np.int32],
    arc_code: NDArray[np.int32],
    ends: NDArray[np.int64],  # (n_stages, 2, 5)
    direct: NDArray[np.int64],
    shortest_s: int,
    budget_s: int,
    known: NDArray[np.int64],  # (budget_s - shortest_s + 1,): a walk of so long must undercut it
    offset_s: int,
    slot_s: int,
    stored: NDArray[np.uint8],
    rating: NDArray[np.int32],
    back_s: NDArray[np.int32],
    sun_ahead: NDArray[np.int32],
    priced: NDArray[np.int32],
    base: NDArray[np.int64],  # from `lay_spans`, of seconds
    price: int,
    most_labels: int,
    label_at: NDArray[np.int32],  # of each pair, -1, left so
    labels: NDArray[np.int32],
    bucket: NDArray[np.int32],
    queue: NDArray[np.int32],
) -> tuple[NDArray[np.int64], int, NDArray[np.int32], NDArray[np.int32]]:
    """
    Find the walks that undercut all known ones, second by second from the start.

    As `search_front` without spans, which looks at the same labels in dearer order; but walks
    nearly as good must be known, for they bound it: a label is of interest only if for some
    time of arrival it may have less sun than is known for it.
    """
    n_stages = ends.shape[0]
    width = back_s.shape[0] // n_stages
    goal, last_goal = width - 1, back_s.shape[0] - 1
    # The most, over all later arrivals, of what is known and the price of their time.
    most = np.empty(known.shape[0], np.int64)
    highest = -1
    for k in range(known.shape[0] - 1, -1, -1):
        highest = max(highest, known[k] + price * (shortest_s + k))
        most[k] = highest
    mask = bucket.shape[0] - 1
    bucket[:] = -1
    n_labels, n_entries, n_waiting, clock, popped = 0, 0, 0, 0, -1
    while True:
        place = -1 if popped < 0 else int(labels[popped, PLACE])
        sun = 0 if popped < 0 else int(labels[popped, SUN])
        stage = place // width
        node = place - stage * width
        stands = node == goal
        first, last, stop = 0, 0, 3
        if stands:
            stage += 1
        else:
            first, last = arc_start[node], arc_start[node + 1]
            stop = last
            if node == ends[stage, 1, NODE_0] or node == ends[stage, 1, NODE_0 + 2]:
                stop += 2
        shift = stage * width
        row = (offset_s + clock) // slot_s
        for arc in range(first, stop):
            if stands and arc < 2:
                other, seconds = ends[stage, 0, NODE_0 + 2 * arc], ends[stage, 0, S_0 + 2 * arc]
                code = 2 * ends[stage, 0, EDGE] + 1 - arc
            elif stands:
                other, seconds, code = goal, direct[stage, 0], direct[stage, 1]
                if seconds == FAR:
                    continue
            elif arc < last:
                other, seconds, code = int(arc_head[arc]), int(arc_s[arc]), int(arc_code[arc])
            else:
                k = arc - last
                if node != ends[stage, 1, NODE_0 + 2 * k]:
                    continue
                other, seconds = goal, ends[stage, 1, S_0 + 2 * k]
                code = 2 * ends[stage, 1, EDGE] + k
            there, arrival = shift + other, clock + seconds
            if back_s[there] > budget_s - arrival or sun_ahead[there] == FAR:
                continue
            total = sun + seconds * rating[stored[row, code >> 1]]
            soonest = arrival + back_s[there] - shortest_s
            if total + sun_ahead[there] >= known[soonest]:
                continue
            if total + priced[there] + price * arrival >= most[soonest]:
                continue
            pair = base[there] + arrival
            label = label_at[pair]
            if label >= 0 and total >= labels[label, SUN]:
                continue
            is_new = label < 0
            if is_new:
                if n_labels == most_labels:
                    break
                if n_labels == labels.shape[0]:
                    labels = grown(labels)
                label = n_labels
                label_at[pair] = label
                n_labels += 1
            one = labels[label]
            one[PLACE], one[CLOCK], one[SUN], one[PARENT] = there, arrival, total, popped
            one[CODE] = code
            if there != last_goal and (is_new or arrival == clock):  # else it waits already
                queue = wait(queue, n_entries, bucket, arrival & mask, label, arrival)
                n_entries += 1
                n_waiting += 1
        if n_waiting == 0 or n_labels == most_labels:
            break
        while bucket[clock & mask] < 0:
            clock += 1
        entry = bucket[clock & mask]
        popped = queue[entry, 0]
        bucket[clock & mask] = queue[entry, 2]
        n_waiting -= 1
    settled, n_settled, least = np.empty(known.shape[0], np.int64), 0, FAR
    if n_labels > 0 and sun_ahead[last_goal] < FAR:
        for k in range(known.shape[0]):
            label = label_at[base[last_goal] + shortest_s + k]
            if label >= 0 and labels[label, SUN] < least:
                settled[n_settled], least = label, labels[label, SUN]
                n_settled += 1
    for label in range(n_labels):
        label_at[base[labels[label, PLACE]] + labels[label, CLOCK]] = -1
    return settled[:n_settled], n_labels, labels, queue
