"""Hot loops of purses: prices of limits and floors, and what is best near a choice made by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAY = -2  # a pick: what was chosen stays
_N_HALVINGS = 22  # of the logarithm of a price
_DEPTH = 1e-7  # share of the highest price below which one is as good as none


@njit(nogil=True, cache=True)
def choose_alone(
    first: NDArray[np.int64],  # (n_sites + 1,): where the options of each site begin
    worth: NDArray[np.float64],  # (n_options,): what it brings, less what its upkeep is worth
    cost: NDArray[np.int64],  # (n_options,)
    must: NDArray[np.bool_],  # (n_sites,): something has to be chosen
    begin: int,
    end: int,  # sites from begin to end
    price: float,  # of a euro
    chosen: NDArray[np.int64],  # (n_sites,): filled in, -1 for nothing
) -> tuple[int, float]:
    spent, total = 0, 0.0
    for site in range(begin, end):
        best, at = 0.0, -1
        for option in range(first[site], first[site + 1]):
            net = worth[option] - price * cost[option]
            if net > best or (must[site] and at < 0):
                best, at = net, option
        chosen[site] = at
        if at >= 0:
            spent += cost[at]
            total += best
    return spent, total


@njit(nogil=True, cache=True)
def find_floor_price(
    first: NDArray[np.int64],
    worth: NDArray[np.float64],
    cost: NDArray[np.int64],
    must: NDArray[np.bool_],
    begin: int,
    end: int,
    due: int,
    high: float,  # a price at which nobody spends
    chosen: NDArray[np.int64],
) -> float:
    """Find about the highest price at which a district spends what it is due."""
    if due <= 0 or choose_alone(first, worth, cost, must, begin, end, high, chosen)[0] >= due:
        return high
    sign = 1.0
    if choose_alone(first, worth, cost, must, begin, end, 0.0, chosen)[0] < due:
        sign = -1.0  # beyond what is good: money has to be spent
        high *= 1e3
    # Spending falls with the price: `low` spends enough, `far` does not.
    low, far = (_DEPTH * high, high) if sign > 0.0 else (high, _DEPTH * high)
    if sign > 0.0 and choose_alone(first, worth, cost, must, begin, end, low, chosen)[0] < due:
        return 0.0
    for _ in range(_N_HALVINGS):
        middle = np.sqrt(low * far)
        if choose_alone(first, worth, cost, must, begin, end, sign * middle, chosen)[0] >= due:
            low = middle
        else:
            far = middle
    return sign * low


@njit(nogil=True, cache=True)
def find_prices(
    first: NDArray[np.int64],
    worth: NDArray[np.float64],
    cost: NDArray[np.int64],
    must: NDArray[np.bool_],
    district_first: NDArray[np.int64],  # (n_districts + 1,): sites of each, the last of none
    due: NDArray[np.int64],  # (n_districts,)
    budget: int,
    prices: NDArray[np.float64],  # (n_districts,): filled in, what a euro costs in each
    chosen: NDArray[np.int64],
) -> tuple[float, float]:
    """Find the price of the budget, and the bound, but for what upkeep may be had for."""
    high = 0.0
    for option in range(len(cost)):
        if cost[option] > 0:
            high = max(high, worth[option] / cost[option])
    high = high * (1.0 + 1e-9) + 1e-300
    n = len(due)
    floor_price = np.empty(n)
    for one in range(n):
        floor_price[one] = find_floor_price(
            first, worth, cost, must, district_first[one], district_first[one + 1],
            due[one], high, chosen,
        )  # fmt: skip
    low, far, price, bound = _DEPTH * high, high, 0.0, np.inf
    for turn in range(_N_HALVINGS + 1):
        spent, total = 0, 0.0
        for one in range(n):
            mine = min(price, floor_price[one])
            its, brings = choose_alone(
                first, worth, cost, must, district_first[one], district_first[one + 1], mine, chosen
            )
            spent += its
            total += brings - (price - mine) * due[one]
        bound = min(bound, price * budget + total)
        if turn == 0 and spent <= budget:
            far = 0.0
            break
        if turn > 0:
            low, far = (price, far) if spent > budget else (low, price)
        price = np.sqrt(low * far)
    for one in range(n):
        prices[one] = min(far, floor_price[one])
        choose_alone(
            first, worth, cost, must, district_first[one], district_first[one + 1],
            prices[one], chosen,
        )  # fmt: skip
    return far, bound


@njit(nogil=True, cache=True)
def deviate(
    steps: NDArray[np.int64],  # (n_steps, 3): turn ascending, more cost, more upkeep
    gains: NDArray[np.float64],  # (n_steps, 2): what it brings more, net of prices and by itself
    may_stay: NDArray[np.bool_],  # (n_turns,)
    low: NDArray[np.int64],  # (2,): least sum of cost and of upkeep, 0 or below
    width: NDArray[np.int64],  # (2,): of a cell
    shape: NDArray[np.int64],  # (2,): number of cells
    sums: NDArray[np.int64],  # (n_cells, 2): cost and upkeep of what is best in each; filled in
    value: NDArray[np.float64],  # (n_cells, 2): net and by itself; filled in
    pick: NDArray[np.int32],  # (n_turns, n_cells): step taken, STAY; filled in
    before: NDArray[np.int32],  # (n_turns, n_cells): the cell it came from; filled in
) -> None:
    """Sum steps, at most one a turn, keeping the best of all that end in one cell."""
    n_cells = len(value)
    value[:] = -np.inf
    start = (-low[0]) // width[0] * shape[1] + (-low[1]) // width[1]
    value[start] = 0.0
    sums[start] = 0
    old_value, old_sums = value.copy(), sums.copy()
    turn, step, n_steps = -1, 0, len(steps)
    while step < n_steps:
        turn += 1
        old_value[:] = value
        old_sums[:] = sums
        for cell in range(n_cells):
            pick[turn, cell] = STAY
            before[turn, cell] = cell
        if not may_stay[turn]:
            value[:] = -np.inf
        site = steps[step, 0]
        while step < n_steps and steps[step, 0] == site:
            more, yearly = steps[step, 1], steps[step, 2]
            net, gain = gains[step]
            for cell in range(n_cells):
                if old_value[cell, 0] == -np.inf:
                    continue
                cost, upkeep = old_sums[cell, 0] + more, old_sums[cell, 1] + yearly
                if cost < low[0] or upkeep < low[1]:
                    continue
                x, y = (cost - low[0]) // width[0], (upkeep - low[1]) // width[1]
                if x >= shape[0] or y >= shape[1]:
                    continue
                to = x * shape[1] + y
                if old_value[cell, 0] + net > value[to, 0]:
                    value[to, 0] = old_value[cell, 0] + net
                    value[to, 1] = old_value[cell, 1] + gain
                    sums[to, 0], sums[to, 1] = cost, upkeep
                    pick[turn, to] = step
                    before[turn, to] = cell
            step += 1


@njit(nogil=True, cache=True)
def find_pair(
    moves: NDArray[np.int64],  # (n_moves, 4): site, district, more cost, more upkeep
    gain: NDArray[np.float64],  # (n_moves,)
    left: NDArray[np.int64],  # (2,): of budget and upkeep
    spare: NDArray[np.int64],  # (n_districts,): spent above what is due
) -> tuple[int, int, float]:
    """Find the move, or the two moves, that keep to all limits and bring most."""
    best, one, other = 0.0, -1, -1
    for i in range(len(gain)):
        site, district, cost, upkeep = moves[i]
        if gain[i] > best and cost <= left[0] and upkeep <= left[1] and -cost <= spare[district]:
            best, one, other = gain[i], i, -1
        for j in range(i):
            total = gain[i] + gain[j]
            if total <= best or moves[j, 0] == site:
                continue
            if cost + moves[j, 2] > left[0] or upkeep + moves[j, 3] > left[1]:
                continue
            if moves[j, 1] == district:
                fits = -(cost + moves[j, 2]) <= spare[district]
            else:
                fits = -cost <= spare[district] and -moves[j, 2] <= spare[moves[j, 1]]
            if fits:
                best, one, other = total, i, j
    return one, other, best
