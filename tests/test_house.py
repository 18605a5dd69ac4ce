"""The rules of the house that no other tool checks."""

import ast
import re
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    [ROOT / "app.py", *(ROOT / "solarpass").rglob("*.py"), *(ROOT / "hiro").rglob("*.py")]
)

# One library, few doors: who may import it.
DOORS = {
    "streamlit": r"app\.py|solarpass/((notice_)?page\.py|map/.*)|hiro/(\w+_)?page\.py",
    "pvlib": r"solarpass/(sun|beam)\.py|hiro/irradiance\.py",
    "osmium": r"solarpass/scan\.py",
    "osmnx": r"solarpass/fetch/.*",
    "gpxpy": r"solarpass/gpx\.py",
    "segno": r"hiro/reportlink\.py",
    "pythermalcomfort": r"hiro/comfort\.py",
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_its_doors(library):
    inside = {p.relative_to(ROOT).as_posix() for p in MODULES if library in imported(p)}
    assert {path for path in inside if not re.fullmatch(DOORS[library], path)} == set()


def test_every_room_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {p.name for p in MODULES if p.name != "__init__.py"}
    assert {room for room in rooms if room not in readme} == set()


def test_rooms_are_nouns_of_their_own():
    vague = {"utils", "helpers", "common", "base", "settings", "manager", "misc"}
    assert {p.stem for p in MODULES} & vague == set()


def runtime_packages():
    """Walk what `pip install solarpass` brings."""
    seen, ahead = set(), [Requirement(text) for text in requires("solarpass")]
    while ahead:
        wanted = ahead.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = wanted.name.lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        try:
            below = requires(name) or []
        except PackageNotFoundError:
            continue
        ahead += [Requirement(text) for text in below]
        yield name


def test_nothing_at_run_time_is_gpl():
    for name in runtime_packages():
        about = distribution(name).metadata
        said = " ".join(
            [about.get("License-Expression") or "", (about.get("License") or "")[:80]]
            + [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
        )
        copyleft = re.search(r"(?<!L)\b[AL]?GPL|(?<!Lesser )General Public License", said)
        assert not copyleft or "LGPL" in said or "Lesser" in said, (name, said)


def test_nothing_names_one_machine():
    """No path of a developer's machine stands in what is published."""
    told = [*MODULES, *ROOT.glob("*.md"), *ROOT.glob("*.toml"), *(ROOT / "notebooks").glob("*")]
    for path in told:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])/(work|root|home|tmp)/\w", text), path
