"""What several tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """
    Open the folder of reference data, which a user's clone has not.

    Under CI a missing folder fails, so that nothing is skipped unseen.
    """
    named = os.environ.get("SOLARPASS_REFERENCE_DATA")
    folder = Path(named) if named else None
    if folder is not None and folder.is_dir():
        return folder
    if os.environ.get("CI"):
        pytest.fail(f"SOLARPASS_REFERENCE_DATA must name a folder under CI; got {named!r}.")
    pytest.skip("needs the folder of reference data, named by SOLARPASS_REFERENCE_DATA")


@pytest.fixture(scope="session")
def helsinki(tmp_path_factory):
    """Build the built-in city, once for all tests, and open it."""
    from solarpass.atlas import build_atlas  # noqa: PLC0415  the light tests need none of it

    return build_atlas("helsinki", tmp_path_factory.mktemp("cities") / "helsinki")
