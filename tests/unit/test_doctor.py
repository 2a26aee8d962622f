"""The doctor looks, says only what it has seen, and leaves everything as it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.doctor import Finding, examine, worst
from pipeline.programme import Programme
from pipeline.warehouse.lock import held


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty programme folder that only its user may look into."""
    made = tmp_path / "programme"
    made.mkdir(mode=0o700)
    (made / "pipeline.toml").touch()
    return made


def told(folder: Path) -> dict[str, Finding]:
    return {finding.about: finding for finding in examine(folder)}


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_left_as_it_was(folder: Path) -> None:
    before = contents(folder)
    assert worst(examine(folder)) == 0
    assert contents(folder) == before


def test_the_note_of_a_run_that_was_killed_is_left_as_it_was(folder: Path) -> None:
    for name in ("warehouse.lock", "warehouse.held.json"):
        (folder / name).touch()
    before = contents(folder)
    assert told(folder)["Lock"].level == "ok"
    assert contents(folder) == before


def test_a_folder_that_a_run_holds_is_in_use(folder: Path) -> None:
    ask = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.doctor import examine, worst\n"
        "sys.exit(worst(examine(Path(sys.argv[1]))))\n"
    )
    root = Path(__file__).resolve().parents[2]
    with held(Programme(folder)):
        asked = subprocess.run([sys.executable, "-c", ask, str(folder)], cwd=root, check=False)
    assert asked.returncode == 13


def test_no_such_folder_is_told_and_ends_with_the_code_of_a_run(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    findings = told(missing)
    assert worst(list(findings.values())) == 12
    assert findings["Permissions"].found == "there is no such folder"
    assert "there is no such folder" in findings["Folder"].found
    assert findings["Lock"].level == findings["Key"].level == "note"
    assert not missing.exists()


def test_permissions_are_told_as_they_are_or_as_not_looked_at(folder: Path) -> None:
    found = told(folder)["Permissions"].found
    closed = "only this user may look into the folder"
    assert found == ("not looked at on Windows" if os.name == "nt" else closed)
    folder.chmod(0o755)
    assert told(folder)["Permissions"].level == "note"
