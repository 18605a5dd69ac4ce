from contextlib import suppress

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sites import grid, made_sites

from hiro.age import (
    BANDS,
    AgeClass,
    drop_overlaps,
    expected_share,
    national_structure,
    read_class,
    split_ages,
    sum_bands,
)
from hiro.catchment import crop_population, find_bounds
from hiro.cohort import build_cohorts
from hiro.errors import PopulationError
from hiro.population import CREDIT, join_populations, read_population
from hiro.vulnerability import build_vulnerability

X, Y = (round(v, -2) + 50 for v in grid(0.0, 0.0))  # the middle of a cell
DISTRICTS = [f"dresden/population_{ages}.csv" for ages in ("0-5", "60-74", "75plus")]
OFFICIAL = (
    "GITTER_ID_100m;x_mp_100m;y_mp_100m;Insgesamt_Bevoelkerung;Unter18;a18bis29;a30bis49;"
    "a50bis64;a65undaelter;werterlaeuternde_Zeichen\n"
)
DASH = "\N{EN DASH}"  # what the office puts for what it does not tell
SQUARE = "POLYGON((13 51,13.1 51,13.1 51.1,13 51.1,13 51))"


def write(tmp_path, text, name="cells.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def refused(*paths):
    with pytest.raises(PopulationError) as caught:
        read_population(*paths)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def names(population):
    return [str(ages) for ages in population.classes]


# --- ages


def test_the_country_is_whole_and_its_bands_are_those_of_the_table():
    structure = national_structure()
    assert structure.sum() == pytest.approx(1.0)
    assert structure.shape == (86,)
    bands = sum_bands(structure[None, :])[0]
    assert bands.sum() == pytest.approx(1.0)
    assert bands[0] == pytest.approx(0.047732 + 0.0455 / 5, rel=1e-3)  # ages 0 to 4, and 5
    assert expected_share(AgeClass(80, 200)) == pytest.approx(0.07139, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "ages"),
    [
        ("age0_9", "0-9"),
        ("age80plus", "80+"),
        ("Unter18", "0-17"),
        ("Unter3", "0-2"),
        ("a18bis29", "18-29"),
        ("a65undaelter", "65+"),
        ("a80undaelter", "80+"),
        ("60-74", "60-74"),
        ("75plus", "75+"),
        ("prozent_0_5", "0-5"),
        ("Alter_6_bis_14", "6-14"),
    ],
)
def test_names_of_columns_tell_ages(name, ages):
    assert str(read_class(name)) == ages


@pytest.mark.parametrize(
    "name", ["id", "x", "prozent", "Durchschnittsalter", "2022", "9_3", "Unter0"]
)
def test_other_names_tell_none(name):
    assert read_class(name) is None


def test_of_overlapping_classes_the_narrowest_stay():
    classes = [AgeClass(0, 17), AgeClass(0, 5), AgeClass(65, 200), AgeClass(6, 17)]
    assert drop_overlaps(classes) == ([1, 3, 2], [0])


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_split_shares_are_whole_and_keep_what_is_told(shares):
    classes = [AgeClass(0, 5), AgeClass(60, 74), AgeClass(75, 200)]
    told = np.array([shares]) / max(sum(shares), 1.0)
    ages = split_ages(told, classes)
    assert ages.sum() == pytest.approx(1.0)
    assert (ages >= 0.0).all()
    bands = dict(zip(BANDS, sum_bands(ages)[0], strict=True))
    assert bands["under_6"] == pytest.approx(told[0, 0], abs=1e-9)
    assert bands["75_plus"] == pytest.approx(told[0, 2], abs=1e-9)
    older = (0.058915 + 0.047719) / (0.069967 + 0.058915 + 0.047719)  # 65-74 of 60-74
    assert bands["65_74"] == pytest.approx(told[0, 1] * older, abs=1e-6)


# --- cells


def test_dresdens_cells_read_whole(reference_data):
    read = read_population(reference_data / "population" / "dresden_100m.csv")
    assert len(read) == 10_661
    assert names(read) == ["0-9", "80+"]
    assert (read.kind, read.unit) == ("cells", "persons")
    assert np.isnan(read.counts).sum(axis=0).tolist() == [1497, 4977]  # suppressed, not zero
    assert np.nansum(read.counts, axis=0).tolist() == [64_439.0, 39_154.0]
    assert np.isnan(read.totals).all()
    assert read.table.crs == "EPSG:3035"


