"""Wishes: all that a plan shall keep to, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .coverage import Coverage
from .errors import PlanError
from .floors import Floors, check_floors
from .level import find_level
from .option import Options

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Texts = NDArray[np.str_]


_N_KEPT = 4  # as a slider asks again and again of the same


@dataclass(frozen=True, slots=True)
class PlanModel:
    """
    Assumptions of a plan; change one with `dataclasses.replace`.

    Attributes
    ----------
    gap
        A plan may miss the bound by so much of it; that of the design of this house. [1]
    time_limit_s
        So long the solver may take for each goal; our choice. [s]
    water_weight_k, seat_weight_k
        What it counts that someone has water, or a seat, within reach for an hour: as much as
        so many kelvins less for an hour; our choice, small beside shade, which takes several
        kelvins. It decides what is chosen and is never told as heat. [K]
    best_share
        Floors by need may cost what is left to this share of the best plan's relief; that of
        the design of this house. [1]
    hot_level
        Sites at this level or above are hot, where as few as possible shall stay so; level 3
        of the design of this house. [1]
    """

    gap: float = 1e-4
    time_limit_s: float = 60.0
    water_weight_k: float = 0.05
    seat_weight_k: float = 0.02
    best_share: float = 0.99
    hot_level: int = 3


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Wishes:
    """
    All that a plan shall keep to.

    Attributes
    ----------
    budget_eur
        For the works of all years together. [€]
    upkeep_eur_per_year
        At most, None: whatever it takes. [€ a⁻¹]
    floors
        What districts are due, None: nothing.
    fixed_in
        Sites at which something must be done, with the bundle of measures, or none named.
    fixed_out
        Sites at which nothing is done.
    at_least
        So many sites of a kind must get something.
    kinds
        Of the sites, ``(n_sites,)``; None: no kind is asked for.
    most_a_year, n_years
        At most so many works in each of so many years; None: any number, all in the first.
    coverage
        Who is reached by water and seats, None: that does not count.
    fewest_hot
        First as few sites as possible at `PlanModel.hot_level` or above, then relief.
    """

    budget_eur: int
    upkeep_eur_per_year: int | None = None
    floors: Floors | None = None
    fixed_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed_out: frozenset[str] = frozenset()
    at_least: Mapping[str, int] = field(default_factory=dict)
    kinds: Texts | None = None
    most_a_year: int | None = None
    n_years: int = 1
    coverage: Coverage | None = None
    fewest_hot: bool = False

    def __post_init__(self) -> None:
        """Lock the arrays."""
        if self.kinds is not None:
            self.kinds.flags.writeable = False

    @property
    def most_works(self) -> int | None:
        """At most so many works in all years together."""
        return None if self.most_a_year is None else self.most_a_year * self.n_years

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing is asked but a budget, and sites in or out."""
        return (
            self.upkeep_eur_per_year is None
            and self.floors is None
            and not self.at_least
            and self.most_a_year is None
            and self.coverage is None
            and not self.fewest_hot
        )


@dataclass(frozen=True, eq=False, slots=True)
class Allowed:
    """
    What may be chosen under some wishes.

    Attributes
    ----------
    rows
        Of the options, ascending, ``(n_allowed,)``.
    must
        Whether something must be done at each site, ``(n_sites,)``.
    """

    rows: Rows
    must: Mask


def read_money(value: object, *, what: str) -> int:
    """
    Read an amount in whole euros; cents are cut off.

    Raises
    ------
    PlanError
        If it is no number, or below 0.

    Examples
    --------
    >>> read_money(150_000.7, what="budget")
    150000
    """
    try:
        amount = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        amount = np.nan
    if isinstance(value, bool) or not 0.0 <= amount < 1e15:
        msg = f"Wanted a {what} of 0 € or more; got {value!r}: give whole euros."
        raise PlanError(msg)
    return int(amount)


