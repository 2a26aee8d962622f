"""A file that was taken in is known again: under changed settings, in its ZIP, without its copy."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.errors import SurroundingsWrong
from pipeline.landing import incoming
from pipeline.landing.ledger import Ledger
from pipeline.programme import Programme
from pipeline.run import run
from pipeline.summary import lines
from tests.conftest import csv_of

Make, Send, Ask = Callable[..., Programme], Callable[..., Any], Callable[..., Any]
Export = Callable[..., str]
SCHOOL = '[[school]]\nname = "Bramblecote Invented Primary"\nlaestab = 9992001\n'
OTHER = '[[school]]\nname = "Pretend Lane"\nlaestab = 9992002\n'
ALIAS = 'also = ["bramblecote"]\n'
URN = "urn = 990001\n"
FILES = "select file_id, status from landing.export_file order by 1"


def classlist(**change: str) -> str:
    """Results that say neither school nor term."""
    row = {
        "admission_number": "1",
        "surname": "Thistlewick",
        "forename": "Ada",
        "date_of_birth": "2017-04-03",
        "year_group": "3",
        "subject": "maths",
        "scale": "ta",
        "outcome": "EXS",
    }
    return csv_of([row | change])


def zipped(**members: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as target:
        for name, text in members.items():
            target.writestr(f"{name}.csv", text)
    return raw.getvalue()


def accepted(programme: Programme) -> list[str]:
    return [e.path for e in Ledger(programme.ledger).accepted().values()]


@pytest.fixture
def understood(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of files as they are read, which those that are known need not be."""
    read: list[str] = []
    through = incoming.understand

    def noting(file: Any, reading: Any) -> Any:
        read.append(file.path)
        return through(file, reading)

    monkeypatch.setattr(incoming, "understand", noting)
    return read


def test_a_file_is_loaded_once_though_its_school_gets_an_alias_and_then_another_number(
    programme_of: Make, send: Send, ask: Ask
) -> None:
    files = {"2025-26-autumn/bramblecote/a.csv": classlist()}
    programme = programme_of(files, SCHOOL + OTHER)
    assert list(send(programme, {}).refused) == [1]
    programme = programme_of({}, SCHOOL + ALIAS + OTHER)
    assert send(programme, {}).loaded == 1
    programme = programme_of({}, SCHOOL + URN + ALIAS + OTHER)
    for again in (1, 0):
        done = send(programme, {})
        assert (done.loaded, done.again, done.unchanged, done.refused) == (0, again, 1, {})
    assert ask(programme, FILES) == [(2, "loaded")]
    assert ask(programme, "select school_id, outcome from core.result") == [(990001, "EXS")]


def test_a_copy_in_the_same_school_stays_a_copy_when_the_school_gets_another_number(
    programme_of: Make, send: Send, ask: Ask
) -> None:
    files = {f"2025-26-autumn/bramblecote/{name}.csv": classlist() for name in "ab"}
    programme = programme_of(files, SCHOOL + ALIAS + OTHER)
    assert (done := send(programme, {})).loaded == done.unchanged == 1
    programme = programme_of({}, SCHOOL + URN + ALIAS + OTHER)
    for _ in range(2):
        done = send(programme, {})
        assert (done.loaded, done.unchanged) == (0, 2)
    assert ask(programme, FILES) == [(1, "loaded")]


def test_the_same_bytes_for_another_school_are_another_file(
    programme_of: Make, send: Send, ask: Ask
) -> None:
    programme = programme_of({"2025-26-autumn/990001/a.csv": classlist()})
    send(programme, {})
    assert send(programme, {"2025-26-autumn/990002/a.csv": classlist()}).loaded == 1
    schools = "select school_id from core.result order by 1"
    assert ask(programme, schools) == [(990001,), (990002,)]


