"""ZIP archives as schools pack them, and as someone packs them who means harm."""

import io
import random
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import ExportRefused
from pipeline.landing.reading import archive, zips
from pipeline.landing.reading.zips import Member, members


def unpacked(tmp_path: Path, raw: bytes) -> list[Member]:
    into = tmp_path / "into"
    into.mkdir(exist_ok=True)
    copy = tmp_path / "000001"
    copy.write_bytes(raw)
    found = members(copy, into)
    assert {p.name for p in tmp_path.iterdir()} == {"000001", "into"}
    assert set(into.rglob("*")) == {m.copy for m in found if not m.refusal}
    return found


def packed(*named: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    raw = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(raw, "w", method) as target:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, content in named:
            target.writestr(name, content)
    return raw.getvalue()


def test_the_files_come_in_order_without_what_computers_put_beside_them(tmp_path: Path) -> None:
    raw = packed(
        ("Maths/", b""),
        ("Maths/Year 4.csv", b"a,b\n"),
        ("__MACOSX/._Year 4.csv", b"x"),
        (".DS_Store", b"x"),
        ("Thumbs.db", b"x"),
        ("Siân.csv", b"c,d\n"),
    )
    found = unpacked(tmp_path, raw)
    assert [(m.name, m.copy.name, m.copy.read_bytes()) for m in found] == [
        ("Maths/Year 4.csv", "000001", b"a,b\n"),
        ("Siân.csv", "000002", b"c,d\n"),
    ]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/absolute.csv", "absolute.csv"),
        ("C:\\Users\\x.csv", "C_/Users/x.csv"),
        ("a/../../b.csv", "a/b.csv"),
        ("new\nline\x1b[31m.csv", "new_line_[31m.csv"),
        ("n" * 5000 + ".csv", "n" * 196 + ".csv"),
        ("..", "without a name"),
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str, label: str) -> None:
    assert [m.name for m in unpacked(tmp_path, packed((name, b"a,b\n")))] == [label]


def test_a_name_with_a_nul_is_shown_whole(tmp_path: Path) -> None:
    raw = packed(("a?.exe.csv", b"a,b\n")).replace(b"a?.exe", b"a\0.exe")
    assert [m.name for m in unpacked(tmp_path, raw)] == ["a_.exe.csv"]


def test_names_without_a_declared_encoding_are_read_as_utf8_where_they_are(tmp_path: Path) -> None:
    for encoded in ("Siân".encode(), "Siân".encode("cp437")):
        raw = packed(("xxxxx"[: len(encoded)], b"a,b\n")).replace(b"xxxxx"[: len(encoded)], encoded)
        assert [m.name for m in unpacked(tmp_path, raw)] == ["Siân"]


def test_two_files_of_one_name_stay_two(tmp_path: Path) -> None:
    found = unpacked(tmp_path, packed(("a.csv", b"1"), ("A.csv", b"2"), ("a.csv", b"3")))
    assert [(m.name, m.copy.read_bytes()) for m in found] == [
        ("a.csv", b"1"),
        ("A.csv (2)", b"2"),
        ("a.csv (3)", b"3"),
    ]


def test_one_bad_member_does_not_stop_the_others(tmp_path: Path) -> None:
    inner = packed(("inner.csv", b"a"))
    raw = bytearray(
        packed(
            ("crc.csv", b"first content"),
            ("inner.zip", inner),
            ("good.csv", b"good content"),
            method=zipfile.ZIP_STORED,
        )
    )
    at = raw.index(b"first content")
    raw[at] ^= 1
    crc, nested, good = unpacked(tmp_path, bytes(raw))
    assert "damaged" in (crc.refusal or "")
    assert "within a ZIP archive" in (nested.refusal or "")
    assert good.refusal is None and good.copy.read_bytes() == b"good content"


