"""Whatever a school sends: it is loaded or refused in words, the others are loaded, all is counted.

No message, log or file name may hold anything of a pupil: the canaries below are looked for.
"""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.landing.ledger import Ledger
from pipeline.programme import Programme

NAME, FORENAME, BORN, OUTCOME = "Canarywick", "Quillby", "2017-04-03", "EXS7"
# A UPN for each row of each file: `put_all` puts the number of the file in the place of 0001.
UPN = "A9990001"
CANARIES = (NAME, FORENAME, "A9990", BORN, OUTCOME)
HEAD = (
    "academic_year,term,school,upn,admission_number,surname,forename,date_of_birth,year_group,"
    "subject,scale,outcome"
)


def line(number: int, **changes: str) -> str:
    values = {
        "academic_year": "2025-26",
        "term": "autumn",
        "school": "990001",
        "upn": f"{UPN}{number:05d}",
        "admission_number": str(number),
        "surname": NAME,
        "forename": FORENAME,
        "date_of_birth": BORN,
        "year_group": "3",
        "subject": "maths",
        "scale": "ta",
        "outcome": OUTCOME,
    }
    return ",".join((values | changes).values())


LINES = [line(number) for number in range(1, 5)]


def export(*lines: str, head: str = HEAD, end: str = "\n") -> str:
    return "".join(text + end for text in (head, *(lines or LINES)))


SOUND = export()
# How a file looks, and words of its refusal: where, what was found, what to do.
REFUSED: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "empty.csv": ("", ("the file is empty", "Export it again")),
    "only headings.csv": (HEAD + "\n", ("only headings", "Export it again")),
    "only headings, in two lines.csv": (
        HEAD.replace("outcome", '"out\ncome"') + "\n",
        ("only headings", "Export it again"),
    ),
    "only blank rows.csv": (export("," * 11), ("All are blank", "send it again")),
    "no heading for the outcome.csv": (
        SOUND.replace("outcome", "colour"),
        ("line 1", "no layout fits", "it lacks 'outcome'", "Add them to the export"),
    ),
    "no headings.csv": ("\n".join(LINES), ("no headings were found", "expected headings")),
    "one heading twice.csv": (
        SOUND.replace("forename", "Surname "),
        ("line 1", "columns 6 and 7 are both headed 'surname'", "take the other out"),
    ),
    "outcome twice.csv": (
        export(*(f"{text},{OUTCOME}" for text in LINES), head=HEAD + ",Out_Come"),
        ("line 1", "columns 12 and 13", "take the other out"),
    ),
    "unknown scale.csv": (
        SOUND.replace(",ta,", f",{NAME},"),
        ("none of its 4 rows", "line 2", "scale", "send it again"),
    ),
    "a thousand columns.csv": (
        SOUND.replace("\n", "," * 1000 + "\n"),
        ("line 1", "1,012 columns", "Take the columns"),
    ),
    "bytes of no text.csv": (SOUND.encode().replace(b"Quill", b"Q\x81ll"), ("not text", "Excel")),
    "two encodings.csv": (
        SOUND.replace("Quill", "Qüill", 3).encode() + line(9, surname="Zoë").encode("cp1252"),
        ("line 6", "most of the text is UTF-8", "Export it again"),
    ),
    "10 million characters.csv": (
        export(line(1), line(2, surname="x" * 10_000_000)),
        ("line 3", "more than 32,767 characters", "take the long text out"),
    ),
    "another text below.csv": (
        SOUND + "x\n" * 60_000,
        ("line 6", "more or fewer fields", "Export it again"),
    ),
    "ends in NUL.csv": (SOUND.encode() + b"\0" * 512, ("NUL", "Export it again")),
    "quote opened at the start.csv": (
        SOUND.replace("2025-26", '"2025-26', 1),
        ("line 2", "quotation mark", "never closes", "Correct"),
    ),
    "quote opened in the middle.csv": (
        export(*LINES[:2], line(3, surname=f'"{NAME}'), *LINES[3:]),
        ("line 4", "quotation mark"),
    ),
    "quote opened in the last row.csv": (
        export(*LINES[:3], line(4, outcome=f'"{OUTCOME}')),
        ("line 5", "quotation mark"),
    ),
    "cut off within a quote.csv": (
        export(*LINES[:3], line(4, outcome=f'"{OUTCOME}')).rstrip("\n"),
        ("line 5", "quotation mark"),
    ),
    "quote that closes in a later row.csv": (
        export(line(1, surname=f'"{NAME}'), line(2, surname=f'{NAME}"'), *LINES[2:]),
        ("line 2", "closes on line 3", "swallowed"),
    ),
    "book.xlsx": (b"PK\x03\x04", ("is damaged", "Export it again")),
    "letter.pdf": (b"%PDF-1.4", ("a PDF was found", "a table was expected")),
    f"report on Q. {NAME}": ("x", ("no headings were found", "expected headings")),
}
if os.name != "nt":
    # Windows lets only administrators make links.
    REFUSED["dangling link.csv"] = (b"->nowhere", ("cannot be read", "copy it again"))
    REFUSED["link to a folder.csv"] = (b"->.", ("cannot be read",))

