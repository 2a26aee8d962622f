"""Exports spoilt in every way that has been thought of, from sound ones of every layout and format.

`mutated(number)` is the same file for the same number, whatever was made before it. The pupils are
canaries: nothing of theirs may be shown anywhere.
"""

import datetime as dt
import io
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.exports_invented import Child, tables
from tests.exports_written import BOOKS, PARQUET, TEXTS, WINDOWS_1252, zipped
from tests.unit.ctf_files import Child as CtfChild
from tests.unit.ctf_files import Taken, write_ctf

NAME, FORENAME = "Canarywick", "Quillby"
CHILDREN = [
    Child(n, f"{NAME} {chr(64 + n)}", f"{FORENAME} {chr(64 + n)}", dt.date(2016, 9, n), f"0{n}")
    for n in range(1, 9)
]
CANARIES = (
    *(NAME, FORENAME),
    *(c.upn for c in CHILDREN),
    *(c.born.isoformat() for c in CHILDREN),
    *(f"{c.born:%d/%m/%Y}" for c in CHILDREN),
)


@dataclass(frozen=True)
class Seed:
    """A sound export: where it lies below exports/, and what is in it."""

    name: str
    suffix: str
    raw: bytes
    heading_lines: int


@dataclass(frozen=True)
class Mutated:
    """A spoilt file. Where each row stays a line, `rows` is how many are to be accounted for."""

    mutation: str
    folder: str
    ending: str
    raw: bytes
    first_row: int | None = None

    @property
    def rows(self) -> int | None:
        """Physical lines below the headings, counted without a parser."""
        if self.first_row is None or b'"' in self.raw or self.raw.startswith((b"\xff", b"\xfe")):
            return None
        lines = re.split(rb"\r\n|\n|\r", self.raw)
        return len(lines) - (not lines[-1]) - self.first_row + 1


@cache
def seeds() -> dict[str, list[Seed]]:
    """Sound exports by sort; `text` is UTF-8, `encoded` is text in another encoding."""
    sorts = ("text", "encoded", "book", "parquet", "xml")
    found: dict[str, list[Seed]] = {sort: [] for sort in sorts}
    for table in tables(CHILDREN):
        rows = [*table.headings, *(r.cells for r in table.rows)]
        heads = len(table.headings)
        for name, (suffix, write) in (TEXTS | {"Windows-1252": WINDOWS_1252}).items():
            sort = "encoded" if name.startswith(("UTF-16", "Windows")) else "text"
            found[sort].append(Seed(table.name, suffix, write(rows)[0], heads))
        for suffix, write in BOOKS.values():
            found["book"].append(Seed(table.name, suffix, write(rows)[0], heads))
        if heads == 1:
            suffix, write = PARQUET
            found["parquet"].append(Seed(table.name, suffix, write(rows)[0], heads))
    with tempfile.TemporaryDirectory() as folder:
        for version in (15, 21, 25):
            children = [
                CtfChild(c.upn, c.surname, c.forename, c.born.isoformat(), results=(Taken("21"),))
                for c in CHILDREN
            ]
            path = write_ctf(Path(folder) / f"{version}.xml", children, version)
            found["xml"].append(Seed("ctf", ".xml", path.read_bytes(), 0))
    return found


# --- any file -------------------------------------------------------------------------------------


def truncated(rng: Random, seed: Seed) -> bytes:
    return seed.raw[: rng.randrange(1, len(seed.raw))]


def bytes_flipped(rng: Random, seed: Seed) -> bytes:
    raw = bytearray(seed.raw)
    for _ in range(rng.choice([1, 3, 30])):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def piece_missing(rng: Random, seed: Seed) -> bytes:
    at = rng.randrange(len(seed.raw))
    return seed.raw[:at] + seed.raw[at + rng.randrange(1, 200) :]


def piece_twice(rng: Random, seed: Seed) -> bytes:
    at = rng.randrange(len(seed.raw))
    return seed.raw[: at + rng.randrange(1, 400)] + seed.raw[at:]