def read_fixed(
    fixed: Iterable[str] | Mapping[str, Sequence[str] | None],
) -> dict[str, tuple[str, ...]]:
    """
    Read which sites are fixed in: ids alone, or each with its bundle of measures.

    Examples
    --------
    >>> read_fixed(["a"]), read_fixed({"a": ["lawn"], "b": None})
    ({'a': ()}, {'a': ('lawn',), 'b': ()})
    """
    if isinstance(fixed, Mapping):
        return {site: tuple(bundle or ()) for site, bundle in fixed.items()}
    return dict.fromkeys(fixed, ())


def check_wishes(options: Options, wishes: Wishes) -> None:
    """
    Check that wishes are of these sites and can be read.

    Raises
    ------
    PlanError
        In one sentence.
    """
    if not np.isfinite(options.relief_person_kh).all():
        msg = "Wanted a number for the relief of each option: score the sites again."
        raise PlanError(msg)
    if wishes.floors is not None:
        check_floors(wishes.floors, options)
    if wishes.n_years < 1 or (wishes.most_a_year is not None and wishes.most_a_year < 0):
        msg = (
            f"Wanted 0 or more works a year over 1 year or more; got {wishes.most_a_year} over "
            f"{wishes.n_years}."
        )
        raise PlanError(msg)
    if wishes.n_years > options.horizon_years:
        msg = (
            f"Wanted works within the {options.horizon_years:g} years over which relief is "
            f"averaged; got {wishes.n_years} years: plan fewer."
        )
        raise PlanError(msg)
    _check_sites(options, wishes)


def _check_sites(options: Options, wishes: Wishes) -> None:
    known = set(options.site_id)
    for site in [*wishes.fixed_in, *sorted(wishes.fixed_out)]:
        if site not in known:
            msg = f"Wanted sites that exist to be fixed in or out; got {site!r}: take a site_id."
            raise PlanError(msg)
    both = sorted(wishes.fixed_out.intersection(wishes.fixed_in))
    if both:
        msg = f"{both[0]!r} is fixed in and fixed out: take it out of one of the two."
        raise PlanError(msg)
    told = 0 if wishes.kinds is None else len(wishes.kinds)
    if told != options.n_sites and (wishes.at_least or wishes.kinds is not None):
        msg = (
            f"Wanted the kind of each of {options.n_sites} sites to have some of a kind; got "
            f"{told}."
        )
        raise PlanError(msg)


def find_allowed(options: Options, wishes: Wishes) -> Allowed:
    """
    Find what may be chosen: within the budget, with some good in it, and as sites are fixed.

    What makes things worse is left out, unless a site is fixed in that has nothing else, or just
    with that bundle.

    Raises
    ------
    PlanError
        If what is fixed in cannot be had, or not within the budget.
    """
    row = {site: k for k, site in enumerate(options.site_id)}
    may = _find_worthy(options, wishes)
    must = np.zeros(options.n_sites, bool)
    for site in sorted(wishes.fixed_out):
        may[options.of_site(row[site])] = False
    for site, bundle in wishes.fixed_in.items():
        here = options.of_site(row[site])
        must[row[site]] = True
        may[here] = _find_fixed(options, site, bundle, here, may[here])
    _check_fixed(options, wishes, may, must)
    may &= options.cost_eur <= wishes.budget_eur
    if wishes.upkeep_eur_per_year is not None:
        may &= options.upkeep_eur_per_year <= wishes.upkeep_eur_per_year
    allowed = Allowed(rows=np.flatnonzero(may), must=must)
    _check_kinds(options, wishes, allowed)
    return allowed


def _find_worthy(options: Options, wishes: Wishes) -> Mask:
    """Tell what has some good in it, or could count for something that is asked."""
    relief = options.relief_person_kh
    serves = options.serves.any(axis=1) & (wishes.coverage is not None)
    asked = serves | wishes.fewest_hot | bool(wishes.at_least)
    worthy: Mask = (relief > 0.0) | ((relief == 0.0) & asked)
    return worthy & ~find_padded(options, wishes.coverage is not None, wishes.fewest_hot)


