"""A run that is ended half-way, or that meets another one, harms nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.landing.reading import workbook_process
from pipeline.programme import Programme
from pipeline.warehouse.lock import held
from tests.conftest import own_profile
from tests.every_kind import SURNAME, content
from tests.run.killing import Killed, Scene, kill_many

ROOT = Path(__file__).resolve().parents[2]
KILLS, SEED = 10, 20251123
NEVER_DONE = """
import sys, time
from pipeline.landing.reading import workbook_process
workbook_process.read = lambda path: time.sleep(3600)
print("reading", flush=True)
sys.exit(workbook_process.main())
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A folder with a file taken in, to which files of every kind come."""
    work = tmp_path_factory.mktemp("killed")
    return Scene(work, os.environ | own_profile(work / "configuration"))


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_the_last_whole_state(scene: Scene) -> None:
    killed = kill_many(scene, KILLS, SEED)
    assert killed.harm == []
    assert killed.states.total() == KILLS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "when", "in_ledger"),
    [
        ("pipeline.landing.ingest:keep", "before", False),
        ("pipeline.landing.ingest:keep", "after", False),
        ("pipeline.landing.ledger:Ledger.append", "after", True),
    ],
    ids=["before the archive", "between archive and ledger", "between ledger and warehouse"],
)
def test_a_run_that_ends_between_two_of_its_books_is_completed_by_the_next(
    scene: Scene, function: str, when: str, in_ledger: bool, tmp_path: Path
) -> None:
    programme, killed = scene.another(tmp_path.name), Killed()
    lines = programme.ledger.read_bytes().count(b"\n")
    assert scene.ended_in(programme, ["ingest"], function, when).wait() == 9
    assert (programme.ledger.read_bytes().count(b"\n") > lines) == in_ledger
    assert scene.look(programme, function, killed) == scene.before
    scene.rerun(programme, function, killed)
    assert killed.harm == []


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rebuild_that_ends_half_way_leaves_the_old_warehouse_or_the_new(
    scene: Scene, when: str, tmp_path: Path
) -> None:
    programme, killed = scene.another(tmp_path.name), Killed()
    assert scene.command("ingest", programme).wait() == 10
    function = "pipeline.rebuild:put_in_place"
    assert scene.ended_in(programme, ["rebuild"], function, when).wait() == 9
    assert scene.look(programme, function, killed) == scene.after
    scene.rerun(programme, function, killed)
    assert killed.harm == []


def test_what_a_killed_run_left_readable_is_gone_after_the_next_start(
    programme_of: Callable[..., Programme], results: Callable[..., str], send: Callable[..., Any]
) -> None:
    programme = programme_of({"a.csv": results({})})
    for left in ("spill/duckdb_temp_1.tmp", "incoming/000001", "joined.csv"):
        path = programme.private / left
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SURNAME, encoding="utf-8")
    send(programme, {})
    assert not programme.private.exists()


def test_the_reader_of_a_workbook_ends_with_the_run_that_started_it() -> None:
    reader = subprocess.Popen(
        [sys.executable, "-c", NEVER_DONE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert reader.stdin
    assert reader.stdout
    assert reader.stdout.readline().split() == [b"reading"]
    reader.stdin.close()  # as the system does when the run ends, however it ends
    assert reader.wait(timeout=60) == workbook_process.REFUSED


def test_a_second_run_at_the_same_time_is_sent_away(
    programme_of: Callable[..., Programme], results: Callable[..., str], command: Callable[..., Any]
) -> None:
    programme = programme_of({"a.csv": results({})})
    with held(programme):
        for words in (("ingest",), ("rebuild",)):
            ran = command(*words, programme.folder)
            assert ran.code == 13
            assert f"another run (process {os.getpid()}, since " in ran.err
        assert command("status", programme.folder).code == 13
    assert command("ingest", programme.folder).code == 0
    assert content(programme)["core.result"]
