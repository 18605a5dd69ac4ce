"""Reports: what is acknowledged stays, what is deleted is gone, what cannot be is refused."""

import datetime as dt
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reports import NOON, PLACE, kill_after, made_photo, made_report, start_writer
from made_sites import local_crs

from hiro.deletion import draw_code, hash_code
from hiro.errors import ReportError
from hiro.plaintext import make_plain_text
from hiro.refusal import refuse, say_refusal
from hiro.report import CATEGORIES, FELT, STATES, new_report_id
from hiro.report_terms import CONSENT_VERSION, FELT_WORDS, REPORT_TERMS
from hiro.reportbase import APPLICATION_ID, STEPS, StoreModel, _split, find_path
from hiro.reportplace import check_place
from hiro.reports import open_reports
from hiro.retention import Purged

N_WRITES = 10_000 if os.environ.get("SOLARPASS_PROFILE") == "full" else 400
OPEN = StoreModel(most_per_hour=10**9, most_per_client=10**9, wait_s=60.0, most_ahead_days=10**6)
DAY = dt.timedelta(days=1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "reports.sqlite"


@pytest.fixture
def reports(path):
    with open_reports(path, model=OPEN) as opened:
        yield opened


def one_sentence(error):
    told = str(error)
    assert "\n" not in told
    assert told.endswith(".")
    assert len(told) < 500
    assert "{" not in told
    return told


def refused(told, call, *values, **named):
    with pytest.raises(ReportError, match=told) as caught:
        call(*values, **named)
    return one_sentence(caught.value)


def is_whole(path):
    base = sqlite3.connect(path)
    try:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        base.close()


def bytes_of(path):
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


# --- what is told comes back


def test_a_report_comes_back_as_it_was(reports):
    report = made_report(photo=True, suggestion="<b>Bäume</b>\n=1+1", site_id="n12", city="Dresden")
    receipt = reports.add(report)
    assert receipt.report_id == report.report_id
    assert reports.find(report.report_id) == report
    (listed,) = reports.list(states=STATES)
    assert listed == replace(report, photo=None)
    assert listed.has_photo


def test_it_is_kept_beyond_closing(path):
    with open_reports(path) as reports:
        reports.add(made_report())
    with open_reports(path) as reports:
        assert reports.count() == {"new": 1, "shown": 0, "hidden": 0}


def test_every_answer_has_words_in_both_languages():
    wanted = {f"felt_{n}" for n in range(1, 6)} | {f"category_{name}" for name in CATEGORIES}
    assert wanted | {f"state_{name}" for name in STATES} <= set(REPORT_TERMS)
    assert set(FELT_WORDS.values()) == {1, 2, 3, 4, 5}
    assert len(FELT) == 5
    for german, english in REPORT_TERMS.values():
        assert german
        assert english


def test_seconds_are_not_kept():
    at = NOON.replace(second=41, microsecond=7)
    assert made_report(told_at=at).told_at == NOON
    berlin = at.astimezone(dt.timezone(2 * dt.timedelta(hours=1)))
    assert made_report(told_at=berlin).told_at == NOON


def test_lists_are_bounded(reports):
    here = made_report()
    there = made_report(latitude_deg=60.17, longitude_deg=24.94, site_id="way/7")
    fiji = made_report(latitude_deg=-17.0, longitude_deg=-179.5)
    for one in (here, there, fiji):
        reports.add(one)

    def listed(*bounds, **named):
        return {one.report_id for one in reports.list(*bounds, states=STATES, **named)}

    assert listed((13.0, 51.0, 14.0, 52.0)) == {here.report_id}
    assert listed((-180.0, -90.0, 180.0, 90.0)) == {one.report_id for one in (here, there, fiji)}
    assert listed((178.0, -20.0, -178.0, -10.0)) == {fiji.report_id}
    assert listed(site_id="way/7") == {there.report_id}
    assert reports.list() == ()


# --- what cannot be


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ("place as latitude", {"latitude_deg": float("nan")}),
        ("place as latitude", {"longitude_deg": float("inf")}),
        ("place as latitude", {"latitude_deg": "51.05"}),
        ("place as latitude", {"latitude_deg": None}),
        ("place as latitude", {"longitude_deg": 999.0}),
        ("look swapped", {"latitude_deg": 138.6, "longitude_deg": -34.9}),
        ("number from 1", {"felt": 0}),
        ("number from 1", {"felt": 6}),
        ("number from 1", {"felt": 2.5}),
        ("number from 1", {"felt": True}),
        ("number from 1", {"felt": "hot"}),
        ("category such as", {"category": "<script>alert(1)</script>"}),
        ("category such as", {"category": ""}),
        ("1,001 letters", {"suggestion": "x" * 1001}),
        ("1,000,000 letters", {"suggestion": "x" * 1_000_000}),
        ("no id of an object", {"site_id": "'; DROP TABLE reports; --"}),
        ("no id of a report", {"report_id": "x" * 100}),
        ("no id of a report", {"report_id": "i0123456789abcdef"}),  # as of an import
        ("number from 1", {"felt": 0, "photo": b"hello"}),  # told before any photo is drawn
        ("cannot be", {"told_at": dt.datetime(2026, 7, 20)}),  # noqa: DTZ001  that is the fault
        ("cannot be", {"told_at": dt.datetime(1999, 1, 1, tzinfo=dt.UTC)}),
        ("cannot be", {"told_at": dt.datetime.now(dt.UTC) + DAY}),
        ("consent", {"consent": None}),
        ("consent", {"consent": "1999"}),
        ("no photo", {"photo": b"hello"}),
    ],
)
def test_what_cannot_be_is_refused(told, changed):
    refused(told, made_report, **changed)


