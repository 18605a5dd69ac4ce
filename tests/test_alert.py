"""Official warnings: those that hold are told as text, and no file can do more than be read."""

import io
import zipfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_alert import HERE, SENT, made_alert

from hiro import warning
from hiro.alert import MOST_BYTES, MOST_DEPTH, read_alert
from hiro.errors import AlertError
from hiro.warning import find_alerts, tell_warnings

PLACE = {"latitude_deg": 60.17, "longitude_deg": 24.94}
NOW = SENT + timedelta(hours=1)


def read_one(**told):
    (alert,), _ = read_alert(made_alert(**told))
    return alert


def find(folder, at=NOW, **place):
    return find_alerts(folder, at=at, **{**PLACE, **place})


def packed(*alerts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number, data in enumerate(alerts):
            zipped.writestr(f"{number}.xml", data)
    return file.getvalue()


def test_an_alert_is_read_as_it_says():
    alert = read_one()
    assert alert.headline == "Amtliche WARNUNG vor HITZE"
    assert alert.sender == "Zentrum für Medizin-Meteorologische Forschung"
    assert (alert.sent, alert.begins, alert.ends) == (SENT, SENT, SENT + timedelta(hours=9))
    assert (alert.severity, alert.grade, alert.language) == ("Moderate", 2, "de-DE")
    assert (alert.areas, alert.cells) == (("Helsinki",), ("111000000",))
    assert alert.is_for(60.17, 24.94)
    assert not alert.is_for(59.9, 24.94)
    assert not alert.is_for(24.94, 60.17)


@pytest.mark.parametrize(
    ("told", "is_heat"),
    [
        ({"event": "X", "code": "247"}, True),
        ({"event": "X", "code": "248"}, True),
        ({"event": "Extreme heat", "code": "1"}, True),
        ({"event": "STARKE WÄRMEBELASTUNG", "code": "1"}, True),
        ({"event": "GEWITTER", "code": "31"}, False),
        ({"event": "UV-INDEX", "code": "246"}, False),
        ({"event": "wheat", "code": ""}, False),
        *(({"status": status}, False) for status in ("Test", "Exercise", "Draft", "System")),
        *(({"kind": kind}, False) for kind in ("Cancel", "Ack", "Error")),
    ],
)
def test_only_true_warnings_of_heat_are_kept(told, is_heat):
    alerts, _ = read_alert(made_alert(**told))
    assert bool(alerts) is is_heat


def test_a_warning_holds_until_it_expires_and_is_told_before_it_begins(tmp_path):
    (tmp_path / "a.xml").write_bytes(made_alert())
    assert len(find(tmp_path, SENT - timedelta(hours=5))) == 1
    assert len(find(tmp_path, SENT + timedelta(hours=8, minutes=59))) == 1
    assert find(tmp_path, SENT + timedelta(hours=9)) == []


def test_an_update_replaces_and_a_cancellation_takes_back(tmp_path):
    (tmp_path / "a.xml").write_bytes(made_alert())
    gone = f"opendata@dwd.de,2.49.0.0.276.0.DWD.1,{SENT.isoformat()}"
    new = made_alert(kind="Update", identifier="n", references=gone, headline="NEU")
    (tmp_path / "b.xml").write_bytes(new)
    assert [alert.headline for alert in find(tmp_path)] == ["NEU"]
    gone = f"opendata@dwd.de,n,{SENT.isoformat()}"
    (tmp_path / "c.zip").write_bytes(packed(made_alert(kind="Cancel", references=gone)))
    assert find(tmp_path) == []


def test_the_gravest_is_told_first(tmp_path):
    alerts = (
        made_alert(identifier=severity, severity=severity, headline=severity)
        for severity in ("Minor", "Extreme", "odd", "Severe")
    )
    (tmp_path / "a.zip").write_bytes(packed(*alerts))
    assert [alert.headline for alert in find(tmp_path)] == ["Extreme", "Severe", "Minor", "odd"]


def test_where_an_alert_has_no_outline_its_cells_are_asked(tmp_path):
    (tmp_path / "a.xml").write_bytes(made_alert(area=""))
    assert find(tmp_path) == []
    assert find(tmp_path, cells=("9",)) == []
    assert len(find(tmp_path, cells=("111000000",))) == 1


def test_a_circle_is_as_wide_as_it_says():
    alert = read_one(area="<circle>60.17,24.94 10</circle>")
    away_deg = 9.5 / 111.32
    for up, right in ((away_deg, 0), (-away_deg, 0), (0, 1.9 * away_deg)):
        assert alert.is_for(60.17 + up, 24.94 + right)
    assert not alert.is_for(60.17 + 10.5 / 111.32, 24.94)


def test_what_an_outline_leaves_out_is_not_warned():
    hole = "<excludePolygon>60.1,24.9 60.2,24.9 60.2,25 60.1,25 60.1,24.9</excludePolygon>"
    alert = read_one(area=f"<polygon>{HERE}</polygon>{hole}")
    assert not alert.is_for(60.17, 24.94)
    assert alert.is_for(60.5, 24.94)


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<alert/>",
        b"\xff\xfe<",
        made_alert(head=BOMB),
        made_alert(head='<!DOCTYPE a SYSTEM "file:///etc/passwd">'),
        made_alert() + b" " * MOST_BYTES,
        b"<a>" * (MOST_DEPTH + 1) + b"</a>" * (MOST_DEPTH + 1),
        made_alert(area="<polygon>60,24 61,24</polygon>"),
        made_alert(area="<polygon>60,24 61,24 x,26 60,24</polygon>"),
        made_alert(area="<polygon>95,24 61,24 61,26 95,24</polygon>"),
        made_alert(area="<polygon>" + "60,24 " * 30_000 + "</polygon>"),
        made_alert(area="<circle>60,24 1e9</circle>"),
        made_alert(area="<circle>60,24</circle>"),
        made_alert().replace(SENT.isoformat(timespec="seconds").encode(), b"yesterday"),
    ],
)
def test_what_is_no_alert_is_refused_in_a_sentence(data):
    with pytest.raises(AlertError, match=r"^Wanted .*\.$"):
        read_alert(data)


