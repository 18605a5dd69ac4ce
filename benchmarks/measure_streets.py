"""
How wide streets are, measured by the pavements that are mapped beside them.

    python benchmarks/measure_streets.py EXTRACT.osm.pbf ...

The middle of a mapped pavement lies half a street and half a pavement from the street's middle.
Prints each kind's median width from kerb to kerb, and of how many pavements; `data/street.csv`
takes over those of 30 or more.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import numpy as np
import shapely

from solarpass.city import build_city
from solarpass.osm import helsinki_path, read_osm
from solarpass.roadside import RoadsideModel, find_roadsides
from solarpass.stretch import cut_ways


def main() -> None:
    """Gather the widths of every extract named, and of the built-in city."""
    model = RoadsideModel(mapped_reach_m=12.0)  # farther than we look, lest that decide it
    found: dict[str, list[float]] = defaultdict(list)
    for path in [helsinki_path(), *sys.argv[1:]]:
        city = build_city(read_osm(path), name="measured")
        stretches = cut_ways(city)
        beside = find_roadsides(stretches, city, model=model).beside
        footway = city.streets["footway"].to_numpy(object)[stretches.way]
        pavement = np.flatnonzero((beside >= 0) & (footway == "sidewalk"))
        street = np.asarray(city.streets.geometry)[beside[pavement]]
        middle = shapely.line_interpolate_point(stretches.lines()[pavement], 0.5, normalized=True)
        apart_m = shapely.distance(middle, street)
        kind = city.streets["highway"].to_numpy(object)[beside[pavement]]
        oneway = city.streets["is_oneway"].to_numpy(bool)[beside[pavement]]
        for each, width_m in zip(
            kind[~oneway], 2.0 * apart_m[~oneway] - model.pavement_m, strict=True
        ):
            found[each].append(float(width_m))
    for kind, widths in sorted(found.items()):
        low, middle, high = np.percentile(widths, [25, 50, 75])
        print(f"{kind}: median {middle:.1f} m (quartiles {low:.1f} to {high:.1f}), n {len(widths)}")


if __name__ == "__main__":
    main()