def test_a_refusal_speaks_german():
    with pytest.raises(ReportError) as caught:
        made_report(suggestion="x" * 2000)
    assert say_refusal(caught.value, "de").startswith("Der Text hat 2.000 Zeichen, höchstens 1.000")
    assert say_refusal(ValueError("as it is"), "de") == "as it is"


def test_a_refusal_is_one_short_line_whatever_was_sent():
    told = str(refuse(term="report_place", place="x\n\u202e\x1b[31m" * 10_000))
    assert "\n" not in told
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert len(told) < 300


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("a\u202eb\u2066c\u200ed\x00e\x1bf", "abcdef"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301algo", "Ź\u0301\u0301\u0301algo"),
        ("Ba\u0308ume 👩‍👧 شجر", "Bäume 👩‍👧 شجر"),
        ("\ud800 half", "half"),
        ("   ", ""),
    ],
)
def test_texts_are_made_plain(sent, kept):
    assert make_plain_text(sent) == unicodedata.normalize("NFC", kept)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_plain_texts_stay_as_they_are(text):
    plain = make_plain_text(text)
    assert make_plain_text(plain) == plain
    plain.encode("utf-8")
    for sign in plain:
        is_steering = unicodedata.category(sign).startswith("C")
        assert not is_steering or sign in "\n\u200c\u200d"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_comes_back(tmp_path_factory, text):
    report = made_report(suggestion=text)
    with open_reports(tmp_path_factory.mktemp("any") / "r.sqlite", model=OPEN) as reports:
        reports.add(report)
        assert reports.find(report.report_id).suggestion == report.suggestion


# --- where it is


@pytest.fixture(scope="module")
def city():
    """Make a city of 2 km by 2 km."""
    return SimpleNamespace(
        name="Dresden",
        crs=local_crs(),
        centre=(51.05, 13.74),
        extent=shapely.box(-1e3, -1e3, 1e3, 1e3),
    )


