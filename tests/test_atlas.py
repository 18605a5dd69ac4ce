"""A city folder appears whole, the same every time, or not at all."""

import hashlib
import json
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from streets import draw_grid

from solarpass import atlas as room
from solarpass.atlas import build_atlas, read_atlas
from solarpass.basemapfile import BASEMAP
from solarpass.day import day_times
from solarpass.errors import FolderError, SourceError
from solarpass.lettering import LETTERING
from solarpass.network import save_network


def fingerprint(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_same_source_gives_the_same_bytes(helsinki, tmp_path):
    again = build_atlas("helsinki", tmp_path / "again")
    assert fingerprint(again.folder) == fingerprint(helsinki.folder)


def test_a_rebuild_replaces_a_city_in_one_step(helsinki, tmp_path):
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "atlas.json").write_text('{"format": 0, "software": "solarpass 0.0.1"}')
    (folder / "streets.parquet").write_text("of before")
    build_atlas("helsinki", folder)
    assert fingerprint(folder) == fingerprint(helsinki.folder)
    assert left_in(tmp_path) == ["city"]


@pytest.mark.parametrize("step", ["save_network", "save_horizon", "build_horizon"])
def test_a_build_that_fails_leaves_nothing(step, monkeypatch, tmp_path):
    def fail(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(room, step, fail)
    with pytest.raises(KeyboardInterrupt):
        build_atlas("helsinki", tmp_path / "city")
    assert left_in(tmp_path) == []


def test_a_failed_rebuild_keeps_the_old_city(helsinki, monkeypatch, tmp_path):
    folder = tmp_path / "city"
    build_atlas("helsinki", folder)
    monkeypatch.setattr(room, "save_horizon", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build_atlas("helsinki", folder)
    assert fingerprint(folder) == fingerprint(helsinki.folder)
    assert left_in(tmp_path) == ["city"]


def test_foreign_files_are_never_overwritten(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(FolderError, match="no city folder"):
        build_atlas("helsinki", tmp_path)
    assert left_in(tmp_path) == ["thesis.docx"]


@pytest.mark.parametrize("manifest", ['{"my": "own world map"}', "", "[]"])
def test_an_atlas_of_someone_else_is_never_overwritten(manifest, tmp_path):
    (tmp_path / "atlas.json").write_text(manifest)
    with pytest.raises(FolderError, match="no city folder"):
        build_atlas("helsinki", tmp_path)
    assert (tmp_path / "atlas.json").read_text() == manifest


def test_files_beside_a_city_are_never_swept_away(helsinki, tmp_path):
    (tmp_path / "atlas.json").write_bytes((helsinki.folder / "atlas.json").read_bytes())
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(FolderError, match=r"thesis\.docx"):
        build_atlas("helsinki", tmp_path)


def test_a_city_is_not_built_into_the_folder_one_stands_in(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FolderError, match="the one you are in"):
        build_atlas("helsinki", ".")


def test_a_stop_between_the_two_renames_keeps_the_old_city(helsinki, monkeypatch, tmp_path):
    folder = tmp_path / "city"
    build_atlas("helsinki", folder)
    rename = Path.rename

    def stop(self, target):
        if Path(target) == folder and not self.name.endswith(".old"):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        build_atlas("helsinki", folder)
    assert fingerprint(folder) == fingerprint(helsinki.folder)
    assert left_in(tmp_path) == ["city"]


def test_a_folder_that_cannot_be_replaced_is_told(helsinki, monkeypatch, tmp_path):
    folder = tmp_path / "city"
    build_atlas("helsinki", folder)

    def refuse(self, target):
        raise PermissionError(13, "Permission denied", str(self), None, str(target))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(FolderError, match="Permission denied"):
        build_atlas("helsinki", folder)
    assert fingerprint(folder) == fingerprint(helsinki.folder)
    assert left_in(tmp_path) == ["city"]


def test_a_link_to_a_city_is_followed(helsinki, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "city")
    build_atlas("helsinki", tmp_path / "link")
    assert fingerprint(tmp_path / "city") == fingerprint(helsinki.folder)
    assert left_in(tmp_path) == ["city", "link"]


def test_another_version_is_told_what_to_run(helsinki, tmp_path):
    manifest = json.loads((helsinki.folder / "atlas.json").read_text())
    (tmp_path / "atlas.json").write_text(json.dumps({**manifest, "format": 0}))
    with pytest.raises(FolderError, match=r"another version.*Run `solarpass build"):
        read_atlas(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1', "null", '{"format": 1}'])
def test_a_torn_manifest_is_a_sentence(text, tmp_path):
    (tmp_path / "atlas.json").write_text(text)
    with pytest.raises(FolderError, match="Run `solarpass build"):
        read_atlas(tmp_path)


def test_a_missing_file_in_the_folder_is_a_sentence(helsinki, tmp_path):
    for path in helsinki.folder.rglob("*"):
        copy = tmp_path / "city" / path.relative_to(helsinki.folder)
        if path.is_dir():
            copy.mkdir(parents=True, exist_ok=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    read_atlas(tmp_path / "city")
    for path in sorted(tmp_path.joinpath("city").rglob("*")):
        if path.is_dir() or path.name in {"atlas.json", BASEMAP, LETTERING}:
            continue  # the base map is drawn without these two, as folders of before lack them
        kept = path.read_bytes()
        path.unlink()
        with pytest.raises(FolderError, match="solarpass build"):
            read_atlas(tmp_path / "city")
        for torn in (b"", kept[: len(kept) // 2]):
            path.write_bytes(torn)
            with pytest.raises(FolderError, match="solarpass build"):
                read_atlas(tmp_path / "city")
        path.write_bytes(kept)


def test_a_network_and_a_horizon_of_two_cities_are_refused(helsinki, tmp_path):
    folder = tmp_path / "city"
    shutil.copytree(helsinki.folder, folder)
    save_network(draw_grid(3), folder / "network")
    with pytest.raises(FolderError, match=r"of 12 edges.*Run `solarpass build") as caught:
        read_atlas(folder)
    assert str(folder) in str(caught.value)
    assert str(helsinki.network.n_edges) in str(caught.value)


@pytest.mark.parametrize("source", ["no/such.osm.pbf", "nowhere.pbf"])
def test_a_missing_extract_is_a_sentence(source, tmp_path):
    with pytest.raises(SourceError, match="there is none"):
        build_atlas(source, tmp_path / "city")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 7, 15), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
)
def test_a_day_has_as_many_hours_as_its_clock_gives_it(day, hours):
    times = day_times(day, ZoneInfo("Europe/Berlin"))
    assert len(times) == (hours + 6) * 12
    assert set(np.diff(times.tz_convert("UTC").asi8)) == {5 * 60 * 10 ** _digits(times)}


def _digits(times: pd.DatetimeIndex) -> int:
    return {"s": 0, "ms": 3, "us": 6, "ns": 9}[times.unit]


def test_days_are_built_once_and_shared(helsinki):
    day = date(2026, 7, 15)
    assert helsinki.shade_on(day) is helsinki.shade_on(day)


def test_night_is_night_and_noon_has_sun_and_shade(helsinki):
    table = helsinki.shade_on(date(2026, 7, 15))
    zone = helsinki.zone
    night = table.sun_fraction(table.row_at(datetime(2026, 7, 16, 0, 30, tzinfo=zone)))
    noon = table.sun_fraction(table.row_at(datetime(2026, 7, 15, 13, 20, tzinfo=zone)))
    assert np.nanmax(night) == 0.0
    assert 0.2 < np.nanmean(noon) < 0.9


def test_the_summary_says_what_is_guessed(helsinki):
    summary = helsinki.summary()
    assert summary["time zone"] == "Europe/Helsinki"
    assert summary["ways_km"] > 30
    assert 0.9 < summary["connected_fraction"] <= 1.0
    assert sum(summary["heights"].values()) == summary["buildings"]
    assert sum(summary["shelters"].values()) == summary["stops"]
    assert "ODbL" in json.dumps(summary)
