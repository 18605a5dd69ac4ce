"""Files of reports and `hiro reports`: read, told, moderated, written; or one sentence."""

import csv
import datetime as dt
import io
import json
import sqlite3
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace

import geopandas as gpd
import pyogrio
import pytest
import shapely
from made_reports import made_report
from made_sites import local_crs

from hiro.__main__ import main
from hiro.errors import ReportError
from hiro.moderation import check_password
from hiro.report import STATES
from hiro.reportfile import read_reports, tabulate_reports, write_reports
from hiro.reports import open_reports
from solarpass.errors import SourceError

FORM = "CreationDate,Komfort,Vorschlag,x,y\n"
ROW = "5/25/2024 9:31:53 AM,Sehr warm,Mehr Bäume,13.74,51.05\n"
CITY = SimpleNamespace(
    name="Dresden", crs=local_crs(), centre=(51.05, 13.74), extent=shapely.box(-2e4, -2e4, 2e4, 2e4)
)


@pytest.fixture
def form(tmp_path):
    """Write a file of the form of 2024."""

    def write(text=FORM + ROW, name="form.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(capsys, *arguments):
    try:
        code = main(["reports", *map(str, arguments)])
    except SystemExit as leaving:  # argparse
        code = leaving.code
    out, err = capsys.readouterr()
    assert "should not have happened" not in err
    return code, out, err


def done(capsys, *arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, err) == (0, ""), err
    return out


def refused(capsys, *arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1), (code, out, err)
    return err


# --- reading


def test_the_form_of_2024_is_read(reference_data):
    path = reference_data / "dresden" / "hiro2024_reports.geojson"
    told = read_reports(path)
    assert len(told.reports) == 16
    assert told.notes == ()
    assert {one.source for one in told.reports} == {"import"}
    assert {one.state for one in told.reports} == {"new"}
    counts = [sum(one.felt == felt for one in told.reports) for felt in range(1, 6)]
    raw = [one["properties"] for one in json.loads(path.read_text(encoding="utf-8"))["features"]]
    words = [one["Komfort"] for one in raw]
    mild = sum(word in {"Neutral", "Etwas cool"} for word in words)
    warm = sum(word in {"Etwas warm", "Warm"} for word in words)
    assert counts == [0, mild, warm, words.count("Sehr warm"), 0]
    first = min(told.reports, key=lambda one: one.told_at)
    assert f"{first.told_at:%Y-%m-%d %H:%M}" == "2024-05-25 09:31"
    assert first.suggestion == "Mehr Baume"
    assert (first.longitude_deg, first.latitude_deg) == pytest.approx(
        (13.72827, 51.04399), abs=1e-5
    )


def test_what_lies_beyond_the_city_is_left_out_with_how_far(reference_data):
    told = read_reports(reference_data / "dresden" / "hiro2024_reports.geojson", city=CITY)
    assert len(told.reports) == 15
    assert "lies 23 km outside Dresden" in told.notes[0]
    assert {one.city for one in told.reports} == {"Dresden"}


def test_the_same_row_has_the_same_id(form):
    first, second = (read_reports(form(name=name)).reports for name in ("a.csv", "b.csv"))
    assert first == second
    twice = read_reports(form(FORM + ROW + ROW))
    assert len(twice.reports) == 1
    assert "the same row again: 1" in twice.notes[0]


def test_times_without_a_zone_take_the_one_named(form):
    (utc,) = read_reports(form()).reports
    (berlin,) = read_reports(form(), zone="Europe/Berlin").reports
    assert (utc.told_at - berlin.told_at).total_seconds() == 7200
    (german,) = read_reports(form(FORM + "25.05.2024 09:31,heiß,,13.74,51.05\n")).reports
    assert german.told_at == utc.told_at
    (offset,) = read_reports(form(FORM + "2024-05-25T11:31:00+02:00,5,,13.74,51.05\n")).reports
    assert offset.told_at == utc.told_at


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("5/25/2024 9:31:53 AM,Blau,,13.74,51.05", "'Blau' is no felt comfort"),
        ("5/25/2024 9:31:53 AM,,,13.74,51.05", "is no felt comfort"),
        ("gestern,Warm,,13.74,51.05", "'gestern' is no time"),
        ("13/45/2024 9:31:53 AM,Warm,,13.74,51.05", "is no time"),
        ("5/25/2094 9:31:53 AM,Warm,,13.74,51.05", "cannot be"),
        ("5/25/2024 9:31:53 AM,Warm,,51.05,13.74", "look swapped"),
        ("5/25/2024 9:31:53 AM,Warm,,151.2,-33.87", "km outside Dresden"),
        ("5/25/2024 9:31:53 AM,Warm,,nan,51.05", "Wanted a place"),
        ("5/25/2024 9:31:53 AM,Warm,,,", "Wanted a place"),
        (f"5/25/2024 9:31:53 AM,Warm,{'x' * 1_000_000},13.74,51.05", "letters|far too long"),
    ],
)
def test_rows_that_do_not_read_are_told(form, row, told):
    with pytest.raises(ReportError, match=told) as caught:
        read_reports(form(FORM + row + "\n"), city=CITY)
    assert "\n" not in str(caught.value)
    if "far too long" in str(caught.value):  # csv refuses the whole file
        return
    kept = read_reports(form(FORM + ROW + row + "\n"), city=CITY)
    assert len(kept.reports) == 1
    assert kept.notes[0].startswith("Left out, 1: ")


