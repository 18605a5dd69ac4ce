"""
How far radiation is off at two stations of Gothenburg, and what each assumption does to that.

    python benchmarks/measure_heat.py [--profile full] [--data FOLDER]

Each line moves one assumption and leaves the rest, at both stations at once: one that had been
set to please them would be worse to either side. Marks: 3.0 K at each, 1.0 K of pooled bias.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from gothenburg import STATIONS, find_errors, read_station, score_station, tell

from hiro import radiation
from hiro.cover import Skin, read_skins
from hiro.point import Plot, PointModel

BASE = PointModel()
GROUND = ("paving", "asphalt", "grass", "soil", "water")


def main() -> None:
    """Print the default, station by station, then a table of what was moved."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--profile", choices=("ci", "full"), default="full")
    asked.add_argument("--data", default=os.environ.get("SOLARPASS_REFERENCE_DATA"))
    options = asked.parse_args()
    if not options.data:
        print("Needs the folder of reference data, named by SOLARPASS_REFERENCE_DATA.")
        return
    reference = Path(options.data)
    plots = {name: read_station(reference, name) for name in STATIONS}
    errors = measure(reference, plots, BASE)
    for name, off in errors.items():
        print(f"{name}: {tell(off)}")
    print(f"pooled: {tell(np.concatenate(list(errors.values())))}")
    cases = list(move_models())
    cases = cases[:4] if options.profile == "ci" else cases
    print(f"\n{'moved':<34}" + "".join(f"{name:>26}" for name in (*STATIONS, "pooled")))
    found = {"nothing": errors}
    print_row("nothing", errors)
    for label, model in cases:
        # Rasters are read anew where what is taken from them was moved.
        anew = (model.cover, model.transmittance) != (BASE.cover, BASE.transmittance)
        there = {n: read_station(reference, n, model=model) for n in STATIONS} if anew else plots
        found[label] = measure(reference, there, model)
        print_row(label, found[label])
    for label, changed in move_skins() if options.profile == "full" else ():
        with skins(changed):
            found[label] = measure(reference, plots, BASE)
        print_row(label, found[label])
    print()
    for chosen_by, tried_at in (tuple(STATIONS), tuple(STATIONS)[::-1]):
        label = min(found, key=lambda case: rmse(found[case][chosen_by]))
        print(
            f"chosen by {chosen_by} alone: {label}, {rmse(found[label][chosen_by]):.2f} K there "
            f"and {rmse(found[label][tried_at]):.2f} K at {tried_at}, where the default has "
            f"{rmse(errors[tried_at]):.2f} K"
        )


def rmse(off: NDArray[np.float64]) -> float:
    """Find the root of the mean square. [K]."""
    return float(np.sqrt(np.mean(off**2)))


def measure(
    reference: Path, plots: dict[str, Plot], model: PointModel
) -> dict[str, NDArray[np.float64]]:
    """Find the errors at each station. [K]."""
    return {
        name: find_errors(score_station(reference, name, model=model, plot=plot))
        for name, plot in plots.items()
    }


def print_row(label: str, errors: dict[str, NDArray[np.float64]]) -> None:
    """Print RMSE, MAE and bias of each station and of both."""
    columns = [*errors.values(), np.concatenate(list(errors.values()))]
    told = [f"{rmse(off):>12.2f}{np.abs(off).mean():>7.2f}{off.mean():>+7.2f}" for off in columns]
    print(f"{label:<34}" + "".join(told))


def move_models() -> Iterator[tuple[str, PointModel]]:
    """Move one field of the model by half, or as far as its source leaves open."""
    forcing, view, body = BASE.forcing, BASE.view, BASE.radiation.body
    skin = BASE.radiation.skin
    for sign, word in ((0.5, "-50 %"), (1.5, "+50 %")):
        for name in ("wind_factor", "leaf_resistance_s_m"):
            moved = replace(skin, **{name: sign * getattr(skin, name)})
            yield f"{name} {word}", replace(BASE, radiation=replace(BASE.radiation, skin=moved))
        moved_view = replace(view, spread_m=sign * view.spread_m)
        yield f"spread_m {word}", replace(BASE, view=moved_view)
        moved_cover = replace(BASE.cover, radius_m=sign * BASE.cover.radius_m)
        yield f"radius_m of cover {word}", replace(BASE, cover=moved_cover)
        offset = replace(forcing, longwave_offset_w_m2=sign * forcing.longwave_offset_w_m2)
        yield f"longwave_offset_w_m2 {word}", replace(BASE, forcing=offset)
        albedo = replace(body, crown_albedo=sign * body.crown_albedo)
        yield f"crown_albedo {word}", replace(BASE, radiation=replace(BASE.radiation, body=albedo))
        leaf = replace(skin, leaf_light=sign * skin.leaf_light)
        yield f"leaf_light {word}", replace(BASE, radiation=replace(BASE.radiation, skin=leaf))
    none = replace(forcing, longwave_offset_w_m2=0.0)
    yield "longwave_offset_w_m2 none", replace(BASE, forcing=none)
    clear = replace(BASE, transmittance=(0.10, 0.45))
    yield "transmittance 0.10", clear


def move_skins() -> Iterator[tuple[str, dict[str, Skin]]]:
    """Move what stands in the table of surfaces."""
    skins_now = read_skins()
    for sign, word in ((0.5, "-50 %"), (1.5, "+50 %")):
        for label, names in (("ground", GROUND), ("wall", ("wall",))):
            yield (
                f"admittance of {label} {word}",
                {
                    n: replace(skins_now[n], admittance=sign * skins_now[n].admittance)
                    for n in names
                },
            )
        yield (
            f"resistance of grass {word}",
            {"grass": replace(skins_now["grass"], resistance_s_m=sign * 70.0)},
        )
    for step in (-0.1, 0.1):
        wall = skins_now["wall"]
        yield f"albedo of wall {step:+.1f}", {"wall": replace(wall, albedo=wall.albedo + step)}
        yield (
            f"albedo of ground {step / 2:+.2f}",
            {n: replace(skins_now[n], albedo=skins_now[n].albedo + step / 2) for n in GROUND[:4]},
        )


@contextmanager
def skins(changed: dict[str, Skin]) -> Iterator[None]:
    """Let surfaces be others for a while: their numbers stand in a table, not in a model."""
    table = {**read_skins(), **changed}
    radiation.read_skins = lambda: table
    try:
        yield
    finally:
        radiation.read_skins = read_skins


if __name__ == "__main__":
    main()
