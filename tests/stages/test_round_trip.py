"""Any table of pupils and outcomes, in any layout and format, comes back as it was written."""

import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.programme import Programme
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from tests.exports_invented import Cell, Child, Table, tables
from tests.exports_written import BOOKS, PARQUET, TEXTS, WINDOWS_1252, Write, zipped
from tests.unit.ctf_files import Child as CtfChild
from tests.unit.ctf_files import Taken, write_ctf

# What a name may be made of; the letters of Windows-1252 are put together so that two of them never
# look like one of UTF-8, which is refused rather than guessed.
# A failing example is shown as it is drawn: making it smaller takes an ingest for each try.
settings.register_profile(
    "ingests",
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
INGESTS = settings.get_profile("ingests")
PLAIN = [
    *"abcyzABZ",
    "'",
    "-",
    ".",
    ",",
    ";",
    '"',
    "|",
    "=",
    "+",
    "@",
    "(",
    "%",
    "0",
    "é",
    "ü",
    "ñ",
]
HOSTILE = [
    *PLAIN,
    " ",
    "  ",
    "\u00a0",
    "愛",
    "Ł",
    "\u200b",
    "\u202e",
    "😀",
    "\u2028",
    "\u0085",
    "’a",
]
OUTCOMES = ["EXS", "GDS", "WTS", "PK3", " exs", "GDS ", ""]


def names(letters: list[str]) -> st.SearchStrategy[str]:
    """A name with at least one letter, which may begin with anything."""
    part = st.lists(st.sampled_from(letters), max_size=6).map("".join)
    return st.tuples(part, st.sampled_from(["A", "Qu", "é"]), part).map("".join)


def children(letters: list[str], first: int) -> st.SearchStrategy[list[Child]]:
    """Some invented children, numbered from `first`, so that no two files have the same."""
    child = st.tuples(
        names(letters),
        names(letters),
        st.dates(dt.date(2008, 9, 1), dt.date(2021, 8, 31)),
        st.sampled_from(["{}", "0{}", "000{}", "A{}"]),
        st.sampled_from(["N1", "N2", "R", "1", "4", "6"]),
        st.sampled_from(["4 Elm", "4/5", "Œlm; 1", "01"]),
        st.tuples(*[st.sampled_from(OUTCOMES)] * 6),
    )
    return st.lists(child, min_size=1, max_size=6).map(
        lambda drawn: [
            Child(n, s, f, born, number.format(n), year, room, outcomes)
            for n, (s, f, born, number, year, room, outcomes) in enumerate(drawn, start=first)
        ]
    )


def formats(table: Table) -> dict[str, tuple[str, Write]]:
    """The ways in which a table can be written: Parquet has one row of headings."""
    return TEXTS | BOOKS | ({} if len(table.headings) > 1 else {"Parquet": PARQUET})


class Posted:
    """Files to be sent, and what has to be landed of each, by path."""

    def __init__(self, folder: Path) -> None:
        self.programme = Programme(folder)
        self.programme.settings_file.parent.mkdir(parents=True, exist_ok=True)
        self.programme.settings_file.write_text("", encoding="utf-8")
        self.expected: dict[str, tuple[str, list[dict[str, Any]]]] = {}

    def write(
        self,
        table: Table,
        number: int,
        how: tuple[str, Write],
        above: list[list[Cell]],
        below: list[list[Cell]],
        in_zip: bool,
    ) -> None:
        """Write a table with rows `above` its headings and `below` its last row."""
        suffix, write = how
        rows = [*above, *table.headings, *(r.cells for r in table.rows), *below]
        raw, lines = write(rows)
        first = len(above) + len(table.headings)
        landed = [
            fact | {"line": line}
            for row, line in zip(table.rows, lines[first:], strict=False)
            for fact in row.landed
        ]
        folder, _, name = table.name.rpartition("/")
        path = f"{folder}/{number}" if folder else str(number)
        if in_zip:
            self.put(f"{path}.zip", zipped({f"{name}{suffix}": raw}))
            path = f"{path}.zip/{name}{suffix}"
        else:
            path = f"{path}/{name}{suffix}"
            self.put(path, raw)
        part = " [Sheet1]" if how in BOOKS.values() else ""
        self.expected[path + part] = table.layout, landed

    def put(self, path: str, raw: bytes) -> None:
        to = self.programme.exports / path
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(raw)

    def came_back(self) -> None:
        """Everything that was written is landed, with its lines; nothing more, nothing less."""
        done = run(self.programme, ("ingest",)).ingested
        assert done
        assert done.refused == {}
        with open_warehouse(self.programme, read_only=True) as con:
            files = dict(
                con.execute("select file_name, file_id from landing.export_file").fetchall()
            )
            layouts = dict(
                con.execute("select file_id, layout from landing.export_file").fetchall()
            )
            assert con.execute("select * from landing.rejected_row").fetchall() == []
            found = con.execute("select * from landing.export_row")
            names = [d[0] for d in found.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            current = con.execute(
                "select file_id, line, subject, term, outcome_as_sent, outcome from core.result"
            ).fetchall()
        assert files.keys() == self.expected.keys()
        for path, (layout, landed) in self.expected.items():
            assert layouts[files[path]].split("/")[0] == layout, path
            mine = [r for r in rows if r["file_id"] == files[path]]
            results = Counter(
                (line, subject, term, sent)
                for f, line, subject, term, sent, _ in current
                if f == files[path]
            )
            assert results == Counter(
                (r["line"], r["subject"], r["term"], r["outcome_as_sent"])
                for r in landed
                if "outcome_as_sent" in r
            ), path
            assert _sorted(landed) == _sorted(
                [{key: row[key] for key in fact} for row, fact in _paired(mine, landed)]
            ), path


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["line"], str(row.get("subject")), str(row.get("term"))


def _paired(
    rows: list[dict[str, Any]], landed: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    assert len(rows) == len(landed), (len(rows), len(landed))
    # A row without a result has no subject, and may have no term.
    bare = {r["line"] for r in rows if r["item"] == 0}
    return list(
        zip(
            sorted(rows, key=lambda r: (r["line"],) if r["line"] in bare else _key(r)),
            sorted(landed, key=lambda r: (r["line"],) if r["line"] in bare else _key(r)),
            strict=True,
        )
    )


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=repr)


@settings(INGESTS, max_examples=3)
@given(st.data())
def test_any_layout_in_any_format_comes_back_the_same(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        posted = Posted(Path(folder) / "programme")
        for number in range(len(tables([]))):
            # Each file has pupils of its own.
            table = tables(data.draw(children(HOSTILE, 1 + 100 * number)))[number]
            if not table.rows:
                continue
            known = formats(table)
            form = data.draw(st.sampled_from(sorted(known)))
            wide = len(table.headings[0])
            above: list[list[Cell]] = []
            if form != "Parquet" and data.draw(st.booleans()):
                above = [["Invented Primary School", *[""] * (wide - 1)], [""] * wide]
            below: list[list[Cell]] = []
            if data.draw(st.booleans()):
                below = [[""] * wide, [*["Class average"], *[""] * (wide - 1)]]
            posted.write(table, number, known[form], above, below, data.draw(st.booleans()))
        posted.came_back()


@settings(INGESTS, max_examples=2)
@given(st.data())
def test_names_within_quotes_may_hold_line_ends_and_windows_letters(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        posted = Posted(Path(folder) / "programme")
        for number in range(len(tables([]))):
            lines = number % 2 == 0
            letters = [*HOSTILE, "\n", "\n"] if lines else PLAIN
            table = tables(data.draw(children(letters, 1 + 100 * number)))[number]
            if table.rows:
                how = TEXTS[sorted(TEXTS)[number % len(TEXTS)]] if lines else WINDOWS_1252
                posted.write(table, number, how, [], [], in_zip=False)
        posted.came_back()


@settings(INGESTS, max_examples=3)
@given(st.data())
def test_a_common_transfer_file_comes_back_the_same(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        programme = Programme(Path(folder) / "programme")
        programme.exports.mkdir(parents=True)
        programme.settings_file.write_text('subjects = ["maths", "mtc"]\n', encoding="utf-8")
        sent = data.draw(children([*HOSTILE, "<", "&", "]]>"], 1))
        scores = data.draw(
            st.lists(
                st.lists(st.integers(0, 25), max_size=1), min_size=len(sent), max_size=len(sent)
            )
        )
        write_ctf(
            programme.exports / "a.xml",
            [
                CtfChild(
                    c.upn,
                    c.surname.strip(),
                    c.forename.strip(),
                    c.born.isoformat(),
                    results=tuple(Taken(str(score)) for score in held),
                )
                for c, held in zip(sent, scores, strict=True)
            ],
            encoding=data.draw(st.sampled_from(["UTF-8", "UTF-16", "utf-8-sig"])),
        )
        done = run(programme, ("ingest",)).ingested
        assert done
        # Where no pupil has a result, nothing says the term.
        assert len(done.refused) == (0 if any(scores) else 1)
        with open_warehouse(programme, read_only=True) as con:
            found = con.execute(
                "select upn, surname, forename, date_of_birth, outcome from landing.export_row "
                "order by line, item"
            ).fetchall()
        expected = [
            (c.upn, c.surname, c.forename, c.born, str(held[0]) if held else None)
            for c, held in zip(sent, scores, strict=True)
        ]
        assert [(u, *map(_plain, (s, f)), b, o) for u, s, f, b, o in found] == (
            [(u, *map(_plain, (s, f)), b, o) for u, s, f, b, o in expected] if any(scores) else []
        )


def _plain(name: str) -> str:
    """Spaces around a name are no part of it, whichever sort of space."""
    return name.replace("\u00a0", " ").strip()


def test_what_is_compared_would_show_a_difference(tmp_path: Path) -> None:
    """The comparison above is not empty: a changed cell is seen."""
    posted = Posted(tmp_path / "programme")
    child = Child(1, "Thistlewick", "Ada", dt.date(2016, 9, 3), "01")
    posted.write(tables([child])[0], 0, TEXTS["CSV"], [], [], in_zip=False)
    for _, landed in posted.expected.values():
        landed[0]["surname"] = "Another"
    with pytest.raises(AssertionError):
        posted.came_back()
