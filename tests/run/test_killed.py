"""A run that is ended half-way, or that meets another one, harms nothing."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import pytest

from pipeline.programme import Programme
from pipeline.warehouse.lock import held

ROOT = Path(__file__).resolve().parents[2]
KILLS = 6
NAME = "Canarywick"


def batch(results: Callable[..., str]) -> dict[str, str]:
    """Files enough that an ingest lasts a while; one goes to the slower reader."""
    files = {}
    for school in range(990100, 990112):
        rows = [
            {
                "school": str(school),
                "admission_number": str(number),
                "surname": NAME,
                "subject": subject,
                "term": term,
            }
            for number in range(250)
            for subject in ("maths", "reading", "writing")
            for term in ("autumn", "spring")
        ]
        rows[0]["forename"] = "A\nB" if school == 990100 else "Ada"
        files[f"{school}.csv"] = results(*rows)
    return files


def start(programme: Programme) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "ingest", str(programme.folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def open_to_others(folder: Path) -> list[str]:
    """What the program has made and others may read; Windows keeps no such bits."""
    if os.name == "nt":
        return []
    made = (p for p in folder.rglob("*") if "exports" not in p.parts and p.name != "pipeline.toml")
    return [str(p) for p in made if p.stat().st_mode & 0o077]


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_the_last_whole_state(
    programme_of: Callable[..., Programme],
    results: Callable[..., str],
    everything: Callable[[Programme], Any],
    send: Callable[..., Any],
) -> None:
    first, files = {"0.csv": results({})}, batch(results)
    undisturbed = programme_of(first, name="undisturbed")
    assert start(undisturbed).wait() == 0
    before = everything(undisturbed)
    programme_of(files, name="undisturbed")
    clock = perf_counter()
    assert start(undisturbed).wait() == 0
    lasts = perf_counter() - clock
    after = everything(undisturbed)

    moments = random.Random(20251123)
    programme, state = undisturbed, after
    for kill in range(KILLS):
        if state == after:
            programme = programme_of(first, name=f"killed {kill}")
            assert start(programme).wait() == 0
            programme_of(files, name=f"killed {kill}")
        run = start(programme)
        sleep(moments.uniform(0.15, 1.0) * lasts)
        run.kill()
        run.wait()
        state = everything(programme)
        assert state in (before, after), f"kill {kill}"
        assert not open_to_others(programme.folder)

    done = send(programme, {})
    assert not done.refused
    assert everything(programme) == after
    assert not programme.private.exists()
    lines = [p.read_bytes() for p in (programme.ledger, undisturbed.ledger)]
    assert [line.count(b"\n") for line in lines] == [len(files) + 1] * 2
    texts = [p.read_text(encoding="utf-8") for p in (programme.folder / "logs").iterdir()]
    assert NAME not in "".join(texts)


def test_what_a_killed_run_left_readable_is_gone_after_the_next_start(
    programme_of: Callable[..., Programme], results: Callable[..., str], send: Callable[..., Any]
) -> None:
    programme = programme_of({"a.csv": results({})})
    for left in ("spill/duckdb_temp_1.tmp", "incoming/000001", "joined.csv"):
        path = programme.private / left
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NAME, encoding="utf-8")
    send(programme, {})
    assert not programme.private.exists()


def test_a_second_run_at_the_same_time_is_sent_away(
    programme_of: Callable[..., Programme], results: Callable[..., str], command: Callable[..., Any]
) -> None:
    programme = programme_of({"a.csv": results({})})
    with held(programme):
        ran = command("ingest", programme.folder)
        assert ran.code == 13
        assert f"another run (process {os.getpid()}, since " in ran.err
        assert command("status", programme.folder).code == 13
    assert command("ingest", programme.folder).code == 0
