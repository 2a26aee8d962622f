"""What a run says of a common transfer file: counts and codes, and nothing that may be a name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.run import run
from pipeline.summary import lines
from tests.unit.ctf_files import Child, Taken, invented_upn, write_ctf

CHILD = Child(invented_upn(1), results=(Taken("21"), Taken("20", subject="WICKET")))


def test_pupils_of_whom_a_file_says_two_things_are_counted_and_a_wrong_code_is_not_repeated(
    programme_of: Callable[..., Any], tmp_path: Path
) -> None:
    others = [replace(CHILD, upn=invented_upn(n), sex="M") for n in (2, 3)]
    sent = write_ctf(tmp_path / "a.xml", [CHILD, *others])
    text = sent.read_text(encoding="utf-8")
    twice = text.replace("<Sex>M</Sex>", "<Sex>M</Sex><Gender>F</Gender>")
    assert twice.count("Gender") == 4
    done = run(programme_of({"a.xml": twice}), ("ingest",))
    assert done.ingested
    said = "of 2 pupils it says two things in one place, and neither was taken"
    assert (done.ingested.loaded, done.ingested.notes) == (1, [(1, said)])
    told = "\n".join(lines(done, tmp_path))
    assert f"File 1: {said}." in told
    assert "codes KS2 (not known) TT MTC MT of 2025" in told
    assert "WICKET" not in told
    assert "CANARYWICK" not in told.upper()
