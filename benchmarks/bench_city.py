"""
From an extract to a city one can ask: how long, how much memory, how much on disk.

    python benchmarks/bench_city.py [helsinki | EXTRACT.osm.pbf ...]

Each city is built by the command line in a process of its own, start and imports included,
with compiled kernels in numba's cache. Marks: Berlin-Wittenau 15 s; Liechtenstein 90 s and
3 GiB; on disk 120 MB of horizon per 100,000 edges, and 40 MB of all else.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from solarpass.atlas import read_atlas


def main() -> None:
    """Build each extract named, and print its figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("cities", nargs="*", default=["helsinki"])
    asked.add_argument("--profile", choices=["ci", "full"], default="full", help="alike")
    for name in asked.parse_args().cities:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "city"
            began = time.perf_counter()
            command = [sys.executable, "-m", "solarpass", "build", name, "--out", str(out)]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - ours
            seconds = time.perf_counter() - began
            # Of the largest child so far, so name the largest extract last.
            peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0
            began = time.perf_counter()
            atlas = read_atlas(out)
            opened_s = time.perf_counter() - began
            per_edges = 1e5 / atlas.network.n_edges / 1e6
            horizon = size(out / "horizon") * per_edges
            network = size(out / "network") * per_edges
            rest = size(out) * per_edges - horizon
            print(
                f"{Path(name).name}: {seconds:.1f} s, peak {peak_mib:,.0f} MiB; opened in "
                f"{opened_s:.2f} s; {atlas.network.n_edges} edges; per 100,000 edges: horizon "
                f"{horizon:.0f} MB (mark 120), all else {rest:.0f} MB (mark 40), of it network "
                f"{network:.0f} MB"
            )


def size(folder: Path) -> int:
    """Add up the bytes of a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
