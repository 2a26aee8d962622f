"""What is installed is what is here: the wheel, the lock and the set-up."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.wheels import missing_wheels

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
SUPPORT = PROJECT["tool"]["achievement"]
# Python 3.11 before 3.11.4 has no filter to name; 3.14 has it by default.
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


def run(*command: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command with `env` added to the environment; what it says is in the result."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def build_wheel(source: Path, folder: Path) -> Path:
    """A wheel of `source`, built as `pip install .` builds it but without a network."""
    pip = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index"]
    built = run(*pip, "--wheel-dir", folder, source, cwd=folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("achievement_pipeline-*.whl")
    return wheel


def files_under(folder: str) -> set[str]:
    """The files of a folder of the repository, caches left out."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_program_and_all_that_it_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    travelling = {
        f"pipeline/_data/{name}"
        for folder in ("data_schemas", "notebooks", "sample_data/partnership/exports")
        for name in files_under(folder)
    } | {f"pipeline/_data/sample_data/partnership/{n}" for n in ("pipeline.toml", "teams.csv")}
    program = files_under("pipeline")
    assert any(name.endswith(".sql") for name in program)
    assert travelling | program == {name for name in names if ".dist-info/" not in name}


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    hatchling = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]
    built = run(*hatchling, "--directory", tmp_path, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path, **SAFELY)
    again = build_wheel(tmp_path / archive.name.removesuffix(".tar.gz"), tmp_path)
    assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(wheel).namelist()
    packed = again.parent / archive.name.removesuffix(".tar.gz")
    partnership = files_under("sample_data/partnership")
    assert "sample_data/partnership/generate.py" in partnership
    assert all((packed / name).is_file() for name in partnership)


@pytest.mark.slow
def test_the_wheel_works_far_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    installed, home = tmp_path / "installed", tmp_path / "home"
    zipfile.ZipFile(wheel).extractall(installed)
    surroundings = {
        "PYTHONPATH": str(installed),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
    helped = run(sys.executable, "-m", "pipeline", "--help", cwd=tmp_path, **surroundings)
    assert helped.returncode == 0, helped.stderr
    sample = [sys.executable, "-m", "pipeline", "init", "programme", "--sample"]
    made = run(*sample, cwd=tmp_path, **surroundings)
    assert made.returncode == 0, made.stderr
    assert any((tmp_path / "programme" / "exports").rglob("*.csv"))


def test_the_lock_names_no_address_and_no_option() -> None:
    assert "://" not in LOCK
    assert [line for line in LOCK.splitlines() if line.startswith("-")] == []


def test_every_pin_of_the_lock_has_a_hash() -> None:
    pins = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_requirement_is_pinned_within_its_bounds() -> None:
    pinned: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK, re.MULTILINE):
        pinned.setdefault(name, []).append(version)
    project = PROJECT["project"]
    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        requirement = Requirement(text)
        versions = pinned[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), text


def test_every_package_that_the_program_imports_is_a_dependency() -> None:
    declared = {
        canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]
    }
    distributions = packages_distributions()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [str(node.module)]
            else:
                continue
            for module in {name.split(".")[0] for name in modules} - {"pipeline"}:
                if module not in sys.stdlib_module_names:
                    providers = {canonicalize_name(name) for name in distributions[module]}
                    assert providers & declared, f"{path.name} imports {module}"


def pin(*wheels: str, **more: str) -> dict[str, Any]:
    """A package of a lock with these wheels."""
    return {"name": "abacus", "version": "1.0", "wheels": [{"name": n} for n in wheels], **more}


def test_a_pin_without_a_wheel_for_intel_macs_is_named_with_the_platform() -> None:
    wheels = [
        "abacus-1.0-cp311-abi3-win_amd64.whl",
        "abacus-1.0-cp311-abi3-macosx_11_0_arm64.whl",
        "abacus-1.0-cp311-abi3-manylinux_2_28_x86_64.whl",
        "abacus-1.0-cp311-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
    ]
    assert list(missing_wheels([pin(*wheels)], SUPPORT)) == [
        "abacus 1.0: no wheel for macOS 13 and later (Intel), "
        f"Python {', '.join(SUPPORT['pythons'])}"
    ]


def test_a_pin_with_only_its_source_is_missing_on_every_platform() -> None:
    assert len(list(missing_wheels([pin()], SUPPORT))) == len(SUPPORT["platforms"])


def test_a_pin_for_windows_only_needs_no_wheel_elsewhere() -> None:
    windows_only = pin("abacus-1.0-py3-none-win_amd64.whl", marker="sys_platform == 'win32'")
    assert list(missing_wheels([windows_only], SUPPORT)) == []


def test_a_wheel_for_one_python_does_not_serve_the_others() -> None:
    support = {**SUPPORT, "pythons": ["3.11", "3.12"]}
    only_311 = pin("abacus-1.0-cp311-none-any.whl")
    assert all(s.endswith("Python 3.12") for s in missing_wheels([only_311], support))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lock is empty, so that its set-up needs no network."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.py", tmp_path / "tools")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_set_up_is_done_once_and_again_when_the_lock_changes(checkout: Path) -> None:
    script = checkout / "tools" / "setup.py"
    said = [run(sys.executable, script, cwd=checkout).stdout for _ in range(2)]
    assert "done" in said[0]
    assert said[1] == ""
    (checkout / "requirements.lock").write_text("# still nothing\n", encoding="utf-8")
    assert "done" in run(sys.executable, script, cwd=checkout).stdout


@pytest.mark.slow
def test_set_up_that_was_cut_short_starts_afresh(checkout: Path) -> None:
    half = checkout / ".venv" / "half-installed"
    half.mkdir(parents=True)
    (checkout / ".venv" / "set-up-under-way").touch()
    assert "done" in run(sys.executable, checkout / "tools" / "setup.py", cwd=checkout).stdout
    assert not half.exists()
    assert not (checkout / ".venv" / "set-up-under-way").exists()