def test_a_place_in_the_city_is_taken(city):
    check_place(51.05, 13.74, city=city)
    check_place(51.05 + 0.0105, 13.74, city=city)  # 170 m beyond the edge
    check_place(-33.0, 151.0)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (r"swapped in 13\.74000, 51\.05000; the other way round it lies in D", (13.74, 51.05)),
        (r"lies 1\.2 km outside Dresden", (51.07, 13.74)),
        (r"lies 1,233 km outside Dresden", (60.17, 24.94)),
        (r"lies 20,\d\d\d km outside Dresden", (-51.05, -166.26)),  # the antipode
        (r"lies 1\d,\d\d\d km outside Dresden", (-33.87, 151.21)),
        (r"lies \d,\d\d\d km outside Dresden", (0.0, 0.0)),
        (r"lies \d,\d\d\d km outside Dresden", (90.0, 0.0)),
        (r"wanted|Wanted", (float("nan"), 13.74)),
        (r"swapped", (138.6, -34.9)),
    ],
)
def test_a_place_elsewhere_is_refused_with_how_far(city, told, place):
    refused(told, check_place, *place, city=city)


@settings(max_examples=200, deadline=None)
@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
def test_any_place_is_taken_or_refused(latitude_deg, longitude_deg):
    made = SimpleNamespace(
        name="D",
        crs=local_crs(),
        centre=(51.05, 13.74),
        extent=shapely.box(-1e3, -1e3, 1e3, 1e3),
    )
    near = abs(latitude_deg - 51.05) < 0.009 and abs(longitude_deg - 13.74) < 0.014
    if near:
        check_place(latitude_deg, longitude_deg, city=made)
    elif abs(latitude_deg - 51.05) > 0.0115 or abs(longitude_deg - 13.74) > 0.018:
        refused("km outside D|swapped", check_place, latitude_deg, longitude_deg, city=made)


# --- deletion


def test_the_code_deletes_report_and_photo(reports, path):
    secret = "the-only-bank-in-the-sun"  # noqa: S105  no password
    receipt = reports.add(made_report(photo=True, suggestion=f"{secret} " * 30))
    jpeg = reports.find(receipt.report_id).photo[-200:]
    assert secret.encode() in bytes_of(path)
    assert jpeg in bytes_of(path)
    assert reports.delete(receipt.code)
    refused("There is no report", reports.find, receipt.report_id)
    held = bytes_of(path)
    assert secret.encode() not in held
    assert jpeg not in held
    assert not reports.delete(receipt.code)


def test_no_code_is_stored(reports, path):
    receipt = reports.add(made_report())
    held = bytes_of(path)
    assert receipt.code.encode() not in held
    assert receipt.code.replace("-", "").encode() not in held


def test_a_code_is_copied_by_hand(reports):
    receipt = reports.add(made_report())
    other = reports.add(made_report())
    typed = f"  {receipt.code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}  "
    assert reports.delete(typed)
    assert [one.report_id for one in reports.list(states=STATES)] == [other.report_id]


@pytest.mark.parametrize(
    "code", ["", "x", "' OR 1=1 --", "\0", "\ud800", "0000-0000-0000-0000-0000"]
)
def test_another_code_deletes_nothing(reports, code):
    reports.add(made_report())
    reports.add_all([replace(made_report(), source="import", consent=None)])
    assert not reports.delete(code)
    assert reports.count()["new"] == 2


def test_codes_are_long_and_each_is_another():
    codes = {draw_code() for _ in range(200)}
    assert len({hash_code(code) for code in codes}) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes)


def test_what_was_deleted_does_not_come_back_with_an_old_file(reports):
    receipt = reports.add(made_report())
    old = replace(reports.find(receipt.report_id), source="import")
    reports.delete(receipt.code)
    assert reports.add_all([old]) == 0
    assert reports.count()["new"] == 0


# --- retention