def nothing_but_nul(rng: Random, seed: Seed) -> bytes:
    return b"\0" * len(seed.raw)


def nul_at_the_end(rng: Random, seed: Seed) -> bytes:
    return seed.raw + b"\0" * rng.randrange(1, 5_000)


def noise(rng: Random, seed: Seed) -> bytes:
    return seed.raw[: rng.choice([0, 4, 8, 100])] + rng.randbytes(rng.randrange(1, 20_000))


def another_kind_inside(rng: Random, seed: Seed) -> bytes:
    other = rng.choice([s for group in seeds().values() for s in group])
    at = rng.randrange(len(seed.raw))
    return seed.raw[:at] + other.raw + seed.raw[at:]


# --- text -----------------------------------------------------------------------------------------


def _lines(seed: Seed) -> list[bytes]:
    return seed.raw.splitlines(keepends=True)


def _in_a_cell(rng: Random, seed: Seed, text: bytes) -> bytes:
    """A text in the place of a name, wherever one stands."""
    places = [m.start() for m in re.finditer(NAME.encode(), seed.raw)]
    at = rng.choice(places) if places else len(seed.raw) // 2
    return seed.raw[:at] + text + seed.raw[at + len(NAME) :]


def wrong_encoding(rng: Random, seed: Seed) -> bytes:
    text = seed.raw.decode("utf-8", "replace").replace("wick", "wïck")
    return text.encode(rng.choice(["cp1252", "cp437", "mac_roman", "utf-16-be", "utf-7", "cp037"]))


def encodings_mixed(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, "Zoë".encode("cp1252")) + "ëëëëëëëëëëëë".encode()


def lone_surrogates(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, b"\xed\xa0\x80\xed\xb0\x80")


def lone_surrogate_in_utf16(rng: Random, seed: Seed) -> bytes:
    text = seed.raw.decode("utf-8", "replace").encode("utf-16-le")
    return b"\xff\xfe" + text[:40] + b"\x00\xd8" + text[40:]


def headings_shuffled(rng: Random, seed: Seed) -> bytes:
    head, *rest = _lines(seed)
    delimiter = max((b",", b";", b"\t", b"|"), key=head.count)
    names = head.strip().split(delimiter)
    rng.shuffle(names)
    return delimiter.join(names) + b"\n" + b"".join(rest)


def headings_missing(rng: Random, seed: Seed) -> bytes:
    return b"".join(_lines(seed)[seed.heading_lines :])


def headings_twice(rng: Random, seed: Seed) -> bytes:
    return b"".join([_lines(seed)[0], *_lines(seed)])


def headings_among_rows(rng: Random, seed: Seed) -> bytes:
    lines = _lines(seed)
    return b"".join([*lines[:4], lines[0], *lines[4:]])


def headings_of_100_000_columns(rng: Random, seed: Seed) -> bytes:
    head, *rest = _lines(seed)
    return head.strip() + b",x" * 100_000 + b"\n" + b"".join(rest)


def delimiters_swapped(rng: Random, seed: Seed) -> bytes:
    return b"".join(
        line.replace(b",", rng.choice([b";", b"\t", b"|", b"  "])) if rng.random() < 0.4 else line
        for line in _lines(seed)
    )


def nul_in_the_middle(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, b"\0" * rng.choice([1, 2, 500]))


def cell_of_10_mb(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, rng.choice([b"x", b"\xc3\xa9"]) * 5_000_000 + b"x" * 5_000_000)


def quoted_cell_of_20_mb(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, b'"' + b"x\n" * 10_000_000 + b'"')


