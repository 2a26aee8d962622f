"""The commands as people and schedulers meet them: words, exit codes, streams."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.programme import Programme
from pipeline.settings import Settings, read_settings

ROOT = Path(__file__).resolve().parents[2]
Make, Command, Export = Callable[..., Programme], Callable[..., Any], Callable[..., str]
HEAVY = ("duckdb", "great_expectations", "matplotlib", "numpy", "pandas", "papermill", "pyarrow")


def test_help_answers_without_the_heavy_libraries() -> None:
    ask = (
        "import sys\n"
        "sys.argv = ['achievement', '--help']\n"
        "from pipeline.cli import app\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('loaded:', [m for m in {HEAVY} if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    assert "achievement" in done.stdout
    assert done.stdout.endswith("loaded: []\n")


def test_init_makes_a_private_folder_whose_settings_are_the_defaults(
    tmp_path: Path, command: Command
) -> None:
    folder = tmp_path / "new"
    assert command("init", folder).code == 0
    assert read_settings(folder / "pipeline.toml") == Settings()
    assert (folder / "exports").is_dir()
    assert os.name == "nt" or not folder.stat().st_mode & 0o077
    again = command("init", folder)
    assert again.code == 2
    assert "there already" in again.err


WRONG_WORDS = {
    "no such command": (("canary",), 2, "canary"),
    "no such option": (("ingest", "{folder}", "--canary"), 2, "canary"),
    "not a term": (("ingest", "{folder}", "--term", "2025-27-autumn"), 2, "Expected such as"),
    "a term without exports": (("ingest", "{folder}", "--term", "2030-31-summer"), 2, "no school"),
    "no such folder": (("ingest", "{folder}-not"), 12, "achievement init"),
    "no such folder to ask about": (("status", "{folder}-not"), 12, "no such folder"),
    "nothing loaded yet": (("status", "{folder}/exports"), 12, "not there yet"),
    "explain without a pupil": (("explain", "{folder}"), 2, "pupil"),
    "explain before a run": (("explain", "{folder}", "1"), 12, "achievement run"),
    "publish without a release": (("publish", "{folder}"), 2, "release"),
}


@pytest.mark.parametrize("case", WRONG_WORDS)
def test_wrong_words_end_with_a_message_and_their_exit_code(
    case: str, programme_of: Make, command: Command, results: Export
) -> None:
    words, code, named = WRONG_WORDS[case]
    programme = programme_of({"a.csv": results({})})
    ran = command(*(w.replace("{folder}", str(programme.folder)) for w in words))
    assert ran.code == code, ran.err
    assert named in ran.err
    assert "Traceback" not in ran.err
    assert not Path(f"{programme.folder}-not").exists()


def test_every_wrong_setting_is_named_at_once_and_nothing_is_made(
    programme_of: Make, command: Command, results: Export
) -> None:
    programme = programme_of(
        {"a.csv": results({})}, 'expected_standard_score = "ninety"\nthreshold = 1\ndecides = 3\n'
    )
    ran = command("run", programme.folder, "--json")
    assert ran.code == 12
    for key in ("expected_standard_score", "threshold", "decides"):
        assert f"'{key}'" in ran.err
    assert json.loads(ran.out)["exit_code"] == 12
    assert not programme.warehouse.exists()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_console_that_lacks_a_character_ends_nothing(
    encoding: str, programme_of: Make, command: Command, results: Export
) -> None:
    programme = programme_of({"Łódź – ñ 😀.csv": results({}), "愛.csv": ""}, name="Schulen ü 愛")
    console = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    assert command("ingest", programme.folder, **console).code == 10
    told = command("status", programme.folder, "--files", **console)
    assert told.code == 0
    assert "Traceback" not in told.err
    as_json = command("status", programme.folder, "--files", "--json", **console)
    assert [f["file_name"] for f in json.loads(as_json.out)["files"]] == [
        "Łódź – ñ 😀.csv",
        "愛.csv",
    ]
    assert not as_json.err


def test_json_is_one_object_on_standard_output_and_words_go_to_standard_error(
    programme_of: Make, command: Command, results: Export
) -> None:
    programme = programme_of({"a.csv": results({}), "b.csv": ""})
    assert command("ingest", programme.folder).code == 10
    for verb in ("status", "doctor"):
        ran = command(verb, programme.folder, "--json")
        assert isinstance(json.loads(ran.out), dict), verb
        assert ran.out.count("\n") == 1
    wrong = command("check", programme.folder, "--term", "2030-31-summer", "--json")
    assert wrong.code == 2
    assert json.loads(wrong.out)["exit_code"] == 2


def test_status_says_what_is_loaded_and_which_file_was_refused(
    programme_of: Make, command: Command, results: Export
) -> None:
    programme = programme_of({"a.csv": results({}), "b.csv": ""})
    command("ingest", programme.folder)
    told = json.loads(command("status", programme.folder, "--files", "--json").out)
    assert (told["totals"]["files_loaded"], told["totals"]["files_refused"]) == (1, 1)
    assert told["totals"]["pupils"] == 1
    assert [(f["file_id"], f["status"]) for f in told["files"]] == [(1, "loaded"), (2, "refused")]
    assert told["last_run"]["outcome"] == "an export was refused"


def test_the_log_names_files_by_their_numbers(
    programme_of: Make, command: Command, results: Export
) -> None:
    programme = programme_of({"Ada Thistlewick.csv": results({}), "Thistlewick too.csv": ""})
    command("ingest", programme.folder)
    (log,) = (programme.folder / "logs").iterdir()
    said = json.loads(log.read_text(encoding="utf-8"))
    assert said["exit_code"] == 10
    assert said["rows"] == {"ingest": 1}
    assert list(said["refused"]) == ["2"]
    assert "Thistlewick" not in log.read_text(encoding="utf-8")


def test_teams_and_scales_of_the_folder_that_are_wrong_are_named(
    programme_of: Make, command: Command, results: Export
) -> None:
    programme = programme_of({"a.csv": results({})})
    programme.teams_file.write_text("school,class_name,team\nx,1A,Owls\n990001,,Owls\n", "utf-8")
    ran = command("ingest", programme.folder)
    assert ran.code == 12
    assert "teams.csv: line 2: 'school'" in ran.err
    assert "line 3: 'class_name' or 'team' is blank" in ran.err
    programme.teams_file.unlink()
    (programme.folder / "scales").mkdir()
    (programme.folder / "scales" / "own.toml").write_text('scale = "other"\n', "utf-8")
    ran = command("ingest", programme.folder)
    assert ran.code == 12
    assert "scales/own.toml: 'title'" in ran.err


def test_without_any_stream_to_speak_to_the_work_is_done(
    programme_of: Make, results: Export, ask: Callable[..., Any]
) -> None:
    """As under a scheduler, where Python has neither standard output nor standard error."""
    programme = programme_of({"a.csv": results({})})
    mute = (
        "import sys\n"
        f"sys.argv = ['achievement', 'ingest', {str(programme.folder)!r}]\n"
        "sys.stdout = sys.stderr = None\n"
        "from pipeline.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", mute], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    assert ask(programme, "select count(*) from core.result") == [(1,)]