def test_photos_go_before_reports(path):
    with open_reports(path, model=OPEN, now=NOON) as reports:
        report = made_report(photo=True, suggestion="stays a while " * 9, told_at=NOON)
        reports.add(report, now=NOON)
    with open_reports(path, model=OPEN, now=NOON + 180 * DAY) as reports:
        assert reports.find(report.report_id).photo
    with open_reports(path, model=OPEN, now=NOON + 184 * DAY) as reports:
        assert reports.find(report.report_id).photo is None
        assert not reports.find(report.report_id).has_photo
    with open_reports(path, model=OPEN, now=NOON + 729 * DAY) as reports:
        assert reports.count()["new"] == 1
        assert reports.purge(NOON + 732 * DAY).n_reports == 1
        assert reports.count()["new"] == 0
        told = [(one.who, one.what) for one in reports.decisions()]
        assert told == [("retention", "photo erased"), ("retention", "deleted")]
    assert b"stays a while" not in bytes_of(path)


def test_a_server_that_stays_open_purges_each_day(path):
    with open_reports(path, model=OPEN, now=NOON) as reports:
        report = made_report(told_at=NOON)
        reports.add(report, now=NOON)
        reports.add(made_report(), now=NOON + 732 * DAY)
        assert reports.count()["new"] == 1
        refused("There is no report", reports.find, report.report_id)


# --- moderation


def test_only_what_is_shown_is_for_everybody(reports):
    name = reports.add(made_report(photo=True)).report_id
    assert reports.list() == ()
    assert reports.photo(name) is None
    assert reports.photo(name, states=STATES)
    assert reports.moderate(name, "shown", who="anna").state == "shown"
    assert [one.report_id for one in reports.list()] == [name]
    assert reports.photo(name).startswith(b"\xff\xd8")
    reports.moderate(name, "hidden", who="bert", why="names somebody")
    assert reports.list() == ()
    assert reports.photo(name) is None


def test_who_decided_what_is_logged_for_good(reports, path):
    name = reports.add(made_report()).report_id
    reports.moderate(name, "shown", who="anna", now=NOON)
    reports.moderate(name, "hidden", who="bert", why="<b>names</b>\u202e", now=NOON)
    first, second = reports.decisions(name)
    assert (first.number, first.who, first.what, first.decided_at) == (1, "anna", "shown", NOON)
    assert (second.who, second.what, second.why) == ("bert", "hidden", "<b>names</b>")
    base = sqlite3.connect(path)
    for change in ("DELETE FROM decisions", "UPDATE decisions SET who = 'nobody'"):
        with pytest.raises(sqlite3.IntegrityError, match="only added"):
            base.execute(change)
    base.close()


def test_a_photo_or_a_text_can_be_erased_alone(reports, path):
    text = "call me at home " * 5
    name = reports.add(made_report(photo=True, suggestion=text)).report_id
    report = reports.moderate(name, "shown", who="anna", keep_photo=False, keep_text=False)
    assert (report.photo, report.has_photo, report.suggestion) == (None, False, "")
    assert b"call me" not in bytes_of(path)
    assert [one.what for one in reports.decisions()] == ["shown", "photo erased", "text erased"]


@pytest.mark.parametrize(
    ("state", "who"), [("new", "anna"), ("gone", "anna"), ("shown", " \u202e")]
)
def test_a_decision_needs_who_and_what(reports, state, who):
    name = reports.add(made_report()).report_id
    refused("who decides", reports.moderate, name, state, who=who)
    assert reports.decisions() == ()


def test_of_no_report_nothing_is_decided(reports):
    refused("There is no report", reports.moderate, "r0", "shown", who="anna")
    assert reports.decisions() == ()


# --- rates


def test_one_client_may_report_so_often_an_hour(path):
    with open_reports(path, model=StoreModel(most_per_client=3)) as reports:
        for minute in range(3):
            reports.add(made_report(), client="a", now=NOON + minute * dt.timedelta(minutes=1))
        refused("3 reports from here", reports.add, made_report(), client="a", now=NOON)
        reports.add(made_report(), client="b", now=NOON)
        reports.add(made_report(), now=NOON)
        assert reports.count()["new"] == 5
        reports.add(made_report(), client="a", now=NOON + dt.timedelta(minutes=61))


