"""Common Transfer Files of invented pupils, written as the versions 15 to 25 have them.

Where versions differ, as far as is known: Gender became Sex after version 21 (version 25 has it),
the start dates of SEN came with 17, the school's URN with 18.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.identifiers import upn_check_letter

VERSIONS = (15, 17, 18, 19, 20, 21, 25)


@dataclass(frozen=True)
class Taken:
    """A result as a CTF has it; `year` is the year in which the academic year ends."""

    result: str
    year: str = "2025"
    stage: str = "KS2"
    subject: str = "MAT"
    method: str = "TT"
    component: str = "MTC"
    status: str = "R"
    qualifier: str = "MT"
    date: str = ""


@dataclass(frozen=True)
class Child:
    """An invented pupil; what is empty is not written. `sen` is (start date, provision)."""

    upn: str
    surname: str = "CANARYWICK"
    forename: str = "ADA"
    dob: str = "2015-10-03"
    sex: str = "F"
    year_group: str = ""
    former_upn: str = ""
    ethnicity: str = ""
    languages: tuple[str, ...] = ()
    enrol_status: str = ""
    in_care: str = ""
    sen: tuple[tuple[str, str], ...] = ()
    needs: tuple[tuple[str, str], ...] = ()  # rank, need
    results: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Sender:
    """The header's school and academic year (in which it starts)."""

    lea: str = "999"
    estab: str = "2001"
    urn: str = ""
    name: str = "Invented Primary School"
    year: str = "2024"
    qualifier: str = "partial"


def invented_upn(number: int) -> str:
    """A UPN that no child has: authority 999 is for tests."""
    body = f"9992001{18 + number // 1000 % 80:02d}{number % 1000:03d}"
    return upn_check_letter(body) + body


def write_ctf(
    path: Path,
    children: Iterable[Child],
    version: int = 25,
    sender: Sender | None = None,
    encoding: str = "UTF-8",
    one_line: bool = False,
    prefix: str = "",
) -> Path:
    """Write a file, pupil by pupil. `prefix` goes between the XML declaration and the root.

    UTF-16 and "utf-8-sig" begin with a byte order mark.
    """
    sender = sender or Sender()
    declared = encoding.removesuffix("-sig")
    end = "" if one_line else "\n"
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(f'<?xml version="1.0" encoding="{declared}"?>{end}{prefix}<CTfile>{end}')
        file.write(_header(sender, version, end) + f"<CTFpupilData>{end}")
        for child in children:
            file.write(_pupil(child, version, end))
        file.write(f"</CTFpupilData>{end}</CTfile>{end}")
    return path


def _element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _elements(name: str, *values: str) -> str:
    inside = "".join(values)
    return f"<{name}>{inside}</{name}>" if inside else ""


def _header(sender: Sender, version: int, end: str) -> str:
    school = _elements(
        "SourceSchool",
        _element("LEA", sender.lea),
        _element("Estab", sender.estab),
        _element("URN", sender.urn if version >= 18 else ""),
        _element("SchoolName", sender.name),
        _element("AcademicYear", sender.year),
    )
    return (
        f"<Header><DocumentName>Common Transfer File</DocumentName>"
        f"<CTFversion>{version}.0</CTFversion><DateTime>2025-06-20T09:30:00</DateTime>"
        f"<DocumentQualifier>{sender.qualifier}</DocumentQualifier>"
        f"<SupplierID>INVENTED</SupplierID>{end}{school}"
        f"<DestSchool><LEA>999</LEA><Estab>4001</Estab></DestSchool></Header>{end}"
    )


def _pupil(child: Child, version: int, end: str) -> str:
    about = _elements(
        "BasicDetails",
        _element("FormerUPN", child.former_upn),
        _element("NCyearActual", child.year_group),
        _element("Ethnicity", child.ethnicity),
        _elements("Languages", *(_elements("Type", _element("Code", c)) for c in child.languages)),
        _element("EnrolStatus", child.enrol_status),
    )
    sen = _elements(
        "SENhistory",
        *(
            _elements(
                "SEN",
                _element("StartDate", start if version >= 17 else ""),
                _element("SENprovision", provision),
            )
            for start, provision in child.sen
        ),
        _elements(
            "SENneeds",
            *(
                _elements("SENneed", _element("SENtypeRank", rank), _element("SENtype", need))
                for rank, need in child.needs
            ),
        ),
    )
    parts = (
        _element("UPN", child.upn),
        _element("Surname", child.surname),
        _element("Forename", child.forename),
        _element("DOB", child.dob),
        _element("Sex" if version > 21 else "Gender", child.sex),
        about,
        _elements("LookedAfter", _element("InCare", child.in_care)),
        sen,
        "<Contacts><Contact><Surname>OTHERWICK</Surname></Contact></Contacts>",
        _elements("StageAssessments", *(_taken(t) for t in child.results)),
    )
    return f"<Pupil>{end}" + "".join(part + end for part in parts if part) + f"</Pupil>{end}"


def _taken(taken: Taken) -> str:
    return _elements(
        "KeyStage",
        _element("Stage", taken.stage),
        _elements(
            "StageAssessment",
            "<Locale>ENG</Locale>",
            _element("Year", taken.year),
            _element("Subject", taken.subject),
            _element("Method", taken.method),
            _element("Component", taken.component),
            _element("ResultStatus", taken.status),
            _element("ResultQualifier", taken.qualifier),
            f"<Result>{escape(taken.result)}</Result>",
            _element("ResultDate", taken.date),
        ),
    )
