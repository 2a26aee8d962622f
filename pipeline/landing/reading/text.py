"""From whatever encoding a school's text is in to UTF-8, and which character parts its columns.

Nothing is guessed where a guess could spoil a name: text of mixed encodings is refused.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.errors import ExportRefused

CHUNK = 8 * 1024 * 1024
START = 4096
DELIMITERS = (",", "\t", ";", "|")
SAVE_AS = "In Excel choose Save As, CSV UTF-8 (Comma delimited), and send that."
CUT = (
    "the text ends in the middle of a letter, so the file was not written to its end. "
    "Export it again."
)
NO_TEXT = (
    "it holds bytes that are no letters in any encoding expected here (UTF-8, UTF-16, "
    f"Windows-1252), so it is not text or is damaged. Export it again. {SAVE_AS}"
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Decoded:
    """Text as UTF-8 at `path` (the copy itself where it was UTF-8), and what it was encoded in."""

    encoding: str
    path: Path


def encoding_of(start: bytes) -> str | None:
    """The encoding that the first bytes of a file show; None: UTF-8 or Windows-1252."""
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    sample = np.frombuffer(start[: START // 2 * 2], dtype=np.uint8)
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) < 4:
        return None
    first, second = sample[0::2], sample[1::2]
    # Latin letters leave every other byte NUL; a text of two encodings has NULs on both sides.
    if (second == 0).mean() > 0.7 and (first == 0).mean() < 0.05:
        return "utf-16-le"
    if (first == 0).mean() > 0.7 and (second == 0).mean() < 0.05:
        return "utf-16-be"
    return None


def decode(copy: Path, target: Path) -> Decoded:
    """UTF-8 text of a file; `target` is written where the file is in another encoding.

    Raises ExportRefused for what is not text, is cut off, or mixes encodings.
    """
    with copy.open("rb") as file:
        start = file.read(START)
    encoding = encoding_of(start)
    if encoding in ("utf-16-le", "utf-16-be"):
        decode_utf16(copy, target, encoding)
        return Decoded(encoding, target)
    if is_utf8(copy):
        return Decoded(encoding or "utf-8", copy)
    refuse_mixed(copy)
    decode_cp1252(copy, target)
    return Decoded("cp1252", target)


def is_utf8(copy: Path) -> bool:
    """Whether the whole file is UTF-8. Raises ExportRefused for NULs."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(copy):
            if b"\0" in chunk:
                raise ExportRefused(NO_TEXT)
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def decode_utf16(copy: Path, target: Path, encoding: str) -> None:
    """Write a UTF-16 file as UTF-8, without a byte order mark."""
    _rewrite(copy, target, encoding)


def decode_cp1252(copy: Path, target: Path) -> None:
    """Write a Windows-1252 file as UTF-8. The five bytes that have no meaning in it refuse it."""
    _rewrite(copy, target, "cp1252")


def refuse_mixed(copy: Path) -> None:
    """Raise ExportRefused for broken UTF-8; return where the file can be Windows-1252."""
    letters = broken = broken_line = line = 0
    newline = lone_return = False
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    end = ""
    for chunk in _chunks(copy, and_end=True):
        newline, lone_return = newline or b"\n" in chunk, lone_return or b"\r" in chunk
        text = decoder.decode(chunk, final=not chunk)
        # Broken bytes come as U+DC80 to U+DCFF, which no well-formed UTF-8 gives.
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        bad = (codes >= 0xDC80) & (codes <= 0xDCFF)
        if bad.any() and not broken:
            broken_line = line + int((codes[: int(bad.argmax())] == 10).sum()) + 1
        broken += int(bad.sum())
        letters += int((codes > 0x7F).sum() - bad.sum())
        line += int((codes == 10).sum())
        end = (end + text)[-4:]
    marked = encoding_of(_start(copy)) == "utf-8-sig"
    if broken == _cut_off(end) > 0:
        raise ExportRefused(CUT)
    # Two accented letters of Windows-1252 in a row look like one of UTF-8 only by rare chance.
    if marked or letters * 10 > broken:
        raise ExportRefused(
            f"line {broken_line}: most of the text is UTF-8, and {broken:,} "
            f"{'byte' if broken == 1 else 'bytes'} from here on are not; names with accents would "
            f"be spoilt. Two files may have been joined. Export it again. {SAVE_AS}"
        )
    if lone_return and not newline:
        raise ExportRefused(
            "the text is in an old Macintosh encoding; UTF-8 was expected, as names with accents "
            f"would be spoilt. {SAVE_AS}"
        )


def separator_line(line: str) -> str | None:
    """The separator that a first line `sep=;`, as Excel writes it, names: such a line is no data.

    It stays a physical line: what follows starts on line 2.
    """
    found = re.fullmatch(r'\ufeff?"?sep=(.)"?\s*', line, re.IGNORECASE)
    return found[1] if found and found[1] in DELIMITERS else None


def delimiter_of(lines: list[str]) -> str:
    """The character that parts the columns of these lines most evenly; comma for one column."""
    scores = {d: _evenness(lines, d) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: scores[d])
    return best if scores[best] > 0 else ","


def _evenness(lines: list[str], delimiter: str) -> float:
    """Columns of the commonest width, less for each row that has another."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (rows / widths.total()) ** 2 * (width - 1)


def _cut_off(end: str) -> int:
    """How many bytes of an unfinished letter the text ends with."""
    raw = end.encode("utf-8", "surrogateescape")
    for size in (3, 2, 1):
        tail = raw[-size:]
        try:
            codecs.getincrementaldecoder("utf-8")().decode(tail)
        except UnicodeDecodeError:
            continue
        if len(tail) == size and tail[0] >= 0xC2:
            try:
                tail.decode("utf-8")
            except UnicodeDecodeError:
                return size
    return 0


def _rewrite(copy: Path, target: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, first = 1, True
    with target.open("wb") as out:
        for chunk in _chunks(copy, and_end=True):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as wrong:
                if encoding != "cp1252" and not chunk:
                    raise ExportRefused(CUT) from None
                line += chunk[: wrong.start].count(b"\n")
                raise ExportRefused(f"around line {line}: {NO_TEXT}") from None
            if "\0" in text:
                raise ExportRefused(NO_TEXT)
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            line += text.count("\n")
            out.write(text.encode("utf-8"))


def _start(copy: Path) -> bytes:
    with copy.open("rb") as file:
        return file.read(START)


def _chunks(copy: Path, and_end: bool = False) -> Iterator[bytes]:
    with copy.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
    if and_end:
        yield b""
