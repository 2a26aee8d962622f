"""Exports of every kind that arrives, small enough to be read at once: for what undoes and repeats.

Three invented schools; the same children in each kind, so that files replace and add to each other.
"""

import csv
import io
import tempfile
import zipfile
from pathlib import Path

import xlsxwriter

from pipeline.identifiers import upn_check_letter
from pipeline.programme import Programme
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.tables import tables
from tests.unit.ctf_files import Child, Sender, Taken, write_ctf

SCHOOLS = (990001, 990002, 990003)
SUBJECTS = ("Maths", "Reading", "Writing")
SURNAME = "Canarywick"
SETTINGS = "".join(
    f'[[school]]\nurn = {urn}\nlaestab = 999200{n}\nname = "Invented Primary {n}"\n\n'
    for n, urn in enumerate(SCHOOLS, start=1)
)
# Of this run and no other: when it took place.
CLOCK = {
    "landing.export_file": ("received_at",),
    "accuracy.issue": ("last_run",),
}


def upn_of(number: int) -> str:
    """A UPN that no child has: authority 999 is for tests."""
    body = f"9990001{number:05d}"
    return upn_check_letter(body) + body


def exports(children: int = 6) -> dict[str, bytes]:
    """Files by their paths; `6 refused.csv` cannot be read, `7 nothing loads.csv` not loaded."""
    ends = [{"outcome": "EXS"}, {"outcome": "WTS"}]
    return {
        "2025-26-autumn/990001/1 results.csv": long(children, ends[1]),
        "2025-26-autumn/990001/2 corrected.csv": long(children - 1, ends[0]),
        "2025-26-autumn/990002/3 marksheet.csv": wide(children),
        "2025-26-autumn/990003/4 marks.xlsx": workbook(children),
        "2024-25-summer/990001/5 transfer.xml": transfer(children),
        "2025-26-autumn/990001/6 refused.csv": b"no,such,headings\n1,2,3\n",
        "2025-26-autumn/990001/7 nothing loads.csv": long(2, {"scale": "none"}),
        "2025-26-spring/8 zipped.zip": archive(children),
        "2025-26-spring/990001/9 same bytes.csv": wide(3),
        "2025-26-spring/990002/9 same bytes.csv": wide(3),
    }


def long(children: int, told: dict[str, str]) -> bytes:
    """A standard results export of the school 990001, with a row that is repeated."""
    rows = [
        {
            "academic_year": "2025-26",
            "term": "autumn",
            "school": str(SCHOOLS[0]),
            **pupil(n),
            "subject": subject.lower(),
            "scale": "ta",
            "outcome": "EXS",
            **told,
        }
        for n in range(1, children + 1)
        for subject in SUBJECTS
    ]
    return table([*rows, rows[-1]])


def wide(children: int) -> bytes:
    """A column for each subject; school and term are said by the folders."""
    rows = [
        {**pupil(n), "Maths": "EXS", "Reading": "WTS" if n % 2 else "GDS", "Writing": "?"}
        for n in range(1, children + 1)
    ]
    rows[0]["Writing"] = rows[-1]["Writing"] = "EXS"
    return table(rows)


def workbook(children: int) -> bytes:
    """Two sheets with a title row: one for each of two classes."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        for number, name in enumerate(("Owls", "Larks")):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"Class {name}")
            first = 1 + number * children
            rows = [{**pupil(n), "Maths": "EXS", "Reading": "GDS"} for n in range(first, first + 3)]
            sheet.write_row(1, 0, list(rows[0]))
            for at, row in enumerate(rows, start=2):
                sheet.write_row(at, 0, list(row.values()))
    return raw.getvalue()


def transfer(children: int) -> bytes:
    """A common transfer file with a test result for each child."""
    told = [
        Child(
            upn_of(n),
            SURNAME.upper(),
            dob=f"2015-10-{n % 28 + 1:02d}",
            results=(Taken("20", date="2025-06-10"),),
        )
        for n in range(1, children + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = write_ctf(Path(folder) / "x.xml", told, sender=Sender(urn=str(SCHOOLS[0])))
        return path.read_bytes()


def archive(children: int) -> bytes:
    """A ZIP of two results exports, one of which nothing can be loaded of."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as target:
        for name, content in (
            ("one.csv", long(children, {"outcome": "GDS", "term": "spring"})),
            ("two.csv", long(2, {"outcome": "GDS", "term": "harvest"})),
        ):
            target.writestr(zipfile.ZipInfo(name), content)
    return raw.getvalue()


def pupil(number: int) -> dict[str, str]:
    """An invented child, as the headings have it."""
    return {
        "upn": upn_of(number),
        "admission_number": f"{number:04d}",
        "surname": SURNAME,
        "forename": f"Ada-{number}",
        "date_of_birth": f"2015-10-{number % 28 + 1:02d}",
        "year_group": "5",
        "class_name": "Owls",
    }


def table(rows: list[dict[str, str]]) -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def content(
    programme: Programme, schemas: tuple[str, ...] = ("reference", "landing", "core")
) -> dict[str, list[tuple[object, ...]]]:
    """Every table of the schemas, ordered, without what tells when a run took place."""
    with open_warehouse(programme, read_only=True) as con:
        return {
            name: con.execute(
                f"select columns(lambda c: c not in ({_left_out(name)})) from {name} order by all"
            ).fetchall()
            for name, made in tables().items()
            if made.schema in schemas
        }


def _left_out(table_name: str) -> str:
    return ", ".join(f"'{c}'" for c in CLOCK.get(table_name, ("",)))
