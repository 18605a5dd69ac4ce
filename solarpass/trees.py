"""Trees: where their crowns begin and end, and how much beam they let through on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .register import TALLEST_M, WIDEST_M, read_genus
from .tables import read_numbers
from .tag import read_metres, read_tags, text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBERS = ("height_m", "crown_diameter_m", "base_m", "age_years")
_TEXTS = ("genus", "leaf_cycle", "leaf_type")


@dataclass(frozen=True, slots=True)
class TreeModel:
    """
    Assumptions about trees beside those of `tree.csv` and `genus.csv`; change one with `replace`.

    Attributes
    ----------
    most_scale
        Where only height or crown is tagged, the other follows it from what is typical, up to
        this much larger; our choice. [1]
    same_m
        A tree of the map no farther than this from one of a register is the same; our
        choice, from the precision of either. [m]
    indoors_m
        A stem deeper than this within a building is misplaced, and left out; our choice. [m]
    roof_m
        A building is what rises above this, and not what one walks beneath; our choice. [m]
    """

    most_scale: float = 1.5
    same_m: float = 3.0
    indoors_m: float = 1.5
    roof_m: float = 2.0


@cache
def _tables() -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    return read_numbers("genus", key="genus"), read_numbers("tree", key="what")


@cache
def find_traits(genus: str | None, leaf_cycle: str = "unknown") -> Mapping[str, float]:
    """
    Find what is typical of a genus: its own rows, else those of its leaf cycle, else of any tree.

    What is neither deciduous nor evergreen is taken for deciduous. An evergreen lets no more
    beam through in winter than in summer.

    Examples
    --------
    >>> lime = find_traits("Tilia")
    >>> lime["crown_diameter"], lime["transmittance_bare"]
    (10.0, 0.45)
    >>> find_traits(None, "evergreen")["transmittance_bare"]
    0.03
    """
    by_genus, by_class = _tables()
    cycle = "evergreen" if leaf_cycle == "evergreen" else "deciduous"
    traits = {**by_class["tree"], **by_class.get(cycle, {}), **by_genus.get(genus or "", {})}
    if cycle == "evergreen":
        traits["transmittance_bare"] = traits["transmittance_leaf"]
    return MappingProxyType(traits)  # shared by all who ask


def build_trees(
    points: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    *,
    registered: gpd.GeoDataFrame | None = None,
    model: TreeModel | None = None,
) -> gpd.GeoDataFrame:
    """
    Build single trees, those of a register, and the trees of rows.

    Where a register has a tree, the map's own beside it gives way, and lends it what the
    register does not tell; a tree of a row gives way to either.

    Parameters
    ----------
    points, lines
        `OsmTables.points` and `OsmTables.lines` in local metres.
    registered
        As from `place_registers`.
    model
        Assumptions.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.trees`: single trees, then the register's, then the rows.
    """
    model = model or TreeModel()
    single = points[points["natural"] == "tree"]
    told = _read_told(single)
    here = np.asarray(single.geometry)
    osm_id = single["osm_id"].to_numpy(np.int64)
    stem, frame, its_id = np.empty(0, object), told.iloc[:0], np.empty(0, np.int64)
    if registered is not None:
        stem = np.asarray(registered.geometry)
        frame, its_id = _lend(registered, stem, told=told, here=here, osm_id=osm_id, model=model)
        stays = np.ones(len(here), dtype=bool)
        stays[shapely.STRtree(stem).query(here, predicate="dwithin", distance=model.same_m)[0]] = (
            False
        )
        told, here, osm_id = told[stays], here[stays], osm_id[stays]
    rows = lines[lines["natural"] == "tree_row"]
    planted, row = _plant_rows(rows, np.concatenate([here, stem]))
    counts = {"tree": len(here), "register": len(stem), "tree_row": len(planted)}
    return gpd.GeoDataFrame(
        {
            "osm_id": np.concatenate([osm_id, its_id, rows["osm_id"].to_numpy()[row]]).astype(
                np.int64
            ),
            **_size(_stack([told, frame, _read_told(rows).iloc[row]]), model),
            "source": text_column(name for name, n in counts.items() for _ in range(n)),
        },
        geometry=np.concatenate([here, stem, planted]),
        crs=points.crs,
    )


def build_woods(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build woods: closed canopies with a base and a top.

    Parameters
    ----------
    areas
        `OsmTables.areas` in local metres, valid.
    """
    chosen = areas[(areas["natural"] == "wood") | (areas["landuse"] == "forest")]
    wood = _tables()[1]["wood"]
    told = _read_told(chosen)
    height = told["height_m"].fillna(wood["height"]).to_numpy(float)
    traits = [find_traits(genus) for genus in told["genus"]]
    cycle = [
        _cycle(said, kind, evergreen=own.get("evergreen"))
        for said, kind, own in zip(told["leaf_cycle"], told["leaf_type"], traits, strict=True)
    ]
    return gpd.GeoDataFrame(
        {
            "height_m": height,
            "base_m": np.minimum(wood["base"], 0.25 * height),
            "height_spread_m": _find_spread(told["height_m"], height, "height", guess="wood"),
            "leaf_cycle": text_column(cycle),
            **_transmittance(told["genus"].tolist(), cycle),
        },
        geometry=chosen.geometry.to_numpy(),
        crs=areas.crs,
    )


def stands_indoors(
    trees: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, *, model: TreeModel | None = None
) -> NDArray[np.bool_]:
    """
    Tell which stems stand deep inside a building, where no tree grows.

    Parameters
    ----------
    trees, buildings
        Of a `City`; a court is a hole of its building, so what grows there stands outside.
    model
        Assumptions.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_trees,)``.
    """
    model = model or TreeModel()
    solid = (buildings["height_m"] > model.roof_m) & (buildings["base_m"] < model.roof_m)
    shape = np.asarray(buildings.geometry)[(solid & buildings["casts"]).to_numpy(bool)]
    stem = np.asarray(trees.geometry)
    inside, around = shapely.STRtree(shape).query(stem, predicate="within")
    depth_m = shapely.distance(stem[inside], shapely.boundary(shape[around]))
    indoors = np.zeros(len(trees), dtype=bool)
    indoors[inside[depth_m > model.indoors_m]] = True
    return indoors


def _read_told(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Read what mappers tell of trees: a row each, NaN and None where nothing is told."""
    tags = read_tags(frame)
    told = pd.DataFrame(
        {
            "height_m": [read_metres(tag.get("height"), most_m=TALLEST_M) for tag in tags],
            "crown_diameter_m": [
                read_metres(tag.get("diameter_crown"), most_m=WIDEST_M) for tag in tags
            ],
            "base_m": np.nan,
            "age_years": np.nan,
        },
        index=range(len(tags)),
        dtype=float,
    )
    told["genus"] = text_column(
        read_genus(*map(tag.get, ("genus", "species", "taxon"))) for tag in tags
    )
    for key in ("leaf_cycle", "leaf_type"):
        told[key] = text_column(tag.get(key) for tag in tags)
    return told


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    numbers = {name: np.concatenate([f[name].to_numpy(float) for f in frames]) for name in _NUMBERS}
    texts = {name: text_column(value for f in frames for value in f[name]) for name in _TEXTS}
    return pd.DataFrame({**numbers, **texts})


def _lend(
    registered: gpd.GeoDataFrame,
    stem: NDArray[Any],
    *,
    told: pd.DataFrame,
    here: NDArray[Any],
    osm_id: NDArray[np.int64],
    model: TreeModel,
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Complete a register's trees by what the map tells of the same ones, and name these."""
    frame = pd.DataFrame({name: registered[name].to_numpy(float) for name in _NUMBERS})
    frame["genus"] = text_column(registered["genus"])
    frame["leaf_cycle"] = frame["leaf_type"] = text_column([None] * len(frame))
    its_id = np.zeros(len(frame), np.int64)
    of, twin = shapely.STRtree(here).query_nearest(
        stem, max_distance=model.same_m, all_matches=False
    )
    its_id[of] = osm_id[twin]
    # A size that the register has is newer than any tag, and its other measure goes with it.
    for names in (("height_m", "crown_diameter_m"), ("genus", "leaf_cycle", "leaf_type")):
        bare = frame[names[0]].isna() & frame[names[1]].isna()
        filled = bare.to_numpy(bool)[of]
        for name in names:
            column = frame[name].to_numpy(copy=True)
            column[of[filled]] = told[name].to_numpy()[twin[filled]]
            frame[name] = column
    return frame, its_id


def _plant_rows(
    rows: gpd.GeoDataFrame, standing: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Set stems along rows, from the first vertex to the last: stems, and the row of each."""
    lines = np.asarray(rows.geometry)
    spacing_m = _tables()[1]["tree_row"]["spacing"]
    n_gaps = np.maximum(np.rint(shapely.length(lines) / spacing_m), 1).astype(np.int64)
    row = np.repeat(np.arange(len(lines)), n_gaps + 1)
    nth = np.concatenate([np.arange(n + 1) / n for n in n_gaps]) if len(lines) else np.empty(0)
    stem = shapely.line_interpolate_point(lines[row], nth, normalized=True)
    closes = shapely.is_closed(lines[row]) & (nth == 1.0)
    stem, row = stem[~closes], row[~closes]
    # Where the trees of a row are known one by one, they stand already.
    near = shapely.STRtree(standing).query(stem, predicate="dwithin", distance=0.5 * spacing_m)[0]
    return np.delete(stem, near), np.delete(row, near)


def _cycle(said: object, kind: object, *, evergreen: float | None) -> str:
    if said in {"deciduous", "semi_deciduous"}:
        return "deciduous"
    if said in {"evergreen", "semi_evergreen"}:
        return "evergreen"
    if evergreen is not None:
        return "evergreen" if evergreen else "deciduous"
    return "evergreen" if kind == "needleleaved" else "unknown"


def _size(told: pd.DataFrame, model: TreeModel) -> dict[str, Any]:
    genus = told["genus"].tolist()
    traits = [find_traits(name) for name in genus]
    height, crown, base, age = (told[name].to_numpy(float, copy=True) for name in _NUMBERS)
    crown[crown > 2.0 * height] = np.nan  # wider than twice its height: a slip of the unit
    source = np.full(len(told), "default", dtype=object)
    source[np.isin(np.array(genus, dtype=object), list(_tables()[0]))] = "genus"
    source[np.isfinite(age)] = "age"
    source[np.isfinite(height) | np.isfinite(crown)] = "tagged"

    grown, wide = (
        np.array([own[name] for own in traits], float) for name in ("height", "crown_diameter")
    )
    usual_height, usual_crown = _grow(grown, "height", age), _grow(wide, "crown_diameter", age)
    # One measure told scales the other: a young lime is small both ways.
    scale = np.minimum(np.fmin(height / usual_height, crown / usual_crown), model.most_scale)
    scale = np.where(np.isnan(scale), 1.0, scale)
    height = np.where(np.isnan(height), usual_height * scale, height)
    crown = np.where(np.isnan(crown), usual_crown * scale, crown)
    base = np.where(base < height, base, _find_base(height, grown, traits))
    cycle = [
        _cycle(said, kind, evergreen=own.get("evergreen"))
        for said, kind, own in zip(told["leaf_cycle"], told["leaf_type"], traits, strict=True)
    ]
    return {
        "height_m": height.round(2),
        "base_m": base.round(2),
        "crown_diameter_m": crown.round(2),
        "height_spread_m": _find_spread(told["height_m"], height, "height", guess=source),
        "crown_spread_m": _find_spread(
            told["crown_diameter_m"], crown, "crown_diameter", guess=source
        ),
        "genus": text_column(genus),
        "leaf_cycle": text_column(cycle),
        **_transmittance(genus, cycle),
        "size_source": text_column(source),
    }


def _find_spread(
    told: pd.Series[float], used: NDArray[np.float64], measure: str, *, guess: str | NDArray[Any]
) -> NDArray[np.float64]:
    """Tell the half width of the interval around a measure, by where each is from. [m]."""
    # The one measure that is told scales the other, which is no surer than what its genus says.
    guessed = np.where(np.asarray(guess) == "tagged", "genus", guess).astype(object)
    known = told.to_numpy(float) == used
    share = {
        name: _tables()[1][f"spread_{name}"][measure] for name in {"tagged", *np.unique(guessed)}
    }
    of = np.where(known, "tagged", np.broadcast_to(guessed, known.shape))
    return (np.array([*(share[name] for name in of), 0.0])[:-1] * used).round(2)


def _grow(grown: NDArray[np.float64], measure: str, age: NDArray[np.float64]) -> NDArray[Any]:
    """Tell how large trees are at an age: fast at first, then ever slower; grown without one."""
    sapling = _tables()[1]["sapling"]
    missing = np.maximum(grown - sapling[measure], 0.0) * np.exp(-age / sapling["growth"])
    return grown - np.where(np.isnan(missing), 0.0, missing)


def _find_base(
    height: NDArray[np.float64], grown: NDArray[np.float64], traits: list[Mapping[str, float]]
) -> NDArray[np.float64]:
    """Tell where crowns begin: in proportion where the genus has a row, else over the traffic."""
    own = np.array([trait.get("base", np.nan) for trait in traits], float) / grown * height
    any_tree = _tables()[1]["tree"]
    clear = np.maximum(any_tree["base_fraction"] * height, any_tree["least_base"])
    return np.where(np.isnan(own), np.minimum(clear, 0.5 * height), own)


def _transmittance(genus: list[str | None], cycle: list[str]) -> dict[str, NDArray[np.float64]]:
    traits = [find_traits(name, kind) for name, kind in zip(genus, cycle, strict=True)]
    return {
        name: np.array([own[name] for own in traits], dtype=float)
        for name in ("transmittance_leaf", "transmittance_bare")
    }
