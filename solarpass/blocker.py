"""Blockers: what stands between one place and the sun, and when it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .leaf import leaves_on
from .sun import SunPath
from .surroundings import Bands, Surroundings

SUNLIT = 0.5  # of the beam, from which a place counts as sunlit; our choice
N_NEAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class Blocker:
    """
    One object between a place and the sun, or just below the beam.

    Attributes
    ----------
    kind
        building, part (of one), roof, bridge, tree, wood or terrain.
    name
        Of a building its own, of a tree its genus; None where nothing is known.
    osm_type, osm_id
        By which OpenStreetMap knows it; None and 0 where it does not.
    height_m, base_m
        Top and underside, above its ground. [m]
    height_source
        Where the height is from: tagged, levels, guessed and so on; of crowns tagged, age,
        genus, default.
    height_spread_m
        How much higher it may well be, and as many times lower; NaN where it is not told. [m]
    transmittance
        Share of the beam that it lets through on this day.
    distance_m
        From the place, along the beam; NaN for hills farther than 300 m. [m]
    elevation_deg
        At which its top is seen from the place. [°]
    critical_height_m
        With a height below this it lets the beam pass over, above it does not; NaN for what
        one stands beneath, where the height does not matter. [m]
    thing
        Row of `Surroundings.things`; -1: the ground.
    """

    kind: str
    name: str | None
    osm_type: str | None
    osm_id: int
    height_m: float
    base_m: float
    height_source: str
    height_spread_m: float
    transmittance: float
    distance_m: float
    elevation_deg: float
    critical_height_m: float
    thing: int

    @property
    def link(self) -> str | None:
        """Where OpenStreetMap shows it; None where it does not know it."""
        if self.osm_type is None or self.osm_id <= 0:
            return None
        return f"https://www.openstreetmap.org/{self.osm_type}/{self.osm_id}"

    @property
    def height_interval_m(self) -> tuple[float, float]:
        """Between which ends the height lies, nine times in ten; NaN where it is not told. [m]."""
        highest_m = self.height_m + self.height_spread_m
        return self.height_m**2 / highest_m, highest_m

    @property
    def is_doubtful(self) -> bool:
        """Whether the height at which the answer turns lies within the height's interval."""
        low_m, high_m = self.height_interval_m
        return bool(low_m <= self.critical_height_m <= high_m)


class _Seen(TypedDict):
    """What depends on where one stands and where the sun does."""

    distance_m: float
    elevation_deg: float
    critical_height_m: float
    thing: int


@dataclass(frozen=True, slots=True)
class SunCheck:
    """
    Whether the sun reaches a place, and why.

    Attributes
    ----------
    at
        When.
    azimuth_deg, elevation_deg
        Where the sun stands. [°]
    state
        sun, crown (some of the beam comes through crowns), shade, night, inside (of a
        building), covered (a way under cover), outside (of the data) or unknown (what may stand
        beyond the data, or no data on buildings at all).
    sun_fraction
        Share of the beam that arrives; NaN where it is unknown, and inside of buildings.
    blockers
        What the beam meets, nearest first.
    near_misses
        What the beam passes over, those first that need be raised least to shade the place.
    """

    at: datetime
    azimuth_deg: float
    elevation_deg: float
    state: str
    sun_fraction: float
    blockers: tuple[Blocker, ...]
    near_misses: tuple[Blocker, ...]

    @property
    def is_sunlit(self) -> bool | None:
        """Whether more than half of the beam arrives; None where that is unknown."""
        return None if np.isnan(self.sun_fraction) else self.sun_fraction > SUNLIT

    @property
    def is_doubtful(self) -> bool:
        """Whether heights within their intervals would turn the answer."""
        if self.state == "sun":
            return any(miss.is_doubtful for miss in self.near_misses)
        return self.state in {"shade", "crown"} and all(b.is_doubtful for b in self.blockers)