def test_the_official_table_is_read_with_its_dashes(tmp_path):
    rows = f"a;{X};{Y};120;20;30;40;20;10;\nb;{X + 100};{Y};12;{DASH};4;-;5;;KLAMMERN\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        read = read_population(write(tmp_path, OFFICIAL + rows, encoding=encoding))
        assert names(read) == ["0-17", "18-29", "30-49", "50-64", "65+"]
        assert read.counts[0].tolist() == [20, 30, 40, 20, 10]
        assert np.isnan(read.counts[1]).tolist() == [True, False, True, False, True]
        assert read.totals.tolist() == [120, 12]
        assert read.attribution == (CREDIT,)
        assert read.notes == ()


def test_decades_are_read_in_the_order_of_age(tmp_path):
    text = f"x;y;a80undaelter;Unter10;a10bis19\n{X};{Y};4;5;6\n"
    read = read_population(write(tmp_path, text))
    assert names(read) == ["0-9", "10-19", "80+"]
    assert read.counts.tolist() == [[5, 6, 4]]


def test_wide_cells_are_districts(tmp_path):
    x, y = X // 1000 * 1000 + 500, Y // 1000 * 1000 + 500
    text = f"x_mp_1km,y_mp_1km,Unter10\n{x},{y},50\n{x + 1000},{y},60\n{x + 3000},{y},60\n"
    read = read_population(write(tmp_path, text))
    assert read.kind == "districts"
    assert read.table.geometry.area.tolist() == pytest.approx([1e6, 1e6, 1e6])
    assert "1000 m wide" in read.notes[0]


def test_what_is_no_amount_is_unknown_and_counted(tmp_path):
    text = f"x,y,age0_9\n{X},{Y},-4\n{X + 100},{Y},many\n{X + 200},{Y},inf\n,,3\n{X},{Y},9\n"
    read = read_population(write(tmp_path, text))
    assert len(read) == 3
    assert np.isnan(read.counts).all()
    assert "3 cells of the table are no amounts" in read.notes[0]
    assert "2 of 5 rows have no place" in read.notes[1]


def test_cells_of_neighbouring_cities_are_added(reference_data):
    folder = reference_data / "population"
    read = read_population(folder / "dresden_100m.csv", folder / "leipzig_100m.csv")
    assert len(read) == 10_661 + 7_263
    assert len(read.attribution) == 2


def test_a_table_of_totals_completes_one_of_ages(tmp_path):
    ages = write(tmp_path, f"x,y,age0_9\n{X},{Y},10\n", "a.csv")
    totals = write(tmp_path, f"x,y,Einwohner\n{X},{Y},100\n{X + 100},{Y},7\n", "b.csv")
    read = read_population(ages, totals)
    assert len(read) == 2
    assert read.totals.tolist() == [100, 7]
    assert read.counts[0].tolist() == [10]
    assert np.isnan(read.counts[1, 0])


def test_of_a_countrys_cells_only_those_within_are_read(reference_data):
    path = reference_data / "population" / "dresden_100m.csv"
    sites = made_sites((0, 0), (2000, 1000))
    bounds = find_bounds(sites)
    part, whole = read_population(path, bounds=bounds), read_population(path)
    cropped = crop_population(whole, sites, reach_m=3_000.0)
    assert 0 < len(part) < len(whole)
    assert abs(len(part) - len(cropped)) < 0.1 * len(part)
    one, other = (build_vulnerability(sites, population=told).factor for told in (part, whole))
    assert one.tolist() == pytest.approx(other.tolist())
    with pytest.raises(PopulationError, match="no row that has a place there"):
        read_population(path, bounds=(0.0, 40.0, 1.0, 41.0))


# --- districts


def test_dresdens_districts_join_to_one_table(reference_data):
    read = read_population(*(reference_data / path for path in DISTRICTS))
    assert len(read) == 61
    assert names(read) == ["0-5", "60-74", "75+"]
    assert (read.kind, read.unit) == ("districts", "fraction")
    assert np.isfinite(read.counts).all()
    first = read.table.index[read.table["name"] == "Innere Altstadt"][0]
    assert read.counts[first].tolist() == pytest.approx([0.0467, 0.1058, 0.1125])
    assert read.table.geometry.is_valid.all()
    assert read.notes == ()


