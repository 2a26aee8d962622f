"""Common Transfer Files: what is read of them, and what is set aside, counted or refused."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ExportRefused, SettingsWrong
from pipeline.landing.layouts.columns import standard_columns
from pipeline.landing.reading.ctf import read_ctf
from pipeline.landing.reading.ctf_results import Codes, CtfResults, ctf_results
from pipeline.landing.reading.ctf_table import COLUMNS, CtfTable
from pipeline.scales import read_scales, text_key
from tests.unit.ctf_files import VERSIONS, Child, Sender, Taken, invented_upn, write_ctf

ADA = Child(
    invented_upn(1),
    year_group="4",
    former_upn=invented_upn(900),
    ethnicity="WBRI",
    languages=("OTH",),
    enrol_status="M",
    in_care="false",
    sen=(("2021-09-01", "N"), ("2023-01-09", "E"), ("2022-09-01", "K")),
    needs=(("2", "SLCN"), ("1", "MLD")),
    results=(Taken("21"),),
)
BEN = Child(invented_upn(2), "PRETENDFORD", "BEN", "2016-01-31", "M", year_group="4")
FRAMEWORK = Taken("EXS", "2019", "KS2", "ENG", "TA", "WRI", qualifier="TF")

OWN = """
[[result]]
codes = { stage = "KS2", subject = "ENG", method = "TA", component = "WRI", qualifier = "TF" }
subject = "writing"
scale = "ta"
kind = "teacher"
assessment = "KS2"
certainty = "confirmed"
source = "our system's manual"
"""


def read(path: Path, *children: Child, **how: object) -> CtfTable:
    return read_ctf(write_ctf(path / "a.xml", children, **how))  # type: ignore[arg-type]


def own_results(folder: Path, text: str) -> CtfResults:
    path = folder / "results.toml"
    path.write_text(text, encoding="utf-8")
    return ctf_results(path)


def test_a_multiplication_tables_check_is_read_as_the_department_writes_it(tmp_path: Path) -> None:
    table = read(tmp_path, ADA, version=19)
    assert table.rows == [
        {
            "school": "9992001",
            "school_name": "Invented Primary School",
            "academic_year": "2024-25",
            "term": "summer",
            "upn": invented_upn(1),
            "former_upn": invented_upn(900),
            "surname": "CANARYWICK",
            "forename": "ADA",
            "date_of_birth": "2015-10-03",
            "sex": "F",
            "year_group": "4",
            "ethnicity": "WBRI",
            "eal": "Y",
            "enrol_status": "M",
            "looked_after": "false",
            "sen": "E",
            "sen_need": "MLD",
            "subject": "mtc",
            "scale": "mtc",
            "outcome": "21",
            "assessment": "MTC",
            "assessment_kind": "test",
            "assessment_date": "",
        }
    ]
    assert (table.pupils, table.results, table.items) == (1, 1, [1])
    assert (table.version, table.qualifier) == ("19.0", "partial")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_says_the_same_of_a_pupil(tmp_path: Path, version: int) -> None:
    child = replace(ADA, sen=(("2021-09-01", "K"),))
    table = read(tmp_path, child, BEN, version=version)
    told = [(r["sex"], r["sen"], r["year_group"], r["outcome"]) for r in table.rows]
    assert told == [("F", "K", "4", "21"), ("M", "", "4", "")]
    assert table.version == f"{version}.0"


def test_columns_are_standard_ones() -> None:
    assert set(COLUMNS) <= set(standard_columns())


def test_the_year_of_a_result_is_the_one_in_which_its_academic_year_ends(tmp_path: Path) -> None:
    years = ("2000", "2019", "2025")
    child = replace(ADA, results=tuple(Taken("20", year) for year in years))
    told = [row["academic_year"] for row in read(tmp_path, child).rows]
    assert told == ["1999-00", "2018-19", "2024-25"]


def test_the_year_of_the_header_is_the_one_in_which_it_starts(tmp_path: Path) -> None:
    (row,) = read(tmp_path, BEN, sender=Sender(year="2019")).rows
    assert (row["academic_year"], row["term"], row["subject"]) == ("2019-20", "", "")


def test_what_a_pupil_is_today_is_not_said_of_results_of_other_years(tmp_path: Path) -> None:
    child = replace(ADA, results=(Taken("20", "2023"), Taken("21", "2025")))
    before, now = read(tmp_path, child).rows
    changing = ("year_group", "enrol_status", "looked_after", "sen", "sen_need")
    assert [before[c] for c in changing] == [""] * 5
    assert [now[c] for c in changing] == ["4", "M", "false", "E", "MLD"]
    assert (before["upn"], before["eal"]) == (now["upn"], now["eal"])


@pytest.mark.parametrize(
    ("sender", "school"),
    [
        (Sender("999", "2001"), "9992001"),
        (Sender("XXX", "XXXX"), ""),
        (Sender("XXX", "XXXX", urn="999001"), "999001"),
        (Sender("999", "2001", urn="999001"), "9992001"),
        (Sender("", ""), ""),
        (Sender("99", "2001"), ""),
    ],
)
def test_the_school_is_the_sources_number_or_urn_and_may_be_none(
    tmp_path: Path, sender: Sender, school: str
) -> None:
    assert {row["school"] for row in read(tmp_path, ADA, BEN, sender=sender).rows} == {school}


def test_a_pupil_without_results_has_a_row_without_one(tmp_path: Path) -> None:
    table = read(tmp_path, BEN, replace(ADA, results=(Taken("20"), Taken("21"))))
    assert table.items == [0, 1, 2]
    assert [row["outcome"] for row in table.rows] == ["", "20", "21"]


def test_a_partial_file_leaves_blank_what_it_does_not_say(tmp_path: Path) -> None:
    (row,) = read(tmp_path, Child(invented_upn(3), sex="", results=(Taken("9"),))).rows
    unsaid = ("sex", "year_group", "sen", "sen_need", "eal", "looked_after", "ethnicity")
    assert [row[column] for column in unsaid] == [""] * len(unsaid)


def test_lines_are_those_on_which_pupils_start(tmp_path: Path) -> None:
    path = write_ctf(tmp_path / "a.xml", [BEN, replace(ADA, results=(Taken("1"), Taken("2")))])
    text = path.read_text(encoding="utf-8").splitlines()
    starts = [at for at, line in enumerate(text, start=1) if line == "<Pupil>"]
    table = read_ctf(path)
    assert table.lines == [starts[0], starts[1], starts[1]]
    assert not table.numbered_by_pupil


def test_a_file_on_one_line_is_numbered_by_pupil(tmp_path: Path) -> None:
    child = replace(ADA, results=(Taken("1"), Taken("2", qualifier="??")))
    table = read(tmp_path, BEN, child, BEN, one_line=True)
    assert table.numbered_by_pupil
    assert table.lines == [2, 3, 4]
    assert [(line, item) for line, item, _ in table.set_aside] == [(3, 2)]


def test_absent_never_becomes_a_result(tmp_path: Path) -> None:
    """Each scale that an entry names has A as the reason why there is none."""
    (row,) = read(tmp_path, replace(ADA, results=(Taken("A"),))).rows
    scales = read_scales()
    assert row["outcome"] == "A"
    assert text_key("A") in scales[row["scale"]].no_result
    for entry in ctf_results().entries:
        assert text_key("A") in scales[entry.scale].no_result
        assert scales[entry.scale].assessment_kind == entry.kind


def test_the_engagement_model_is_not_the_expected_standard(tmp_path: Path) -> None:
    sent = ("EM", "BLW", "A", "PKF", "EXS", "GDS")
    child = replace(ADA, results=tuple(replace(FRAMEWORK, result=r) for r in sent))
    path = write_ctf(tmp_path / "a.xml", [child])
    rows = read_ctf(path, own_results(tmp_path, OWN)).rows
    assert tuple(row["outcome"] for row in rows) == sent
    assert {row["subject"] for row in rows} == {"writing"}
    assert {"EM", "BLW"} <= set(read_scales()["ta"].too_low_for_points)


def test_codes_without_a_meaning_are_set_aside_and_counted(tmp_path: Path) -> None:
    odd = Taken("2B", stage="KS1", subject="ENG", method="TA", component="", qualifier="MT")
    child = replace(ADA, results=(odd, Taken("21"), odd))
    table = read(tmp_path, child, replace(BEN, results=(odd,)))
    assert dict(table.unmapped) == {("KS1", "ENG", "TA", "", "MT"): 3}
    assert [(item, "KS1 ENG TA (none) MT" in why) for _, item, why in table.set_aside] == [
        (1, True),
        (3, True),
        (1, True),
    ]
    assert (table.pupils, table.results, table.items) == (2, 4, [2, 0])


@pytest.mark.parametrize("place", ["stage", "subject", "method", "component", "qualifier"])
@pytest.mark.parametrize("value", ["WICKET", ADA.upn, "2015-10-03", "MAT2", "*"])
def test_codes_that_no_entry_has_in_their_place_are_not_repeated(
    tmp_path: Path, place: str, value: str
) -> None:
    """A name of a few letters looks like a code."""
    misplaced = replace(Taken("20"), **{place: value})  # type: ignore[arg-type]
    table = read(tmp_path, replace(ADA, results=(misplaced,)))
    (codes,) = table.unmapped
    assert codes == Codes("KS2", "MAT", "TT", "MTC", "MT")._replace(**{place: "(not known)"})
    assert value not in table.set_aside[0][2]


def test_the_codes_of_entries_of_ones_own_are_told(tmp_path: Path) -> None:
    own = OWN.replace('stage = "KS2"', 'stage = "KS7"')
    sent = write_ctf(tmp_path / "a.xml", [replace(ADA, results=(Taken("20", stage="KS7"),))])
    table = read_ctf(sent, own_results(tmp_path, own))
    assert "KS7 MAT TT MTC MT" in table.set_aside[0][2]


def test_of_a_header_only_a_known_version_and_qualifier_are_told(tmp_path: Path) -> None:
    assert read(tmp_path, BEN, sender=Sender(qualifier="FULL")).qualifier == "full"
    path = write_ctf(tmp_path / "a.xml", [BEN], sender=Sender(qualifier="Pretendford"))
    text = path.read_text(encoding="utf-8")
    assert "25.0" in text
    path.write_text(text.replace("25.0", "Pretendford"), encoding="utf-8")
    table = read_ctf(path)
    assert (table.version, table.qualifier) == ("", "")


def test_a_meaning_that_nobody_verified_is_not_used_until_confirmed(tmp_path: Path) -> None:
    child = replace(ADA, results=(FRAMEWORK,))
    path = write_ctf(tmp_path / "a.xml", [child])
    shipped = read_ctf(path)
    assert shipped.items == [0]
    assert "is not verified" in shipped.set_aside[0][2]
    confirmed = read_ctf(path, own_results(tmp_path, OWN))
    told = [(r["subject"], r["scale"], r["assessment_kind"]) for r in confirmed.rows]
    assert told == [("writing", "ta", "teacher")]
    assert not confirmed.set_aside


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "P"}, "ResultStatus is not R"),
        ({"status": ""}, "ResultStatus is not R"),
        ({"year": "2025/26"}, "Year is not a year"),
        ({"year": ""}, "Year is not a year"),
        ({"result": "  "}, "Result is empty"),
    ],
)
def test_a_result_that_is_not_whole_is_set_aside_with_the_reason(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    table = read(tmp_path, replace(ADA, results=(replace(Taken("20"), **change),)))  # type: ignore[arg-type]
    assert reason in table.set_aside[0][2]
    assert (table.results, table.items, len(table.unmapped)) == (1, [0], 0)


def test_the_order_of_elements_within_a_result_is_free(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        "<ctfile xmlns='urn:invented'><CTFpupilData><PUPIL><upn>A</upn><StageAssessments><KeyStage>"
        "<StageAssessment><Result>7</Result><ResultQualifier>MT</ResultQualifier>"
        "<Component>MTC</Component><Method>TT</Method><Subject>mat</Subject><Year>2025</Year>"
        "<ResultStatus>R</ResultStatus></StageAssessment><StageAssessment><Year>2025</Year>"
        "</StageAssessment><Stage>KS2</Stage></KeyStage></StageAssessments></PUPIL></CTFpupilData>"
        "</ctfile>",
        encoding="utf-8",
    )
    table = read_ctf(path)
    assert [(row["upn"], row["outcome"], row["subject"]) for row in table.rows] == [
        ("A", "7", "mtc")
    ]
    assert (table.results, table.version) == (1, "")


def test_attempts_are_all_kept_with_their_dates(tmp_path: Path) -> None:
    taken = tuple(Taken(mark, date=day) for mark, day in (("12", "2025-06-03"), ("19", "")))
    rows = read(tmp_path, replace(ADA, results=taken)).rows
    assert [(r["outcome"], r["assessment_date"]) for r in rows] == [
        ("12", "2025-06-03"),
        ("19", ""),
    ]


def test_a_pupil_of_whom_two_things_are_said_has_neither(tmp_path: Path) -> None:
    path = write_ctf(tmp_path / "a.xml", [BEN, ADA], version=25)
    text = path.read_text(encoding="utf-8")
    text = text.replace("<Sex>M</Sex>", "<Sex>M</Sex><Gender>F</Gender>")
    text = text.replace("<Sex>F</Sex>", "<Sex>F</Sex><Gender>F</Gender>")
    path.write_text(text.replace("<Result>21<", "<Result>20</Result><Result>21<"), encoding="utf-8")
    table = read_ctf(path)
    assert [row["sex"] for row in table.rows] == ["", "F"]
    assert table.unsure == 1
    assert (table.results, table.items) == (1, [0, 0])
    assert "two things" in table.set_aside[0][2]


@pytest.mark.parametrize(
    ("languages", "eal"),
    [
        (("ENG",), "N"),
        (("ENB",), "N"),
        (("OTB",), "Y"),
        (("eng", "ENB"), "N"),
        (("ENG", "OTH"), ""),
        (("ENG", "XYZ"), ""),
        (("REF",), ""),
        ((), ""),
    ],
)
def test_english_as_an_additional_language_is_said_only_where_all_languages_agree(
    tmp_path: Path, languages: tuple[str, ...], eal: str
) -> None:
    assert read(tmp_path, replace(ADA, languages=languages)).rows[0]["eal"] == eal


@pytest.mark.parametrize(
    ("sen", "provision"),
    [
        ((("2023-01-09", "K"), ("2021-09-01", "N")), "K"),
        ((("2021-09-01", "N"), ("", "K")), ""),
        ((("", "K"), ("", "K")), "K"),
        ((("2021-09-01", "N"), ("2021-09-01", "E")), ""),
        ((), ""),
    ],
)
def test_the_provision_is_the_one_that_started_last_if_the_dates_tell(
    tmp_path: Path, sen: tuple[tuple[str, str], ...], provision: str
) -> None:
    assert read(tmp_path, replace(ADA, sen=sen)).rows[0]["sen"] == provision


@pytest.mark.parametrize(
    ("needs", "need"),
    [
        ((("10", "SLCN"), ("9", "MLD")), "MLD"),
        ((("", "SLCN"), ("", "MLD")), "SLCN"),
        ((("", "SLCN"), ("1", "MLD")), "MLD"),
        ((), ""),
    ],
)
def test_the_need_is_the_one_ranked_first(
    tmp_path: Path, needs: tuple[tuple[str, str], ...], need: str
) -> None:
    assert read(tmp_path, replace(ADA, needs=needs)).rows[0]["sen_need"] == need


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8-sig", "UTF-16", "ISO-8859-1", "Windows-1252"])
def test_names_are_read_in_the_encoding_declared(tmp_path: Path, encoding: str) -> None:
    name = "ÉCLAIR" if encoding == "ISO-8859-1" else "O’ÉCLAIR"
    table = read(tmp_path, replace(ADA, surname=name), BEN, encoding=encoding)
    assert [row["surname"] for row in table.rows] == [name, "PRETENDFORD"]
    assert table.lines[0] > 2


@pytest.mark.parametrize("written", ["Windows-1252", "UTF-16"])
def test_a_file_that_is_not_in_the_encoding_it_declares_is_refused(
    tmp_path: Path, written: str
) -> None:
    path = write_ctf(tmp_path / "a.xml", [replace(ADA, surname="ÉCLAIR")], encoding=written)
    path.write_bytes(path.read_bytes().replace(written.encode(), b"UTF-8"))
    if written == "UTF-16":
        path.write_bytes(path.read_bytes().decode("utf-16").encode("utf-8"))
    with pytest.raises(ExportRefused, match=r"line \d+: the text is not in the encoding"):
        read_ctf(path)


@pytest.mark.parametrize("encoding", ["Shift_JIS", "nonsense", "rot13", "UTF-7"])
def test_an_encoding_that_is_not_read_is_refused(tmp_path: Path, encoding: str) -> None:
    path = write_ctf(tmp_path / "a.xml", [ADA])
    path.write_bytes(path.read_bytes().replace(b'"UTF-8"', f'"{encoding}"'.encode()))
    with pytest.raises(ExportRefused, match="line 1: it says that it is written in an encoding"):
        read_ctf(path)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "prefix",
    [
        BOMB,
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://invented.invalid/a.dtd"> %a;]>',
        '<!DOCTYPE x SYSTEM "http://invented.invalid/a.dtd">',
        "<!DOCTYPE CTfile>",
    ],
)
def test_entities_and_whatever_could_bring_them_are_refused(tmp_path: Path, prefix: str) -> None:
    path = write_ctf(tmp_path / "a.xml", [replace(ADA, surname="PLACE")], prefix=prefix)
    path.write_bytes(path.read_bytes().replace(b"PLACE", b"&b;"))
    with pytest.raises(ExportRefused, match="line 2: it has a DOCTYPE or entities"):
        read_ctf(path)


def test_a_file_cut_off_anywhere_is_refused_with_the_line(tmp_path: Path) -> None:
    path = write_ctf(tmp_path / "a.xml", [ADA, BEN])
    whole = path.read_bytes().rstrip()
    lines = whole.count(b"\n") + 1
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        line = whole[:size].count(b"\n") + 1
        with pytest.raises(ExportRefused, match=rf"^line ({line}|{line - 1}): ") as told:
            read_ctf(path)
        assert not [v for v in (ADA.upn, ADA.surname, BEN.surname) if v in str(told.value)]
    assert lines > 10


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "line 1: the file is empty"),
        ("upn,surname\n", "line 1: from here on it is not XML"),
        ("<html><body/></html>", "line 1: it is XML of another kind"),
        ("<CTfile>\n<Header/>\n</CTfile>", "line 3: the file has no pupils"),
        ("<CTfile>\n<Pupil/></CTfile>", "line 2: a Pupil stands out of place"),
        ("<CTfile><CTFpupilData>\n<Pupil>\n<Pupil/></Pupil></CTFpupilData></CTfile>", "line 3"),
        ("<CTfile><CTFpupilData><Pupil/></CTFpupilData>\n<Header/></CTfile>", "line 2: the Header"),
        ("<CTfile>\n<CTFpupilData>\n</Pupil>", "line 3: from here on it is not XML"),
        ("<CTfile>\n&nothing;</CTfile>", "line 2: from here on it is not XML"),
        ("<CTfile>\n\0</CTfile>", "line 2: from here on it is not XML"),
        ("<CTfile>" + "<a>" * 1000, "nested more than 32 deep"),
        ("<CTfile>" + "<a/>" * 30_000, "more than 20,000 elements"),
        ("<CTfile><a>" + "x" * 10_000_000, "more than 100,000 characters"),
        ("<CTfile><!--" + "x" * 10_000_000, "one tag or comment is longer"),
        ("<CTfile><a b='" + "x" * 10_000_000, "one tag or comment is longer"),
    ],
)
def test_what_is_no_common_transfer_file_is_refused(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(ExportRefused, match=found) as told:
        read_ctf(path)
    assert "Export it again" in str(told.value)


def test_a_result_within_a_result_is_refused(tmp_path: Path) -> None:
    path = write_ctf(tmp_path / "a.xml", [ADA])
    text = path.read_text(encoding="utf-8").replace("<Locale>", "<StageAssessment/><Locale>")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExportRefused, match="a result stands within another"):
        read_ctf(path)


def test_a_file_is_read_without_building_a_tree_of_it(tmp_path: Path) -> None:
    """What is held beside the rows while reading stays small, however long the file is."""
    children = (replace(ADA, upn=invented_upn(number)) for number in range(2_000))
    path = write_ctf(tmp_path / "a.xml", children)
    ctf_results()
    tracemalloc.start()
    try:
        table = read_ctf(path)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(table.rows) == 2_000
    assert peak - kept < 1024 * 1024 < path.stat().st_size / 2
    assert kept / len(table.rows) < 4 * 1024


@pytest.mark.slow
def test_fifty_thousand_pupils_are_read_and_counted(tmp_path: Path) -> None:
    children = (Child(invented_upn(n), results=(Taken("21"),) * (n % 2)) for n in range(50_000))
    table = read_ctf(write_ctf(tmp_path / "a.xml", children))
    assert (table.pupils, table.results, len(table.rows)) == (50_000, 25_000, 50_000)
    assert len(set(table.lines)) == 50_000
    assert sum(table.items) == 25_000


def test_the_table_shipped_uses_only_what_has_a_source() -> None:
    used = [e for e in ctf_results().entries if e.certainty != "unverified"]
    assert [tuple(e.key) for e in used] == [("KS2", "MAT", "TT", "MTC", "MT")]
    assert {e.scale for e in ctf_results().entries} <= set(read_scales())


def test_an_entry_of_the_programmes_own_replaces_the_one_shipped(tmp_path: Path) -> None:
    text = OWN.replace('"ENG"', '"MAT"').replace('"TA"', '"TT"').replace('"WRI"', '"MTC"')
    text = text.replace('"TF"', '"MT"')
    child = write_ctf(tmp_path / "a.xml", [ADA])
    assert read_ctf(child, own_results(tmp_path, text)).rows[0]["scale"] == "ta"
    off = text.replace("confirmed", "unverified")
    assert read_ctf(child, own_results(tmp_path, off)).items == [0]


def test_of_two_entries_that_fit_the_more_exact_one_counts(tmp_path: Path) -> None:
    wide = OWN.replace('"TF"', '"*"').replace('"ta"', '"raw"')
    path = write_ctf(tmp_path / "a.xml", [replace(ADA, results=(FRAMEWORK,))])
    for text in (wide + OWN, OWN + wide):
        assert read_ctf(path, own_results(tmp_path, text)).rows[0]["scale"] == "ta"


def test_an_entry_holds_in_its_years(tmp_path: Path) -> None:
    text = OWN + "from_year = 2018\nto_year = 2019\n"
    years = tuple(replace(FRAMEWORK, year=y) for y in ("2017", "2018", "2019", "2020"))
    path = write_ctf(tmp_path / "a.xml", [replace(ADA, results=years)])
    assert read_ctf(path, own_results(tmp_path, text)).items == [2, 3]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (OWN.replace("scale", "scael"), r"'result.1.scale'.*'result.1.scael'"),
        (OWN.replace('"WRI"', '"wr-i"'), "'result.1.codes.component': expected a code"),
        (OWN.replace("confirmed", "sure"), "'result.1.certainty'"),
        (OWN.replace('"teacher"', '"pupil"'), "'result.1.kind'"),
        (OWN + "from_year = 2019\nto_year = 2018\n", "'result.1': 'from_year' is after"),
        (OWN + OWN, "KS2 ENG TA WRI TF and another one fit the same results"),
        (
            OWN.replace('"TF"', '"*"') + OWN.replace('"WRI"', '"*"'),
            r"KS2 ENG TA WRI \* and another one fit the same results",
        ),
        ("[[result", "Expected TOML"),
    ],
)
def test_a_wrong_table_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsWrong, match=r"ctf/results\.toml: ") as told:
        own_results(tmp_path, text)
    assert told.match(fault)


def test_a_programme_without_a_table_of_its_own_has_the_one_shipped(tmp_path: Path) -> None:
    assert ctf_results(tmp_path / "results.toml").entries == ctf_results().entries


def test_equal_tables_are_written_alike_and_others_are_not(tmp_path: Path) -> None:
    assert repr(ctf_results()) == repr(ctf_results())
    assert repr(own_results(tmp_path, OWN)) != repr(ctf_results())
