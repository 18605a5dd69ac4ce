"""One point on anyone's rasters: closed forms, hostile files, and files that say too little."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj
import pytest
import rasterio
from affine import Affine
from made_heat import DAY, made_weather
from rasters import CORNER, LATITUDE, LONGITUDE, UTM, write_raster

from hiro.cover import COVERS
from hiro.errors import ComfortError
from hiro.logbook import read_weather
from hiro.point import COLUMNS, PointModel, read_plot, score_point, tell_point, write_point
from hiro.weather import Weather
from solarpass.errors import CoordinateError, SolarpassError, SourceError

SIDE = 240
AT = (CORNER[0] + SIDE / 2.0, CORNER[1] - SIDE / 2.0)
PLACE = {"latitude_deg": LATITUDE, "longitude_deg": LONGITUDE}
WEATHER = replace(DAY, **PLACE)


def flat(height_m=100.0, side=SIDE):
    return np.full((side, side), height_m, np.float32)


def canyon(height_m=14.0):
    """Lay an east-west street of 18 m."""
    dsm = flat()
    dsm[: SIDE // 2 - 9] += height_m
    dsm[SIDE // 2 + 9 :] += height_m
    return dsm


def plot_of(tmp_path, dsm, *, at=AT, crs=UTM, place=PLACE, **layers):
    paths = {}
    for name, values in layers.items():
        paths[name] = [write_raster(tmp_path / f"{name}.tif", values, crs=crs)]
    file = write_raster(tmp_path / "dsm.tif", dsm, crs=crs)
    return read_plot([file], at=at, **paths, **place)


# --- laws


def test_open_ground_receives_what_the_weather_sends(tmp_path):
    told = score_point(plot_of(tmp_path, flat()), WEATHER)
    assert list(told.columns) == ["time", *COLUMNS, "utci_is_clamped"]
    assert len(told) == 24
    assert told["time"].tolist() == list(WEATHER.labels)
    assert np.isfinite(told[list(COLUMNS)].to_numpy()).all()
    high = WEATHER.ghi_w_m2 > 100.0
    assert told["kdown_w_m2"][high].to_numpy() == pytest.approx(WEATHER.ghi_w_m2[high], rel=0.02)
    assert told["sun_fraction"][high].min() == pytest.approx(1.0)


def test_it_is_what_a_site_at_the_same_place_has(tmp_path):
    """Rasters here, outlines there: the same street, the same heat within the cells' width."""
    from made_heat import heat, street  # noqa: PLC0415

    told = score_point(plot_of(tmp_path, canyon(), dem=flat()), WEATHER)
    site = heat(street(), (0.0, 0.0), weather=WEATHER, cover="paving")
    off = told["tmrt_c"].to_numpy() - site.tmrt_c[:, 0]
    assert abs(off.mean()) < 1.0
    assert np.abs(off).max() < 6.0


