"""`achievement doctor`: the surroundings, what is wrong with them, and how to mend it."""

import importlib.metadata
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.errors import Mendable, SettingsWrong, SurroundingsWrong
from pipeline.programme import Programme

SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "box sync")
NEEDED_BYTES = 2 * 1024**3
LONGEST_WINDOWS_PATH = 160
NO_FOLDER = "there is no such folder"
NOT_ON_WINDOWS = "not looked at on Windows"


@dataclass
class Finding:
    """One thing looked at. `level` is ok, note or wrong; `exit_code` that of a wrong one."""

    about: str
    level: str
    found: str
    mend: str = ""
    exit_code: int = 0

    @property
    def mark(self) -> str:
        return {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}[self.level]


def examine(folder: Path) -> list[Finding]:
    """Everything that a run needs, looked at without changing anything."""
    programme = Programme(folder)
    return [
        Finding("Program", "ok", f"version {__version__}, Python {sys.version.split()[0]}"),
        _packages(),
        _settings(programme),
        _writable(programme),
        _private(programme),
        _disk(programme),
        _synced(programme),
        _long_path(programme),
        _lock(programme),
        _key(programme),
    ]


def worst(findings: list[Finding]) -> int:
    """Exit code: the highest of what is wrong, else 0."""
    return max(f.exit_code for f in findings)


def _packages() -> Finding:
    names = ("duckdb", "great-expectations", "pandas", "pyarrow", "matplotlib", "papermill")
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        code = SurroundingsWrong.exit_code
        mend = "Set the program up again as the README says."
        return Finding("Packages", "wrong", f"missing: {', '.join(missing)}", mend, code)
    return Finding("Packages", "ok", ", ".join(found))


def _settings(programme: Programme) -> Finding:
    from pipeline.scales import read_scales

    try:
        settings = programme.settings
        scales = read_scales(programme.folder / "scales")
    except Mendable as wrong:
        return Finding("Settings", "wrong", str(wrong), exit_code=SettingsWrong.exit_code)
    return Finding(
        "Settings",
        "ok",
        f"{programme.settings_file.name} with {len(settings.school)} schools; "
        f"scales {', '.join(sorted(scales))}",
    )


def _writable(programme: Programme) -> Finding:
    if not programme.folder.is_dir():
        mend = "To make one: achievement init FOLDER"
        return Finding(
            "Folder", "wrong", f"{programme.folder}: {NO_FOLDER}", mend, SettingsWrong.exit_code
        )
    if os.name == "nt":
        # Windows tells only by a file that is written, and nothing is to be written here.
        return Finding("Folder", "ok", f"{programme.folder}; {NOT_ON_WINDOWS}: who may write to it")
    if os.access(programme.folder, os.W_OK):
        return Finding("Folder", "ok", f"{programme.folder} can be written to")
    return Finding(
        "Folder",
        "wrong",
        f"{programme.folder} cannot be written to",
        "Choose a folder on a local disk that belongs to you.",
        SurroundingsWrong.exit_code,
    )


def _private(programme: Programme) -> Finding:
    if not programme.folder.is_dir():
        return Finding("Permissions", "note", NO_FOLDER)
    if os.name == "nt":
        mend = f'Who may look into the folder: icacls "{programme.folder}"'
        return Finding("Permissions", "note", NOT_ON_WINDOWS, mend)
    open_to_others = programme.folder.stat().st_mode & 0o077
    if open_to_others:
        return Finding(
            "Permissions",
            "note",
            "other users of this computer may look into the folder",
            f"Close it: chmod 700 {shlex.quote(str(programme.folder))}",
        )
    return Finding("Permissions", "ok", "only this user may look into the folder")


def _disk(programme: Programme) -> Finding:
    at = next((p for p in (programme.folder, *programme.folder.parents) if p.exists()), None)
    if at is None:
        return Finding("Disk", "note", "there is no such drive")
    free = shutil.disk_usage(at).free
    if free < NEEDED_BYTES:
        return Finding(
            "Disk",
            "wrong",
            f"{free / 1024**3:.1f} GB free",
            "Free at least 2 GB.",
            SurroundingsWrong.exit_code,
        )
    return Finding("Disk", "ok", f"{free / 1024**3:.0f} GB free")


def _synced(programme: Programme) -> Finding:
    parts = [p.lower() for p in programme.folder.parts]
    service = next((s for s in SYNCED if any(p.startswith(s) for p in parts)), None)
    if service:
        return Finding(
            "Synced folder",
            "note",
            "the folder seems to be copied to an online service, and pupils' data with it",
            "Move it to a folder that is not synced; syncing also damages an open warehouse.",
        )
    return Finding("Synced folder", "ok", "the folder does not look like a synced one")


def _long_path(programme: Programme) -> Finding:
    length = len(str(programme.folder))
    if os.name == "nt" and length > LONGEST_WINDOWS_PATH:
        return Finding(
            "Path",
            "note",
            f"the folder's path has {length} characters",
            "Windows may refuse longer ones below it: move the folder nearer to the drive.",
        )
    return Finding("Path", "ok", f"{length} characters")


def _lock(programme: Programme) -> Finding:
    from pipeline.warehouse.lock import look

    if not programme.folder.is_dir():
        return Finding("Lock", "note", NO_FOLDER)
    try:
        look(programme)
    except Mendable as busy:
        return Finding("Lock", "wrong", str(busy), exit_code=busy.exit_code)
    return Finding("Lock", "ok", "no run holds the folder")


def _key(programme: Programme) -> Finding:
    from pipeline.evaluation.key import read_key
    from pipeline.landing.ledger import Ledger

    try:
        path = programme.settings.privacy.key_path()
    except Mendable:
        return Finding("Key", "note", "not looked at: the settings say where it lies")
    try:
        known = Ledger(programme.ledger).key_fingerprint()
        if not path.exists() and known is None:
            return Finding("Key", "note", f"none at {path} yet; publish makes it")
        key = read_key(path)
    except Mendable as wrong:
        return Finding("Key", "wrong", str(wrong), exit_code=wrong.exit_code)
    if known not in (None, key.fingerprint):
        return Finding(
            "Key",
            "wrong",
            f"{path} is not the key that this folder's releases were made with",
            "Bring that key: achievement key import FOLDER FILE",
            SettingsWrong.exit_code,
        )
    return Finding("Key", "ok", f"{path}, fingerprint {key.fingerprint}")
