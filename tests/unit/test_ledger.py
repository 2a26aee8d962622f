"""The ledger: only ever appended to, whole or not at all."""

import json
from pathlib import Path

import pytest

from pipeline.errors import SurroundingsWrong
from pipeline.landing.ledger import Entry, Ledger

WHEN = "2026-11-23T09:00:00+00:00"


def entry(sequence: int, action: str = "accept", sha256: str = "", path: str = "a.csv") -> Entry:
    return Entry(sequence, action, sha256 or f"{sequence:064x}", path, WHEN)


def test_what_is_appended_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "ledger.jsonl"
    ledger = Ledger(path)
    assert (ledger.entries, ledger.next_sequence) == ([], 1)
    ledger.append([entry(1, path="Łódź\n\u2028 .csv"), entry(2, "refuse")])
    ledger.append([])
    ledger.append([entry(3)])
    again = Ledger(path)
    assert again.entries == ledger.entries
    assert again.next_sequence == 4
    assert list(again.accepted()) == [1, 3]
    assert again.last_refusals().keys() == {(f"{2:064x}", "a.csv")}


def test_earlier_lines_are_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    Ledger(path).append([entry(1)])
    before = path.read_bytes()
    Ledger(path).append([entry(2)])
    assert path.read_bytes().startswith(before)


@pytest.mark.parametrize("torn", [b"{", b'{"sequence": 2, "action"', b"\xc5", b"{}"])
def test_a_last_line_that_was_never_finished_never_took_effect(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "ledger.jsonl"
    Ledger(path).append([entry(1)])
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    ledger = Ledger(path)
    assert ledger.entries == [entry(1)]
    ledger.append([entry(2)])
    assert [json.loads(line)["sequence"] for line in path.read_bytes().splitlines()] == [1, 2]


@pytest.mark.parametrize("strange", [b"{}\n", b"Canarywick\n", b"[1]\n", b"\n", b"\xff\n"])
def test_a_strange_line_is_named_by_its_number_and_not_quoted(
    tmp_path: Path, strange: bytes
) -> None:
    path = tmp_path / "ledger.jsonl"
    Ledger(path).append([entry(1)])
    path.write_bytes(path.read_bytes() + strange)
    with pytest.raises(SurroundingsWrong, match="line 2: not a ledger entry") as told:
        Ledger(path)
    assert "Canarywick" not in str(told.value)


def test_the_latest_refusal_and_the_latest_key_count(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert ledger.key_fingerprint() is None
    ledger.append([entry(1, "refuse", "f"), entry(2, "refuse", "f"), entry(3, "key", "one")])
    assert ledger.last_refusals()["f", "a.csv"].sequence == 2
    assert ledger.key_fingerprint() == "one"
    assert ledger.accepted() == {}