@pytest.mark.parametrize(
    ("name", "held", "told"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "lat,lon,name\n51,13,x\n", "tells no reports"),
        ("a.csv", "Komfort,CreationDate\nWarm,x\n", "does not tell where its reports are"),
        ("a.geojson", "{", "does not read"),
        ("a.geojson", '{"elements": [{"type": "node"}]}', "Overpass"),
        ("a.pdf", "%PDF", "no list of reports"),
        ("a.gpkg", "hello", "no GeoPackage"),
    ],
)
def test_other_files_are_refused(form, name, held, told):
    with pytest.raises(ReportError, match=told) as caught:
        read_reports(form(held, name))
    assert "\n" not in str(caught.value)
    assert "sites" not in str(caught.value)


def test_hostile_cells_stay_text(form):
    row = '5/25/2024 9:31:53 AM,Warm,"<script>x</script>\u202e=1+1",13.74,51.05\n'
    (one,) = read_reports(form(FORM + row), credit="CC BY 4.0\u202e, city").reports
    assert one.suggestion == "<script>x</script>=1+1"
    assert one.credit == "CC BY 4.0, city"


# --- writing


def hostile():
    texts = ("=cmd|' /C calc'!A0", "+1", "-1", "@sum", "\uff1d1+1", "<b>x</b>", 'a,"b"\nc')
    return [
        made_report(suggestion=text, site_id="n7", photo=n == 0) for n, text in enumerate(texts)
    ]


def test_a_csv_runs_no_formula(tmp_path):
    reports = hostile()
    write_reports(reports, tmp_path / "r.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8"))))
    assert [row["suggestion"][0] for row in rows[:5]] == ["'"] * 5
    assert rows[5]["suggestion"] == "<b>x</b>"
    assert rows[6]["suggestion"] == 'a,"b"\nc'
    assert all("CC0 1.0" in row["licence"] and "citizens" in row["attribution"] for row in rows)
    about = json.loads((tmp_path / "r.csv-metadata.json").read_text(encoding="utf-8"))
    assert about["units"]["felt"].startswith("1 cold")


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_other_files_hold_the_same(tmp_path, ending):
    path = tmp_path / f"r.{ending}"
    reports = hostile()
    write_reports(reports, path)
    named = {"layer": "reports"} if ending == "gpkg" else {}  # its style is a layer, too
    read = gpd.read_parquet(path) if ending == "parquet" else gpd.read_file(path, **named)
    wanted = tabulate_reports(reports)
    assert list(read["suggestion"]) == list(wanted["suggestion"])
    assert read.geometry.x.tolist() == pytest.approx(wanted.geometry.x.tolist())
    if ending == "geojson":
        told = json.loads(path.read_text(encoding="utf-8"))
        assert "CC0" in told["licence"]
        assert "citizens" in told["attribution"]
    if ending == "gpkg":
        assert "CC0" in pyogrio.read_info(path, layer="reports")["layer_metadata"]["licence"]
        style = sqlite3.connect(path).execute("SELECT styleName, styleQML FROM layer_styles")
        ((name, qml),) = style.fetchall()
        assert name == "felt"
        drawn = ET.fromstring(qml.split(">", 1)[1])  # noqa: S314  our own
        assert drawn.find("renderer-v2").get("attr") == "felt"
        told = [(one.get("value"), one.get("label")) for one in drawn.iter("category")]
        assert told[0] == ("1", "1 kalt / cold")
        assert [value for value, _ in told] == ["1", "2", "3", "4", "5"]