def test_districts_that_do_not_match_are_counted(tmp_path):
    other = SQUARE.replace("13 ", "14 ").replace("13.1 ", "14.1 ")
    one = write(tmp_path, f'"id";"prozent";"geom"\n1;5;"SRID=4326;{SQUARE}"\n', "p_0-5.csv")
    text = f'"id";"prozent";"geom"\n1;9,5;"SRID=4326;{SQUARE}"\n2;9;"SRID=4326;{other}"\n'
    two = write(tmp_path, text, "p_75plus.csv")
    read = read_population(one, two)
    assert read.counts.tolist() == [pytest.approx([0.05, 0.095])]
    assert "1 places are not in the first and were left out" in read.notes[0]


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
def test_layers_of_districts_are_read(tmp_path, ending):
    path = tmp_path / f"districts.{ending}"
    shape = [shapely.from_wkt(SQUARE), shapely.from_wkt(SQUARE.replace("51.1", "51.2"))]
    columns = {"name": ["A", None], "unter_6": [50, None], "total": [1000, 400]}
    gpd.GeoDataFrame(columns, geometry=shape, crs=4326).to_file(path)
    read = read_population(path)
    assert (read.kind, read.unit, names(read)) == ("districts", "persons", ["0-5"])
    assert read.totals.tolist() == [1000, 400]
    assert read.table["name"].tolist() == ["A", None]
    assert np.isnan(read.counts[1, 0])


def test_shares_and_persons_are_told_apart(tmp_path):
    def unit(header, row):
        text = f'{header};geom\n{row};"{SQUARE}"\n'
        read = read_population(write(tmp_path, text))
        return read.unit, read.counts[0].tolist()

    assert unit("anteil_0_5;anteil_65plus", "5.5;20") == ("fraction", pytest.approx([0.055, 0.2]))
    assert unit("0_5;65plus", "0.055;0.2") == ("fraction", pytest.approx([0.055, 0.2]))
    assert unit("0_5;65plus", "55;200") == ("persons", [55, 200])


# --- unknown and small numbers


def test_a_suppressed_count_is_between_none_and_the_least_told(tmp_path):
    """By hand: 3 is the least that is told, so a blank is 0 to 2 and taken as 1."""
    text = f"x,y,age0_9,age80plus\n{X},{Y},3,\n{X + 100},{Y},6,10\n"
    cohorts = build_cohorts(read_population(write(tmp_path, text)), n0_persons=1e-9)
    young, old = expected_share(AgeClass(0, 9)), expected_share(AgeClass(80, 200))
    assert cohorts.is_estimated
    assert cohorts.persons.tolist() == pytest.approx([4 / (young + old), 16 / (young + old)])
    assert cohorts.persons_of(0, 9).tolist() == pytest.approx([3, 6])
    assert cohorts.persons_of(80, 85).tolist() == pytest.approx([1, 10])
    assert "between 0 and 2" in cohorts.notes[0]
    assert f"{young + old:.1%} of all" in cohorts.notes[1]


def test_a_total_bounds_what_was_suppressed(tmp_path):
    """By hand: nobody is left for the second cell's young, and two at most for the first's."""
    text = OFFICIAL + f"a;{X};{Y};63;{DASH};20;20;10;10;\nb;{X + 100};{Y};60;{DASH};20;20;10;10;\n"
    cohorts = build_cohorts(read_population(write(tmp_path, text)), n0_persons=1e-9)
    assert cohorts.persons.tolist() == [63, 60]
    young = cohorts.persons_of(0, 17)
    assert young[1] == pytest.approx(0.0, abs=1e-6)
    assert 0.0 < young[0] <= 9.0


def test_small_cells_are_drawn_to_the_city(tmp_path):
    """By hand: 2 of 4 persons are old, in a city of 104 of whom 12 are: (2 + 50 q) / (4 + 50)."""
    text = f"x,y,a65undaelter,total\n{X},{Y},2,4\n{X + 100},{Y},10,100\n"
    cohorts = build_cohorts(read_population(write(tmp_path, text)), n0_persons=50.0)
    mean = 12 / 104
    old = cohorts.persons_of(65, 85) / cohorts.persons
    assert old.tolist() == pytest.approx([(2 + 50 * mean) / 54, (10 + 50 * mean) / 150])


def test_a_cell_of_which_nothing_is_told_stays_unknown(tmp_path):
    text = f"x,y,age0_9,age80plus\n{X},{Y},,\n{X + 100},{Y},6,10\n"
    cohorts = build_cohorts(read_population(write(tmp_path, text)), n0_persons=50.0)
    assert np.isnan(cohorts.persons).tolist() == [True, False]
    assert np.isnan(cohorts.ages[0]).all()