def test_a_zip_whose_files_are_all_loaded_is_not_read_again(
    programme_of: Make, send: Send, understood: list[str]
) -> None:
    content = zipped(one=classlist(), two=classlist(outcome="GDS"))
    programme = programme_of({"2025-26-autumn/990001/a.zip": content})
    assert send(programme, {}).loaded == 2
    assert len(understood) == 1
    assert {e.container_sha256 for e in Ledger(programme.ledger).accepted().values()} != {None}
    done = send(programme, {})
    assert (done.loaded, done.unchanged) == (0, 2)
    assert len(understood) == 1


@pytest.mark.parametrize("lacking", [classlist(scale="none"), "x", classlist()])
def test_a_zip_with_a_file_that_is_not_loaded_is_read_again(
    programme_of: Make, send: Send, understood: list[str], lacking: str
) -> None:
    """One refused of its rows, one of its headings, and one that is loaded from another place."""
    files: dict[str, Any] = {"2025-26-autumn/990001/0.csv": classlist()}
    files["2025-26-autumn/990001/a.zip"] = zipped(one=lacking, two=classlist(outcome="GDS"))
    programme = programme_of(files)
    first = send(programme, {})
    before = programme.ledger.read_bytes()
    understood.clear()
    second = send(programme, {})
    assert understood == ["2025-26-autumn/990001/a.zip"]
    assert second.refused == first.refused
    assert second.unchanged == first.unchanged + first.loaded
    assert programme.ledger.read_bytes() == before


def test_a_zip_in_the_folder_of_another_term_is_read_for_that_term(
    programme_of: Make, send: Send, ask: Ask
) -> None:
    content = zipped(one=classlist())
    programme = programme_of({"2025-26-autumn/990001/a.zip": content})
    send(programme, {})
    assert send(programme, {"2025-26-spring/990001/a.zip": content}).loaded == 1
    assert ask(programme, "select term from core.result order by 1") == [("autumn",), ("spring",)]


def test_a_file_of_a_zip_that_the_archive_lost_comes_from_the_zip_again(
    programme_of: Make, send: Send, everything: Callable[[Programme], Any]
) -> None:
    path = "2025-26-autumn/990001/a.zip"
    content = zipped(one=classlist(), two=classlist(outcome="GDS"))
    programme = programme_of({path: content})
    send(programme, {})
    before, kept = everything(programme), {p.name for p in programme.archive.iterdir()}
    programme.warehouse.unlink()
    for copy in programme.archive.glob("*.csv"):
        copy.unlink()
    sent = programme.exports / path
    sent.unlink()
    with pytest.raises(SurroundingsWrong, match="the ZIP it came in"):
        send(programme, {})
    assert send(programme, {path: content}).again == 2
    assert everything(programme) == before
    assert {p.name for p in programme.archive.iterdir()} == kept
    sent.write_bytes(zipped(one=classlist(outcome="WTS")))
    programme.warehouse.unlink()
    next(programme.archive.glob("*.csv")).unlink()
    with pytest.raises(SurroundingsWrong, match="missing"):
        send(programme, {})


def test_a_file_refused_from_the_archive_and_a_new_one_under_its_path_are_both_told(
    programme_of: Make, send: Send
) -> None:
    path = "2025-26-autumn/bramblecote/a.csv"
    programme = programme_of({path: classlist()}, SCHOOL + ALIAS + OTHER)
    assert send(programme, {}).loaded == 1
    programme = programme_of({}, SCHOOL + OTHER)
    done = send(programme, {path: classlist(outcome="GDS")})
    assert sorted(done.refused) == [1, 2]
    assert {e.path for e in Ledger(programme.ledger).entries} == {path}


def test_the_run_tells_each_refused_file_by_its_number_only(programme_of: Make, send: Send) -> None:
    programme = programme_of({"Thistlewick.csv": "", "Pretendford.csv": "x"})
    done = run(programme, ("ingest",))
    told = [line for line in lines(done, programme.folder) if "Refused" in line]
    assert [line.split(":")[1] for line in told] == [" file 1", " file 2"]
    assert "Thistlewick" not in repr(done.ingested)
    assert accepted(programme) == []
