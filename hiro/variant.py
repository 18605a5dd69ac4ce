"""Places beneath each kind their shelter may be of, as what is known of shelters is a mixture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .roof import RoofModel, find_mixture, find_roof
from .site import Sites

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Variants:
    """
    A row for each place where one waits and each kind its shelter may be of.

    Attributes
    ----------
    place
        Row of `Sites.waiting`, shape ``(n_rows,)``.
    kinds
        Of the shelter, none of them a mixture, ``n_rows``.
    by_place
        Averages rows to places by how likely each kind is, shape ``(n_waiting, n_rows)``.
    by_site
        Averages places to sites, shape ``(n_sites, n_waiting)``.
    wind_factor
        Wind beneath over wind beside, shape ``(n_rows,)``. [1]
    open_sky
        Share of the sky that the shelter leaves, shape ``(n_rows,)``. [1]
    """

    place: NDArray[np.int64]
    kinds: tuple[str, ...]
    by_place: scipy.sparse.csr_array
    by_site: scipy.sparse.csr_array
    wind_factor: Floats
    open_sky: Floats

    @property
    def weight(self) -> scipy.sparse.csr_array:
        """Average rows to sites at once, shape ``(n_sites, n_rows)``."""
        weight: scipy.sparse.csr_array = self.by_site @ self.by_place
        return weight

    def to_places(self, values: Floats) -> Floats:
        """Average over the kinds: from ``(n_times, n_rows)`` to ``(n_times, n_waiting)``."""
        mean: Floats = (self.by_place @ values.T).T
        return mean

    def to_sites(self, values: Floats) -> Floats:
        """Average over kinds and places: from ``(n_times, n_rows)`` to ``(n_times, n_sites)``."""
        mean: Floats = (self.by_site @ (self.by_place @ values.T)).T
        return mean


def build_variants(sites: Sites, *, model: RoofModel = RoofModel()) -> Variants:
    """
    Spread the shelters of sites out into the kinds they may be of.

    Parameters
    ----------
    sites
        Where one waits; all places of one count alike.
    model
        How large shelters are.
    """
    mixtures = {kind: find_mixture(kind) for kind in set(sites.waiting["shelter"])}
    told = [mixtures[kind] for kind in sites.waiting["shelter"]]
    place = np.repeat(np.arange(sites.n_waiting), [len(mixture) for mixture in told])
    kinds = tuple(kind for mixture in told for kind in mixture)
    share = np.array([part for mixture in told for part in mixture.values()], float)
    roofs = [find_roof(kind, model) for kind in kinds]
    site = sites.waiting["site"].to_numpy(np.int64)
    alone = 1.0 / np.bincount(site, minlength=sites.n_sites)[site]
    row, waiting = np.arange(len(place)), np.arange(sites.n_waiting)
    return Variants(
        place=place,
        kinds=kinds,
        by_place=scipy.sparse.csr_array((share, (place, row)), (sites.n_waiting, len(row))),
        by_site=scipy.sparse.csr_array((alone, (site, waiting)), (sites.n_sites, len(waiting))),
        wind_factor=np.array([roof.wind_factor for roof in roofs]),
        open_sky=np.array([1.0 - roof.hidden_up for roof in roofs]),
    )
