"""
Cities open in this process: opened once, in the background, for all sessions.

The engine takes seconds to import; this room waits for it in its worker, so that the server
answers and the browser loads meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from solarpass.errors import SolarpassError
from solarpass.trip import Trip

if TYPE_CHECKING:
    from solarpass.atlas import Atlas

    from .scene import Scene

CITY_FILE: Final = "city.json"
WARM_WALK_M: Final = 300.0
# From where to where each step of a build moves the bar, by the time it takes; our choice
STEPS: Final = {"read": (0.0, 0.05), "city": (0.05, 0.25), "horizon": (0.25, 0.98)}


class Opening:
    """
    A city on its way, which all who wait for it share.

    A visitor who leaves does not stop it, and how far it is may be read at any time.
    """

    def __init__(self, folder: Path | None) -> None:
        self.step = ""
        self.fraction = 0.0
        self._scene: Future[Scene] = _workers.submit(self._open, folder)

    def _open(self, folder: Path | None) -> Scene:
        from solarpass.atlas import built_in_atlas, read_atlas  # noqa: PLC0415

        from .scene import build_scene  # noqa: PLC0415

        atlas = read_atlas(folder) if folder else built_in_atlas(progress=self._progress)
        return build_scene(atlas)

    def _progress(self, step: str, fraction: float) -> None:
        """Note the step and how much of the whole is done, of which the steps are parts."""
        begin, end = STEPS.get(step, (self.fraction, self.fraction))
        self.step = step
        self.fraction = begin + (end - begin) * min(max(fraction, 0.0), 1.0)

    def wait(self, timeout_s: float) -> Scene | None:
        """
        Wait so long for the city; None where it takes longer.

        Raises
        ------
        SolarpassError
            If it cannot be opened.
        """
        try:
            return self._scene.result(timeout_s)
        except TimeoutError:
            return None

    @property
    def scene(self) -> Scene | None:
        """The city, once it is open."""
        open_ = self._scene.done() and self._scene.exception() is None
        return self._scene.result() if open_ else None

    @property
    def failed(self) -> bool:
        """Whether it could not be opened."""
        return self._scene.done() and self._scene.exception() is not None

    def on_open(self, call: Callable[[Scene], None]) -> None:
        """Have `call` told once the city is open, on the worker that opened it."""
        self._scene.add_done_callback(lambda _: call(self._scene.result()) if self.scene else None)


_workers = ThreadPoolExecutor(1, thread_name_prefix="opening")
_openings: dict[Path | None, Opening] = {}
_lock = threading.Lock()


def open_scene(folder: Path | None) -> Opening:
    """
    Begin to open a city folder, or the built-in city for None; one that failed is tried again.

    The built-in city is built on the first start.
    """
    with _lock:
        opening = _openings.get(folder)
        if opening is None or opening.failed:
            opening = _openings[folder] = Opening(folder)
            opening.on_open(lambda scene: _warm(scene.atlas))
        return opening


def list_cities(folders: Sequence[Path]) -> list[Path]:
    """
    List city folders: those given, and of a folder that holds cities, each, by name.

    What is looked for is there at this moment, so that a new city needs no new start.
    """
    cities: list[Path] = []
    for folder in folders:
        held = () if (folder / CITY_FILE).exists() else sorted(folder.glob(f"*/{CITY_FILE}"))
        within = [path.parent for path in held if not path.parent.name.startswith(".")]
        cities += within or [folder]  # one that is no city either is told of once it is chosen
    return cities


def open_early(
    folders: Sequence[Path],
) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """Have the server open the city it will show first while no one has come yet."""

    @asynccontextmanager
    async def opened(_app: object) -> AsyncIterator[None]:
        open_scene(list_cities(folders)[0] if folders else None)
        yield

    return opened


def find_scene(digest: str) -> Scene | None:
    """Find an open city by its digest."""
    scenes = (opening.scene for opening in list(_openings.values()))
    return next((scene for scene in scenes if scene and scene.digest == digest), None)


def _warm(atlas: Atlas) -> None:
    """Have compiled what the first question needs, while the visitor looks at the map."""
    import numpy as np  # noqa: PLC0415

    from solarpass.route import find_routes  # noqa: PLC0415

    now = datetime.now(atlas.zone)
    shade = atlas.shade_on(now.date())
    node_xy = atlas.network.node_xy[atlas.network.component == 0]
    away_m = np.hypot(*(node_xy - node_xy[0]).T)
    ends = node_xy[[0, int(np.abs(away_m - WARM_WALK_M).argmin())]]
    (north, east), (to_north, to_east) = atlas.city.to_degrees(ends).tolist()
    with suppress(SolarpassError):  # of a city so small that nobody walks there
        find_routes(atlas.network, shade, Trip((north, east), (to_north, to_east), departs=now))
