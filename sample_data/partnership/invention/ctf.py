"""A Common Transfer File with the marks of the multiplication tables check of Year 4."""

from __future__ import annotations

from xml.sax.saxutils import escape

from invention.calendar import TERMS
from invention.chance import Chance
from invention.tables import Export, Line, Table, day_of


def times_tables(chance: Chance, results: Export) -> tuple[Table, bytes]:
    """The table of its pupils, and the file: each pupil of Year 4 with a mark out of 25."""
    school, term = results.school, TERMS[results.term]
    pupils = {
        id(row.pupil): row
        for row in results.rows
        if row.year == 4 and row.pupil and row.cells["upn"]
    }
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<CTfile>",
        "<Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>",
        "<DocumentQualifier>partial</DocumentQualifier><SupplierID>INVENTED</SupplierID>",
        f"<SourceSchool><LEA>999</LEA><Estab>{school.laestab % 10_000}</Estab>"
        f"<SchoolName>{escape(school.name)}</SchoolName>"
        f"<AcademicYear>{term.starting_year}</AcademicYear></SourceSchool></Header>",
        "<CTFpupilData>",
    ]
    for row in pupils.values():
        standing = row.pupil.standing("maths", results.term) if row.pupil else 0.0
        mark = min(25, max(0, round(19 + 4 * standing + 2 * chance.normal())))
        who = "".join(
            f"<{name}>{escape(text)}</{name}>"
            for name, text in (
                ("UPN", row.cells["upn"]),
                ("Surname", row.cells["surname"].upper()),
                ("Forename", row.cells["forename"]),
                ("DOB", str(day_of(row.cells["date_of_birth"]) or "")),
            )
            if text
        )
        lines += [
            f"<Pupil>{who}",
            "<StageAssessments><KeyStage><Stage>KS2</Stage><StageAssessment><Locale>ENG</Locale>"
            f"<Year>{term.starting_year + 1}</Year><Subject>MAT</Subject><Method>TT</Method>"
            "<Component>MTC</Component><ResultStatus>R</ResultStatus>"
            f"<ResultQualifier>MT</ResultQualifier><Result>{mark}</Result>"
            "</StageAssessment></KeyStage></StageAssessments>",
            "</Pupil>",
        ]
    lines += ["</CTFpupilData>", "</CTfile>", ""]
    return Table("ctf/1", [Line(()) for _ in pupils]), "\n".join(lines).encode()
