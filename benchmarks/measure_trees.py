"""
How high and wide the tagged trees of extracts are, by genus.

    python benchmarks/measure_trees.py EXTRACT.osm.pbf [...]

Medians of fewer than thirty trees are shown and not used: `data/genus.csv` calls `measured`
what rests on thirty or more. A value that more than half the tagged trees of one extract
share is a mapper's placeholder, and is left out.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pandas as pd

from solarpass.osm import read_osm
from solarpass.register import TALLEST_M, WIDEST_M, read_genus
from solarpass.tag import read_metres, read_tags
from solarpass.trees import find_traits

LEAST = 30  # trees that make a median
TRAITS = {"height": "height", "diameter_crown": "crown_diameter"}  # as tagged, as in the tables
MEASURES = {"height": TALLEST_M, "diameter_crown": WIDEST_M}


def main() -> None:
    """Print count, median and the middle 80 % of each genus."""
    rows = [row for path in sys.argv[1:] for row in measure(path)]
    frame = pd.DataFrame(rows, columns=["measure", "genus", "metres"])
    for measure_name, of_measure in frame.groupby("measure"):
        told = of_measure["metres"].to_numpy(float)
        print(f"{measure_name}: {len(told)} trees, median {np.median(told):g} m")
        groups = sorted(of_measure.groupby("genus"), key=lambda group: -len(group[1]))
        for genus, of_genus in groups:
            metres = of_genus["metres"].to_numpy(float)
            low, middle, high = np.percentile(metres, [10, 50, 90])
            used = "measured" if len(metres) >= LEAST and genus != "?" else "too few or unnamed"
            print(f"  {genus:<16}{len(metres):>5}{middle:>8.1f} m ({low:.1f} to {high:.1f}) {used}")
        trait = TRAITS[str(measure_name)]
        guess = np.array([find_traits(None if g == "?" else g)[trait] for g in of_measure["genus"]])
        off = np.percentile(np.abs(told / guess - 1.0), 90)
        print(f"  90 % of all {len(told)} are within {off:.2f} of what genus or nothing says")


def measure(path: str) -> list[tuple[str, str, float]]:
    """Read what one extract tells of its trees, without placeholders."""
    points = read_osm(path).points
    tags = read_tags(points[points["natural"] == "tree"])
    rows: list[tuple[str, str, float]] = []
    for name, most_m in MEASURES.items():
        told = [
            (read_genus(*map(tag.get, ("genus", "species", "taxon"))) or "?", metres)
            for tag in tags
            if (metres := read_metres(tag.get(name), most_m=most_m)) > 0.0
        ]
        commonest = Counter(metres for _, metres in told).most_common(1)
        if commonest and commonest[0][1] > max(0.5 * len(told), LEAST):
            print(f"{path}: {commonest[0][1]} of {len(told)} {name} are {commonest[0][0]:g} m")
            told = [(genus, metres) for genus, metres in told if metres != commonest[0][0]]
        rows += [(name, genus, metres) for genus, metres in told]
    return rows


if __name__ == "__main__":
    main()
