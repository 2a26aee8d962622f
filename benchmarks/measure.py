"""Run a command and measure it: seconds, and the peak memory of any of its processes."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Measured:
    """Median seconds over some goes, and the highest resident memory in MB of one process."""

    seconds: float
    peak_mb: float
    output: str


def measure(command: list[str], goes: int = 1, accept: tuple[int, ...] = (0, 11)) -> Measured:
    """Run `python command…` from the project's folder. Raises where it fails."""
    seconds, peak, output = [], 0.0, ""
    for _ in range(goes):
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        watch = Watch(process.pid)
        out, err = process.communicate()
        seconds.append(time.perf_counter() - started)
        peak = max(peak, watch.stop())
        output = out.decode("utf-8", "replace")
        if process.returncode not in accept:
            raise SystemExit(f"{command}: exit {process.returncode}\n{err.decode()}")
    return Measured(median(seconds), peak, output)


class Watch(threading.Thread):
    """Follows a process and those it starts (Linux); 0 MB elsewhere."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak_kb, self.ended = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.ended.wait(0.05):
            for pid in self._family():
                self.peak_kb = max(self.peak_kb, _high_water(pid))

    def stop(self) -> float:
        self.ended.set()
        self.join()
        return self.peak_kb / 1024

    def _family(self) -> list[int]:
        found, new = [self.pid], [self.pid]
        while new:
            children = [c for pid in new for c in _children(pid)]
            found += children
            new = children
        return found


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []


def _high_water(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def stages(measured: Measured) -> dict[str, float]:
    """Seconds of each stage, from what `--json` prints."""
    found: dict[str, float] = json.loads(measured.output)["seconds"]
    return found
