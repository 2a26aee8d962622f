"""Accepted files are on the disk, whole, before they have their place in the archive."""

import os
from pathlib import Path

import pytest

from pipeline.errors import SurroundingsWrong
from pipeline.landing.keep import keep
from pipeline.landing.received import Received


def received(folder: Path, number: int, part: str | None = None) -> Received:
    copy = folder / f"{number:06d}"
    copy.write_bytes(b"%d" % number)
    return Received("a", f"{number:064x}", copy, part=part, suffix=".xlsx" if part else ".csv")


def test_every_copy_is_written_out_before_any_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    files = [received(tmp_path, n) for n in range(1, 41)]
    inodes = {f.copy.stat().st_ino for f in files}
    written: list[int] = []
    through = os.fsync

    def noting(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino in inodes:
            written.append(os.fstat(descriptor).st_ino)
            assert not list(archive.iterdir())
        through(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    keep(archive, files)
    assert sorted(written) == sorted(inodes)
    assert {p.stem: p.read_bytes() for p in archive.iterdir()} == {
        f.sha256: b"%d" % n for n, f in enumerate(files, start=1)
    }


def test_the_sheets_of_a_workbook_are_kept_as_one_file(tmp_path: Path) -> None:
    sheets = [received(tmp_path, 1, "Owls"), received(tmp_path, 1, "Larks")]
    for _ in range(2):  # the second time as after a run that was ended
        keep(tmp_path / "archive", sheets)
        assert [p.name for p in (tmp_path / "archive").iterdir()] == [f"{1:064x}.xlsx"]


def test_an_archive_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(b"a file in its place")
    with pytest.raises(SurroundingsWrong, match="cannot be written to"):
        keep(tmp_path / "archive", [received(tmp_path, 1)])
    assert (tmp_path / "000001").exists()
