"""From whatever encoding a school's text is in to UTF-8.

Nothing is guessed where a guess could spoil a name: text of mixed encodings is refused.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.errors import ExportRefused
from pipeline.landing.reading.delimiters import delimiter_of as delimiter_of
from pipeline.landing.reading.delimiters import separator_line as separator_line

# Larger ones cost four times as much: the system clears room for the text of each.
CHUNK = 256 * 1024
START = 4096
# A letter beyond ASCII in UTF-8.
LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
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
    encoding = encoding_of(_start(copy))
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
    letters = beyond_ascii = 0
    newline = lone_return = False
    held = b""
    for chunk in _chunks(copy, and_end=True):
        newline, lone_return = newline or b"\n" in chunk, lone_return or b"\r" in chunk
        block = held + chunk
        held = _unfinished(block) if chunk else b""
        block = block[: len(block) - len(held)]
        runs = _beyond_ascii(block)
        beyond_ascii += len(runs) - runs.count(b" ")
        found = LETTER.findall(runs)
        letters += len(found)
        beyond_ascii -= sum(map(len, found))
    broken = beyond_ascii
    if broken == len(_unfinished(_end(copy))) > 0:
        raise ExportRefused(CUT)
    # Two accented letters of Windows-1252 in a row look like one of UTF-8 only by rare chance.
    if letters * 10 > broken or encoding_of(_start(copy)) == "utf-8-sig":
        raise ExportRefused(
            f"line {_broken_line(copy)}: most of the text is UTF-8, and {broken:,} "
            f"{'byte' if broken == 1 else 'bytes'} from here on are not; names with accents would "
            f"be spoilt. Two files may have been joined. Export it again. {SAVE_AS}"
        )
    if lone_return and not newline:
        raise ExportRefused(
            "the text is in an old Macintosh encoding; UTF-8 was expected, as names with accents "
            f"would be spoilt. {SAVE_AS}"
        )


def _beyond_ascii(block: bytes) -> bytes:
    """The bytes that are not ASCII, with a space wherever others stood between them."""
    raw = np.frombuffer(block, dtype=np.uint8)
    places = np.flatnonzero(raw > 0x7F)
    gaps = np.flatnonzero(np.diff(places) > 1) + 1
    return bytes(np.insert(raw[places], gaps, 32).tobytes())


def _broken_line(copy: Path) -> int:
    """The line on which the first byte stands that is not UTF-8."""
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    try:
        for chunk in _chunks(copy, and_end=True):
            line += decoder.decode(chunk, final=not chunk).count("\n")
    except UnicodeDecodeError as wrong:
        line += wrong.object[: wrong.start].count(b"\n")
    return line


def _unfinished(raw: bytes) -> bytes:
    """The bytes at the end that begin a letter of UTF-8 and do not end it."""
    for size in (1, 2, 3):
        tail = raw[-size:]
        if len(tail) < size or tail[0] < 0x80:
            break
        if tail[0] >= 0xC2:
            needed = 2 if tail[0] < 0xE0 else 3 if tail[0] < 0xF0 else 4
            return tail if size < needed else b""
    return b""


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


def _end(copy: Path) -> bytes:
    with copy.open("rb") as file:
        file.seek(max(copy.stat().st_size - 4, 0))
        return file.read()


def _chunks(copy: Path, and_end: bool = False) -> Iterator[bytes]:
    with copy.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
    if and_end:
        yield b""
