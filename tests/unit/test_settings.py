"""Settings: an empty file is valid, every wrong key is named, terms follow each other."""

from pathlib import Path

import pytest

from pipeline.errors import SettingsWrong
from pipeline.settings import Settings, read_settings


def settings_of(folder: Path, text: str) -> Settings:
    path = folder / "pipeline.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def wrong(folder: Path, text: str) -> str:
    with pytest.raises(SettingsWrong) as told:
        settings_of(folder, text)
    return str(told.value)


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "")
    assert settings == Settings()
    assert settings.rings == ("maths", "reading", "writing")
    assert settings_of(tmp_path, "\ufeff# saved by Notepad\n") == settings


def test_every_wrong_key_and_value_is_named_at_once(tmp_path: Path) -> None:
    told = wrong(
        tmp_path,
        'borderline = 1\nsubjects = "maths"\ndecides = "computer"\nmemory_limit = "much"\n'
        '[[due]]\nyear_groups = ["17"]\nwhen = 1\n[[school]]\nurn = 12\n[calendar.autumn]\n'
        'starts_on = "first of September"\nends_on = "12-30"\ncounts_on = "02-29"\n',
    )
    for key in (
        "'borderline' is not a setting",
        "'subjects'",
        "'decides' = 'computer'",
        "'memory_limit'",
        "'due.1.year_groups.1' = '17'",
        "'due.1.when' is not a setting",
        "'school.1.urn' = 12",
        "'calendar.autumn.starts_on'",
        "'calendar.autumn.counts_on' = '02-29': is not a day of every year",
    ):
        assert key in told, key
    assert told.startswith("pipeline.toml: ")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("subjects =", "Expected TOML"),
        ("subjects = []", "'subjects'"),
        ('subjects = ["Maths"]', "lower case"),
        ('subjects = ["maths", "maths"]', "'subjects' names a subject twice"),
        ('venn_subjects = ["maths", "science"]', "'venn_subjects' names ['science']"),
        ('[[due]]\nyear_groups = ["1"]\nsubjects = ["art"]', "'due.1.subjects' names ['art']"),
        ("[[due]]\n", "'due.1.year_groups'"),
        ('[[school]]\nname = "Nowhere Invented"', "neither 'urn' nor 'laestab'"),
        ("[[school]]\nurn = 990001\n[[school]]\nurn = 990001", "990001 to more than one school"),
        ("expected_standard_score = nan", "'expected_standard_score'"),
    ],
)
def test_what_does_not_fit_together_is_named(tmp_path: Path, text: str, named: str) -> None:
    assert named in wrong(tmp_path, text)


def calendar(**days: str) -> str:
    """`autumn="09-01 12-19 12-01"`: the days on which a term starts, ends and counts."""
    return "".join(
        f'[calendar.{term}]\nstarts_on = "{starts}"\nends_on = "{ends}"\ncounts_on = "{counts}"\n'
        for term, (starts, ends, counts) in ((t, d.split()) for t, d in days.items())
    )


@pytest.mark.parametrize(
    "days",
    [
        {"autumn": "09-03 12-31 12-31"},
        {"autumn": "09-01 01-15 12-01", "spring": "01-16 04-01 03-01"},
        {"summer": "04-20 08-31 04-20"},
    ],
)
def test_terms_that_follow_each_other(tmp_path: Path, days: dict[str, str]) -> None:
    assert settings_of(tmp_path, calendar(**days)).calendar != Settings().calendar


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ({"autumn": "12-19 09-01 12-01"}, "'calendar.autumn' ends before it starts"),
        ({"summer": "04-20 09-05 07-01"}, "'calendar.summer' ends before it starts"),
        ({"autumn": "09-01 12-19 12-20"}, "'calendar.autumn.counts_on' is not a day of the term"),
        ({"spring": "01-05 04-01 04-02"}, "'calendar.spring.counts_on' is not a day of the term"),
        ({"spring": "01-05 04-16 03-01"}, "'calendar.summer' starts before the term before"),
        ({"autumn": "09-01 02-10 12-01"}, "'calendar.spring' starts before the term before"),
    ],
)
def test_terms_may_not_overlap_and_count_within_themselves(
    tmp_path: Path, days: dict[str, str], named: str
) -> None:
    assert named in wrong(tmp_path, calendar(**days))


def test_a_folder_without_settings_or_with_other_text_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="achievement init"):
        read_settings(tmp_path / "pipeline.toml")
    (tmp_path / "pipeline.toml").write_bytes("# ü".encode("utf-16"))
    with pytest.raises(SettingsWrong, match="not UTF-8"):
        read_settings(tmp_path / "pipeline.toml")


def test_the_fingerprint_is_that_of_the_settings_and_not_of_where_the_key_lies(
    tmp_path: Path,
) -> None:
    plain = settings_of(tmp_path, "").sha256()
    assert settings_of(tmp_path, '[privacy]\nkey_file = "~/elsewhere.key"').sha256() == plain
    assert settings_of(tmp_path, "expected_standard_score = 95").sha256() != plain