def test_no_photo_and_no_code_leaves_the_house(tmp_path):
    with open_reports(tmp_path / "r.sqlite") as reports:
        receipt = reports.add(hostile()[0])
        write_reports(reports.list(states=STATES, with_photos=True), tmp_path / "r.geojson")
    raw = (tmp_path / "r.geojson").read_text(encoding="utf-8")
    assert receipt.code not in raw
    assert '"has_photo": true' in raw
    assert len(raw) < 3000


def test_what_is_imported_keeps_its_credit(tmp_path):
    one = replace(made_report(), source="import", credit="dl-de/by-2-0, Stadt X")
    bare = replace(made_report(), source="import")
    write_reports([one, bare], tmp_path / "r.geojson")
    told = json.loads((tmp_path / "r.geojson").read_text(encoding="utf-8"))
    assert "dl-de/by-2-0, Stadt X" in told["attribution"]
    assert "1 imported reports tell no licence" in " ".join(told["notes"])


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg"])
def test_what_is_written_is_read_again(tmp_path, ending):
    reports = [
        made_report(suggestion="Bäume\nbitte", site_id="n7", category="long_wait", felt=felt)
        for felt in range(1, 6)
    ]
    write_reports(reports, tmp_path / f"r.{ending}")
    read = {one.report_id: one for one in read_reports(tmp_path / f"r.{ending}").reports}
    for one in reports:
        found = read[one.report_id]
        assert (found.felt, found.category, found.site_id) == (one.felt, one.category, one.site_id)
        assert found.told_at == one.told_at
        assert found.suggestion == one.suggestion


def test_a_full_or_missing_folder_is_told(tmp_path):
    with pytest.raises(SourceError, match="Cannot write"):
        write_reports([made_report()], tmp_path / "none" / "r.csv")


# --- the command line


def test_from_a_file_to_the_map_and_away(capsys, tmp_path, form):
    path, out = tmp_path / "r.sqlite", tmp_path / "out.csv"
    assert "1 reports taken over" in done(capsys, "import", form(), "--db", path)
    assert "0 reports taken over" in done(capsys, "import", form(), "--db", path)
    listed = done(capsys, "list", "--db", path)
    assert "hot, something else: Mehr Bäume" in listed
    assert "new 1, shown 0, hidden 0" in listed
    assert "no reports of this state" in refused(capsys, "export", "--out", out, "--db", path)
    name = listed.split()[0]
    told = done(capsys, "moderate", name, "show", "--who", "anna", "--why", "fine", "--db", path)
    assert "shown" in told
    assert "1 reports written" in done(capsys, "export", "--out", out, "--db", path)
    assert "Mehr Bäume" in out.read_text(encoding="utf-8")
    done(capsys, "moderate", name, "hide", "--who", "anna", "--erase-text", "--db", path)
    assert "0 reports; all: new 0, shown 0, hidden 1" in done(
        capsys, "list", "--state", "shown", "--db", path
    )
    with open_reports(path) as reports:
        assert [one.what for one in reports.decisions()] == ["shown", "hidden", "text erased"]
    assert "Deleted 0 reports" in done(capsys, "purge", "--db", path)


