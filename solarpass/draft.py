"""Files and folders that appear whole or not at all: written aside, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent
        )
    except OSError as error:
        msg = f"Cannot write {str(path)!r}: {error.strerror}; name a file in a folder that exists."
        raise SourceError(msg) from error
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def draft_folder(folder: Path, *, mark: str) -> Iterator[Path]:
    """
    Lend a draft folder beside `folder`, and put it in its place once all is written.

    Parameters
    ----------
    folder
        Where it shall stand; a folder that stands there is replaced in one step.
    mark
        The file by which a whole folder is known.

    Raises
    ------
    FolderError
        If it cannot be written.
    """
    folder = folder.resolve()  # where a link leads
    draft: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        yield draft
        draft.chmod(0o755)  # mkdtemp's own 0700 would hide the city from other users
        _put_in_place(draft, folder, mark=mark)
    except OSError as error:
        if isinstance(error, SolarpassError):
            raise
        msg = f"Cannot write {str(folder)!r}: {error.strerror or error}; name another --out."
        raise FolderError(msg) from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, folder: Path, *, mark: str) -> None:
    """Rename the draft; what stood there before goes only when the new city stands."""
    old = draft.with_name(draft.name + ".old")
    if folder.exists():
        folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        # Another build of the same city was quicker: theirs is as good as ours.
        if not (folder / mark).exists():
            if old.exists():
                old.rename(folder)
            raise
    shutil.rmtree(old, ignore_errors=True)