def test_crowns_shade_and_the_ground_below_does_not_matter(tmp_path):
    crowns = np.zeros((SIDE, SIDE), np.float32)
    crowns[SIDE // 2 - 15 : SIDE // 2 + 15, SIDE // 2 - 15 : SIDE // 2 + 15] = 12.0
    bare = score_point(plot_of(tmp_path, flat()), WEATHER)
    wood = score_point(plot_of(tmp_path, flat(), cdsm=crowns), WEATHER)
    noon = slice(11, 16)
    assert (bare["tmrt_c"] - wood["tmrt_c"])[noon].min() > 15.0
    assert wood["sun_fraction"][noon].max() < 0.1
    high = score_point(plot_of(tmp_path, flat(1500.0), cdsm=crowns, dem=flat(1500.0)), WEATHER)
    assert high["tmrt_c"].to_numpy() == pytest.approx(wood["tmrt_c"].to_numpy(), abs=0.05)


def test_every_day_is_taken_by_itself(tmp_path):
    plot = plot_of(tmp_path, canyon())
    twice = _join(WEATHER, WEATHER)
    both = score_point(plot, twice)
    one = score_point(plot, WEATHER)
    assert len(both) == 48
    for name in ("utci_c", "pet_c", "lup_w_m2"):
        assert both[name][:24].to_numpy() == pytest.approx(one[name].to_numpy(), abs=1e-9)
        # The sun of the day after is lower by a fifth of a degree.
        assert both[name][24:].to_numpy() == pytest.approx(one[name].to_numpy(), abs=4.0)


def _join(first: Weather, second: Weather) -> Weather:
    """Let the second day follow the first."""
    names = (
        *("air_temperature_c", "relative_humidity_pct", "wind_m_s", "ghi_w_m2", "dni_w_m2"),
        *("dhi_w_m2", "clear_ghi_w_m2", "extra_w_m2", "pressure_hpa", "longwave_down_w_m2"),
    )
    later = second.begins + pd.Timedelta(days=1)
    return replace(
        first,
        begins=first.begins.append(later),
        labels=(*first.labels, *[time.isoformat() for time in later]),
        **{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names},
    )


# --- what covers the ground


def test_land_cover_is_counted_around_the_point(tmp_path):
    codes = np.full((SIDE, SIDE), 5, np.uint8)
    codes[:, : SIDE // 2] = 1
    half = plot_of(tmp_path, flat(), landcover=codes.astype(np.float32)).cover[0]
    assert half[COVERS.index("grass")] == pytest.approx(0.5, abs=0.1)
    assert half.sum() == pytest.approx(1.0)
    codes[:] = 2  # beneath a building: paved, for want of better
    assert plot_of(tmp_path, flat(), landcover=codes.astype(np.float32)).cover[0, 0] == 1.0
    codes[:] = 99
    with pytest.raises(SourceError, match="translate its codes"):
        plot_of(tmp_path, flat(), landcover=codes.astype(np.float32))
    codes[:] = 7
    water = plot_of(tmp_path, flat(), landcover=codes.astype(np.float32))
    assert water.cover[0, COVERS.index("water")] == 1.0


def test_without_land_cover_all_is_paved(tmp_path):
    plot = plot_of(tmp_path, flat())
    assert plot.cover.tolist() == [[1.0, *[0.0] * (len(COVERS) - 1)]]
    codes = np.full((SIDE, SIDE), 5, np.float32)
    grass = plot_of(tmp_path, flat(), landcover=codes)
    noon = slice(11, 16)
    paved, green = (score_point(one, WEATHER)["tmrt_c"][noon].mean() for one in (plot, grass))
    assert paved > green + 2.0


@pytest.mark.parametrize("rows", [slice(9, 18), slice(12, 15), slice(6, 24), slice(13, 14)])
def test_part_of_a_day_is_scored_as_in_the_whole_day(tmp_path, rows):
    """The ground remembers hours that the file does not tell."""
    plot = plot_of(tmp_path, flat())
    whole = score_point(plot, WEATHER)["tmrt_c"].to_numpy()[rows]
    part = WEATHER.take(np.arange(24)[rows])
    told = score_point(plot, part)
    assert told["time"].tolist() == list(part.labels)
    assert np.abs(told["tmrt_c"].to_numpy() - whole).max() < 2.0
    assert any("no whole days" in note for note in tell_point(plot, part))
    assert not any("no whole days" in note for note in tell_point(plot, WEATHER))


def test_models_that_contradict_each_other_are_refused(tmp_path):
    with pytest.raises(SourceError, match="beneath the surface model"):
        plot_of(tmp_path, flat(), dem=flat() + 99.0)
    with pytest.raises(SourceError, match="subtract the terrain"):
        plot_of(tmp_path, flat(), cdsm=flat(-9.0))


def test_what_lies_beyond_the_raster_is_told(tmp_path):
    assert any("nothing is taken to stand" in note for note in plot_of(tmp_path, flat()).notes)


# --- hostile input


def test_rasters_without_a_reference_are_read_as_metres(tmp_path):
    """The sun needs the place only; the answer is that of rasters with one, turned to north."""
    stated = score_point(plot_of(tmp_path, canyon()), WEATHER)
    bare = score_point(plot_of(tmp_path, canyon(), crs=None), WEATHER)
    off = stated["tmrt_c"].to_numpy() - bare["tmrt_c"].to_numpy()
    assert np.abs(off).mean() < 1.5  # UTM's north is 0.9° off the true one here


def test_one_file_without_a_reference_takes_the_others(tmp_path):
    dsm = write_raster(tmp_path / "dsm.tif", canyon())
    crown = np.zeros((SIDE, SIDE), np.float32)
    crown[100:110, 100:140] = 9.0
    bare = write_raster(tmp_path / "bare.tif", crown, crs=None)
    stated = write_raster(tmp_path / "stated.tif", crown)
    one, other = (
        score_point(read_plot([dsm], at=AT, cdsm=[file], **PLACE), WEATHER)
        for file in (bare, stated)
    )
    assert one["tmrt_c"].tolist() == other["tmrt_c"].tolist()


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (AT, {"latitude_deg": LONGITUDE, "longitude_deg": LATITUDE}),  # swapped
        ((AT[1], AT[0]), PLACE),  # north before east
        ((LONGITUDE, LATITUDE), PLACE),  # degrees for metres
        (AT, {"latitude_deg": -LATITUDE, "longitude_deg": LONGITUDE}),
        ((math.nan, AT[1]), PLACE),
        ((math.inf, AT[1]), PLACE),
        ((1e12, AT[1]), PLACE),
        (AT, {"latitude_deg": math.nan, "longitude_deg": LONGITUDE}),
        (AT, {"latitude_deg": 151.0, "longitude_deg": LONGITUDE}),
    ],
)
def test_a_place_that_is_not_there_gets_a_sentence(tmp_path, at, place):
    with pytest.raises(SolarpassError, match=r"\.$") as caught:
        plot_of(tmp_path, flat(), at=at, place=place)
    assert isinstance(caught.value, (CoordinateError, SourceError))
    assert str(caught.value).count("\n") == 0


