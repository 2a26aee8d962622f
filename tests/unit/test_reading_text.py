"""Encodings as schools' systems really write them, and what parts the columns."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExportRefused
from pipeline.landing.reading import text
from pipeline.landing.reading.delimiters import delimiter_of, separator_line
from pipeline.landing.reading.text import decode

NAMES = 'upn,forename\r\n1,"Zoë €5"\r\n2,Siân\r\n3,Łucja\r\n'


def decoded(tmp_path: Path, raw: bytes) -> tuple[str, str]:
    copy, target = tmp_path / "copy", tmp_path / "target"
    copy.write_bytes(raw)
    found = decode(copy, target)
    assert target.exists() == (found.path == target)
    return found.encoding, found.path.read_bytes().decode("utf-8")


def refusal(tmp_path: Path, raw: bytes) -> str:
    with pytest.raises(ExportRefused) as refused:
        decoded(tmp_path, raw)
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_names_with_accents_arrive_whole_in_any_encoding(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: str,
    mark: bytes,
    told: str,
    chunk: int,
) -> None:
    monkeypatch.setattr(text, "CHUNK", chunk)
    assert decoded(tmp_path, mark + NAMES.encode(written)) == (told, NAMES)


def test_a_byte_order_mark_is_left_to_the_reader_of_utf8(tmp_path: Path) -> None:
    assert decoded(tmp_path, NAMES.encode("utf-8-sig")) == ("utf-8-sig", "\ufeff" + NAMES)


@pytest.mark.parametrize("chunk", [1, 1 << 20])
def test_what_excel_saves_in_windows_1252_is_read_as_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(text, "CHUNK", chunk)
    meant = "upn,note\r\n1,Zoë’s “£5 – €6”\r\n"
    assert decoded(tmp_path, meant.encode("cp1252")) == ("cp1252", meant)


@given(st.text(st.sampled_from("abc,\r\nëéÉ£’€ñÃ©â"), max_size=60))
def test_windows_1252_is_never_read_as_another_text(
    tmp_path_factory: pytest.TempPathFactory, meant: str
) -> None:
    raw = meant.encode("cp1252")
    try:
        encoding, found = decoded(tmp_path_factory.mktemp("text"), raw)
    except ExportRefused:
        return
    assert found == (meant if encoding == "cp1252" else raw.decode("utf-8"))


def test_bytes_without_meaning_and_nuls_are_no_text(tmp_path: Path) -> None:
    for byte in b"\x81\x8d\x8f\x90\x9d":
        assert "around line 2" in refusal(tmp_path, b"a,b\nZo\xeb," + bytes([byte]) + b"\n")
    assert "no letters" in refusal(tmp_path, b"a,b\n1,\0\n2,3\n")
    assert "no letters" in refusal(tmp_path, b"a,b\n1,\xeb\0\n2,3\n")
    assert "no letters" in refusal(tmp_path, "\ufeffa,b\n1,\0\n".encode("utf-16-le"))


@pytest.mark.parametrize("chunk", [1, 5, 1 << 20])
def test_a_file_cut_inside_a_letter_is_refused_as_cut_and_not_taken_for_another_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(text, "CHUNK", chunk)
    for name in ("Zoë", "Zoë, €", "Zoë 😀", "€"):
        whole = ("a,b\n" + name).encode()
        last = len(name[-1].encode())
        for lost in range(1, last):
            assert "not written to its end" in refusal(tmp_path, whole[:-lost])
    assert "not written to its end" in refusal(tmp_path, "\ufeffa,bc".encode("utf-16-le")[:-1])


def test_joined_files_of_two_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    raw = "a\nZoë\nSiân\nŁucja\n".encode() + "Chloé,5\n".encode("cp1252")
    assert refusal(tmp_path, raw).startswith("line 5: most of the text is UTF-8, and 1 byte from")
    assert "UTF-8" in refusal(tmp_path, b"\xef\xbb\xbf" + "a\nZoë\n".encode("cp1252"))


def test_old_macintosh_text_is_refused_and_not_misread(tmp_path: Path) -> None:
    assert "Macintosh" in refusal(tmp_path, "a,b\rChloé,2\r".encode("mac_roman"))


def test_no_refusal_quotes_what_the_file_holds(tmp_path: Path) -> None:
    for raw in (
        b"Quillfeather,\x81\n",
        "Quillfeather Zoë\n".encode() + b"\xeb\n",
        b"Quillfeather\0",
    ):
        assert "Quillfeather" not in refusal(tmp_path, raw)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["upn,surname", "1,2"], ","),
        (["upn;surname;score", "1;a;2,5", "2;b;3,5"], ";"),
        (["upn\tsurname, forename\tx", "1\ta, b\t"], "\t"),
        (["upn|surname", "1|a"], "|"),
        (["upn", "1", "2"], ","),
        (["upn,note", '1,"a;b;c"', '2,"d;e;f"'], ","),
        (["Class 4; autumn; 2025", "", "upn,surname,maths,reading", "1,a,2,3", "2,b,4,5"], ","),
        (['upn,"two', 'lines"', "1,2"], ","),
        (['"upn;surname', "1;2"], ","),
        ([], ","),
    ],
)
def test_the_character_that_parts_the_columns_is_found(lines: list[str], expected: str) -> None:
    assert delimiter_of([line + "\n" for line in lines]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sep=;\r\n", ";"),
        ("\ufeffSEP=\t\n", "\t"),
        ('"sep=,"\n', ","),
        ("sep=x\n", None),
        ("september;1\n", None),
        ("", None),
    ],
)
def test_the_line_in_which_excel_names_the_separator_is_known(
    line: str, expected: str | None
) -> None:
    assert separator_line(line) == expected
