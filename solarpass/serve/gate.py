"""The gate: so many are answered at once, so many wait, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from solarpass.errors import SourceError

Answer = TypeVar("Answer")


class BusyError(Exception):
    """Too many wait already."""


class SlowError(Exception):
    """The answer takes longer than one may wait."""


@dataclass(frozen=True, slots=True)
class GateModel:
    """
    What one machine bears; change one with `dataclasses.replace`.

    Attributes
    ----------
    n_workers
        Answers worked on at once; searches run beside each other, for they let go of Python's
        lock. Our choice.
    n_waiting
        More than so many do not wait, but are told to come again; our choice.
    patience_s
        So long one waits for an answer, its place in the queue included; our choice. [s]
    retry_s
        After which one may come again; our choice. [s]
    """

    n_workers: int = 2
    n_waiting: int = 64
    patience_s: float = 20.0
    retry_s: int = 2

    def __post_init__(self) -> None:
        """Refuse a gate that nobody gets through."""
        if self.n_workers < 1 or self.n_waiting < 0 or not self.patience_s > 0.0:
            msg = (
                f"Wanted one worker or more, none or more who wait, and some patience; got "
                f"{self.n_workers}, {self.n_waiting} and {self.patience_s} s."
            )
            raise SourceError(msg)


class Gate:
    """Lets work through, a few pieces at once, in the order they came."""

    def __init__(self, model: GateModel) -> None:
        self.model = model
        self._workers = ThreadPoolExecutor(model.n_workers, thread_name_prefix="door")
        self._lock = threading.Lock()
        self._n_inside = 0
        self._is_closed = False

    @property
    def n_inside(self) -> int:
        """Count the pieces that are worked on, or wait."""
        return self._n_inside

    async def let_through(self, work: Callable[[], Answer]) -> Answer:
        """
        Do a piece of work on a thread of its own.

        Compiled work cannot be stopped: who gives up waiting leaves it its place until it ends,
        so that no more is ever worked on at once than there are workers.

        Raises
        ------
        BusyError
            If too many wait.
        SlowError
            If it takes too long.
        """
        with self._lock:
            if self._n_inside >= self.model.n_workers + self.model.n_waiting:
                raise BusyError
            self._n_inside += 1
        try:
            piece = self._workers.submit(work)
        except RuntimeError as error:  # the door closes
            self._leave(None)
            raise BusyError from error
        piece.add_done_callback(self._leave)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(piece), self.model.patience_s)
        except TimeoutError as error:
            raise SlowError from error
        except asyncio.CancelledError:
            if piece.cancelled() and self._is_closed:
                raise BusyError from None
            raise

    def close(self) -> None:
        """Take no more work on; what waits is let go."""
        self._is_closed = True
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _leave(self, _: Future[Answer] | None) -> None:
        with self._lock:
            self._n_inside -= 1
