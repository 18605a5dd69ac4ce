"""The password file: only hashes, only for its owner; torn or hostile ones are refused."""

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiro.errors import ReportError
from hiro.moderation import (
    _hash,
    _Kept,
    check_password,
    list_signs,
    mark_password,
    write_password,
)

WORDS = "vier alte Bäume am Platz"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("password") / "moderators"
    write_password(path, "anna", WORDS)
    write_password(path, "b.schmidt", "another long password")
    return path


def test_the_right_password_opens(file):
    assert check_password(file, "anna", WORDS)
    assert check_password(file, "b.schmidt", "another long password")


@pytest.mark.parametrize(
    "guess", ["", WORDS[:-1], WORDS.upper(), "another long password", "x" * 999]
)
def test_another_does_not(file, guess):
    assert not check_password(file, "anna", guess)
    assert not check_password(file, "nobody", guess)


def test_letters_count_not_how_a_keyboard_composes_them(file):
    assert check_password(file, "anna", WORDS.replace("ä", "a\N{COMBINING DIAERESIS}"))


def test_the_file_holds_no_password_and_is_its_owners(file):
    told = file.read_text(encoding="utf-8")
    assert "Bäume" not in told
    assert told.count("scrypt$") == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list_signs(file) == ("anna", "b.schmidt")
    assert [one.name for one in file.parent.iterdir()] == ["moderators"]


def test_the_same_password_has_another_hash(tmp_path):
    for name in ("a", "b"):
        write_password(tmp_path / name, "anna", WORDS)
    one, other = ((tmp_path / name).read_text().strip().split("$") for name in ("a", "b"))
    assert one[-2] != other[-2]  # salts
    assert one[-1] != other[-1]  # and what comes of them


def test_scrypt_is_that_of_rfc_7914():
    """The third of its vectors, of which we take the first 32 bytes."""
    kept = _Kept(16384, 8, 1, b"SodiumChloride", b"")
    assert _hash("pleaseletmein", kept).hex() == (
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    )


def test_a_new_password_has_another_mark(tmp_path):
    path = tmp_path / "moderators"
    write_password(path, "anna", WORDS)
    before = mark_password(path, "anna")
    assert before == mark_password(path, "anna")
    assert mark_password(path, "bert") is None
    write_password(path, "anna", WORDS)
    assert mark_password(path, "anna") != before


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_that_others_may_write_is_refused(tmp_path):
    path = tmp_path / "moderators"
    write_password(path, "anna", WORDS)
    for mode in (0o620, 0o602):
        path.chmod(mode)
        with pytest.raises(ReportError, match="others may write it"):
            check_password(path, "anna", WORDS)
    os.mkfifo(tmp_path / "pipe", 0o600)  # which nobody waits for
    with pytest.raises(ReportError, match="no plain file"):
        check_password(tmp_path / "pipe", "anna", WORDS)


def test_a_sign_stands_once_and_is_a_moderators(tmp_path):
    path = tmp_path / "moderators"
    write_password(path, "anna", WORDS)
    line = path.read_text()
    path.write_text(line * 2)
    with pytest.raises(ReportError, match="twice"):
        check_password(path, "anna", WORDS)
    path.write_text(line.replace("anna", "reporter"))
    with pytest.raises(ReportError, match="no moderator's"):
        check_password(path, "reporter", WORDS)
    with pytest.raises(ReportError, match="neither reporter nor retention"):
        write_password(path, "Retention", WORDS)


def test_a_new_password_replaces_the_old(tmp_path):
    path = tmp_path / "moderators"
    write_password(path, "anna", WORDS)
    write_password(path, "anna", "quite another password")
    assert not check_password(path, "anna", WORDS)
    assert check_password(path, "anna", "quite another password")


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 1001])
def test_short_passwords_are_refused(tmp_path, password):
    with pytest.raises(ReportError, match="12 to 1,000 letters"):
        write_password(tmp_path / "moderators", "anna", password)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("sign", ["", "a b", "a:b", "a\nb", "x" * 41])
def test_signs_that_would_break_the_file_are_refused(tmp_path, sign):
    with pytest.raises(ReportError, match="sign"):
        write_password(tmp_path / "moderators", sign, WORDS)


@pytest.mark.parametrize(
    "told",
    [
        *("", "anna", "anna:secret", "anna:scrypt$32768$8$1$00$00", "\0\0\0"),
        # what would take all of the memory, or is no power of two
        f"anna:scrypt$9999999$99$9${'0' * 32}${'0' * 64}",
        f"anna:scrypt$1048576$8$1${'0' * 32}${'0' * 64}",
        f"anna:scrypt$0$0$0${'0' * 32}${'0' * 64}",
        f"anna:scrypt$32767$8$1${'0' * 32}${'0' * 64}",
        # weaker than ours, or of so much work that a guess takes long
        f"anna:scrypt$8192$8$1${'0' * 32}${'0' * 64}",
        f"anna:scrypt$32768$1$1${'0' * 32}${'0' * 64}",
        f"anna:scrypt$32768$8$9${'0' * 32}${'0' * 64}",
        f"anna:scrypt$2$99$9${'0' * 32}${'0' * 64}",
    ],
)
def test_other_files_are_refused(tmp_path, told):
    path = tmp_path / "moderators"
    path.write_text(told, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(ReportError, match="is no password file"):
        check_password(path, "anna", WORDS)


def test_a_missing_file_is_refused(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ReportError, match="is no password file"):
            check_password(path, "anna", WORDS)


def test_letters_of_another_code_are_refused(tmp_path):
    path = tmp_path / "moderators"
    path.write_bytes(b"\xff\xfe\xfa")
    path.chmod(0o600)
    with pytest.raises(ReportError, match="holds no text"):
        check_password(path, "anna", WORDS)


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(ReportError, match="Cannot write"):
        write_password(tmp_path / "none" / "moderators", "anna", WORDS)


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=40))
def test_no_guess_crashes(file, guess):
    assert not check_password(file, "anna", guess)