# How a file looks; rows read, loaded, rejected and skipped; lines rejected.
LOADED: dict[str, tuple[str | bytes, tuple[int, int, int, int], tuple[int, ...]]] = {
    "sound.csv": (SOUND, (4, 4, 0, 0), ()),
    "blank first line.csv": ("\n" + SOUND, (4, 4, 0, 0), ()),
    "semicolons.csv": (SOUND.replace(",", ";"), (4, 4, 0, 0), ()),
    "tabs.csv": (SOUND.replace(",", "\t"), (4, 4, 0, 0), ()),
    "UTF-16.csv": (SOUND.encode("utf-16"), (4, 4, 0, 0), ()),
    "Windows-1252.csv": (SOUND.replace("Quill", "Qüill").encode("cp1252"), (4, 4, 0, 0), ()),
    "no surname.csv": (SOUND.replace("surname", "colour"), (4, 4, 0, 0), ()),
    "CRLF.csv": (export(end="\r\n"), (4, 4, 0, 0), ()),
    "old Mac.csv": (export(end="\r"), (4, 4, 0, 0), ()),
    "CRLF and LF.csv": (
        export(*LINES[:2], end="\r\n") + "\n".join(LINES[2:]),
        (4, 4, 0, 0),
        (),
    ),
    "LF and CR.csv": (export(*LINES[:2]) + "\r".join(LINES[2:]), (4, 4, 0, 0), ()),
    "CR CR LF.csv": (export(end="\r\r\n"), (9, 4, 0, 5), ()),
    "byte order mark.csv": (b"\xef\xbb\xbf" + SOUND.encode(), (4, 4, 0, 0), ()),
    "no line end.csv": (SOUND.rstrip("\n") + " ", (4, 4, 0, 0), ()),
    "blank lines.csv": (export(*LINES[:2], "", *LINES[2:], "", ""), (7, 4, 0, 3), ()),
    "rows of commas.csv": (export(*LINES, "," * 11, " ," + "," * 10), (6, 4, 0, 2), ()),
    "row twice.csv": (export(*LINES, LINES[0]), (5, 4, 0, 1), ()),
    "empty columns.csv": (SOUND.replace("\n", ",,\n"), (4, 4, 0, 0), ()),
    "cut off.csv": (SOUND[:-30], (4, 3, 1, 0), (5,)),
    "long and short rows.csv": (export(LINES[0] + ",x", *LINES[1:], "a,b"), (5, 3, 2, 0), (2, 6)),
    "quoted line end.csv": (
        export(line(1, forename='"A\nB"'), "short", *LINES[2:]),
        (4, 3, 1, 0),
        (4,),
    ),
    "stray quotes.csv": (
        export(
            line(1, surname=f'Can"{NAME}'), line(2, surname='C"an"ary'), line(3, forename='"A"b')
        ),
        (3, 3, 0, 0),
        (),
    ),
    "a long name.csv": (export(line(1, surname="x" * 32_767)), (1, 1, 0, 0), ()),
    "formula.csv": (export(line(1, forename="=cmd|' /C calc'!A0")), (1, 1, 0, 0), ()),
    "hostile.csv": (
        export(
            line(1, surname="'; drop table core.pupil; -- % {} {0} $x"), line(2, forename="\x01")
        ),
        (2, 2, 0, 0),
        (),
    ),
    "all alphabets.csv": (
        export(line(1, forename="Zoë Łukasz\u00a0😀\u202e 愛")),
        (1, 1, 0, 0),
        (),
    ),
    "huge number.csv": (export(line(1, scale="standardised", outcome="9" * 400)), (1, 1, 0, 0), ()),
    "no such days.csv": (
        export(
            *(line(n, date_of_birth=d) for n, d in enumerate(("0000-00-00", "9999-99-99", "x")))
        ),
        (3, 3, 0, 0),
        (),
    ),
    "year group in words.csv": (
        export(line(1, year_group=" Year  4 ", term="\tAutumn ", date_of_birth="3/4/2017 00:00")),
        (1, 1, 0, 0),
        (),
    ),
    "no school, year, term, year group.csv": (
        export(
            LINES[0],
            line(2, school="x"),
            line(3, academic_year="abcd-ef"),
            line(4, academic_year="2025-27"),
            line(5, term="winter"),
            line(6, year_group="15"),
            line(7, subject=NAME),
            line(8, upn="A1", admission_number=""),
        ),
        (8, 1, 7, 0),
        (3, 4, 5, 6, 7, 8, 9),
    ),
    "folder.csv/within.csv": (export(line(1, forename="Within")), (1, 1, 0, 0), ()),
    "grün & größer.csv": (export(line(1, forename="Named")), (1, 1, 0, 0), ()),
}
LEFT_OUT = {"~$book.xlsx": "x", ".hidden": "x", ".git/x.csv": SOUND, "Thumbs.db": "x"}


