"""Make a programme folder; publish a release from one."""

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

from pipeline.errors import SurroundingsWrong, WrongUsage
from pipeline.landing.ledger import Entry, Ledger
from pipeline.programme import Programme
from pipeline.reference import check_up_to_date, load_reference
from pipeline.resources import PACKAGE, resource
from pipeline.warehouse.connection import in_transaction, open_warehouse
from pipeline.warehouse.lock import held

SAMPLE_FILES = ("teams.csv", "exports", "pipeline.toml")


def make_folder(folder: Path, sample: bool) -> str:
    """Make the folder with settings and `exports/`, and the key if the user has none.

    Returns what to do next. Raises WrongUsage where the folder is one already. The settings are
    written last: a folder that has them is whole.
    """
    from pipeline.evaluation.key import make_key

    programme = Programme(folder.resolve())
    if programme.settings_file.exists():
        raise WrongUsage(
            f"{programme.settings_file.name}: there already in {programme.folder}; nothing was "
            f"changed. To run it: {_run_command(folder)}"
        )
    try:
        programme.folder.mkdir(parents=True, exist_ok=True)
        not_private = make_private(programme.folder)
        programme.exports.mkdir(exist_ok=True)
        for name in SAMPLE_FILES if sample else ():
            _copy(resource("sample_data", "partnership", name), programme.folder / name)
        if not sample:
            _copy(PACKAGE / "pipeline.toml", programme.settings_file)
    except OSError as wrong:
        raise SurroundingsWrong(
            f"{programme.folder}: cannot be written to ({wrong.strerror}). Choose a folder on a "
            f"local disk that belongs to you."
        ) from None
    key = programme.settings.privacy.key_path()
    if not key.exists():
        make_key(key)
    if sample:
        first = "It holds the fictional partnership. Next"
    else:
        first = f"Next: put the exports into {folder / 'exports'} and run"
    return f"{not_private}{first}: {_run_command(folder)}"


def publish_release(programme: Programme, name: str) -> str:
    """Publish; the ledger gets the key's fingerprint before a first release can exist."""
    from pipeline.evaluation.key import key_for_publishing
    from pipeline.evaluation.publish import publish

    with held(programme):
        ledger = Ledger(programme.ledger)
        known = ledger.key_fingerprint()
        if known is None:
            known = key_for_publishing(programme, None).fingerprint
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            ledger.append([Entry(ledger.next_sequence, "key", known, "", now)])
        with open_warehouse(programme) as con:
            with in_transaction(con):
                load_reference(con, programme)
            check_up_to_date(con)
        made = publish(programme, name, known)
    rows = sum(made.rows.values())
    return (
        f"Published {rows:,} rows to {made.file}. It is pseudonymised and still personal data: "
        f"docs/evaluators.md says what may be done with it."
    )


def make_private(folder: Path) -> str:
    """Let only the current user into a folder. Returns "", or a sentence where that failed."""
    if os.name != "nt":
        folder.chmod(0o700)
        return ""
    user = "\\".join(filter(None, map(os.environ.get, ("USERDOMAIN", "USERNAME"))))
    # Granted first: a folder that inherits nothing and grants nothing would shut its owner out.
    if _icacls(folder, "/grant:r", f"{user}:(OI)(CI)F") and _icacls(folder, "/inheritance:r"):
        return ""
    return (
        "Windows did not close the folder to other users of this computer: ask your IT support "
        "to let only you into it, before there are exports in it. "
    )


def _icacls(folder: Path, *words: str) -> bool:
    """Whether Windows changed who may look into the folder."""
    try:
        done = subprocess.run(["icacls", str(folder), *words], check=False, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def _run_command(folder: Path) -> str:
    """The command that runs a folder, as it is typed."""
    return f'achievement run "{folder}"' if " " in str(folder) else f"achievement run {folder}"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)
