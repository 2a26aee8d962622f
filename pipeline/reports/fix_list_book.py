"""The fix list as a workbook, a sheet for each who mends. Every text is a text and no formula."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline import verdict_words
from pipeline.reports import words
from pipeline.reports.fix_list import FIRST_LINE, OWNERS, FixList, causes
from pipeline.reports.fix_list_columns import ACCEPTED, MENDED, TO_MEND, Column
from pipeline.reports.source import Rows
from pipeline.reports.text import visible

# The same content is the same bytes, whenever it was made.
CREATED = dt.datetime(2000, 1, 1)
LONGEST = 2000
A4, HEAD_ROW = 9, 3
LINE_HIGH, MOST_LINES = 15.0, 20


class _Book:
    """A workbook under way, with the formats that its sheets share."""

    def __init__(self, fixes: FixList) -> None:
        self.fixes, self.raw = fixes, io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.raw,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"title": visible(fixes.title), "created": CREATED})
        # As text, and marked as such, a value that begins with = stays one when it is edited.
        text = {"num_format": "@", "quote_prefix": True, "valign": "top", "text_wrap": True}
        line = {"border": 1, "border_color": "#8c959d"}
        self.text = self.book.add_format(text | line)
        self.plain = self.book.add_format(text | {"text_wrap": False})
        self.number = self.book.add_format(
            {"valign": "top", "align": "center", "num_format": "0"} | line
        )
        self.tick = self.book.add_format(
            {"align": "center", "valign": "top", "locked": False} | line
        )
        self.date = self.book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"} | line)
        self.head = self.book.add_format(
            text | line | {"bold": True, "bg_color": "#e3e9ee", "valign": "bottom"}
        )
        self.bold = self.book.add_format(text | {"bold": True, "font_size": 13, "text_wrap": False})
        self.red = self.book.add_format(
            text | {"bold": True, "font_color": "#7a1010", "text_wrap": False}
        )

    def sheet(
        self, name: str, columns: Sequence[Column] | Sequence[tuple[str, float]]
    ) -> Worksheet:
        """A sheet with the lines that each has at its head, set to print on A4 across."""
        sheet = self.book.add_worksheet(name)
        put(sheet, 0, 0, FIRST_LINE, self.bold)
        put(sheet, 1, 0, self.fixes.facts, self.plain)
        put(sheet, 2, 0, self.fixes.confidential, self.red)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column[1])
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&LConfidential: names pupils&CPage &P of &N&R&A")
        return sheet

    def table(self, sheet: Worksheet, columns: Sequence[Column], rows: Rows) -> None:
        """Headings and a line for each row, to be sorted and filtered."""
        sheet.set_row(HEAD_ROW, 2 * LINE_HIGH)
        for at, (name, _, _) in enumerate(columns):
            put(sheet, HEAD_ROW, at, name, self.head)
        for down, row in enumerate(rows, start=HEAD_ROW + 1):
            values = [value(row) for _, _, value in columns]
            sheet.set_row(down, height(values, [width for _, width, _ in columns]))
            for at, (name, _, _) in enumerate(columns):
                self._cell(sheet, down, at, name, values[at])
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        sheet.repeat_rows(HEAD_ROW)
        if rows:
            sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(rows), len(columns) - 1)

    def _cell(self, sheet: Worksheet, row: int, at: int, name: str, value: Any) -> None:
        if name == "Done":
            sheet.write_blank(row, at, None, self.tick)
        elif name == "Mended on":
            sheet.write_blank(row, at, None, self.date)
        elif isinstance(value, int):
            sheet.write_number(row, at, value, self.number)
        else:
            put(sheet, row, at, value or "", self.text)

    def close(self) -> bytes:
        self.book.close()
        return self.raw.getvalue()


def height(values: Sequence[Any], widths: Sequence[float]) -> float:
    """Height of a row in which the longest text is seen; not every program works it out itself."""
    lines = [
        -(-len(str(v or "")) // max(1, int(w * 0.92))) for v, w in zip(values, widths, strict=True)
    ]
    return LINE_HIGH * min(max(1, *lines), MOST_LINES)


def put(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """A text as a text, whatever it begins with, without what a reader cannot see."""
    shown = visible(str(text))
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    if shown:
        sheet.write_string(row, column, shown, look)
    else:
        sheet.write_blank(row, column, None, look)


def fix_list_book(fixes: FixList) -> bytes:
    """The whole workbook."""
    book = _Book(fixes)
    _start(book, fixes)
    for owner, title in OWNERS.items():
        rows = fixes.of(owner)
        sheet = book.sheet(title, TO_MEND)
        book.table(sheet, TO_MEND, rows)
        if not rows:
            put(sheet, HEAD_ROW + 1, 0, "Nothing to mend.", book.plain)
            continue
        last = HEAD_ROW + len(rows)
        sheet.data_validation(HEAD_ROW + 1, 0, last, 0, {"validate": "list", "source": ["✓"]})
    if fixes.accepted:
        book.table(book.sheet("Accepted", ACCEPTED), ACCEPTED, fixes.accepted)
    if fixes.mended:
        book.table(book.sheet("Mended", MENDED), MENDED, fixes.mended)
    return book.close()


def _start(book: _Book, fixes: FixList) -> None:
    """The first sheet: the verdict, how much there is for whom, and what to mend first."""
    widths = (15, 55, 8, 60, 24)
    sheet = book.sheet("Start here", [("", width) for width in widths])
    gate, limits = fixes.scope.gate, fixes.scope.limits
    why = [f"{words.sentence(text)}." for text in verdict_words.why_closed(gate, limits)]
    verdict = "The data passed the accuracy check." if gate.passed else "The data did not pass."
    told = [
        fixes.progress,
        " ".join([verdict, *why]),
        fixes.by_when,
        f"Results due that are there: {verdict_words.complete(gate)}. "
        f"Pupils without an error: {verdict_words.accurate(gate)}.",
        "Ticks are for you: a line goes when the next export is right.",
    ]
    row = HEAD_ROW + 1
    for text in filter(None, told):
        put(sheet, row, 0, text, book.plain)
        row += 1
    row += 1
    put(sheet, row, 0, "What to mend first", book.bold)
    row += 1
    heads = ("Who", "What was found", "Lines", "What to do", "In which system")
    for at, name in enumerate(heads):
        put(sheet, row, at, name, book.head)
    for cause in causes(fixes.to_mend):
        row += 1
        first = cause.first
        texts = [OWNERS[first.owner], cause.found, "", first.fix, first.system]
        for at, text in enumerate(texts):
            put(sheet, row, at, text, book.text)
        sheet.write_number(row, 2, len(cause.rows), book.number)
        sheet.set_row(row, height(texts, widths))
    if not fixes.to_mend:
        put(sheet, row + 1, 0, "Nothing to mend.", book.plain)
