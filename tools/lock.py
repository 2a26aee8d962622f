"""Write `requirements.lock`: exact versions with hashes, for every supported platform and Python.

Chooses the newest versions that pyproject.toml allows, dev packages included, and stops, leaving
the old lock as it was, when a version has no ready-made wheel for a platform it is needed on.
Run it with `make lock`; it fetches its own tools into a throw-away environment.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
HEADER = """\
# Written by `make lock` from pyproject.toml, dev packages included: change that, not this.
# Every version has a wheel for each platform and Python named there.
"""
# A lock that names an address would fail wherever packages come from a mirror or a folder.
ADDRESS = re.compile(r"\w+://|^\s*-(?!-hash)", re.MULTILINE)


def support() -> dict[str, Any]:
    """The table `[tool.achievement]` of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = project["tool"]["achievement"]
    return table


def in_throw_away_environment(tools: list[str]) -> int:
    """Install `tools` into a temporary environment and run this script again in it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *tools], check=True)
        return subprocess.run([python, __file__, "--write"]).returncode


def compile_pins(source: str, target: Path, oldest_python: str, *options: str) -> None:
    """Resolve `source` for all platforms and Pythons from `oldest_python` on into `target`."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
    command += ["--universal", "--python-version", oldest_python, "--no-emit-index-url"]
    command += ["--no-emit-find-links", *options, "--output-file", str(target), source]
    subprocess.run(command, cwd=ROOT, check=True)


def write_lock() -> int:
    """Resolve, look for wheels, and only then replace the lock."""
    from wheels import missing_wheels

    table = support()
    oldest = table["pythons"][0]
    with tempfile.TemporaryDirectory() as folder:
        draft, listing = Path(folder) / "draft.txt", Path(folder) / "pylock.toml"
        compile_pins("pyproject.toml", draft, oldest, "--extra", "dev", "--generate-hashes")
        compile_pins(str(draft), listing, oldest, "--no-deps", "--format", "pylock.toml")
        pins = tomllib.loads(listing.read_text(encoding="utf-8"))["packages"]
        missing = list(missing_wheels(pins, table))
        text = HEADER + draft.read_text(encoding="utf-8")
    if missing:
        print("Lock stopped, requirements.lock is as it was:", *missing, sep="\n  ")
        print("Hold the package back in pyproject.toml, or give up the platform there.")
        return 1
    if ADDRESS.search(text):
        print(f"Lock stopped: an address or an option in it: {ADDRESS.findall(text)}")
        return 1
    LOCK.write_text(text, encoding="utf-8", newline="\n")
    combinations = len(table["platforms"]) * len(table["pythons"])
    print(f"requirements.lock: {len(pins)} pins, with wheels for {combinations} combinations.")
    return 0


if __name__ == "__main__":
    try:
        inside = "--write" in sys.argv[1:]
        sys.exit(write_lock() if inside else in_throw_away_environment(support()["lock-tools"]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"Lock stopped: a command failed with exit code {error.returncode}, see above.")
