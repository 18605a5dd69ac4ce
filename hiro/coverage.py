"""Coverage: who gets water or a seat within reach, counted once however many offer it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .errors import PlanError
from .option import SERVED, Options

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Coverage:
    """
    Which offers reach which sites; an offer is what one site has for all within one reach.

    Attributes
    ----------
    reached
        For each of `SERVED`, whether a site lies within reach of an offer, shape
        ``(n_sites, n_offers)``. A site that has it already is reached by none.
    offers
        For each of `SERVED`, the offer that each option makes, -1 for none, ``(n_options,)``.
    persons
        Person-hours of the day, ``(n_sites,)``. [persons h]
    """

    reached: tuple[scipy.sparse.csr_array, ...]
    offers: tuple[Rows, ...]
    persons: Floats

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.flags.writeable = False

    def count_persons(self, rows: Rows) -> Floats:
        """
        Count who is reached by some chosen options.

        Parameters
        ----------
        rows
            Of the options.

        Returns
        -------
        numpy.ndarray
            Person-hours by kind of `SERVED`, each site counted once, shape ``(2,)``.
        """
        return np.array(
            [float(self.persons[self._is_reached(kind, rows)].sum()) for kind in range(len(SERVED))]
        )

    def _is_reached(self, kind: int, rows: Rows) -> NDArray[np.bool_]:
        offers = self.offers[kind][rows]
        made = np.zeros(self.reached[kind].shape[1])
        made[offers[offers >= 0]] = 1.0
        reached: NDArray[np.bool_] = self.reached[kind] @ made > 0.0
        return reached

    def find_shares(self, weight: Floats) -> Floats:
        """
        Share out coverage so that shares may be added up, for choices that must be quick.

        Offers are taken from the one that reaches most, and each is given those that none before
        it reaches. Whatever is chosen of them reaches at least the sum of their shares.

        Parameters
        ----------
        weight
            Of each kind of `SERVED`, shape ``(2,)``. [K]

        Returns
        -------
        numpy.ndarray
            Of each option, shape ``(n_options,)``. [person K h]
        """
        shares = np.zeros(len(self.offers[0]))
        for kind, (reached, offers) in enumerate(zip(self.reached, self.offers, strict=True)):
            columns = reached.tocsc()
            order = np.argsort(-(columns.T @ self.persons), kind="stable")
            left = self.persons.copy()
            share = np.zeros(reached.shape[1])
            for offer in order:
                near = columns.indices[columns.indptr[offer] : columns.indptr[offer + 1]]
                share[offer] = left[near].sum()
                left[near] = 0.0
            makes = offers >= 0
            shares[makes] += weight[kind] * share[offers[makes]]
        return shares


def find_coverage(options: Options, *, already: NDArray[np.bool_] | None = None) -> Coverage:
    """
    Find which sites lie within reach of what each option offers, in a straight line.

    Parameters
    ----------
    options
        What may be done.
    already
        Which sites have each of `SERVED` within reach as it is, ``(n_sites, 2)``; None: none.
        What they have already is no merit of a plan.

    Raises
    ------
    PlanError
        If `already` is not of these sites.
    """
    n_kinds = len(SERVED)
    has = np.zeros((options.n_sites, n_kinds), bool) if already is None else np.asarray(already)
    if has.shape != (options.n_sites, n_kinds):
        msg = (
            f"Wanted water and seats as they are at {options.n_sites} sites, in two columns; got "
            f"the shape {has.shape}: give a row for each site."
        )
        raise PlanError(msg)
    found = [_find_reached(options, kind, has[:, kind].astype(bool)) for kind in range(n_kinds)]
    return Coverage(
        reached=tuple(reached for reached, _ in found),
        offers=tuple(offers for _, offers in found),
        persons=options.persons.copy(),
    )


def count_served(options: Options, rows: Rows) -> Floats:
    """
    Count who is reached by some chosen options, as `Coverage.count_persons`, without its tables.

    Returns
    -------
    numpy.ndarray
        Person-hours by kind of `SERVED`, each site counted once, shape ``(2,)``.
    """
    served = np.zeros(len(SERVED))
    tree = KDTree(options.xy) if options.serves[rows].any() else None
    for kind in range(len(SERVED)):
        ours = rows[options.serves[rows, kind]]
        if tree is None or not len(ours):
            continue
        near = tree.query_ball_point(options.xy[options.site[ours]], options.reach_m[ours, kind])
        served[kind] = options.persons[np.unique(np.concatenate(near)).astype(np.int64)].sum()
    return served


def _find_reached(
    options: Options, kind: int, has: NDArray[np.bool_]
) -> tuple[scipy.sparse.csr_array, Rows]:
    offers = np.full(len(options), -1, np.int64)
    makes = np.flatnonzero(options.serves[:, kind])
    place = np.column_stack([options.site[makes], options.reach_m[makes, kind]])
    alike, which = np.unique(place, axis=0, return_inverse=True)
    offers[makes] = which.reshape(-1)
    near = (
        KDTree(options.xy).query_ball_point(options.xy[alike[:, 0].astype(np.int64)], alike[:, 1])
        if len(alike)
        else np.zeros(0, object)
    )
    counts = np.array([len(rows) for rows in near], np.int64)
    sites = np.concatenate([np.zeros(0, np.int64), *(np.sort(rows) for rows in near)])
    sites = sites.astype(np.int64)
    columns = np.repeat(np.arange(len(alike)), counts)
    keep = ~has[sites]
    reached = scipy.sparse.csr_array(
        (np.ones(int(keep.sum())), (sites[keep], columns[keep])),
        shape=(options.n_sites, len(alike)),
    )
    return reached, offers