def many_long_cells(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(NAME.encode(), b"y" * 32_000)


def number_of_5_million_digits(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"EXS", b"9" * 5_000_000, 1)


def numbers_out_of_this_world(rng: Random, seed: Seed) -> bytes:
    wild = [b"1e999", b"-0", b"NaN", b"99999999999999999999", b"0x10", b"1_000", b"\xd9\xa1"]
    return re.sub(rb"EXS|GDS|\b1?\d\d\b", lambda m: rng.choice(wild), seed.raw)


def dates_out_of_this_world(rng: Random, seed: Seed) -> bytes:
    wild = [b"31/02/2016", b"00/00/0000", b"9999-12-31", b"12/25/2016", b"-1", b"45000.5"]
    return re.sub(rb"\d\d/\d\d/\d\d\d\d", lambda m: rng.choice(wild), seed.raw)


def formulas(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, b"=cmd|' /C calc'!A0").replace(b"EXS", b"@SUM(1+1)*cmd")


def sql_and_paths(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, b"'); drop table core.pupil; -- {} %s ../../etc ${HOME} %n")


def right_to_left_and_zero_width(rng: Random, seed: Seed) -> bytes:
    signs = "\u202e\u200b\u2066\ufeff\u0300\u00ad".encode()
    return seed.raw.replace(b"a", b"a" + signs)


def control_characters(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"c", b"c" + bytes([rng.randrange(1, 9), 0x1A, 0x1B]))


def unclosed_quote(rng: Random, seed: Seed) -> bytes:
    return _in_a_cell(rng, seed, b'"' + NAME.encode())


def quotes_everywhere(rng: Random, seed: Seed) -> bytes:
    return re.sub(rb"[,a]", lambda m: m[0] + b'"' * rng.randrange(3), seed.raw)


def only_quotes(rng: Random, seed: Seed) -> bytes:
    return b"".join(_lines(seed)[:1]) + b'"' * 1_000_001


def blank_lines_by_the_100_000(rng: Random, seed: Seed) -> bytes:
    lines = _lines(seed)
    return b"".join([*lines[:3], rng.choice([b"\n", b"\r\n", b" \n"]) * 200_000, *lines[3:]])


def returns_only(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r")


def line_ends_mixed(rng: Random, seed: Seed) -> bytes:
    ends = [b"\n", b"\r\n", b"\r", b"\r\r\n", b"\n\r"]
    return b"".join(line.rstrip(b"\r\n") + rng.choice(ends) for line in _lines(seed))


def rows_of_any_length(rng: Random, seed: Seed) -> bytes:
    head, *rest = _lines(seed)
    cut = [b",".join(x.strip().split(b",")[: rng.randrange(1, 20)]) for x in rest]
    return head + b"".join(line + b"," * rng.randrange(3) + b"\n" for line in cut)


def one_line_of_commas(rng: Random, seed: Seed) -> bytes:
    return seed.raw + b"," * 2_000_000 + b"\n"


def rows_repeated(rng: Random, seed: Seed) -> bytes:
    head, *rest = _lines(seed)
    return head + b"".join(rng.choice(rest) for _ in range(3_000))


def separator_lies(rng: Random, seed: Seed) -> bytes:
    return b"sep=" + rng.choice([b";", b"|", b"xx", b"\xff"]) + b"\r\n" + seed.raw


def a_web_page(rng: Random, seed: Seed) -> bytes:
    return b"<html><table><tr><td>" + seed.raw.replace(b",", b"</td><td>") + b"</table></html>"


# --- workbooks and archives -----------------------------------------------------------------------


def _rewritten(raw: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """An archive with each part as `change` gives it; None leaves it out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def _sheet_changed(seed: Seed, change: Callable[[bytes], bytes]) -> bytes:
    """The cells of a workbook changed as XML; XLS has none, and gets its texts changed."""
    if seed.suffix == ".xls":
        return seed.raw.replace(NAME.encode(), b"\xff" * len(NAME))
    return _rewritten(
        seed.raw,
        lambda name, part: change(part) if name.endswith(("sheet1.xml", "content.xml")) else part,
    )


def part_missing(rng: Random, seed: Seed) -> bytes:
    if seed.suffix == ".xls":
        return truncated(rng, seed)
    with zipfile.ZipFile(io.BytesIO(seed.raw)) as archive:
        lost = rng.choice(archive.namelist())
    return _rewritten(seed.raw, lambda name, part: None if name == lost else part)


def sheet_cut_off(rng: Random, seed: Seed) -> bytes:
    return _sheet_changed(seed, lambda part: part[: rng.randrange(len(part))])


def sheet_claims_all_rows(rng: Random, seed: Seed) -> bytes:
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    def change(part: bytes) -> bytes:
        part = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)
        many = b'<table:table-row table:number-rows-repeated="1048576">'
        return part.replace(b"</sheetData>", last).replace(b"<table:table-row>", many, 1)

    return _sheet_changed(seed, change)


def entities_in_a_sheet(rng: Random, seed: Seed) -> bytes:
    return _sheet_changed(seed, lambda part: _with_entities(part, "lol"))


def sheet_nested_200_deep(rng: Random, seed: Seed) -> bytes:
    return _sheet_changed(seed, lambda part: part.replace(b"<row ", b"<a>" * 200 + b"<row ", 1))


def a_bomb_as_workbook(rng: Random, seed: Seed) -> bytes:
    return _sheet_changed(seed, lambda part: part + b"<!--" + b" " * 300_000_000 + b"-->")


def names_that_leave(rng: Random, seed: Seed) -> bytes:
    names = ["../../out.csv", "/etc/out.csv", "C:\\out.csv", "..\\..\\out.csv", "a/../../b.csv"]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in (*names, f"{NAME}.csv", "x" * 300 + ".csv", ".", "con.csv"):
            archive.writestr(name, seed.raw + name[:3].encode())
    return made.getvalue()


def a_zip_in_a_zip(rng: Random, seed: Seed) -> bytes:
    inner = zipped({f"inner{seed.suffix}": seed.raw})
    return zipped({"a.zip": zipped({"b.zip": inner}), "c.zip": inner})


def a_zip_bomb(rng: Random, seed: Seed) -> bytes:
    return zipped({f"a{seed.suffix}": b"0" * rng.choice([100, 300]) * 1_000_000})


def a_zip_of_5_001_files(rng: Random, seed: Seed) -> bytes:
    return zipped({f"{n}.csv": "" for n in range(5_001)})


def a_zip_that_lies(rng: Random, seed: Seed) -> bytes:
    """Its directory tells another size than the file has."""
    raw = bytearray(zipped({f"a{seed.suffix}": seed.raw}))
    at = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 24, rng.choice([0, 1, 2**31, 2**32 - 1]))
    return bytes(raw)


def a_zip_with_a_password(rng: Random, seed: Seed) -> bytes:
    raw = bytearray(zipped({f"a{seed.suffix}": seed.raw}))
    raw[6] |= 1
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def an_empty_zip(rng: Random, seed: Seed) -> bytes:
    return zipped({})


# --- XML ------------------------------------------------------------------------------------------


def _with_entities(part: bytes, name: str) -> bytes:
    bomb = b"<!DOCTYPE x [<!ENTITY a0 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    part = re.sub(rb"^(<\?xml[^>]*>)?", lambda m: m[0] + bomb + b"]>", part, count=1)
    return part.replace(NAME.encode(), b"&a11;", 1)


def entity_bomb(rng: Random, seed: Seed) -> bytes:
    return _with_entities(seed.raw, "a11")


def external_entity(rng: Random, seed: Seed) -> bytes:
    told = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    raw = re.sub(rb"^(<\?xml[^>]*>)", lambda m: m[0] + told, seed.raw, count=1)
    return raw.replace(NAME.encode(), b"&e;")


def nested_200_deep(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"<Pupil>", b"<Pupil>" + b"<a>" * 200 + b"</a>" * 200, 1)


def an_attribute_of_5_mb(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"<Pupil>", b'<Pupil a="' + b"x" * 5_000_000 + b'">', 1)


def a_comment_never_closed(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"<Pupil>", b"<!--" + b"-" * 3_000_000, 1)


def a_million_elements(rng: Random, seed: Seed) -> bytes:
    return seed.raw.replace(b"</Pupil>", b"<a/>" * 1_000_000 + b"</Pupil>", 1)


def another_encoding_declared(rng: Random, seed: Seed) -> bytes:
    named = rng.choice([b"UTF-16", b"EBCDIC-CP-US", b"idna", b"UTF-7", b"zip"])
    return seed.raw.replace(b'encoding="UTF-8"', b'encoding="' + named + b'"')


def elements_out_of_place(rng: Random, seed: Seed) -> bytes:
    tags = re.findall(rb"</?[A-Za-z]+>", seed.raw)
    a, b = rng.choice(tags), rng.choice(tags)
    return seed.raw.replace(a, b, rng.randrange(1, 4))


Mutation = Callable[[Random, Seed], bytes]
ANY: tuple[Mutation, ...] = (
    *(truncated, bytes_flipped, piece_missing, piece_twice, nothing_but_nul, nul_at_the_end),
    *(noise, another_kind_inside),
)
TEXT: tuple[Mutation, ...] = (
    *(wrong_encoding, encodings_mixed, lone_surrogates, lone_surrogate_in_utf16),
    *(headings_shuffled, headings_missing, headings_twice, headings_among_rows),
    *(headings_of_100_000_columns, delimiters_swapped, nul_in_the_middle, cell_of_10_mb),
    *(quoted_cell_of_20_mb, many_long_cells, number_of_5_million_digits, numbers_out_of_this_world),
    *(dates_out_of_this_world, formulas, sql_and_paths, right_to_left_and_zero_width),
    *(control_characters, unclosed_quote, quotes_everywhere, only_quotes),
    *(blank_lines_by_the_100_000, returns_only, line_ends_mixed, rows_of_any_length),
    *(one_line_of_commas, rows_repeated, separator_lies, a_web_page),
)
BOOK: tuple[Mutation, ...] = (
    *(part_missing, sheet_cut_off, sheet_claims_all_rows, entities_in_a_sheet),
    *(sheet_nested_200_deep, a_bomb_as_workbook),
)
ZIP: tuple[Mutation, ...] = (
    *(names_that_leave, a_zip_in_a_zip, a_zip_bomb, a_zip_of_5_001_files, a_zip_that_lies),
    *(a_zip_with_a_password, an_empty_zip),
)
XML: tuple[Mutation, ...] = (
    *(entity_bomb, external_entity, nested_200_deep, an_attribute_of_5_mb, a_comment_never_closed),
    *(a_million_elements, another_encoding_declared, elements_out_of_place),
)
# After these the headings stand where they stood, and each line that was a row still is one.
KEEP_LINES = {
    *("truncated", "formulas", "sql_and_paths", "rows_repeated", "numbers_out_of_this_world"),
    *("dates_out_of_this_world", "rows_of_any_length", "blank_lines_by_the_100_000"),
    *("headings_among_rows", "many_long_cells", "returns_only", "line_ends_mixed"),
    *("one_line_of_commas", "right_to_left_and_zero_width"),
}
# Each mutation with a sort of seed that it is for; then what fits any file, of the other sorts.
ONCE: tuple[tuple[Mutation, str], ...] = (
    *((m, "text") for m in (*TEXT, *ANY)),
    *((m, "book") for m in BOOK),
    *((m, "zip") for m in ZIP),
    *((m, "xml") for m in XML),
)
AGAIN = tuple((m, sort) for m in ANY for sort in ("encoded", "book", "parquet", "xml"))
# In an order that is always the same, and in which the first fifty are of every sort.
ALL = (*Random(1).sample(ONCE, len(ONCE)), *AGAIN)


def mutated(number: int) -> Mutated:
    """The spoilt file of this number: each mutation in turn, then again of other seeds."""
    rng = Random(number)
    mutation, sort = ALL[number % len(ALL)]
    sorts = seeds()
    known = sorts["text"] + sorts["book"] if sort == "zip" else sorts[sort]
    seed = rng.choice(known)
    name = mutation.__name__
    keeps = name in KEEP_LINES and sort == "text"
    folder, _, base = seed.name.rpartition("/")
    suffix = ".zip" if sort == "zip" else seed.suffix
    first = seed.heading_lines + 1 if keeps else None
    return Mutated(name, folder, f" {base}{suffix}", mutation(rng, seed), first)
