"""Reports for tests, and processes that write them."""

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

from hiro.report import build_report
from hiro.report_terms import CONSENT_VERSION

PLACE = {"latitude_deg": 51.05, "longitude_deg": 13.74}
NOON = dt.datetime(2026, 7, 20, 12, 0, tzinfo=dt.UTC)

_WRITER = """
import sys
sys.path.insert(0, {tests!r})
from made_reports import made_report
from hiro.reportbase import StoreModel
from hiro.reports import open_reports

with open_reports(sys.argv[1], model=StoreModel(most_per_hour=10**9, wait_s=60.0)) as reports:
    photo = sys.argv[3] == "photo"
    for number in range(int(sys.argv[2])):
        receipt = reports.add(made_report(suggestion=f"{{number}} " * 50, photo=photo))
        sys.stdout.write(f"{{receipt.report_id}} {{receipt.code}}\\n")
        sys.stdout.flush()
"""


def made_photo(size=(64, 48), form="JPEG", colour=(200, 120, 40), **saved):
    """Draw a photo of one colour."""
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, form, **saved)
    return drawn.getvalue()


def made_report(*, photo=False, **changed):
    """Build a report that is fine but for what is changed."""
    told = PLACE | {"felt": 4, "category": "no_shade", "consent": CONSENT_VERSION}
    raw = made_photo() if photo is True else photo or None
    return build_report(**(told | {"photo": raw} | changed))


def start_writer(path, n, *, photo=False, before=None):
    """Start a process that writes reports, and tells each once it is acknowledged."""
    code = _WRITER.format(tests=str(Path(__file__).parent))
    arguments = [sys.executable, "-c", code, str(path), str(n), "photo" if photo else "none"]
    return subprocess.Popen(  # noqa: S603  our own code
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=before,  # noqa: PLW1509  no threads run yet
        text=True,
    )


def kill_after(process, n):
    """End a process amid its work, as a failing machine does; return what it acknowledged."""
    told = [process.stdout.readline() for _ in range(n)]
    process.kill()
    told += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    process.stderr.close()
    return [line.split()[0] for line in told if line.endswith("\n")]