def test_latitude_and_longitude_that_were_swapped_are_named(tmp_path):
    with pytest.raises(CoordinateError, match="latitude before longitude"):
        plot_of(tmp_path, flat(), place={"latitude_deg": LONGITUDE, "longitude_deg": LATITUDE})


@pytest.mark.parametrize("away_m", [SIDE, 5_000.0])
def test_a_point_beside_the_rasters_gets_a_sentence(tmp_path, away_m):
    with pytest.raises(SourceError, match=r"\.$"):
        plot_of(tmp_path, flat(), at=(AT[0] + away_m, AT[1]))


def test_a_hole_where_one_stands_gets_a_sentence(tmp_path):
    dsm = flat()
    dsm[SIDE // 2 - 6 : SIDE // 2 + 6, SIDE // 2 - 6 : SIDE // 2 + 6] = np.nan
    with pytest.raises(SourceError, match=r"\.$"):
        plot_of(tmp_path, dsm)


def test_a_hole_elsewhere_is_ground(tmp_path):
    dsm = canyon()
    dsm[10:20, 10:20] = np.nan
    told = score_point(plot_of(tmp_path, dsm), WEATHER)
    assert np.isfinite(told["tmrt_c"]).all()


def test_a_point_within_a_house_gets_a_sentence(tmp_path):
    dsm = flat()
    dsm[SIDE // 2 - 10 : SIDE // 2 + 10, SIDE // 2 - 10 : SIDE // 2 + 10] += 12.0
    plot = plot_of(tmp_path, dsm, dem=flat())
    with pytest.raises(ComfortError, match=r"^Wanted a point in the open; .* outside buildings\.$"):
        score_point(plot, WEATHER)


@pytest.mark.parametrize("content", [b"", b"no raster at all", b"II*\x00" + b"\x00" * 40])
def test_a_file_that_is_no_raster_gets_a_sentence(tmp_path, content):
    bad = tmp_path / "bad.tif"
    bad.write_bytes(content)
    good = write_raster(tmp_path / "dsm.tif", flat())
    with pytest.raises(SourceError, match=r"\.$"):
        read_plot([bad], at=AT, **PLACE)
    for name in ("cdsm", "dem", "landcover"):
        with pytest.raises(SourceError, match=r"\.$"):
            read_plot([good], at=AT, **{name: [bad]}, **PLACE)
    with pytest.raises(SourceError, match=r"\.$"):
        read_plot([tmp_path / "none.tif"], at=AT, **PLACE)


def test_rasters_in_degrees_and_of_another_cell_are_read(tmp_path):
    way = pyproj.Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    west, north = way.transform(CORNER[0], CORNER[1])
    step = 1.0 / 111_320.0
    degrees = write_raster(
        tmp_path / "degrees.tif",
        flat(),
        crs="EPSG:4326",
        transform=Affine(step * 1.5, 0.0, west, 0.0, -step, north),
    )
    longitude, latitude = west + 120 * 1.5 * step, north - 120 * step
    plot = read_plot(
        [degrees], at=(longitude, latitude), latitude_deg=latitude, longitude_deg=longitude
    )
    assert np.isfinite(score_point(plot, WEATHER)["tmrt_c"]).all()
    coarse = write_raster(tmp_path / "coarse.tif", flat(side=60), cell=4.0)
    fine = write_raster(tmp_path / "fine.tif", np.zeros((SIDE * 2, SIDE * 2), np.float32), cell=0.5)
    plot = read_plot([coarse], at=AT, cdsm=[fine], **PLACE)
    assert plot.surface.model.cell_m > 0.0


# --- weather and files


def test_weather_from_a_plain_table(tmp_path):
    """A CSV as anyone would write it, on the same rasters."""
    begins = pd.date_range("2026-07-20", periods=24, freq="h", tz="Etc/GMT-1")
    file = tmp_path / "weather.csv"
    pd.DataFrame(
        {
            "time": begins.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "air_temperature_c": np.roll(WEATHER.air_temperature_c, -1),
            "relative_humidity_pct": np.roll(WEATHER.relative_humidity_pct, -1),
            "wind_m_s": 2.0,
            "ghi_w_m2": np.roll(WEATHER.ghi_w_m2, -1),
        }
    ).to_csv(file, index=False)
    weather = read_weather(file, stamp="start", **PLACE)
    plot = plot_of(tmp_path, canyon())
    told = score_point(plot, weather)
    design = score_point(plot, WEATHER)
    assert len(told) == 24
    off = told["utci_c"].to_numpy() - np.roll(design["utci_c"].to_numpy(), -1)
    assert np.abs(off[8:18]).max() < 2.5  # the same day; its beam is split from the whole


def test_a_table_is_written_whole_with_three_decimals(tmp_path):
    told = score_point(plot_of(tmp_path, flat()), WEATHER)
    file = tmp_path / "out.csv"
    write_point(told, file)
    again = pd.read_csv(file)
    assert list(again.columns) == ["time", *COLUMNS, "utci_is_clamped"]
    assert again["utci_c"].to_numpy() == pytest.approx(told["utci_c"].to_numpy(), abs=6e-4)
    assert again["time"].tolist() == told["time"].tolist()
    with pytest.raises(SolarpassError, match=r"\.$"):
        write_point(told, tmp_path / "no" / "folder" / "out.csv")
    assert not [item for item in tmp_path.iterdir() if item.suffix not in {".csv", ".tif"}]


def test_any_weather_is_answered(tmp_path):
    plot = plot_of(tmp_path, canyon())
    for weather in (
        made_weather(air_temperature_c=-25.0, relative_humidity_pct=90.0, wind_m_s=20.0),
        made_weather(air_temperature_c=46.0, relative_humidity_pct=45.0, wind_m_s=0.0),
        made_weather(ghi_w_m2=0.0, dni_w_m2=0.0, dhi_w_m2=0.0),
    ):
        told = score_point(plot, replace(weather, **PLACE))
        assert np.isfinite(told[list(COLUMNS)].to_numpy()).all()


def test_the_model_is_used(tmp_path):
    crowns = np.full((SIDE, SIDE), 10.0, np.float32)
    file = write_raster(tmp_path / "dsm.tif", flat())
    canopy = write_raster(tmp_path / "cdsm.tif", crowns)
    sun = []
    for passed in (0.03, 0.4):
        model = PointModel(transmittance=(passed, 0.6))
        plot = read_plot([file], at=AT, cdsm=[canopy], model=model, **PLACE)
        sun.append(score_point(plot, WEATHER, model=model)["sun_fraction"][12])
    assert sun[0] == pytest.approx(0.03, abs=0.02)
    assert sun[1] == pytest.approx(0.4, abs=0.05)
    with rasterio.open(file) as raster:
        assert raster.crs is not None