@given(st.binary(max_size=300))
def test_no_bytes_crash(data):
    with pytest.raises(AlertError):
        read_alert(data)


def test_texts_are_plain_and_short():
    alert = read_one(headline="<script>\u202eHITZE\x85" + "x" * 5000)
    assert alert.headline.startswith("<script>HITZE")
    assert len(alert.headline) <= 600


def test_a_torn_file_hides_no_warning(tmp_path):
    (tmp_path / "a.xml").write_bytes(b"<torn")
    (tmp_path / "b.zip").write_bytes(b"PK torn")
    (tmp_path / "c.xml").write_bytes(made_alert())
    (tmp_path / "readme.txt").write_text("no alert")
    assert len(find(tmp_path)) == 1


def test_where_nothing_can_be_read_it_is_said(tmp_path):
    with pytest.raises(AlertError, match="nothing is there"):
        find(tmp_path / "none")
    (tmp_path / "a.xml").write_bytes(b"<torn")
    with pytest.raises(AlertError, match=r"a\.xml: Wanted"):
        find(tmp_path)
    assert find(tmp_path.joinpath("empty").mkdir() or tmp_path / "empty") == []


def test_a_zip_that_swells_is_read_no_further(tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(packed(b" " * (MOST_BYTES * 5), made_alert()))
    assert len(find(tmp_path)) == 1
    monkeypatch.setattr(warning, "MOST_IN_ALL", 1000)
    assert find(tmp_path) == []


# --- what the page is told


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setattr(warning, "_told", {})

    def told(language="de", *, folder=tmp_path):
        monkeypatch.setenv("HIRO_WARNINGS", str(folder))
        return tell_warnings(60.17, 24.94, zone=ZoneInfo("Europe/Helsinki"), language=language)

    return told


def test_who_names_no_folder_is_told_of_no_warnings(monkeypatch):
    monkeypatch.delenv("HIRO_WARNINGS", raising=False)
    assert tell_warnings(60.17, 24.94, zone=ZoneInfo("UTC"), language="de") is None


def test_a_warning_is_told_in_the_language_and_the_time_of_the_place(told, tmp_path):
    far = SENT + timedelta(days=40_000)
    german, english = (
        made_alert(language=code, headline=text, sent=SENT, ends=far)
        for code, text in (("de-DE", "HITZE"), ("en-GB", "HEAT"))
    )
    info = english[english.index(b"<info>") : english.index(b"</alert>")]
    both = german.replace(b"</alert>", info + b"</alert>")
    (tmp_path / "a.xml").write_bytes(both)
    for language, headline in (("de", "HITZE"), ("en", "HEAT")):
        found = told(language)
        assert [alert["headline"] for alert in found["alerts"]] == [headline]
        assert found["alerts"][0]["begins"] == "2026-07-20T11:00+03:00"
        assert found["is_read"]


def test_what_cannot_be_read_is_no_all_clear(told, tmp_path):
    assert told(folder=tmp_path / "none") == {"is_read": False, "alerts": []}
