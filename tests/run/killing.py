"""Runs that are ended half-way: at random moments, and at those where most could go wrong.

Shared by the tests, which end a few, and the benchmark, which ends a hundred.
"""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from pipeline.programme import Programme
from tests.every_kind import SETTINGS, SURNAME, content, exports, long

ROOT = Path(__file__).resolve().parents[2]
FIRST = {"2025-26-autumn/990001/0 first.csv": long(4, {"outcome": "WTS"})}
# What is waited for before a run is ended: a time, or that something is there.
RANDOM, ARCHIVED, WRITTEN = "at a random moment", "once a file is archived", "once it is written"
# A run that is not ended within this many times its usual length hangs.
PATIENCE = 20
# The end of the process without a chance to do anything more, on every system.
END = "os._exit(9)"
# Runs a command with something done before or after a function of the program.
WRAP = """
import os, sys
from pipeline import cli
from {module} import {owner} as owner
usual = getattr(owner, {name!r})
def ended(*given, **named):
{body}
setattr(owner, {name!r}, ended)
sys.argv = ["achievement", *{words!r}]
cli.main()
"""

Content = dict[str, list[tuple[object, ...]]]


@dataclass
class Killed:
    """What became of the runs that were ended."""

    moments: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    between: list[str] = field(default_factory=list)
    readable: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    @property
    def harm(self) -> list[str]:
        """Everything that should not be."""
        return self.between + self.readable + self.left + self.differing + self.named


class Scene:
    """A folder with one file taken in, and what comes of it once all the others are."""

    def __init__(self, work: Path, environment: dict[str, str], children: int = 6) -> None:
        self.work, self.environment = work, environment
        self.first = self._folder("first", FIRST)
        assert self.command("ingest", self.first).wait() == 0
        self.undisturbed = Programme(work / "undisturbed")
        self.files = exports(children)
        shutil.copytree(self.first.folder, self.undisturbed.folder)
        put(self.undisturbed, self.files)
        self.before = content(self.first)
        started = monotonic()
        # Two of the files are refused, which is exit 10.
        assert self.command("ingest", self.undisturbed).wait() == 10
        self.seconds = monotonic() - started
        self.after = content(self.undisturbed)
        assert self.before != self.after

    def _folder(self, name: str, files: dict[str, bytes]) -> Programme:
        programme = Programme(self.work / name)
        programme.exports.mkdir(parents=True)
        programme.settings_file.write_text(SETTINGS, encoding="utf-8")
        put(programme, files)
        return programme

    def another(self, name: str) -> Programme:
        """A copy of the folder before, with all the files in its exports."""
        programme = Programme(self.work / name)
        shutil.copytree(self.first.folder, programme.folder)
        put(programme, self.files)
        return programme

    def command(self, *words: str | Programme) -> subprocess.Popen[bytes]:
        """Start a command."""
        told = [str(w.folder) if isinstance(w, Programme) else w for w in words]
        return self.python("-m", "pipeline", *told)

    def python(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ended_in(
        self, programme: Programme, words: list[str], function: str, when: str
    ) -> subprocess.Popen[bytes]:
        """Start a command that ends as if killed, `before` or `after` a function of the program.

        `function` is such as `pipeline.landing.ledger:Ledger.append`.
        """
        module, _, path = function.partition(":")
        owner, _, name = path.rpartition(".")
        holder, _, own = module.rpartition(".")
        # A call with nothing to do, such as no lines to write, is let through.
        body = ["usual(*given, **named)"] if when == "after" else []
        body += [f"if given[-1]: {END}", *(["usual(*given, **named)"] if when == "before" else [])]
        script = WRAP.format(
            module=module if owner else holder,
            owner=owner or own,
            name=name or path,
            body="\n".join(f"    {line}" for line in body),
            words=[*words, str(programme.folder)],
        )
        return self.python("-c", script)

    def look(self, programme: Programme, kill: str, killed: Killed) -> Content:
        """What an ended run has left, as it lies there and as the warehouse then opens."""
        killed.readable += [f"{kill}: {p}" for p in open_to_others(programme.folder)]
        state = content(programme)
        whole = {"before": state == self.before, "after": state == self.after}
        told = next((name for name, same in whole.items() if same), None)
        killed.states[told or "between"] += 1
        if told is None:
            killed.between.append(f"{kill}: neither before nor after")
        return state

    def rerun(self, programme: Programme, kill: str, killed: Killed) -> None:
        """Run again, undisturbed: all is as if nothing had happened."""
        if self.command("ingest", programme).wait() != 10:
            killed.differing.append(f"{kill}: the rerun did not end as usual")
        state = content(programme)
        killed.differing += [f"{kill}: {t}" for t in state if state[t] != self.after[t]]
        lines = [p.ledger.read_bytes().count(b"\n") for p in (programme, self.undisturbed)]
        if lines[0] != lines[1]:
            killed.differing.append(f"{kill}: {lines[0]} lines in the ledger, not {lines[1]}")
        kept = [sorted(f.name for f in p.archive.iterdir()) for p in (programme, self.undisturbed)]
        if kept[0] != kept[1]:
            killed.differing.append(f"{kill}: the archive")
        if programme.private.exists() or list(programme.folder.glob("*.wal")):
            killed.left.append(f"{kill}: .private or a log of the warehouse")
        for log in (programme.folder / "logs").iterdir():
            if SURNAME.lower() in log.read_text(encoding="utf-8").lower():
                killed.named.append(f"{kill}: {log.name}")


def kill_many(scene: Scene, kills: int, seed: int) -> Killed:
    """End so many ingests of the scene, most at random moments; rerun after each."""
    killed, dice = Killed(), random.Random(seed)
    for number, moment in zip(range(kills), _moments(), strict=False):
        programme, kill = scene.another(f"killed {number}"), f"kill {number}, {moment}"
        before = programme.ledger.stat().st_size
        run = scene.command("ingest", programme)
        if moment == RANDOM:
            sleep(dice.uniform(0.02, 1.0) * scene.seconds)
        elif moment == ARCHIVED:
            kept = len(list(programme.archive.iterdir()))
            _wait(scene, run, lambda: len(list(programme.archive.iterdir())) > kept)  # noqa: B023
        else:
            _wait(scene, run, lambda: programme.ledger.stat().st_size > before)  # noqa: B023
        run.kill()
        run.wait()
        killed.moments[moment] += 1
        scene.look(programme, kill, killed)
        scene.rerun(programme, kill, killed)
        shutil.rmtree(programme.folder)
    return killed


def _moments() -> Iterator[str]:
    while True:
        yield from (RANDOM, ARCHIVED, RANDOM, WRITTEN, RANDOM)


def _wait(scene: Scene, run: subprocess.Popen[bytes], reached: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE * scene.seconds
    while run.poll() is None and not reached():
        assert monotonic() < until, "the run hangs"
        sleep(0.0005)


def put(programme: Programme, files: dict[str, bytes]) -> None:
    """Write files into the exports."""
    for name, raw in files.items():
        path = programme.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def open_to_others(folder: Path) -> list[str]:
    """What the program has made and others may read; Windows keeps no such bits."""
    if os.name == "nt":
        return []
    made = (p for p in folder.rglob("*") if "exports" not in p.parts and p.name != "pipeline.toml")
    return [str(p) for p in made if p.stat().st_mode & 0o077]