def test_totals_alone_have_the_ages_of_the_country(tmp_path):
    text = f"x,y,Einwohner\n{X},{Y},40\n"
    cohorts = build_cohorts(read_population(write(tmp_path, text)), n0_persons=50.0)
    assert cohorts.persons.tolist() == [40]
    assert cohorts.ages[0].tolist() == pytest.approx(national_structure().tolist())


# --- what is no table of ages


def test_what_is_none_is_refused_in_a_sentence(tmp_path):
    assert "No file was given" in refused()
    assert "is not there" in refused(tmp_path / "none.csv")
    assert "is a folder" in refused(tmp_path)
    assert "is empty" in refused(write(tmp_path, ""))
    assert "of no kind" in refused(write(tmp_path, "x", "a.xlsx"))
    assert "tells no class of age" in refused(write(tmp_path, f"x,y,rent\n{X},{Y},7\n"))
    assert "does not read" in refused(write(tmp_path, "a,age0_9\n1,2\n"))
    assert "neither degrees nor" in refused(write(tmp_path, "x,y,age0_9\n411400,5655400,2\n"))
    assert "no row that has a place" in refused(write(tmp_path, "x,y,age0_9\n"))
    assert "does not tell of which ages" in refused(
        write(tmp_path, f'prozent;geom\n5;"{SQUARE}"\n', "shares.csv")
    )
    assert "share of 230 %" in refused(
        write(tmp_path, f'prozent;geom\n230;"{SQUARE}"\n', "s_0-5.csv")
    )
    assert "does not read" in refused(write(tmp_path, "{", "a.geojson"))
    assert "lines and no places" in refused(
        write(tmp_path, 'age0_9;geom\n5;"LINESTRING(13 51,14 51)"\n')
    )


def test_cells_and_districts_do_not_join(reference_data):
    cells = reference_data / "population" / "berlin-neukoelln_100m.csv"
    said = refused(cells, reference_data / DISTRICTS[0])
    assert "cells in persons and districts in fraction" in said
    with pytest.raises(PopulationError, match="No table"):
        join_populations([])


@settings(deadline=None)  # files are written
@given(st.text(max_size=80), st.text(max_size=30))
def test_rubbish_gives_a_table_or_a_sentence(tmp_path_factory, rubbish, name):
    path = tmp_path_factory.mktemp("cells") / "cells.csv"
    text = f"x,y,age0_9,{name}\n{X},{Y},5,1\n{rubbish}\n"
    path.write_bytes(text.encode("utf-8", "replace"))
    with suppress(PopulationError):
        read = read_population(path)
        assert not (read.counts < 0.0).any()
        assert len(read) == len(read.counts) == len(read.totals)
        build_cohorts(read, n0_persons=50.0)


@settings(deadline=None)  # files are written
@given(
    st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 400))] * 2), min_size=1, max_size=8)
)
def test_any_counts_give_whole_shares(tmp_path_factory, rows):
    told = "\n".join(
        f"{X + 100 * i},{Y}," + ",".join("" if v is None else str(v) for v in row)
        for i, row in enumerate(rows)
    )
    path = tmp_path_factory.mktemp("cells") / "cells.csv"
    path.write_text(f"x,y,age0_9,age80plus\n{told}\n")
    try:
        read = read_population(path)
    except PopulationError:
        assert all(row == (None, None) for row in rows)
        return
    cohorts = build_cohorts(read, n0_persons=50.0)
    known = np.isfinite(cohorts.persons)
    assert known.tolist() == [row != (None, None) for row in rows]
    assert cohorts.ages[known].sum(axis=1) == pytest.approx(1.0)
    assert (cohorts.ages[known] >= 0.0).all()


def test_ages_beyond_their_total_and_shared_ground_are_told(tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("x,y,age0_9,age80plus,total\n4545350,3280150,50,70,5\n4545450,3280150,2,3,9\n")
    notes = read_population(path).notes
    assert any("add up to more than their total: 1." in note for note in notes)
    box = "POLYGON (({0} 51, {1} 51, {1} 51.1, {0} 51.1, {0} 51))"
    rows = [box.format(west, west + 0.1) for west in (13.0, 13.1, 13.15)]
    path.write_text("geometry,age0_9,total\n" + "".join(f'"{row}",5,50\n' for row in rows))
    notes = read_population(path).notes
    assert any("districts that overlap: 1;" in note for note in notes)
