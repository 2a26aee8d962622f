"""Spoilt exports sent to the program as a user sends them, and what has to hold whatever they hold.

Used by the tests for fifty files and by the benchmark for five hundred.
"""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.programme import Programme
from pipeline.warehouse.connection import open_warehouse
from tests.conftest import PUPIL, RESULT, ROOT, csv_of, own_profile
from tests.mutations import CANARIES, NAME, Mutated, mutated

# Whatever is sent, no more than this passes for a folder of files, on a machine with much to do.
HARD_LIMIT = 120
SOUND = csv_of(
    [PUPIL | RESULT | {"school": "990099", "forename": f, "admission_number": f} for f in "ABC"]
)
# Rows that a line number stands for; a line is in one of them, or several results of it are.
ACCOUNTED = (
    "select line from landing.export_row where file_id = ? "
    "union select line from landing.rejected_row where file_id = ? "
    "union select line from landing.skipped_row where file_id = ?"
)


@dataclass(frozen=True)
class Sent:
    """A campaign that has ended."""

    programme: Programme
    files: dict[str, Mutated]
    code: int
    said: str
    seconds: float


def campaign(folder: Path, numbers: Sequence[int]) -> Sent:
    """Put spoilt files, a sound one and some that are no files into a folder, and take them in."""
    programme = Programme(folder / "programme")
    programme.exports.mkdir(parents=True)
    programme.settings_file.write_text("", encoding="utf-8")
    files = {}
    for number in numbers:
        file = mutated(number)
        # Now and then the name of a file is that of a pupil.
        name = f"{NAME} {number}" if number % 7 == 0 else f"{number}"
        path = "/".join(filter(None, (file.folder, f"{name}{file.ending}")))
        to = programme.exports / path
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(file.raw)
        files[path] = file
    (programme.exports / "sound.csv").write_text(SOUND, encoding="utf-8")
    (programme.exports / "directory.csv").mkdir()
    growing = programme.exports / "growing.csv"
    growing.write_text(SOUND.replace("990099", "990098"), encoding="utf-8")
    if os.name != "nt":
        # Windows lets only administrators make links, and has no pipes in folders.
        (programme.exports / "dangling.csv").symlink_to("nowhere")
        (programme.exports / "ring.csv").symlink_to("ring.csv")
        os.mkfifo(programme.exports / "pipe.csv")
    started = time.perf_counter()
    done = _ingest(programme, folder, growing)
    seconds = time.perf_counter() - started
    said = (done.stdout + done.stderr).decode("utf-8", errors="replace")
    return Sent(programme, files, done.returncode, said, seconds)


def _ingest(
    programme: Programme, folder: Path, growing: Path
) -> subprocess.CompletedProcess[bytes]:
    ended = threading.Event()

    def grow() -> None:
        with growing.open("a", encoding="utf-8", newline="") as file:
            while not ended.wait(0.002):
                file.write(SOUND.splitlines(keepends=True)[1].replace("990099", "990098"))
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        return subprocess.run(
            [sys.executable, "-m", "pipeline", "ingest", str(programme.folder)],
            cwd=ROOT,
            env=os.environ | own_profile(folder / "configuration"),
            capture_output=True,
            timeout=HARD_LIMIT,
            check=False,
        )
    finally:
        ended.set()
        writer.join()


def faults(sent: Sent) -> list[str]:
    """What does not hold, in words that tell nothing of a pupil; empty where all holds."""
    found = []
    if sent.code not in (0, 10, 11):
        return [f"exit code {sent.code}: {_shown(sent.said)}"]
    if "Traceback" in sent.said or "Error:" in sent.said:
        found.append("a traceback was shown")
    told = f"{sent.said}\n{_outside_the_kept_places(sent.programme.folder)}".casefold()
    found += [f"canary {n} was shown" for n, c in enumerate(CANARIES) if c.casefold() in told]
    found += _unaccounted(sent)
    for path in sent.programme.archive.iterdir():
        if path.suffix != ".jsonl":
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest != path.stem:
                found.append("the archive holds other bytes than its name says")
    return found


def _shown(said: str) -> str:
    for canary in CANARIES:
        said = said.replace(canary, "***")
    return said[-2_000:]


def _unaccounted(sent: Sent) -> list[str]:
    found = []
    with open_warehouse(sent.programme, read_only=True) as con:
        files = {
            row[0]: row[1:]
            for row in con.execute(
                "select file_name, file_id, status, rows_read, rows_loaded, rows_rejected, "
                "rows_skipped, results_read, results_loaded, results_superseded, "
                "results_rejected, results_skipped, message from landing.export_file"
            ).fetchall()
        }
        for name, (file_id, status, rows, *parts) in files.items():
            shown = _shown(name)
            results, message = parts[3:8], parts[8]
            if status == "refused":
                if not message or len(message) < 20:
                    found.append(f"{shown}: refused without a reason")
                continue
            if rows != sum(parts[:3]):
                found.append(f"{shown}: rows do not add up")
            if results[0] != sum(results[1:]):
                found.append(f"{shown}: results do not add up")
            lines = [r for (r,) in con.execute(ACCOUNTED, [file_id] * 3).fetchall()]
            if len(lines) != rows:
                found.append(f"{shown}: {rows} rows read, {len(lines)} lines accounted for")
            file = sent.files.get(name)
            if file and file.rows is not None and file.rows != rows:
                found.append(f"{shown} ({file.mutation}): {file.rows} rows sent, {rows} read")
        if files.get("sound.csv", ("", ""))[1:5] != ("loaded", 3, 3, 0):
            found.append("the sound file was not loaded")
    for path in sent.files:
        # The rows of an archive or a workbook are told by member and sheet.
        if not any(name == path or name.startswith((f"{path}/", f"{path} [")) for name in files):
            found.append(f"{_shown(path)}: nothing was said of it")
    for path in ("dangling.csv", "ring.csv") if os.name != "nt" else ():
        if files.get(path, ("", ""))[1] != "refused":
            found.append(f"{path}: not refused")
    return found


def _outside_the_kept_places(folder: Path) -> str:
    """Names and texts of every file where no pupil belongs."""
    kept = ("exports", "archive", "warehouse.duckdb")
    found = [p for p in folder.rglob("*") if p.relative_to(folder).parts[0] not in kept]
    texts = [p.read_bytes().decode("utf-8", errors="replace") for p in found if p.is_file()]
    return "\n".join([*(str(p.relative_to(folder)) for p in found), *texts])
