"""Make `.venv` from `requirements.lock`; do nothing when it is already so.

Standard library only, and readable by old Pythons, so that it can say what is wrong with them.
Run it with `make setup`, or `python3 tools/setup.py` (Windows: `py -3 tools\\setup.py`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.sha256"
UNDER_WAY = VENV / "set-up-under-way"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class SetupError(Exception):
    """What the person at the terminal can mend; shown without a traceback."""


def supported_pythons() -> list[str]:
    """The Pythons the lock is made for, oldest first (`pythons` in pyproject.toml)."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    line = re.search(r"^pythons = \[(.*)\]", text, re.MULTILINE)
    if line is None:
        raise SetupError("pyproject.toml: no line 'pythons = [...]' under [tool.achievement].")
    return re.findall(r'"([\d.]+)"', line.group(1))


def installed_python(version: str) -> list[str] | None:
    """The command that starts Python `version` on this machine, or None."""
    candidates = [["py", f"-{version}"]] if os.name == "nt" else []
    candidates.append([f"python{version}"])
    for candidate in candidates:
        if shutil.which(candidate[0]) is None:
            continue
        # A launcher can be there without the Python it names.
        answer = subprocess.run([*candidate, "-c", "import ensurepip, venv"], capture_output=True)
        if answer.returncode == 0:
            return candidate
    return None


def run_with_supported_python(pythons: list[str]) -> int:
    """Start this script again with the newest supported Python on this machine."""
    for version in reversed(pythons):
        command = installed_python(version)
        if command is not None:
            return subprocess.run([*command, str(Path(__file__).resolve())]).returncode
    raise SetupError(
        f"this is Python {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}). "
        f"The packages are locked for Python {', '.join(pythons)}, and none of these was found. "
        f"Install Python {pythons[-1]} (no administrator rights are needed) and run this again."
    )


def wanted_stamp() -> str:
    """A hash of the lock and of the Python series, which together decide what is in `.venv`."""
    if not LOCK.exists():
        raise SetupError(f"{LOCK.name} is missing: fetch it again from the repository.")
    content = LOCK.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(content + repr(sys.version_info[:2]).encode()).hexdigest()


def is_ready(stamp: str) -> bool:
    """Whether `.venv` was finished for this very lock and Python."""
    if not STAMP.exists() or not VENV_PYTHON.exists():
        return False
    return STAMP.read_text(encoding="utf-8").strip() == stamp


def environment() -> dict[str, str]:
    """The environment as given, but compiled modules are kept: without them every start is slow."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run_step(command: list[str], problem: str) -> None:
    """Run one command of the set-up, its output shown; raise `problem` when it fails."""
    if subprocess.run(command, cwd=ROOT, env=environment()).returncode != 0:
        raise SetupError(problem)


def make_venv() -> None:
    """An empty `.venv`; one that somebody made by other means is kept and filled."""
    ours = STAMP.exists() or UNDER_WAY.exists()
    if VENV.exists() and (ours or not VENV_PYTHON.exists()):
        try:
            shutil.rmtree(VENV)
        except OSError as error:
            raise SetupError(
                f".venv could not be removed ({error.strerror}): close every program that "
                "runs from it (notebooks, editors, terminals) and run this again."
            ) from None
    is_new = not VENV.exists()
    VENV.mkdir(exist_ok=True)
    # From here on a set-up that is cut short leaves this mark, and the next one starts afresh.
    UNDER_WAY.touch()
    if is_new:
        run_step(
            [sys.executable, "-m", "venv", str(VENV)],
            "Python's 'venv' is missing. On Debian and Ubuntu: install python3-venv.",
        )


def install() -> None:
    """The locked packages, every file checked against its hash, compiled on all processors."""
    run_step(
        [
            *[str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"],
            *["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check"],
            *["--requirement", str(LOCK)],
        ],
        "pip could not install the packages: see its message above. Behind a school's filter, "
        "docs/for-it-support.md says what to allow and how to install from a folder.",
    )
    # A few packages carry files for other Pythons, which do not compile and are never imported.
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    found = subprocess.run([str(VENV_PYTHON), "-c", code], capture_output=True, text=True)
    subprocess.run(
        [str(VENV_PYTHON), "-m", "compileall", "-qq", "-j", "0", found.stdout.strip()],
        env=environment(),
    )


def set_up() -> int:
    pythons = supported_pythons()
    if f"{sys.version_info[0]}.{sys.version_info[1]}" not in pythons:
        return run_with_supported_python(pythons)
    stamp = wanted_stamp()
    if is_ready(stamp):
        return 0
    if Path(sys.prefix).resolve() == VENV:
        raise SetupError("start this with the machine's own Python, not with the one in .venv.")
    print("Set-up: packages go into .venv, once; this takes a few minutes.", flush=True)
    started = time.monotonic()
    make_venv()
    install()
    STAMP.write_text(stamp + "\n", encoding="utf-8")
    UNDER_WAY.unlink(missing_ok=True)
    print(f"Set-up: done in {time.monotonic() - started:.0f} seconds.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(set_up())
    except SetupError as error:
        sys.exit(f"Set-up stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("Set-up was interrupted: run it again, and it starts afresh.")
