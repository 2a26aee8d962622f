"""`achievement layout FILE` says how a file is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.landing.layouts.explain import explain, lines
from pipeline.landing.layouts.read import shipped_layouts
from pipeline.landing.reading.ctf_results import ctf_results
from pipeline.landing.receive import Reading
from tests.unit.ctf_files import Child, Taken, invented_upn, write_ctf

READING = Reading(shipped_layouts(), (), ctf_results(None))
HEADINGS = "academic_year,term,school,admission_number,surname,forename,subject,scale,outcome"
ROW = "2025-26,autumn,990001,1,Canarywick,Zoë,maths,ta,EXS"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "form"),
    [
        ("utf-8", ",", "text in UTF-8, commas"),
        ("utf-8-sig", "\t", "text in UTF-8 with a byte order mark, tabs"),
        ("cp1252", ";", "text in Windows-1252, semicolons"),
        ("utf-16", "|", "text in UTF-16, upright bars"),
    ],
)
def test_the_encoding_and_the_delimiter_of_a_text_are_told(
    tmp_path: Path, encoding: str, delimiter: str, form: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADINGS}\n{ROW}\n".replace(",", delimiter), encoding=encoding)
    (told,) = explain(path, READING)
    assert (told.refusal, told.form) == (None, form)
    assert f"  written as {form}" in lines([told])


@pytest.mark.parametrize(
    ("version", "one_line", "form"),
    [
        (19, False, "XML, version 19.0, partial"),
        (25, True, "XML, version 25.0, partial; pupils are counted from 2 in place of lines"),
    ],
)
def test_the_version_of_a_transfer_file_and_how_its_pupils_are_numbered_are_told(
    tmp_path: Path, version: int, one_line: bool, form: str
) -> None:
    child = Child(invented_upn(1), results=(Taken("21"),))
    other = replace(child, upn=invented_upn(2))
    path = write_ctf(tmp_path / "a.xml", [child, other], version=version, one_line=one_line)
    (told,) = explain(path, READING)
    assert (told.refusal, told.form) == (None, form)
    assert f"  written as {form}" in lines([told])
