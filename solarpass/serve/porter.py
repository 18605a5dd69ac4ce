"""The porter: who may stand at the door, and how long one who dawdles is waited for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from math import inf
from typing import Any, ClassVar

import h11
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from solarpass.errors import SourceError

from .refusal import refuse

_LOOKS = 8  # in each of the shortest terms; one who dawdles is found at most an eighth late


@dataclass(frozen=True, slots=True)
class PorterModel:
    """
    How long the door is held for one client; change one with `dataclasses.replace`.

    Attributes
    ----------
    question_s
        From the first byte of a question to its last, however they trickle in; our choice. [s]
    idle_s
        Before a first question, and between two; our choice. [s]
    least_b_s
        An answer that is taken more slowly than this over `idle_s` is no longer sent: slower
        than a phone at the edge of its net; our choice. [B s⁻¹]
    n_connections
        Open at once. When one more comes, who has dawdled longest is shown out; our choice.
    """

    question_s: float = 10.0
    idle_s: float = 15.0
    least_b_s: float = 1000.0
    n_connections: int = 512

    def __post_init__(self) -> None:
        """Refuse a porter who lets nobody in."""
        terms = (self.question_s, self.idle_s, self.least_b_s)
        if not all(0.0 < term < inf for term in terms) or self.n_connections < 1:
            msg = (
                f"Wanted terms and a rate above 0 and one connection or more; got "
                f"{self.question_s} s, {self.idle_s} s, {self.least_b_s} B/s and "
                f"{self.n_connections}."
            )
            raise SourceError(msg)


class Porter(H11Protocol):
    """
    One connection with terms; uvicorn's own waits for ever for a question that is half there.

    Attributes
    ----------
    model
        The terms.
    """

    model: ClassVar[PorterModel] = PorterModel()
    _since_s: float
    _has_begun = False  # a question
    _left_bytes: float = inf  # of an answer, when it last went on
    _went_on_s: float
    _looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let one in, if need be in the place of another."""
        super().connection_made(transport)
        self._since_s = self._went_on_s = self.loop.time()
        self._look()
        if len(self.connections) <= self.model.n_connections:
            return
        porters = (one for one in self.connections if isinstance(one, Porter) and one is not self)
        dawdling = [one for one in porters if one.is_waited_for]
        if dawdling:
            min(dawdling, key=lambda one: one._since_s).transport.abort()  # noqa: SLF001  its own
            return
        self._tell(refuse("Too many are at the door; come again.", status=503, kind="busy"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Start the clock with the first byte of a question."""
        if not self._has_begun:
            self._has_begun, self._since_s = True, self.loop.time()
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Wait for the next question, or for the rest of one that was answered too early."""
        self._since_s = self.loop.time()
        super().on_response_complete()
        self._has_begun = bool(self.conn.trailing_data[0])

    def send_400_response(self, msg: str) -> None:
        """Say as JSON, like all else, that a request does not read."""
        del msg
        self._tell(refuse("This request does not read.", status=400, kind="bad_request"))

    @property
    def is_waited_for(self) -> bool:
        """Tell whether it is the client's turn: no answer is worked on, or on its way."""
        is_answered = self.cycle is None or self.cycle.response_complete
        return is_answered and not self.transport.get_write_buffer_size()

    def _look(self) -> None:
        """Show out who dawdles; look again in a while."""
        model, now_s = self.model, self.loop.time()
        left_bytes = self.transport.get_write_buffer_size()
        went_bytes = self._left_bytes - left_bytes
        if not left_bytes or went_bytes < 0 or went_bytes >= model.least_b_s * model.idle_s:
            self._left_bytes, self._went_on_s = left_bytes or inf, now_s
        elif now_s - self._went_on_s > model.idle_s:
            self.transport.abort()
            return
        if self.is_waited_for:
            term_s = model.question_s if self._has_begun else model.idle_s
            if now_s - self._since_s > term_s:
                self._show_out()
                return
        else:
            self._since_s = now_s  # how long an answer takes is not the client's doing
        self._looking = self.loop.call_later(
            min(model.question_s, model.idle_s) / _LOOKS, self._look
        )

    def _show_out(self) -> None:
        if not self._has_begun or self.transport.is_closing():
            self.transport.abort()
            return
        sentence = f"A question has to be here whole within {self.model.question_s:g} s."
        self._tell(refuse(sentence, status=408, kind="too_slow"))
        # What is said fits any buffer of the system, so nobody has to take it first.
        self.loop.call_later(self.model.idle_s, self.transport.abort)

    def _tell(self, said: Response) -> None:
        """Say something without the application, and close."""
        headers: list[Any] = [*said.raw_headers, (b"connection", b"close")]
        begins = h11.Response(status_code=said.status_code, headers=headers)
        try:
            for event in (begins, h11.Data(data=bytes(said.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # in the midst of an answer: no other can be begun
            pass
        self.transport.close()


def hire_porter(model: PorterModel) -> type[Porter]:
    """Make a protocol for uvicorn that keeps these terms."""
    return type("Porter", (Porter,), {"model": model})
