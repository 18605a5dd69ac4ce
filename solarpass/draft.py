"""Files and folders that appear whole or not at all: written aside, then renamed."""

from __future__ import annotations

import errno
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import FolderError, SolarpassError, SourceError


@contextmanager
def draft_file(path: Path) -> Iterator[Path]:
    """
    Lend a name beside `path` to write to, and rename it once all is written.

    Raises
    ------
    SourceError
        If nothing can be written there.
    """
    draft = _beside(path)
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        if isinstance(error, SolarpassError):
            raise
        msg = f"Cannot write {str(path)!r}: {error.strerror or error}; name another file."
        raise SourceError(msg) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """
    Lend a draft folder beside `folder`, and put it in its place once all is written.

    Parameters
    ----------
    folder
        Where it shall stand; a folder that stands there is replaced in one step.

    Raises
    ------
    FolderError
        If it cannot be written.
    """
    folder = folder.resolve()  # where a link leads
    draft = _beside(folder)  # named before it is made, so that no stop finds it nameless
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        yield draft
        _put_in_place(draft, folder)
    except OSError as error:
        if isinstance(error, SolarpassError):
            raise
        msg = f"Cannot write {str(folder)!r}: {error.strerror or error}; name another --out."
        raise FolderError(msg) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _beside(path: Path) -> Path:
    """Name a hidden neighbour that nobody else has, with the same ending."""
    return path.with_name(f".{path.stem}.{secrets.token_hex(6)}{path.suffix}")


def _put_in_place(draft: Path, folder: Path) -> None:
    """Rename the draft; what stood there before goes only when the new folder stands."""
    old = draft.with_name(draft.name + ".old")
    try:
        with suppress(FileNotFoundError):  # nothing stands there, or another build just took it
            folder.rename(old)
        draft.rename(folder)
    except BaseException as error:
        if old.exists() and not folder.exists():  # stopped between the two
            old.rename(folder)
        # Another build of the same folder was quicker: theirs is as good as ours.
        if not isinstance(error, OSError) or error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
    finally:
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
