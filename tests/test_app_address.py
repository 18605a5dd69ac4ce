"""Where the app listens: this machine alone, and below the path that a proxy shows it under."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

FROM_START_S = 90.0


def fetch(address):
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  loopback  # noqa: S310  loopback
        return answer.status, answer.read()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Start the app below a path, as the command line does; its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "solarpass", "app", "--headless", "--port", str(port)]
    server = subprocess.Popen(  # noqa: S603  our own words
        [*command, "--base-path", "/shade/"],
        cwd=tmp_path_factory.mktemp("empty"),
        env={**os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + FROM_START_S
    while time.monotonic() < until:
        try:
            fetch(f"http://127.0.0.1:{port}/shade/_stcore/health")
            break
        except OSError:
            time.sleep(0.1)
    yield port, psutil.Process(server.pid)
    for child in psutil.Process(server.pid).children(recursive=True):
        child.terminate()
    server.terminate()
    server.wait(20)


def test_the_app_and_its_own_routes_answer_below_the_path_alone(served):
    port, _ = served
    status, page = fetch(f"http://127.0.0.1:{port}/shade/")
    assert status == 200
    assert b"<title>" in page
    from solarpass.map.bundle import bundle_digest  # noqa: PLC0415  built with the package

    below = f"http://127.0.0.1:{port}/shade/map/ui/{bundle_digest()}/main.css"
    status, style = fetch(below)
    assert status == 200
    assert re.search(rb"[{}]", style)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(below.replace("/shade/", "/"))


def test_only_this_machine_is_heard(served):
    port, process = served
    heard = {
        connection.laddr.ip
        for part in [process, *process.children(recursive=True)]
        for connection in part.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
    }
    assert heard == {"127.0.0.1"}
