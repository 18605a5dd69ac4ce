"""Options for tests: by hand, and at random."""

import numpy as np

from hiro.option import SERVED, Options

MEASURES = ("street_tree", "opaque_roof", "shade_sail", "lawn", "fountain", "bench")
SERVES = {"fountain": "water", "bench": "seat"}
REACH_M = {"water": 300.0, "seat": 150.0}


def made_options(*rows, n_sites=None, xy=None, measures=None, upkeep=None, serves=None, **more):
    """
    Lay options by hand: a row ``(site, cost_eur, relief_person_kh)`` each, sites ascending.

    `measures` are tuples of ids or single ids, a row each (by default ``m0``, ``m1``, … within a
    site), `upkeep` whole euros; `serves` is ``water``, ``seat``, both with ``+``, or nothing.
    Everything else of `Options` may be named. Low and high prices are 80 and 150 %.
    """
    site, cost, relief = (
        (np.array(column) for column in zip(*rows, strict=True))
        if rows
        else (np.zeros(0, np.int64) for _ in range(3))
    )
    site = site.astype(np.int64)
    n_options = len(site)
    n_sites = int(site.max(initial=-1)) + 1 if n_sites is None else n_sites
    if measures is None:
        measures = [f"m{row - np.searchsorted(site, at)}" for row, at in enumerate(site)]
    offers = [name or "" for name in serves or [""] * n_options]
    served = np.array([[name in offer for name in SERVED] for offer in offers], bool)
    cost = cost.astype(np.int64)
    yearly = np.zeros(n_options, np.int64) if upkeep is None else np.array(upkeep, np.int64)
    relief = relief.astype(float)
    heat = np.zeros(n_sites)
    np.maximum.at(heat, site, relief * 1.5)
    return Options(
        **{
            "site_id": tuple(f"site-{k}" for k in range(n_sites)),
            "xy": np.array(
                [(1000.0 * k, 0.0) for k in range(n_sites)] if xy is None else xy, float
            ).reshape(n_sites, 2),
            "site": site,
            "measures": tuple((m,) if isinstance(m, str) else tuple(m) for m in measures),
            **_prices("cost", cost),
            **_prices("upkeep", yearly),
            "relief_person_kh": relief,
            "relief_grown_person_kh": relief * 1.2,
            "serves": served.reshape(n_options, len(SERVED)),
            "reach_m": served.reshape(n_options, len(SERVED)) * np.array([*REACH_M.values()]),
            "verdict": np.zeros(n_options, np.int8),
            "warnings": ((),) * n_options,
            "heat_person_kh": heat + 1.0,
            "persons": np.full(n_sites, 10.0),
            "utci_before_c": np.full((2, n_sites), 39.0),
            "utci_after_c": np.full((2, n_options), 36.0),
            "step_h": 1.0,
            "horizon_years": 20.0,
            **more,
        }
    )


def _prices(kind, typical):
    unit = "eur" if kind == "cost" else "eur_per_year"
    return {
        f"{kind}_{unit}": typical,
        f"{kind}_low_{unit}": typical * 4 // 5,
        f"{kind}_high_{unit}": typical * 3 // 2,
    }


def random_options(seed=0, *, n_sites=12, most=4, side_m=1000.0, unit_eur=100, worse=0.1):
    """
    Lay options at random: up to `most` bundles at each site, some sites without any.

    Prices are whole `unit_eur`; a share of `worse` makes things worse; fountains and benches
    serve all around and relieve nobody. The same seed gives the same.
    """
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, most + 1, n_sites)
    site = np.repeat(np.arange(n_sites), counts)
    n_options = len(site)
    heat = rng.lognormal(3.0, 1.2, n_sites)
    bundles = [_draw_bundle(rng) for _ in range(n_options)]
    offers = ["+".join(SERVES[m] for m in bundle if m in SERVES) for bundle in bundles]
    share = rng.uniform(0.02, 0.8, n_options)
    share[[all(m in SERVES for m in bundle) for bundle in bundles]] = 0.0
    share[rng.random(n_options) < worse] *= -0.3
    before = rng.uniform(30.0, 44.0, (3, n_sites))
    cost = rng.integers(1, 200, n_options) * unit_eur
    return made_options(
        *zip(site, cost, share * heat[site], strict=True),
        n_sites=n_sites,
        xy=rng.uniform(0.0, side_m, (n_sites, 2)),
        measures=bundles,
        upkeep=rng.integers(0, 400, n_options),
        serves=offers,
        heat_person_kh=heat,
        persons=(heat / rng.uniform(0.5, 3.0, n_sites)).round(1),
        verdict=rng.integers(0, 2, n_options).astype(np.int8),
        utci_before_c=before,
        utci_after_c=before[:, site] - 8.0 * share,
    )


def _draw_bundle(rng):
    n_measures = rng.integers(1, 3)
    return tuple(MEASURES[k] for k in sorted(rng.choice(len(MEASURES), n_measures, replace=False)))