def test_all_may_report_so_often_an_hour(path):
    with open_reports(path, model=StoreModel(most_per_hour=3)) as reports:
        for client in "abc":
            reports.add(made_report(), client=client, now=NOON)
        refused("Very many reports", reports.add, made_report(), client="d", now=NOON)
        assert reports.count()["new"] == 3


def test_no_client_is_kept(path):
    with open_reports(path, model=OPEN) as reports:
        for hour in range(3):
            client = f"192.0.2.{hour}-client"
            reports.add(made_report(), client=client, now=NOON + hour * dt.timedelta(hours=1))
            assert b"-client" not in bytes_of(path)
        base = sqlite3.connect(path)
        assert base.execute("SELECT count(*) FROM hits").fetchone() == (1,)
        (salt,) = base.execute("SELECT salt FROM salts").fetchone()
        base.close()
        reports.purge(NOON + DAY)
        base = sqlite3.connect(path)
        assert base.execute("SELECT count(*) FROM hits").fetchone() == (0,)
        assert base.execute("SELECT count(*) FROM salts").fetchone() == (0,)
        base.close()
        assert salt not in bytes_of(path)


def test_attempts_at_a_password_are_counted(path):
    with open_reports(path, model=StoreModel(most_attempts=2)) as reports:
        for _ in range(2):
            reports.count_attempt("a", "anna", now=NOON)
        refused("Too many attempts", reports.count_attempt, "a", "anna", now=NOON)
        reports.count_attempt("b", "anna", now=NOON)


def test_attempts_at_one_sign_are_counted_from_wherever_they_come(path):
    with open_reports(path, model=StoreModel(most_attempts_at_sign=5)) as reports:
        for client in range(5):
            reports.count_attempt(f"{client}", "anna", now=NOON)
        refused("Too many attempts", reports.count_attempt, "another", "anna", now=NOON)
        reports.count_attempt("another", "bert", now=NOON)


def test_photos_are_counted_before_they_are_drawn(path):
    with open_reports(path, model=StoreModel(most_photos=2, most_per_client=1)) as reports:
        for _ in range(2):
            reports.count_photo("a", now=NOON)
        refused("2 reports from here", reports.count_photo, "a", now=NOON)
        reports.add(made_report(), client="b", now=NOON)
        refused("1 reports from here", reports.count_photo, "b", now=NOON)
        reports.count_photo(None, now=NOON)


def test_midnight_counts_nobody_anew(path):
    late = NOON.replace(hour=23, minute=58)
    with open_reports(path, model=StoreModel(most_per_client=3)) as reports:
        for minute in range(3):
            reports.add(made_report(), client="a", now=late + minute * dt.timedelta(minutes=1))
        after = late + dt.timedelta(minutes=4)
        refused("3 reports from here", reports.add, made_report(), client="a", now=after)
        reports.purge(late + dt.timedelta(minutes=70))
        base = sqlite3.connect(path)
        assert base.execute("SELECT count(*) FROM salts").fetchone() == (1,)
        base.close()


def test_codes_of_no_report_are_counted_and_make_nobody_wait(path):
    with open_reports(path, model=StoreModel(most_misses=2, wait_s=0.05)) as reports:
        receipt = reports.add(made_report())
        assert not reports.delete("x", client="a")
        assert not reports.delete("y", client="a")
        refused("Too many attempts", reports.delete, receipt.code, client="a")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert not reports.delete("z")  # no write, so nothing is waited for
        other.execute("ROLLBACK")
        other.close()
        assert reports.delete(receipt.code, client="b")


# --- clocks that are wrong


