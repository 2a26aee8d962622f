"""The ledger: only ever appended to, whole or not at all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import SurroundingsWrong
from pipeline.landing.ledger import Entry, Ledger, standing_refusals
from pipeline.landing.removed import withdrawals_to_record

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


def test_the_last_that_was_said_of_a_file_stands(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.append([entry(1, "refuse", "f"), entry(2, "refuse", "g", "b.csv")])
    ledger.append([entry(3, "refuse", "f"), entry(4, "accept", "g", "b.csv")])
    assert [e.sequence for e in standing_refusals(ledger.entries)] == [3]


@pytest.mark.parametrize(
    ("path", "part", "later", "waits"),
    [
        ("a.csv", None, entry(2, "accept", "other", "a.csv"), False),
        ("a.csv", None, entry(2, "refuse", "other", "a.csv"), False),
        ("a.csv", None, entry(2, "accept", "other", "b.csv"), True),
        ("a.zip", None, entry(2, "accept", "other", "a.zip/one.csv"), False),
        ("a.zip/one.csv", None, entry(2, "accept", "other", "a.zip/two.csv"), True),
        ("a.xlsx", "Owls", replace(entry(2, "accept", "bytes", "a.xlsx"), part="Larks"), True),
        ("a.xlsx", "Owls", replace(entry(2, "accept", "other", "a.xlsx"), part="Larks"), False),
    ],
    ids=[
        *("corrected", "refused anew", "another file", "mended ZIP", "another in the ZIP"),
        *("another sheet", "mended workbook"),
    ],
)
def test_a_refused_file_waits_until_another_has_come_in_its_place(
    tmp_path: Path, path: str, part: str | None, later: Entry, waits: bool
) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    refused = replace(entry(1, "refuse", "bytes", path), part=part)
    ledger.append([refused, later])
    mend = ledger.refusals_to_mend()
    assert (refused in mend) == waits


def test_each_withdrawal_and_each_return_has_a_line_of_its_own(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    sheets = [
        replace(entry(n, sha256="book"), part=part) for n, part in ((1, "Owls"), (2, "Larks"))
    ]
    ledger.append(sheets)
    for removed in ({(2, "book")}, set(), {(2, "book")}, {(1, "book"), (2, "book")}):
        lines = withdrawals_to_record(ledger, removed, WHEN)
        ledger.append(lines)
        assert withdrawals_to_record(ledger, removed, WHEN) == []
    said = [(e.sequence, e.action, e.part) for e in ledger.entries[2:]]
    assert said == [
        (3, "withdraw", "Larks"),
        (4, "reinstate", "Larks"),
        (5, "withdraw", "Larks"),
        (6, "withdraw", "Owls"),
    ]
    assert ledger.withdrawals() == {sheets[1].identity: 5, sheets[0].identity: 6}