@dataclass(frozen=True, slots=True)
class Spell:
    """
    A time in which nothing changes for one place.

    Attributes
    ----------
    begins, ends
        To the minute; it ends when the next begins.
    state
        sun, crown, shade, unknown or night.
    """

    begins: datetime
    ends: datetime
    state: str


def find_blockers(around: Surroundings, sun: SunPath) -> SunCheck:
    """
    Tell whether the sun reaches a place at the first time of `sun`, and what blocks it.

    The shapes are met exactly, where the map burns them into cells: an answer of its own road.

    Parameters
    ----------
    around
        What stands around the place.
    sun
        Its position, zone-aware; the first counts.
    """
    azimuth_deg, elevation_deg = sun.azimuth_deg[:1], sun.elevation_deg[:1]
    tangent = np.tan(np.deg2rad(elevation_deg))
    bands = around.bands(azimuth_deg)
    leaf = leaves_on(around.leaf_year, sun.times[:1])
    fraction = float(_sun_fraction(around, bands, azimuth_deg, tangent, leaf)[0])
    state = str(_states(np.array([fraction]), elevation_deg)[0])
    for is_so, name in (
        (around.is_outside, "outside"),
        (around.is_inside, "inside"),
        (around.is_covered, "covered"),  # an archway is inside of a house
    ):
        state = name if is_so else state
    blockers, misses = _name_blockers(around, bands, float(tangent[0]), float(leaf[0]))
    if state in {"night", "inside", "outside"}:
        blockers = misses = ()
    return SunCheck(
        at=sun.times[0].to_pydatetime(),
        azimuth_deg=float(azimuth_deg[0]),
        elevation_deg=float(elevation_deg[0]),
        state=state,
        sun_fraction={"covered": 0.0, "inside": np.nan}.get(state, fraction),
        blockers=blockers,
        near_misses=misses,
    )


def find_spells(around: Surroundings, sun: SunPath) -> list[Spell]:
    """
    Tell from when to when the sun reaches a place, over the evenly spaced times of `sun`.

    Nothing for a place inside a building, beyond the data or on a covered way.
    """
    if not len(sun) or around.is_covered or around.is_inside or around.is_outside:
        return []
    state = _states(find_sun_fraction(around, sun), sun.elevation_deg)
    first = np.flatnonzero(np.concatenate([[True], state[1:] != state[:-1]]))
    step = sun.times[1] - sun.times[0] if len(sun) > 1 else pd.Timedelta(0)
    begins = [at.to_pydatetime() for at in sun.times[first]]
    ends = [*begins[1:], (sun.times[-1] + step).to_pydatetime()]
    return [
        Spell(begin, end, str(state[k])) for begin, end, k in zip(begins, ends, first, strict=True)
    ]


def find_change(spells: list[Spell], at: datetime) -> Spell | None:
    """Find the next spell after `at` in which the sun comes or goes; None if there is none."""
    now = next((spell for spell in spells if spell.begins <= at < spell.ends), None)
    if now is None:
        return None
    sunny = now.state == "sun"
    return next((s for s in spells if s.begins > at and (s.state == "sun") != sunny), None)


def find_sun_fraction(around: Surroundings, sun: SunPath) -> NDArray[np.float64]:
    """
    Tell how much of the beam arrives, NaN where unknown, shape ``(n_times,)``.

    Of a place in the open; that one stands inside a building is not asked.
    """
    tangent = np.tan(np.deg2rad(sun.elevation_deg))
    leaf = leaves_on(around.leaf_year, sun.times)
    bands = around.bands(sun.azimuth_deg)
    return _sun_fraction(around, bands, sun.azimuth_deg, tangent, leaf)