def test_a_clock_far_ahead_deletes_nothing(path):
    with open_reports(path, now=NOON) as reports:
        reports.add(made_report(photo=True), now=NOON)
    late = NOON + 30_000 * DAY
    with open_reports(path, now=late) as reports:
        assert reports.count()["new"] == 1
        assert reports.purge(late).n_days_ahead == 30_000
        # What comes in by that clock does not vouch for it.
        reports.add(made_report(), now=late + DAY)
        assert reports.purge(late + 2 * DAY).n_reports == 0
        assert reports.count()["new"] == 2
        assert reports.purge(NOON + DAY) == Purged(0, 0)  # it was put right
        assert reports.purge(late, is_sure=True).n_reports == 1


def test_a_clock_that_goes_on_for_long_is_believed(path):
    with open_reports(path, now=NOON) as reports:
        reports.add(made_report(), now=NOON)
        late = NOON + 900 * DAY
        for day in (0, 5, 13):
            assert reports.purge(late + day * DAY).n_days_ahead == 900 + day
        assert reports.purge(late + 14 * DAY).n_reports == 1


def test_a_clock_put_back_takes_down_nothing(reports, path):
    name = reports.add(made_report()).report_id
    base = sqlite3.connect(path)
    base.execute("UPDATE reports SET told_min = told_min + 300")
    base.commit()
    base.close()
    assert len(reports.list(states=STATES)) == 1
    assert reports.moderate(name, "shown", who="anna").state == "shown"


def test_a_row_that_does_not_read_takes_down_no_other(reports, path):
    names = [reports.add(made_report()).report_id for _ in range(2)]
    base = sqlite3.connect(path)
    base.execute("UPDATE reports SET category = 'zebra' WHERE report_id = ?", (names[0],))
    base.commit()
    assert [one.report_id for one in reports.list(states=STATES)] == names[1:]
    assert reports.count()["new"] == 2
    refused("does not read", reports.find, names[0])
    refused("does not read", reports.moderate, names[0], "shown", who="anna")
    assert reports.decisions() == ()  # and nothing of it was stored
    base.close()


def test_retention_is_undone_by_an_import_and_a_code_is_not(path):
    with open_reports(path, model=OPEN, now=NOON) as reports:
        receipt = reports.add(made_report(), now=NOON)
        old = replace(reports.find(receipt.report_id), source="import")
        reports.purge(NOON + 900 * DAY)
        assert reports.count()["new"] == 0
        assert reports.add_all([old]) == 1
        again = reports.add(made_report())
        gone = reports.find(again.report_id)
        reports.delete(again.code)
        refused("does not come back", reports.add, replace(gone, photo=None))


@pytest.mark.parametrize("who", ["reporter", "Retention"])
def test_no_moderator_signs_as_another(reports, who):
    name = reports.add(made_report()).report_id
    refused("who decides", reports.moderate, name, "shown", who=who)


# --- a file that goes


def test_what_goes_into_a_file_that_is_gone_is_not_acknowledged(path):
    with open_reports(path, model=OPEN) as reports:
        reports.add(made_report())
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()
        refused("deleted or replaced", reports.add, made_report())
        refused("deleted or replaced", reports.list)
        refused("deleted or replaced", reports.delete, "x")
    assert not path.exists()


def test_a_file_that_goes_amid_a_write_takes_back_the_write(path, tmp_path):
    with open_reports(path, model=OPEN) as reports:
        reports.add(made_report())

        def late():
            yield replace(made_report(), source="import")
            path.rename(tmp_path / "away")
            path.write_bytes(b"")

        refused("deleted or replaced", reports.add_all, late())
        assert reports._base.execute("SELECT count(*) FROM reports").fetchone() == (1,)


def test_the_first_list_of_a_day_waits_for_nobody(path):
    """It would hold up all threads as long as another program writes."""
    with open_reports(path, model=StoreModel(wait_s=60.0)) as reports:
        reports._purged_day = -1
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert reports.list() == ()
        assert reports._base.execute("PRAGMA busy_timeout").fetchone() == (60_000,)
        other.execute("ROLLBACK")
        other.close()