@lru_cache(_N_KEPT)
def find_padded(options: Options, counts_service: bool, counts_level: bool) -> Mask:  # noqa: FBT001
    """
    Tell which bundles are no better than a cheaper part of them: money spent for its own sake.

    Parameters
    ----------
    options
        All that there are.
    counts_service, counts_level
        Whether water and seats count, and the level that a site reaches.
    """
    level = find_level(options.utci_after_c).max(axis=0, initial=0) * counts_level
    serves = options.serves * counts_service
    rows_of: dict[tuple[int, frozenset[str]], list[int]] = {}
    bundles = [frozenset(bundle) for bundle in options.measures]
    for row, key in enumerate(zip(options.site.tolist(), bundles, strict=True)):
        rows_of.setdefault(key, []).append(row)

    def is_as_good(part: int, row: int) -> bool:
        return bool(
            options.cost_eur[part] <= options.cost_eur[row]
            and options.upkeep_eur_per_year[part] <= options.upkeep_eur_per_year[row]
            and options.relief_person_kh[part] >= options.relief_person_kh[row]
            and (serves[part] >= serves[row]).all()
            and level[part] <= level[row]
        )

    padded = np.zeros(len(options), bool)
    for row, (site, bundle) in enumerate(zip(options.site.tolist(), bundles, strict=True)):
        parts = (frozenset(one) for n in range(1, len(bundle)) for one in combinations(bundle, n))
        near = (part for some in parts for part in rows_of.get((site, some), ()))
        padded[row] = any(is_as_good(part, row) for part in near)
    padded.flags.writeable = False
    return padded


def _find_fixed(
    options: Options, site: str, bundle: tuple[str, ...], here: slice, worthy: Mask
) -> Mask:
    offered = options.measures[here]
    if not offered:
        msg = f"{site!r} is fixed in, but nothing can be done there: take it out."
        raise PlanError(msg)
    if not bundle:
        return worthy if worthy.any() else np.ones(len(offered), bool)
    alike = np.array([sorted(one) == sorted(bundle) for one in offered])
    if not alike.any():
        told = "; ".join("+".join(one) for one in offered)
        msg = (
            f"{site!r} is fixed in with {'+'.join(bundle)}, which it cannot have: choose one of "
            f"{told}."
        )
        raise PlanError(msg)
    return alike


def _check_fixed(options: Options, wishes: Wishes, may: Mask, must: Mask) -> None:
    """Check that money, upkeep and works are enough for what is fixed in alone."""
    fixed = np.flatnonzero(may & must[options.site])
    for what, amount, limit, unit in (
        ("cost", options.cost_eur, wishes.budget_eur, "€"),
        ("upkeep", options.upkeep_eur_per_year, wishes.upkeep_eur_per_year, "€ a year"),
    ):
        least = np.full(options.n_sites, np.iinfo(np.int64).max)
        np.minimum.at(least, options.site[fixed], amount[fixed])
        total = int(least[must].sum())
        if limit is not None and total > limit:
            msg = (
                f"What is fixed in has a {what} of {total:,} {unit} at least, more than the "
                f"{limit:,} {unit} there are: raise them or fix less."
            )
            raise PlanError(msg)
    if wishes.most_works is not None and must.sum() > wishes.most_works:
        msg = (
            f"{must.sum()} sites are fixed in, more than the {wishes.most_works} works there may "
            "be: allow more of them or fix less."
        )
        raise PlanError(msg)


def _check_kinds(options: Options, wishes: Wishes, allowed: Allowed) -> None:
    if wishes.kinds is None:
        return
    sites = np.unique(options.site[allowed.rows])
    for kind, least in wishes.at_least.items():
        able = int((wishes.kinds[sites] == kind).sum())
        if able < least:
            msg = (
                f"Wanted something at {least} sites of the kind {kind!r}, but only {able} have an "
                "option within the budget: ask for fewer."
            )
            raise PlanError(msg)


def find_lowered(options: Options, *, hot_level: int) -> NDArray[np.int8]:
    """
    Tell whether each option takes its site out of the hot ones (1) or into them (-1).

    A site is hot whose worst hour is at the level or above.
    """
    before = find_level(options.utci_before_c).max(axis=0, initial=0) >= hot_level
    after = find_level(options.utci_after_c).max(axis=0, initial=0) >= hot_level
    lowered: NDArray[np.int8] = before[options.site].astype(np.int8) - after.astype(np.int8)
    return lowered
