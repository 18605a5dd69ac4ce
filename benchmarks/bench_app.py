"""
How the app bears many visitors at once: errors, answers, memory.

    python benchmarks/bench_app.py --profile full

The app on the built-in city as a process of its own; each visitor is a WebSocket that speaks
Streamlit's own messages and follows another link every ten seconds: a random walk of the July
day, now and then the city's face. An answer is done when its last run is. The memory is the
server's resident set with its workers', each minute. Prints figures beside their marks, and
exits 1 if a visitor met an error.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).parents[1]
N_VISITORS = {"ci": 5, "full": 50}
LASTS_S = {"ci": 20.0, "full": 300.0}
EVERY_S = 10.0
PATIENCE_S = 60.0
MARK_S, MARK_GROWTH = 2.0, 0.05
HEAT_SHARE = 0.1  # of the links that lead to the city's face; our choice
SOUTH, WEST, NORTH, EAST = 60.163, 24.930, 60.178, 24.955  # well within the built-in city
SPEAKS = Subprotocol("streamlit")
MEBI = 2**20


@dataclass
class Tally:
    """What all visitors met: seconds of each answer, errors as said, and how many told walks."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    n_walks: int = 0
    resident_mb: list[float] = field(default_factory=list)


def draw_link(chance: random.Random) -> str:
    """Draw a link: a walk, or the city's face."""
    if chance.random() < HEAT_SHARE:
        return urlencode({"face": "heat", "lang": chance.choice(["de", "en"])})

    def place() -> str:
        return f"{chance.uniform(SOUTH, NORTH):.6f},{chance.uniform(WEST, EAST):.6f}"

    at = f"2026-07-15T{chance.randint(6, 20):02d}:{5 * chance.randint(0, 11):02d}"
    budget = chance.choice(["0.1", "0.15", "0.3"])
    return urlencode({"from": place(), "to": place(), "at": at, "budget": budget, "lang": "en"})


async def ask(visitor: ClientConnection, link: str, tally: Tally) -> str | None:
    """Follow a link, and read until its last run is done; what went wrong, or None."""
    asked = BackMsg()
    asked.rerun_script.query_string = link
    await visitor.send(asked.SerializeToString())
    while True:
        packed = bytes(await visitor.recv(decode=False))
        told = ForwardMsg.FromString(packed)
        tally.n_walks += b'"walk_s"' in packed
        if told.WhichOneof("type") == "delta" and told.delta.new_element.WhichOneof("type"):
            element = told.delta.new_element
            if element.HasField("exception"):
                return element.exception.message
            if element.HasField("alert") and element.alert.format == element.alert.ERROR:
                return element.alert.body
        elif told.WhichOneof("type") == "script_finished":
            status = ForwardMsg.ScriptFinishedStatus.Name(told.script_finished)
            return None if status == "FINISHED_SUCCESSFULLY" else status


async def visit(port: int, until: float, seed: int, tally: Tally) -> None:
    """Be one visitor until the end, each at another beat."""
    chance = random.Random(seed)  # noqa: S311  drawn for a load, not for a secret
    await asyncio.sleep(chance.uniform(0.0, EVERY_S))
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, max_size=None, subprotocols=[SPEAKS]) as visitor:
        while time.perf_counter() < until:
            began = time.perf_counter()
            try:
                fault = await asyncio.wait_for(ask(visitor, draw_link(chance), tally), PATIENCE_S)
            except TimeoutError:
                fault = f"no answer in {PATIENCE_S:.0f} s"
            tally.seconds.append(time.perf_counter() - began)
            if fault:
                tally.errors.append(fault)
            await asyncio.sleep(max(0.0, began + EVERY_S - time.perf_counter()))


async def watch(pid: int, until: float, tally: Tally) -> None:
    """Note the memory every fifth of a minute."""
    server = psutil.Process(pid)
    while time.perf_counter() < until:
        await asyncio.sleep(12.0)
        parts = [server, *server.children(recursive=True)]
        tally.resident_mb.append(sum(part.memory_info().rss for part in parts) / MEBI)


async def load(port: int, pid: int, profile: str) -> Tally:
    """Let all visitors in, and wait until they have gone."""
    tally, until = Tally(), time.perf_counter() + LASTS_S[profile]
    visitors = (visit(port, until, seed, tally) for seed in range(N_VISITORS[profile]))
    await asyncio.gather(watch(pid, until, tally), *visitors)
    return tally


async def warm(port: int) -> None:
    """Wait until the city is open and the search compiled."""
    async with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, subprotocols=[SPEAKS]
    ) as visitor:
        for seed in range(3):
            link = draw_link(random.Random(seed))  # noqa: S311  no secret
            await asyncio.wait_for(ask(visitor, link, Tally()), 300.0)


def tell(tally: Tally, profile: str) -> None:
    """Print the figures beside their marks."""
    p50, p95 = np.percentile(tally.seconds, [50, 95])
    print(
        f"{N_VISITORS[profile]} visitors, a link every {EVERY_S:.0f} s for "
        f"{LASTS_S[profile]:.0f} s: {len(tally.seconds)} answers, "
        f"{tally.n_walks} of them walks, {len(tally.errors)} errors "
        f"(mark 0); p50 {p50:.2f} s, p95 {p95:.2f} s (mark {MARK_S:.0f} s), "
        f"most {max(tally.seconds):.2f} s"
    )
    for error in sorted(set(tally.errors)):
        print(f"  error: {error}")
    minutes = tally.resident_mb
    if len(minutes) >= 25:
        early, late = np.mean(minutes[8:11]), np.mean(minutes[-3:])
        print(
            f"memory {early:,.0f} MB at minute 2, {late:,.0f} MB at minute 5: "
            f"{late / early - 1:+.1%} (mark {MARK_GROWTH:+.0%})"
        )
    elif minutes:
        print(f"memory {minutes[-1]:,.0f} MB at the end")


def main() -> None:
    """Start the app, load it, tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--profile", choices=N_VISITORS, default="ci")
    profile = parser.parse_args().profile
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    with tempfile.TemporaryDirectory() as reports:
        server = subprocess.Popen(  # noqa: S603  our own words
            [*command, "--server.port", str(port), "--server.headless", "true"],
            env={**os.environ, "HIRO_REPORTS": f"{reports}/reports.sqlite"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                    break
                except OSError:
                    time.sleep(0.1)
            asyncio.run(warm(port))
            tally = asyncio.run(load(port, server.pid, profile))
        finally:
            server.terminate()
            server.wait(20)
    tell(tally, profile)
    sys.exit(1 if tally.errors else 0)


if __name__ == "__main__":
    main()