def test_the_environment_names_the_file(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("HIRO_REPORTS", str(tmp_path / "here.sqlite"))
    assert "There are no reports at" in refused(capsys, "list")
    open_reports().close()
    done(capsys, "list")
    assert (tmp_path / "here.sqlite").is_file()


def test_a_password_is_read_from_stdin(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long pass phrase\nignored\n"))
    told = done(capsys, "password", tmp_path / "moderators", "--who", "anna")
    assert "as a hash" in told
    assert check_password(tmp_path / "moderators", "anna", "a long pass phrase")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert "12 to" in refused(capsys, "password", tmp_path / "moderators", "--who", "bert")


def test_what_cannot_be_is_refused_in_a_sentence(capsys, tmp_path, form):
    path, typo = tmp_path / "r.sqlite", tmp_path / "typo.sqlite"
    open_reports(path).close()
    for part in ("list", "purge", ("export", "--out", tmp_path / "o.csv")):
        said = refused(capsys, *((part,) if isinstance(part, str) else part), "--db", typo)
        assert "There are no reports at" in said
    assert "There are no reports at" in refused(
        capsys, "moderate", "r0", "show", "--who", "anna", "--db", typo
    )
    assert not typo.exists()
    assert "There is no report" in refused(
        capsys, "moderate", "r0", "show", "--who", "anna", "--db", path
    )
    assert "--who" in refused(capsys, "moderate", "r0", "show", "--db", path)
    assert "is not there" in refused(capsys, "import", tmp_path / "none.csv", "--db", path)
    assert "time zone" in refused(capsys, "import", form(), "--zone", "Mars/X", "--db", path)
    assert "--out must end in" in refused(capsys, "export", "--out", "r.pdf", "--db", path)
    assert "another program" in refused(capsys, "list", "--db", foreign(tmp_path))
    assert "it is a folder" in refused(capsys, "list", "--db", tmp_path)
    (tmp_path / "text.sqlite").write_text("no database at all " * 99, encoding="utf-8")
    assert "no store of reports" in refused(capsys, "list", "--db", tmp_path / "text.sqlite")
    assert refused(capsys)
    assert refused(capsys, "burn")


def foreign(folder):
    base = sqlite3.connect(folder / "foreign.sqlite")
    base.execute("CREATE TABLE other (x)")
    base.commit()
    base.close()
    return folder / "foreign.sqlite"


def test_an_export_of_imports_keeps_their_ids_and_made_up_ones_do_not_count(tmp_path, form):
    (one,) = read_reports(form()).reports
    write_reports([one], tmp_path / "o.csv")
    (again,) = read_reports(tmp_path / "o.csv").reports
    assert again.report_id == one.report_id
    other = (tmp_path / "o.csv").read_text(encoding="utf-8").replace(one.report_id, f"i{'0' * 16}")
    (made_up,) = read_reports(form(other, "p.csv")).reports
    assert made_up.report_id == one.report_id


def test_a_csv_runs_no_formula_where_excel_parts_it_elsewhere(tmp_path):
    texts = ("more;=1+1;\n=2+2", "a|@sum", 'a;"=1"', "a\n\uff1d1", "Bäume - bitte")
    write_reports([made_report(suggestion=text) for text in texts], tmp_path / "r.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8"))))
    assert [row["suggestion"] for row in rows] == [
        *("more;'=1+1;\n'=2+2", "a|'@sum", 'a;\'"=1"', "a\n'\uff1d1", "Bäume - bitte")
    ]


def test_rows_that_are_no_reports_are_counted(capsys, tmp_path):
    path = tmp_path / "r.sqlite"
    with open_reports(path) as reports:
        for _ in range(3):
            reports.add(made_report())
    base = sqlite3.connect(path)
    base.execute("UPDATE reports SET category = 'zebra' WHERE rowid = 1")
    base.commit()
    base.close()
    assert "2 reports; all: new 3, shown 0, hidden 0. Left out, as they do not read: 1." in done(
        capsys, "list", "--db", path
    )


def test_a_clock_far_ahead_purges_once_one_says_yes(capsys, tmp_path):
    path = tmp_path / "r.sqlite"
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=900)
    with open_reports(path, now=old) as reports:
        reports.add(made_report(), now=old)
    assert "900 days ahead of all that is stored" in done(capsys, "purge", "--db", path)
    assert "all: new 1" in done(capsys, "list", "--db", path)
    assert "Deleted 1 reports" in done(capsys, "purge", "--yes", "--db", path)


def test_a_terminal_is_not_steered(capsys, tmp_path, form):
    row = "5/25/2024 9:31:53 AM,Warm,\x1b[2J\u202eevil,13.74,51.05\n"
    done(capsys, "import", form(FORM + row), "--db", tmp_path / "r.sqlite")
    listed = done(capsys, "list", "--db", tmp_path / "r.sqlite")
    assert "\x1b" not in listed
    assert "\u202e" not in listed