def test_a_member_with_a_password_or_packed_in_another_way_says_so(tmp_path: Path) -> None:
    raw = bytearray(packed(("a.csv", b"content")))
    central = raw.index(b"PK\x01\x02")
    for flags in (6, central + 8):
        raw[flags] |= 1
    assert "password" in (unpacked(tmp_path, bytes(raw))[0].refusal or "")
    other = packed(("a.csv", b"content"), method=zipfile.ZIP_BZIP2)
    assert "packed in a way" in (unpacked(tmp_path, other)[0].refusal or "")


def test_a_bomb_is_stopped_while_it_unpacks_whatever_its_header_says(tmp_path: Path) -> None:
    raw = bytearray(packed(("bomb.csv", bytes(130 * archive.MEGABYTE)), ("good.csv", b"a,b\n")))
    assert len(raw) < archive.MEGABYTE
    central = raw.index(b"PK\x01\x02")
    struct.pack_into("<I", raw, central + 24, 10)
    bomb, good = unpacked(tmp_path, bytes(raw))
    assert bomb.refusal and good.refusal is None


def test_an_honest_swelling_and_the_total_are_limited_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = packed(("bomb.csv", bytes(130 * archive.MEGABYTE)))
    assert "unpacked it is more than" in (unpacked(tmp_path, raw)[0].refusal or "")
    monkeypatch.setattr(zips, "LARGEST", 3 * archive.MEGABYTE)
    lot = [(f"{n}.csv", random.Random(n).randbytes(2 * archive.MEGABYTE)) for n in range(3)]
    assert [bool(m.refusal) for m in unpacked(tmp_path, packed(*lot))] == [False, True, True]


def test_members_that_are_refused_count_towards_the_total(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "LARGEST", 5 * archive.MEGABYTE)
    lot = [(f"{n}.csv", random.Random(n).randbytes(2_600_000)) for n in range(3)]
    raw = packed(*lot, method=zipfile.ZIP_STORED)
    for _, content in lot[:2]:
        raw = raw.replace(content[:20], bytes(20))
    first, second, good = unpacked(tmp_path, raw)
    assert "damaged" in (first.refusal or "") and "damaged" in (second.refusal or "")
    assert "unpacked it is more than" in (good.refusal or "")


def test_repetitive_exports_are_no_bombs(tmp_path: Path) -> None:
    rows = b"2025-26,autumn,100001,maths,ta,EXS\n" * 200_000
    assert unpacked(tmp_path, packed(("a.csv", rows)))[0].refusal is None


def test_too_many_members_an_endless_directory_and_nothing_at_all_are_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(ExportRefused, match="holds 5,001 files"):
        unpacked(tmp_path, packed(*((f"{n}", b"") for n in range(5_001))))
    with pytest.raises(ExportRefused, match="no files"):
        unpacked(tmp_path, packed(("folder/", b"")))
    entry = packed(("x" * 60_000, b""))
    central = entry[entry.index(b"PK\x01\x02") : entry.index(b"PK\x05\x06")]
    start = entry[: entry.index(b"PK\x01\x02")]
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 80, 80, 80 * len(central), len(start), 0)
    with pytest.raises(ExportRefused, match="damaged"):
        unpacked(tmp_path, start + central * 80 + end)


def test_damaged_archives_are_refused_wherever_they_are_broken(tmp_path: Path) -> None:
    rng = random.Random(20251101)
    raw = packed(*((f"{n}.csv", rng.randbytes(50) * 5) for n in range(4)))
    for size in rng.sample(range(len(raw) - 1), 40):
        with pytest.raises(ExportRefused, match="damaged"):
            unpacked(tmp_path, raw[:size])
    for _ in range(100):
        broken = bytearray(raw)
        broken[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        for old in (tmp_path / "into").iterdir():
            old.unlink()
        try:
            found = unpacked(tmp_path, bytes(broken))
        except ExportRefused:
            continue
        assert all(m.refusal or m.copy.stat().st_size == 250 for m in found)
