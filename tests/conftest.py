"""What many tests share: tiny exports, a programme folder that holds them, and ways to run it."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from pipeline.identifiers import upn_check_letter
from pipeline.landing.ingest import Ingested
from pipeline.programme import Programme
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.tables import tables

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]

# How long a machine takes says nothing of what is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

PUPIL = {
    "academic_year": "2025-26",
    "term": "autumn",
    "school": "990001",
    "upn": "",
    "admission_number": "1",
    "surname": "Thistlewick",
    "forename": "Ada",
    "date_of_birth": "2017-04-03",
    "year_group": "3",
}
RESULT = {"subject": "maths", "scale": "ta", "outcome": "EXS"}

ended_with: list[int] = []


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keep the exit code for `pytest_unconfigure`."""
    ended_with.append(int(exitstatus))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End at once, as the program does: libraries would print warnings on their way out."""
    if ended_with:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended_with[0])


@pytest.fixture(scope="session", autouse=True)
def own_configuration(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys that tests make lie in a folder of the tests, not in the user's own."""
    os.environ.update(own_profile(tmp_path_factory.mktemp("configuration")))


def own_profile(folder: Path) -> dict[str, str]:
    """Environment that puts the user's configuration into a folder, whatever the system."""
    names = ("XDG_CONFIG_HOME", "HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA")
    return dict.fromkeys(names, str(folder))


def a_upn(number: int) -> str:
    """A UPN of the local authority 999, which there is not."""
    body = f"9990001{number:05d}"
    return upn_check_letter(body) + body


def csv_of(rows: Iterable[Row]) -> str:
    """Rows as a CSV text; the headings are all keys, in the order in which they first stand."""
    rows = list(rows)
    text = io.StringIO()
    headings = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(text, headings, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="session")
def upn() -> Callable[[int], str]:
    """`upn(7)`: a UPN in the right format, another for each number."""
    return a_upn


@pytest.fixture(scope="session")
def results() -> Callable[..., str]:
    """`results({"outcome": "GDS"}, {...})`: a results export with a row for each difference."""
    return lambda *rows: csv_of([PUPIL | RESULT | row for row in rows])


@pytest.fixture(scope="session")
def roll() -> Callable[..., str]:
    """`roll({"year_group": "4"}, {...})`: a roll with a row for each difference."""
    return lambda *rows: csv_of([PUPIL | row for row in rows])


@pytest.fixture(scope="session")
def programme_in() -> Callable[..., Programme]:
    """`programme_in(folder, {"a.csv": text}, settings="…", teams="…")`: a programme folder."""

    def make(
        folder: Path, exports: dict[str, str | bytes], settings: str = "", teams: str | None = None
    ) -> Programme:
        programme = Programme(folder)
        programme.exports.mkdir(parents=True, exist_ok=True)
        programme.settings_file.write_text(settings, encoding="utf-8")
        if teams is not None:
            programme.teams_file.write_text(teams, encoding="utf-8")
        put(programme, exports)
        return programme

    return make


@pytest.fixture
def programme_of(
    tmp_path: Path, programme_in: Callable[..., Programme]
) -> Callable[..., Programme]:
    """`programme_of({"a.csv": text}, name="…")`: a programme folder of this test's own."""

    def make(
        exports: dict[str, str | bytes], settings: str = "", name: str = "programme"
    ) -> Programme:
        return programme_in(tmp_path / name, exports, settings)

    return make


def put(programme: Programme, exports: dict[str, str | bytes]) -> None:
    """Write exports into a programme folder."""
    for name, content in exports.items():
        path = programme.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@pytest.fixture(scope="session")
def send() -> Callable[[Programme, dict[str, str | bytes]], Ingested]:
    """`send(programme, {"a.csv": text})`: put exports into the folder and take them in."""

    def put_and_ingest(programme: Programme, exports: dict[str, str | bytes]) -> Ingested:
        put(programme, exports)
        done = run(programme, ("ingest",)).ingested
        assert done
        return done

    return put_and_ingest


@pytest.fixture(scope="session")
def ask() -> Callable[..., list[tuple[Any, ...]]]:
    """`ask(programme, sql)`: all rows of the answer."""

    def rows(programme: Programme, sql: str) -> list[tuple[Any, ...]]:
        with open_warehouse(programme, read_only=True) as con:
            return con.execute(sql).fetchall()

    return rows


@pytest.fixture(scope="session")
def everything() -> Callable[[Programme], dict[str, list[tuple[Any, ...]]]]:
    """`everything(programme)`: each table of `landing` and `core`, ordered, without the clock."""

    def read(programme: Programme) -> dict[str, list[tuple[Any, ...]]]:
        with open_warehouse(programme, read_only=True) as con:
            return {
                name: con.execute(
                    f"select {', '.join(_timeless(name))} from {name} order by all"
                ).fetchall()
                for name, table in tables().items()
                if table.schema in ("landing", "core")
            }

    return read


def _timeless(table: str) -> list[str]:
    return [f'"{c.name}"' for c in tables()[table].columns if c.name != "received_at"]


@dataclass
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An environment in which the user's configuration directory is the test's own."""
    return os.environ | own_profile(tmp_path / "configuration")


@pytest.fixture
def command(surroundings: dict[str, str]) -> Callable[..., Ran]:
    """`command("ingest", folder)`: run `python -m pipeline` in a process of its own."""

    def start(*words: object, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *map(str, words)],
            cwd=ROOT,
            env=surroundings | environment,
            capture_output=True,
            check=False,
        )
        said = (b.decode("utf-8", errors="replace") for b in (done.stdout, done.stderr))
        return Ran(done.returncode, *said)

    return start
