"""Options: what may be done at each site, measures and bundles of them, with what each brings."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

VERDICTS = ("ok", "check", "excluded")
"""Of feasibility: nothing stands against it, somebody must look, it cannot be."""

SERVED = ("water", "seat")
"""What a measure may offer to all around."""


_OF_SITES = (*("site_id", "xy", "heat_person_kh", "persons", "utci_before_c", "notes", "unfelt"),)
_MAY_LACK = ("spots", "units")


@dataclass(frozen=True, eq=False, slots=True)
class Options:
    """
    A row for each bundle of measures at a site; doing nothing has no row.

    Attributes
    ----------
    site_id
        Of all sites, also of those without an option, ``n_sites``.
    xy
        Where the sites are, in local metres, shape ``(n_sites, 2)``. [m]
    site
        Row of the site, ascending, shape ``(n_options,)``.
    measures
        Ids of each bundle's measures, in the catalogue's order, ``n_options``.
    cost_eur, cost_low_eur, cost_high_eur
        Investment, whole euros, ``(n_options,)`` each. [€]
    upkeep_eur_per_year, upkeep_low_eur_per_year, upkeep_high_eur_per_year
        Whole euros, ``(n_options,)`` each. [€ a⁻¹]
    relief_person_kh
        Heat on people that it takes away, on the design day, as the discounted mean over the
        horizon; below 0 where it makes things worse, ``(n_options,)``. [person K h]
    relief_grown_person_kh
        The same once all has grown, ``(n_options,)``. [person K h]
    serves
        Whether it offers each of `SERVED`, ``(n_options, 2)``, bool.
    reach_m
        How far that reaches, ``(n_options, 2)``. [m]
    verdict
        Row of `VERDICTS`: the worst of its measures', ``(n_options,)``; none is excluded.
    warnings
        What may make things worse, keys of `hiro.plan_terms`, ``n_options`` tuples.
    heat_person_kh
        Heat on people as it is, ``(n_sites,)``. [person K h]
    persons
        Person-hours of the day, ``(n_sites,)``. [persons h]
    utci_before_c, utci_after_c
        ``(n_times, n_sites)`` as it is, and ``(n_times, n_options)`` once all has grown. [°C]
    step_h
        Length of an interval. [h]
    horizon_years
        Years over which relief is averaged. [a]
    notes
        What was assumed, in sentences.
    spots
        Where its crowns are planted, or one is moved to wait: ``n_options`` tuples of x and y in
        local metres, or empty where that is not told. [m]
    unfelt
        Ids of measures that nobody feels: they serve, and no degree depends on them.
    units
        How many of what its price is for each measure of a bundle takes, in the order of
        `measures`: waiting places, 1 of a whole site, or m²; or empty where that is not told.
        [count], [m²]
    """

    site_id: tuple[str, ...]
    xy: Floats
    site: NDArray[np.int64]
    measures: tuple[tuple[str, ...], ...]
    cost_eur: NDArray[np.int64]
    cost_low_eur: NDArray[np.int64]
    cost_high_eur: NDArray[np.int64]
    upkeep_eur_per_year: NDArray[np.int64]
    upkeep_low_eur_per_year: NDArray[np.int64]
    upkeep_high_eur_per_year: NDArray[np.int64]
    relief_person_kh: Floats
    relief_grown_person_kh: Floats
    serves: NDArray[np.bool_]
    reach_m: Floats
    verdict: NDArray[np.int8]
    warnings: tuple[tuple[str, ...], ...]
    heat_person_kh: Floats
    persons: Floats
    utci_before_c: Floats
    utci_after_c: Floats
    step_h: float
    horizon_years: float
    notes: tuple[str, ...] = ()
    spots: tuple[tuple[tuple[float, float], ...], ...] = ()
    unfelt: tuple[str, ...] = ()
    units: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        """Check that all are of the same options, and lock the arrays."""
        lengths = {
            item.name: np.shape(value)[-1] if item.name == "utci_after_c" else len(value)
            for item in fields(self)
            if item.name not in _OF_SITES
            and isinstance(value := getattr(self, item.name), np.ndarray | tuple)
            and (item.name not in _MAY_LACK or value)
        }
        is_rising = (np.diff(self.site) >= 0).all()
        if (
            set(lengths.values()) != {len(self.site)}
            or not is_rising
            or not ((self.site >= 0) & (self.site < len(self.site_id))).all()
        ):
            msg = f"Wanted options of {len(self.site)} rows, sites ascending; got {lengths}."
            raise ValueError(msg)
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        """Count the options."""
        return len(self.site)

    @property
    def n_sites(self) -> int:
        """Count the sites."""
        return len(self.site_id)

    def of_site(self, site: int) -> slice:
        """Tell which rows are of one site."""
        first, last = np.searchsorted(self.site, (site, site + 1))
        return slice(int(first), int(last))

    def take(self, rows: NDArray[np.int64]) -> Options:
        """Keep some options, rows ascending; all sites stay."""
        by_row = {
            item.name: getattr(self, item.name)[rows]
            for item in fields(self)
            if item.name.startswith(("cost_", "upkeep_", "relief_"))
            or item.name in {"site", "serves", "reach_m", "verdict"}
        }
        return replace(
            self,
            **by_row,
            measures=tuple(self.measures[row] for row in rows),
            warnings=tuple(self.warnings[row] for row in rows),
            spots=tuple(self.spots[row] for row in rows) if self.spots else (),
            units=tuple(self.units[row] for row in rows) if self.units else (),
            utci_after_c=self.utci_after_c[:, rows],
        )


def find_efficient(options: Options) -> NDArray[np.int64]:
    """
    Find the options that none other of their site beats: rows, ascending.

    One beats another if it costs no more, once and each year, relieves and serves no less, and is
    no less feasible; of equals the first stays. What neither relieves nor serves is left out.
    """
    kept = []
    for site in range(options.n_sites):
        rows = np.arange(len(options))[options.of_site(site)]
        # Cheaper ones first: nothing that comes later can beat what stands.
        order = np.lexsort((rows, -options.relief_person_kh[rows], options.cost_eur[rows]))
        stands: list[int] = []
        for row in rows[order].tolist():
            helps = options.relief_person_kh[row] > 0.0 or options.serves[row].any()
            if helps and not any(_beats(options, other, row) for other in stands):
                stands.append(row)
        kept += sorted(stands)
    return np.array(kept, np.int64)


def _beats(options: Options, one: int, other: int) -> bool:
    """Tell whether one option, no dearer than another, is in nothing worse."""
    return bool(
        options.upkeep_eur_per_year[one] <= options.upkeep_eur_per_year[other]
        and options.relief_person_kh[one] >= options.relief_person_kh[other]
        and options.verdict[one] <= options.verdict[other]
        and (options.serves[one] >= options.serves[other]).all()
        and (options.reach_m[one] >= options.reach_m[other]).all()
    )
