"""The page while something behind it fails: a sentence, or the answer all the same."""

import shutil
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from solarpass.map import opening

APP = str(Path(__file__).parents[1] / "app.py")
TIMEOUT_S = 120
WALK = {"from": "60.17633,24.93678", "to": "60.16616,24.94937", "lang": "en"}


@pytest.fixture
def run(monkeypatch):
    def run(query, *folders):
        monkeypatch.setattr(sys, "argv", ["app.py", *map(str, folders)])
        app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
        app.query_params.update(query)
        app.run()
        assert not app.exception
        return app

    return run


def walks(app):
    return sum("walk shadiest" in html.proto.body for html in app.get("html"))


@pytest.fixture
def copied(helsinki, tmp_path):
    folder = tmp_path / "copied"
    shutil.copytree(helsinki.folder, folder)
    return folder


def test_a_city_deleted_below_the_app_is_walked_on(run, copied):
    assert walks(run({**WALK, "at": "2026-07-15T14:00"}, copied))
    shutil.rmtree(copied)
    answered = run({**WALK, "at": "2026-08-02T10:00"}, copied)  # a day not looked at before
    assert walks(answered) or len(answered.error) == 1


def test_a_city_deleted_before_it_is_opened_is_a_sentence_and_works_once_it_is_back(
    run, copied, tmp_path
):
    away = tmp_path / "away"
    copied.rename(away)
    (said,) = run(WALK, copied).error
    assert "city" in said.value
    away.rename(copied)
    assert walks(run({**WALK, "at": "2026-07-15T14:00"}, copied))


def test_an_open_city_is_answered_while_another_is_being_opened(run, helsinki, tmp_path):
    assert walks(run({**WALK, "at": "2026-07-15T14:00"}, helsinki.folder))
    held = threading.Event()
    waiting = opening._workers.submit(held.wait, TIMEOUT_S)  # as a long build holds the worker
    try:
        other = tmp_path / "other"
        shutil.copytree(helsinki.folder, other)
        began = opening.open_scene(other)
        assert walks(run({**WALK, "at": "2026-07-15T15:00"}, helsinki.folder))
        assert began.scene is None
    finally:
        held.set()
    assert waiting.result(TIMEOUT_S)
    assert began.wait(TIMEOUT_S) is not None


@pytest.mark.parametrize("face", ["heat", "report", "moderation"])
def test_locked_reports_leave_every_page_standing(run, helsinki, tmp_path, monkeypatch, face):
    path = tmp_path / "reports.sqlite"
    monkeypatch.setenv("HIRO_REPORTS", str(path))
    with sqlite3.connect(path) as holder:
        holder.execute("create table other (x)")
        holder.commit()
        holder.isolation_level = None
        holder.execute("begin exclusive")
        try:
            run({"face": face, "lang": "en"}, helsinki.folder)
        finally:
            holder.execute("rollback")