def test_what_is_sent_twice_is_stored_once(reports):
    name = new_report_id()
    reports.add(made_report(report_id=name))
    refused("arrived already", reports.add, made_report(report_id=name))
    assert reports.count()["new"] == 1


# --- many at once, and a machine that fails


def test_many_processes_write_at_once(path):
    """From a file that is not there yet: each wants to make it."""
    writers = [start_writer(path, N_WRITES // 4) for _ in range(4)]
    told = [one.communicate(timeout=1200) for one in writers]
    assert [one.returncode for one in writers] == [0] * 4, told
    names = {line.split()[0] for out, _ in told for line in out.splitlines()}
    assert len(names) == N_WRITES // 4 * 4
    with open_reports(path) as reports:
        assert {one.report_id for one in reports.list(states=STATES)} == names
    is_whole(path)


def test_many_threads_write_at_once(reports):
    def write():
        for _ in range(20):
            reports.add(made_report())

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert reports.count()["new"] == 80


@pytest.mark.parametrize("n_before", [3, 17])
def test_what_is_acknowledged_outlives_a_kill(path, n_before):
    with open_reports(path, model=OPEN):
        pass
    writers = [start_writer(path, 10**6, photo=True) for _ in range(2)]
    told = [name for writer in writers for name in kill_after(writer, n_before)]
    assert len(told) >= 2 * n_before
    is_whole(path)
    with open_reports(path, model=OPEN) as reports:
        kept = {one.report_id: one for one in reports.list(states=STATES, with_photos=True)}
        assert set(told) <= set(kept)
        for one in kept.values():  # whole, the unacknowledged ones included
            assert one.photo == made_report(photo=True).photo
            assert one.suggestion.split() == [one.suggestion.split()[0]] * 50
        reports.add(made_report())


def test_a_locked_file_is_told_and_nothing_is_lost(path):
    with open_reports(path, model=StoreModel(wait_s=0.05)) as reports:
        reports.add(made_report())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused("stays locked", reports.add, made_report())
        assert reports.count()["new"] == 1  # reading goes on
        refused("stays locked", open_reports, path, model=StoreModel(wait_s=0.05))
        other.execute("ROLLBACK")
        other.close()
        reports.add(made_report())
        assert reports.count()["new"] == 2
    is_whole(path)


def test_a_full_file_is_told_and_nothing_is_half_written(path):
    small = replace(OPEN, most_bytes=400_000)
    photo = made_photo((900, 900), colour=(3, 7, 9))
    names = []
    with open_reports(path, model=small) as reports:
        told = ""
        for _ in range(200):
            try:
                names.append(reports.add(made_report(photo=photo)).report_id)
            except ReportError as error:
                told = one_sentence(error)
                break
        assert "takes no more" in told
        assert {one.report_id for one in reports.list(states=STATES)} == set(names)
        assert all(one.has_photo for one in reports.list(states=STATES))
        assert reports.delete("none") is False
    assert 3 < len(names) < 200
    is_whole(path)
    with open_reports(path, model=OPEN) as reports:
        reports.add(made_report(photo=photo))
        assert reports.count()["new"] == len(names) + 1


def test_a_full_disk_is_told_and_nothing_is_half_written(path):
    """Files may not grow beyond a bound that the system sets."""
    resource = pytest.importorskip("resource")
    with open_reports(path, model=OPEN):
        pass

    def bound():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    writer = start_writer(path, 10**6, photo=True, before=bound)
    out, err = writer.communicate(timeout=300)
    assert "ReportError" in err
    assert "takes no more" in err
    with open_reports(path, model=OPEN) as reports:
        kept = [one.report_id for one in reports.list(states=STATES)]
        assert set(kept) == {line.split()[0] for line in out.splitlines()}
        assert kept
    is_whole(path)


def test_a_write_waits_for_the_disk(reports):
    """No kill can show what a power cut would; so the switches are looked at."""
    told = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    switches = [reports._base.execute(f"PRAGMA {name}").fetchone()[0] for name in told]
    assert switches == ["wal", 2, 1, 1]


# --- files that are another thing


def test_an_older_file_is_brought_up_to_date(path):
    base = sqlite3.connect(path, isolation_level=None)
    for statement in _split(STEPS[0]):
        base.execute(statement)
    base.execute(
        "INSERT INTO reports VALUES ('r0123', 51.0, 13.7, 29500000, ?, 4, 'no_shade', 'old', "
        "NULL, 'Dresden', 'new', 'form', '2026-1', NULL, NULL)",
        (int(dt.datetime.now(dt.UTC).timestamp() // 60),),
    )
    base.execute(f"PRAGMA application_id={APPLICATION_ID}")
    base.execute("PRAGMA user_version=1")
    base.close()
    with open_reports(path) as reports:
        assert reports.find("r0123").suggestion == "old"
        reports.add(made_report(photo=True))
        assert reports.count()["new"] == 2
    is_whole(path)


def test_a_newer_file_is_refused_and_left_alone(path):
    with open_reports(path):
        pass
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA user_version={len(STEPS) + 1}")
    base.close()
    before = path.read_bytes()
    refused("newer HiRo", open_reports, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "held", [b"hello, no database " * 300, b"SQLite format 3\0" + b"\7" * 4080]
)
def test_what_is_no_database_is_refused_and_left_alone(path, held):
    path.write_bytes(held)
    refused("no store of reports|another program", open_reports, path)
    assert path.read_bytes() == held


def test_the_database_of_another_program_is_refused(path):
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    base.commit()
    base.close()
    before = path.read_bytes()
    refused("another program", open_reports, path)
    assert path.read_bytes() == before


def test_a_torn_file_is_told(path):
    with open_reports(path, model=OPEN) as reports:
        for _ in range(60):
            reports.add(made_report(suggestion="x" * 900))
    raw = path.read_bytes()
    path.write_bytes(raw[:8192] + b"\xaa" * 20_000 + raw[28_192:])

    def read():
        with open_reports(path) as reports:
            return reports.list(states=STATES)

    refused("no store of reports", read)


def test_a_folder_is_refused(tmp_path):
    refused("it is a folder", open_reports, tmp_path)
    refused("it is no plain file", open_reports, os.devnull)


def test_a_name_below_a_file_is_refused(path):
    path.write_bytes(b"")
    refused("cannot be written", open_reports, path / "deeper" / "r.sqlite")


def test_a_file_that_may_not_be_written_is_refused():
    """Root may write anything: asked as nobody."""
    folder = Path(tempfile.mkdtemp())
    try:
        with open_reports(folder / "r.sqlite"):
            pass
        (folder / "r.sqlite").chmod(0o444)
        folder.chmod(0o555)
        code = (
            "import os, sys\n"
            "from hiro.reports import open_reports\n"
            "if os.getuid() == 0: os.setgroups([]); os.setuid(65534)\n"
            f"open_reports({str(folder / 'r.sqlite')!r})\n"
        )
        found = subprocess.run(  # noqa: S603  our own code
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert "ReportError" in found.stderr
        assert "cannot be written" in found.stderr
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_only_its_owner_reads_it(path):
    with open_reports(path):
        pass
    assert path.stat().st_mode & 0o077 == 0


def test_where_reports_lie_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("HIRO_REPORTS", str(tmp_path / "a" / "b.sqlite"))
    assert find_path() == tmp_path / "a" / "b.sqlite"
    with open_reports() as reports:
        reports.add(made_report())
    assert find_path().is_file()
    monkeypatch.delenv("HIRO_REPORTS")
    assert find_path().name == "reports.sqlite"


def test_a_report_without_consent_is_not_stored(reports):
    refused("consent", reports.add, replace(made_report(), consent=None))
    refused("consent", reports.add, replace(made_report(), state="shown"))
    assert CONSENT_VERSION
    assert np.isclose(PLACE["latitude_deg"], 51.05)
