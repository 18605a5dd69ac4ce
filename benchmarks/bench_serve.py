"""
How the HTTP door bears many random questions: failures, budgets, memory, latency.

    python benchmarks/bench_serve.py --profile full

The built-in city behind a real server of its own process on the loopback, asked by a few clients
at once: walks between random places on random days and hours with random budgets, some fronts,
some exact, some hostile, some off the map, and now and then departures, round walks and shade.
Each is answered, or refused in one sentence; no walk exceeds its budget; the memory stays flat.
Prints figures beside their marks, and exits 1 if an answer breaks one.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np

N_QUESTIONS = {"ci": 300, "full": 10_000}
N_CLIENTS = 4
DAYS = ("2026-07-15", "2026-12-21", "2026-03-29", "2026-10-25")  # two of them change clocks
ODD = ("nan,nan", "91,0", "24.94,60.17", "Atlantis", "x" * 250, "0,0", "1e999,1", "\x00", "", "%")
WISHES = {
    "likes": ("sun",),
    "profile": ("pram", "wheelchair", "walk+quiet", "walk+lit", "cat"),
    "speed_km_h": ("1.08", "2.9", "4.8", "7.2", "99"),
    "language": ("de", "en"),
}
N_BLOCKS = 10  # after each of which the memory is read
MOST_GROWTH_MB = 64  # of memory from the first block to the last; our choice
REFUSALS = {400, 404, 413, 414, 503, 504}


def draw_question(chance: random.Random, box: list[float]) -> tuple[str, dict[str, str]]:
    """Draw an address and its parameters."""
    west, south, east, north = box

    def place() -> str:
        if chance.random() < 0.03:
            return chance.choice(ODD)
        # A little past the rim, where there is no street.
        lat = chance.uniform(south - 0.001, north + 0.001)
        return f"{lat:.6f},{chance.uniform(west - 0.002, east + 0.002):.6f}"

    day = chance.choice(DAYS)
    if chance.random() < 0.003:
        day = f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    at = f"{day}T{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}"
    asked = {"from": place(), "to": place(), "at": at}
    asked["budget"] = str(chance.choice([0, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.0, -1, "x"]))
    kind = chance.random()
    if kind < 0.03:
        return _draw_rest(chance, asked, box)
    asked |= {"pareto": "true"} if kind < 0.10 else {"exact": "true"} if kind < 0.13 else {}
    if kind > 0.97:
        asked["format"] = chance.choice(["text", "gpx", "csv", "html"])
    for name, values in WISHES.items():
        if chance.random() < 0.1:
            asked[name] = chance.choice(values)
    if chance.random() < 0.1:
        asked["via"] = place()
    return "/route", asked


def _draw_rest(
    chance: random.Random, asked: dict[str, str], box: list[float]
) -> tuple[str, dict[str, str]]:
    """Draw what is no route: departures around a time or after it, a round walk, streets."""
    west, south, east, north = box
    at = asked["at"]
    match chance.randrange(6):
        case 0:
            return "/departure", asked | {"span": "60", "step": "10"}
        case 1:
            del asked["at"]
            return "/departure", asked | {"depart_first": at, "depart_last": f"{at[:11]}23:59"}
        case 2 | 3:
            return "/loop", {"from": asked["from"], "at": at, "minutes": str(chance.randint(5, 40))}
    lat, lon = chance.uniform(south, north), chance.uniform(west, east)
    return "/shade", {"at": at, "bbox": f"{lon},{lat},{lon + 0.003},{lat + 0.002}"}


def judge(path: str, asked: dict[str, str], status: int, body: bytes) -> str | None:
    """Tell what an answer breaks, None if nothing."""
    if status != 200:
        told = json.loads(body)
        if status not in REFUSALS or set(told) != {"error", "kind"}:
            return f"status {status}: {body[:200]!r}"
        return None
    if path != "/route" or asked.get("format", "geojson") != "geojson":
        return None
    told = json.loads(body)
    routes = [feature["properties"] for feature in told["features"]]
    shortest_s, sun_s = routes[0]["walk_s"], [route["sun_s"] for route in routes]
    budget_s = (1.0 + float(asked["budget"])) * shortest_s
    if max(route["walk_s"] for route in routes) > budget_s + 1e-6:
        return f"over the budget: {asked}"
    gained_s = sun_s[-1] - sun_s[0]
    if (gained_s < -1e-6) if asked.get("likes") == "sun" else (gained_s > 1e-6):
        return f"worse than the shortest: {asked}"
    return None


def read_memory_mb(process: int) -> tuple[float, float]:
    """Read what memory a process holds, and what of it is its own and no map of a file. [MB]."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    held = {name: told.split() for name, _, told in (line.partition(":") for line in lines)}
    return int(held["VmRSS"][0]) / 1024, int(held["RssAnon"][0]) / 1024


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the door is open; the first time the city is built."""
    for _ in range(1200):
        if server.poll() is not None:
            sys.exit("the server ended")
        try:
            httpx.get(f"{address}/health")
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return
    sys.exit("the server did not open its door")


def ask_all(
    address: str, questions: list[tuple[str, dict[str, str]]]
) -> tuple[list[float], list[tuple[int, str | None]], float]:
    """Ask by a few clients at once; latencies, statuses with faults, and the time in all."""
    with httpx.Client(base_url=address, timeout=120) as client:

        def ask(question: tuple[str, dict[str, str]]) -> tuple[float, int, str | None]:
            path, asked = question
            began = time.perf_counter()
            answer = client.get(path, params=asked)
            took_s = time.perf_counter() - began
            return (
                took_s,
                answer.status_code,
                judge(path, asked, answer.status_code, answer.content),
            )

        began = time.perf_counter()
        with ThreadPoolExecutor(N_CLIENTS) as clients:
            told = list(clients.map(ask, questions))
        in_all_s = time.perf_counter() - began
    return [one[0] for one in told], [one[1:] for one in told], in_all_s


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--profile", choices=N_QUESTIONS, default="ci")
    parser.add_argument("folder", nargs="*", help="city folders (default: the built-in city)")
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "solarpass", "serve", *options.folder, "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(words, stderr=subprocess.DEVNULL, env=os.environ)  # noqa: S603  ours
    try:
        wait_for(address, server)
        measure(address, server.pid, N_QUESTIONS[options.profile])
    finally:
        server.terminate()
        server.wait(60)


def _tell_memory(process: int) -> str:
    held_mb, own_mb = read_memory_mb(process)
    return f"{held_mb:,.0f} MB, {own_mb:,.0f} MB of its own,"


def measure(address: str, process: int, n_questions: int) -> None:
    """Ask, and tell."""
    chance = random.Random(1)  # noqa: S311  not a secret
    box: list[float] = httpx.get(f"{address}/cities").json()[0]["bbox"]
    questions = [draw_question(chance, box) for _ in range(n_questions)]
    print(f"memory: {_tell_memory(process)} at the start")
    seconds: list[float] = []
    told: list[tuple[int, str | None]] = []
    own_mb, in_all_s = [], 0.0
    for block in np.array_split(np.arange(n_questions), N_BLOCKS):
        took_s, answers, block_s = ask_all(address, [questions[k] for k in block])
        seconds += took_s
        told += answers
        in_all_s += block_s
        own_mb.append(read_memory_mb(process)[1])
        print(f"memory: {_tell_memory(process)} after {len(told):,}", flush=True)
    statuses: Counter[Any] = Counter(status for status, _ in told)
    faults = [fault for _, fault in told if fault]
    p50, p95, most = 1e3 * np.percentile(seconds, [50, 95, 100])
    print(f"{n_questions:,} questions by {N_CLIENTS} clients: {dict(sorted(statuses.items()))}")
    print(f"failed or over the budget: {len(faults)} (mark: 0)")
    print(f"latency p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {most:.0f} ms")
    print(f"{n_questions / in_all_s:.0f} questions a second")
    # Tables of days, desks and pools come to be with the first questions, and stay.
    grown_mb = own_mb[-1] - own_mb[0]
    print(f"own memory grew by {grown_mb:,.0f} MB since the first block (mark: {MOST_GROWTH_MB})")
    if grown_mb > MOST_GROWTH_MB:
        faults.append("the memory grows")
    if faults:
        print("\n".join(faults[:20]))
        sys.exit(1)


if __name__ == "__main__":
    main()