def _sun_fraction(
    around: Surroundings,
    bands: Bands,
    azimuth_deg: NDArray[np.float64],
    tangent: NDArray[np.float64],
    leaf: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Let each ray through what it meets; crowns of one kind count once, as on the map."""
    hit = (bands.low < tangent[bands.ray]) & (tangent[bands.ray] < bands.high)
    passed = np.ones(len(tangent))
    for layer in range(len(around.transmittance)):
        met = np.zeros(len(tangent), bool)
        met[bands.ray[hit & (bands.layer == layer)]] = True
        in_leaf, bare = around.transmittance[layer]
        passed[met] *= (leaf * in_leaf + (1.0 - leaf) * bare)[met]
    passed[tangent <= 0.0] = 0.0
    hidden = (tangent > 0.0) & (tangent < around.unknown_below(azimuth_deg)) & (passed > 0.0)
    passed[hidden] = np.nan
    return passed


def _states(fraction: NDArray[np.float64], elevation_deg: NDArray[np.float64]) -> NDArray[np.str_]:
    state = np.where(fraction >= 1.0, "sun", np.where(fraction > 0.0, "crown", "shade"))
    state = np.where(np.isnan(fraction), "unknown", state)
    return np.where(elevation_deg <= 0.0, "night", state)


def _name_blockers(
    around: Surroundings, bands: Bands, tangent: float, leaf: float
) -> tuple[tuple[Blocker, ...], tuple[Blocker, ...]]:
    """Name what one ray meets, nearest first, and what it just passes over."""
    blockers, misses = [], []
    hit = (bands.low < tangent) & (tangent < bands.high)
    for thing in np.unique(bands.thing[bands.high > 0.0]).tolist():
        of = bands.thing == thing
        met = of & hit
        blocker = _name(around, bands, tangent, leaf, of=of, met=met if met.any() else of)
        if met.any():
            blockers.append(blocker)
        elif bands.high[of].max() <= tangent and blocker.height_m < blocker.critical_height_m:
            misses.append(blocker)
    blockers.sort(key=lambda blocker: np.nan_to_num(blocker.distance_m, nan=np.inf))
    misses.sort(key=_missing)
    return tuple(blockers), tuple(misses[:N_NEAR_MISSES])


def _missing(miss: Blocker) -> tuple[bool, float]:
    """Rank what might be higher than we take it to be before what is lower by far."""
    return not miss.is_doubtful, miss.critical_height_m - miss.height_m


def _name(
    around: Surroundings,
    bands: Bands,
    tangent: float,
    leaf: float,
    *,
    of: NDArray[np.bool_],
    met: NDArray[np.bool_],
) -> Blocker:
    """Tell all about the thing of some bands; the beam meets the nearest of those `met`."""
    near_m, high = bands.near_m[of], bands.high[of]
    with np.errstate(invalid="ignore"):  # of what one stands beneath
        over_m = float((near_m * (high - tangent)).max())
    thing, top = int(bands.thing[of][0]), float(high.max())
    row = None if thing < 0 else around.things.iloc[thing]
    hill_m = around.eye_m + float(near_m[0]) * top
    height_m = hill_m if row is None else float(row["height_m"])
    seen = _Seen(
        distance_m=float(bands.near_m[met].min()),
        elevation_deg=float(np.rad2deg(np.arctan(top))),
        critical_height_m=height_m - over_m,
        thing=thing,
    )
    if row is None:
        return Blocker("terrain", None, None, 0, height_m, 0.0, "lidar", np.nan, 0.0, **seen)
    in_leaf, bare = around.transmittance[int(row["layer"])]
    return Blocker(
        kind=str(row["kind"]),
        name=row["name"] if isinstance(row["name"], str) else None,
        osm_type=row["osm_type"] if isinstance(row["osm_type"], str) else None,
        osm_id=int(row["osm_id"]),
        height_m=height_m,
        base_m=float(row["base_m"]),
        height_source=str(row["height_source"]),
        height_spread_m=float(row["height_spread_m"]),
        transmittance=float(leaf * in_leaf + (1.0 - leaf) * bare),
        **seen,
    )
