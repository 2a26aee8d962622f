"""`removed.toml`: files taken back out, by command; deleting an entry takes the file in again."""

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path

from pipeline.errors import SettingsWrong, WrongUsage
from pipeline.landing.ledger import Entry, Ledger
from pipeline.programme import Programme
from pipeline.warehouse.lock import held

HEAD = """\
# Files taken back out by `achievement withdraw`. Their results are kept in core.result_history.
# To take a file in again, delete its entry and run.
"""


def read_removed(path: Path) -> set[tuple[int, str]]:
    """Number and SHA-256 of the withdrawn files. Raises SettingsWrong where the file is damaged."""
    if not path.exists():
        return set()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("withdrawn", [])
        return {(int(entry["file"]), entry["sha256"]) for entry in entries}
    except (
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
    ):
        raise SettingsWrong(
            f"{path.name}: not a list of withdrawn files. Expected entries [[withdrawn]] with "
            f"file, sha256 and withdrawn_at, as `achievement withdraw` writes them."
        ) from None


def withdraw(programme: Programme, file: str) -> int:
    """List a file, by its ledger number or its path as sent, as withdrawn. Returns its number.

    Raises WrongUsage where no loaded file is meant. The next ingest takes it out.
    """
    with held(programme):
        ledger = Ledger(programme.ledger)
        removed = read_removed(programme.removed_file)
        found = [
            e
            for e in ledger.accepted().values()
            if file in (str(e.sequence), e.path, e.name) and (e.sequence, e.sha256) not in removed
        ]
        if len(found) != 1:
            several = ", ".join(str(e.sequence) for e in found)
            raise WrongUsage(
                f"{len(found)} loaded files have this number or path; one was expected. "
                + (f"Name the one that is meant by its number, of {several}. " if found else "")
                + "achievement status FOLDER --files lists the numbers."
            )
        entry = found[0]
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        path = programme.removed_file
        text = path.read_text(encoding="utf-8-sig") if path.exists() else HEAD
        text += (
            f"\n[[withdrawn]]\nfile = {entry.sequence}\n"
            f'sha256 = "{entry.sha256}"\nwithdrawn_at = "{now}"\n'
        )
        aside = path.with_suffix(".part")
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(path)
    return entry.sequence


def withdrawals_to_record(ledger: Ledger, removed: set[tuple[int, str]], now: str) -> list[Entry]:
    """Ledger lines for files that `removed.toml` withdraws, or no longer does, and whose latest
    line says otherwise."""
    acts = ("accept", "withdraw", "reinstate")
    last = {e.identity: e.action for e in ledger.entries if e.action in acts}
    new = []
    for number, entry in sorted(ledger.accepted().items()):
        withdrawn = last[entry.identity] == "withdraw"
        if withdrawn != ((number, entry.sha256) in removed):
            new.append(replace(entry, action="reinstate" if withdrawn else "withdraw"))
    return [
        replace(
            e,
            sequence=number,
            received_at=now,
            layout=None,
            school_id=None,
            academic_year=None,
            term=None,
        )
        for number, e in enumerate(new, start=ledger.next_sequence)
    ]