def put_all(programme: Programme) -> None:
    for name, (content, *_) in {**REFUSED, **LOADED}.items():
        raw = content.encode("utf-8") if isinstance(content, str) else content
        path = programme.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if raw.startswith(b"->"):
            path.symlink_to(raw[2:].decode())
        else:
            path.write_bytes(raw)
    # No two files have the same pupils.
    for number, name in enumerate(LOADED, start=2):
        path = programme.exports / name
        raw = path.read_bytes()
        for encoding in ("utf-8", "utf-16-le"):
            new = UPN.replace("0001", f"{number:04d}").encode(encoding)
            raw = raw.replace(UPN.encode(encoding), new)
        path.write_bytes(raw)


def held_outside_the_kept_places(folder: Path) -> str:
    """Names and text of every file where no pupil belongs."""
    kept = ("exports", "archive", "warehouse.duckdb", "reports")
    found = [p for p in folder.rglob("*") if p.relative_to(folder).parts[0] not in kept]
    texts = [p.read_bytes().decode("utf-8", errors="replace") for p in found if p.is_file()]
    return "\n".join([*(str(p.relative_to(folder)) for p in found), *texts])


def test_every_sort_of_file(
    programme_of: Callable[..., Programme], command: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    programme = programme_of(LEFT_OUT)
    put_all(programme)
    ran = command("ingest", programme.folder)
    assert ran.code == 10, ran.err
    assert not ran.out
    assert "Traceback" not in ran.err

    files = {
        row[0]: row[1:]
        for row in ask(
            programme,
            "select file_name, status, rows_read, rows_loaded, rows_rejected, rows_skipped, "
            "message, file_id from landing.export_file",
        )
    }
    assert files.keys() == REFUSED.keys() | LOADED.keys()
    for name, (_, counts, lines) in LOADED.items():
        assert files[name][:5] == ("loaded", *counts), (name, files[name])
        rejected = ask(
            programme,
            f"select line from landing.rejected_row where file_id = {files[name][6]} order by line",
        )
        assert tuple(at for (at,) in rejected) == lines, name
    for name, (_, words) in REFUSED.items():
        status, message, number = files[name][0], files[name][5], files[name][6]
        assert status == "refused", name
        assert all(word in message for word in words), (name, message)
        assert f"Refused: file {number}: {message}" in ran.err, name

    said = ran.err + held_outside_the_kept_places(programme.folder)
    messages = ask(programme, "select reason from landing.rejected_row")
    said += "".join(str(m) for m in messages) + "".join(str(f[5]) for f in files.values())
    assert not [canary for canary in CANARIES if canary.casefold() in said.casefold()]


def test_what_was_read_is_what_was_written(
    programme_of: Callable[..., Programme], send: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    """Values reach the warehouse whole, whichever reader took them."""
    programme = programme_of({})
    put_all(programme)
    send(programme, {})

    def column(name: str, file: str) -> list[Any]:
        return [
            value
            for (value,) in ask(
                programme,
                f"select {name} from landing.export_row join landing.export_file using (file_id) "
                f"where file_name = '{file}' order by line",
            )
        ]

    for file in (
        "CRLF.csv",
        "old Mac.csv",
        "CRLF and LF.csv",
        "LF and CR.csv",
        "empty columns.csv",
    ):
        assert column("outcome_as_sent", file) == [OUTCOME] * 4, file
    assert column("line", "blank lines.csv") == [2, 3, 5, 6]
    assert column("line", "CR CR LF.csv") == [3, 5, 7, 9]
    assert column("line", "quoted line end.csv") == [2, 5, 6]
    assert column("forename", "quoted line end.csv")[0] == "A\nB"
    assert column("forename", "all alphabets.csv") == ["Zoë Łukasz 😀\u202e 愛"]
    assert column("surname", "stray quotes.csv")[1] == 'C"an"ary'
    assert column("year_group", "year group in words.csv") == ["4"]
    assert column("date_of_birth", "year group in words.csv") == [dt.date(2017, 4, 3)]
    assert column("date_of_birth", "no such days.csv") == [None] * 3
    assert column("not_understood", "no such days.csv") == ["date_of_birth"] * 3
    assert column("outcome_on_scale", "huge number.csv") == [False]
    assert column("length(surname)", "a long name.csv") == [32_767]
    assert column("forename", "Windows-1252.csv") == ["Qüillby"] * 4
    assert column("line", "blank first line.csv") == [3, 4, 5, 6]
    assert column("surname", "hostile.csv")[0] == "'; drop table core.pupil; -- % {} {0} $x"


@pytest.mark.parametrize(
    ("left", "settings", "named"),
    [
        ({}, "", "no file to read"),
        ({"~$book.xlsx": "x"}, "", "no file to read"),
    ],
)
def test_a_folder_without_exports(
    programme_of: Callable[..., Programme],
    command: Callable[..., Any],
    left: dict[str, str],
    settings: str,
    named: str,
) -> None:
    ran = command("ingest", programme_of(left, settings).folder)
    assert ran.code == 10
    assert named in ran.err


def test_a_sub_folder_that_is_shut_is_named_and_the_rest_is_loaded(
    programme_of: Callable[..., Programme], send: Callable[..., Any], results: Callable[..., str]
) -> None:
    """A user who may read everything (root) opens it all the same; nobody loses it silently."""
    programme = programme_of({"shut/a.csv": results({}), "open/b.csv": results({"forename": "Bo"})})
    shut = programme.exports / "shut"
    shut.chmod(0)
    try:
        may_look = os.access(shut, os.R_OK | os.X_OK)
        done = send(programme, {})
    finally:
        shut.chmod(0o700)
    assert done.loaded == (2 if may_look else 1)
    refused = [e.path for e in Ledger(programme.ledger).entries if e.sequence in done.refused]
    assert refused == ([] if may_look else ["shut"])


@pytest.mark.parametrize("folder", ["Schools [2025] {1}", "l'école ünïque", "a;b --c"])
def test_any_name_of_the_programme_folder(
    programme_of: Callable[..., Programme],
    send: Callable[..., Any],
    results: Callable[..., str],
    folder: str,
) -> None:
    files = {"a.csv": results({}), "b.csv": results({"forename": "Bo"})}
    assert send(programme_of(files, name=folder), {}).loaded == 2
