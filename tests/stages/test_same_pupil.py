"""Which rows are one pupil's, which are in doubt, and that the order of files decides nothing."""

from itertools import permutations
from typing import Any

import pytest

from tests.stages.landed import (
    OTHER_SCHOOL,
    SCHOOL,
    File,
    ask,
    broken,
    permanent,
    row,
    temporary,
    warehouse_of,
)

ADA, BEN, CLEO = permanent(1), permanent(2), permanent(3)
BEN_IS = {"forename": "Ben", "surname": "Mosscombe", "date_of_birth": "2017-05-05"}
TWIN = {"forename": "Bea"}
READING = {"subject": "reading"}
UNNAMED = {"surname": None, "forename": None, "date_of_birth": None}
REJECTED = "select file_id, line, rule_code, results from landing.rejected_row order by all"
PUPILS = "select upn, forename from core.pupil order by all"


def test_a_temporary_upn_gives_way_to_the_permanent_one_of_its_admission_number() -> None:
    first = row(upn=temporary(1), admission_number="1")
    later = row(upn=ADA, admission_number="1", term="spring")
    with warehouse_of([first], [later]) as con:
        assert ask(con, "select pupil_id, upn from core.pupil") == [(100000002, ADA)]
        assert ask(con, "select old_pupil_id, kept_pupil_id, reason from core.pupil_merge") == [
            (
                *(200000002, 100000002),
                "the admission number of a temporary UPN came with a permanent one",
            )
        ]
        kinds = "select kind, value from core.pupil_identifier where kind <> 'admission_number'"
        assert sorted(ask(con, kinds)) == [("temporary_upn", temporary(1)), ("upn", ADA)]


@pytest.mark.parametrize("facts", [{"date_of_birth": None}, {"surname": "Renamed"}])
def test_a_name_or_a_date_of_birth_is_enough_for_a_temporary_upn_to_give_way(
    facts: dict[str, Any],
) -> None:
    later = row(upn=ADA, admission_number="1", term="spring", **facts)
    with warehouse_of([row(upn=temporary(1), admission_number="1")], [later]) as con:
        assert len(ask(con, PUPILS)) == 1


@pytest.mark.parametrize(
    "facts", [BEN_IS, {"admission_number": "2"}, {"school_id": OTHER_SCHOOL}], ids=str
)
def test_a_temporary_upn_stays_where_the_permanent_one_may_be_another_child_s(
    facts: dict[str, Any],
) -> None:
    later = row(**({"upn": ADA, "admission_number": "1", "term": "spring"} | facts))
    with warehouse_of([row(upn=temporary(1), admission_number="1")], [later]) as con:
        assert len(ask(con, PUPILS)) == 2
        assert not ask(con, "select * from core.pupil_merge")


def test_a_name_with_a_date_of_birth_is_the_one_pupil_of_the_school_who_has_both() -> None:
    """However it is written; the same in another school is another pupil."""
    known = row(upn=ADA, admission_number="1", surname="O'Thistle-Wick", forename="Zoë")
    named = row(surname="othistle wick", forename="ZOE", subject="reading")
    elsewhere = named | {"school_id": OTHER_SCHOOL}
    with warehouse_of([named, elsewhere], [known]) as con:
        assert ask(con, "select pupil_id, school_id, subject from core.result order by all") == [
            (100000002, SCHOOL, "maths"),
            (100000002, SCHOOL, "reading"),
            (100000003, OTHER_SCHOOL, "reading"),
        ]


def test_a_name_that_nobody_has_is_a_pupil_of_its_own_over_the_terms() -> None:
    with warehouse_of([row()], [row(term="spring"), row(term="spring", **BEN_IS)]) as con:
        assert ask(con, "select pupil_id, count(*) from core.result group by 1 order by 1") == [
            (100000002, 2),
            (200000003, 1),
        ]


def test_a_name_that_two_pupils_have_is_neither_s_and_both_are_named() -> None:
    twins = [row(upn=ADA, admission_number="1"), row(upn=BEN, admission_number="2")]
    with warehouse_of([row(subject="reading")], twins) as con:
        assert ask(con, REJECTED) == [(1, 2, "row_ambiguous_pupil", 1)]
        assert ask(con, "select candidate_1, candidate_2 from core.set_aside_row") == [
            (200000002, 200000003)
        ]
        assert ask(con, "select found, column_name from landing.rejected_row") == [
            (
                "Ada Thistlewick (admission number 1) or Ada Thistlewick (admission number 2)",
                "surname",
            )
        ]
        assert ask(con, "select rows_loaded, rows_rejected from landing.export_file") == [
            (0, 1),
            (2, 0),
        ]
        assert broken(con, "row_ambiguous_pupil") == [(1, 2)]


def test_a_number_alone_is_the_pupil_who_has_it_in_that_term() -> None:
    """The number went from a leaver to another child, who has another UPN."""
    autumn = row(upn=ADA, admission_number="1")
    spring = row(upn=BEN, admission_number="1", term="spring", **BEN_IS)
    alone = [
        row(admission_number="1", term=t, subject="reading", **UNNAMED)
        for t in ("autumn", "spring", "summer")
    ]
    with warehouse_of(alone, [autumn], [spring]) as con:
        told = (
            "select p.upn, r.term from core.result as r join core.pupil as p using (pupil_id) "
            "where subject = 'reading' order by r.term"
        )
        assert ask(con, told) == [(ADA, "autumn"), (BEN, "spring")]
        assert ask(con, REJECTED) == [(1, 4, "row_ambiguous_pupil", 1)]


def test_a_corrected_admission_number_leaves_nothing_in_doubt() -> None:
    wrong = [row("roll", upn=ADA, admission_number="1"), row("roll", upn=BEN, admission_number="1")]
    right = [row("roll", upn=ADA, admission_number="1"), row("roll", upn=BEN, admission_number="2")]
    results = [row(admission_number="1", **UNNAMED), row(admission_number="2", **UNNAMED)]
    with warehouse_of(wrong, results) as con:
        assert ask(con, REJECTED) == [(2, 2, "row_ambiguous_pupil", 1)]
    with warehouse_of(wrong, results, right) as con:
        assert not ask(con, REJECTED)
        assert len(ask(con, "select distinct pupil_id from core.result")) == 2


@pytest.mark.parametrize(
    "other",
    [BEN_IS, TWIN | {"admission_number": "2"}, {"date_of_birth": "2016-01-01", **TWIN}],
    ids=["another child", "a twin", "a sibling of another number"],
)
@pytest.mark.parametrize("together", [True, False])
def test_two_children_with_one_upn_are_both_set_aside(
    other: dict[str, Any], together: bool
) -> None:
    one = row(upn=ADA, admission_number="1")
    two = row(**({"upn": ADA, "admission_number": "2"} | other))
    files = [[one, two]] if together else [[one], [two]]
    with warehouse_of(*files) as con:
        assert [code for _, _, code, _ in ask(con, REJECTED)] == ["row_shared_upn"] * 2
        assert ask(con, "select count(*) from core.result") == [(0,)]
        assert all(
            c < d for c, d in ask(con, "select candidate_1, candidate_2 from core.set_aside_row")
        )
        found = ask(con, "select distinct found from landing.rejected_row")
        assert len(found) == 1
        assert "(admission number 1) or " in found[0][0]


def test_two_children_with_one_admission_number_and_no_upn_are_not_mixed() -> None:
    ada, ben = row(admission_number="1"), row(admission_number="1", **READING, **BEN_IS)
    with warehouse_of([ada, ben]) as con:
        assert [code for _, _, code, _ in ask(con, REJECTED)] == ["row_ambiguous_pupil"] * 2
        assert ask(con, "select count(*) from core.result") == [(0,)]
    later = ben | {"term": "spring"}
    again = row(admission_number="1", surname="Thistlewicke", **READING)
    with warehouse_of([ada, again], [later]) as con:
        assert not ask(con, REJECTED)


def test_the_upn_of_one_pupil_with_the_number_of_another_is_neither_s() -> None:
    ada = row("roll", upn=ADA, admission_number="1")
    ben = row("roll", upn=BEN, admission_number="2", **BEN_IS)
    crossed = {"upn": ADA, "admission_number": "2"}
    with warehouse_of([ada, ben], [row(**crossed, **UNNAMED)]) as con:
        assert ask(con, REJECTED) == [(2, 2, "row_ambiguous_pupil", 1)]
    # her name beside her UPN tells that the number is the slip
    with warehouse_of([ada, ben], [row(**crossed)]) as con:
        assert not ask(con, REJECTED)
        assert ask(con, "select upn from core.result join core.pupil using (pupil_id)") == [(ADA,)]
    # a number that has passed from one to the other is no slip
    swapped = [ada | {"admission_number": "2"}, ben | {"admission_number": "1"}]
    with warehouse_of([ada, ben], swapped, [row(**crossed, **UNNAMED)]) as con:
        assert not ask(con, REJECTED)


def test_the_child_who_has_had_the_upn_for_longer_keeps_it() -> None:
    ada = [row(upn=ADA, admission_number="1", term=t) for t in ("autumn", "spring")]
    ben = row(upn=ADA, admission_number="2", term="spring", **BEN_IS)
    bare = row(upn=ADA, term="summer", **UNNAMED)
    with warehouse_of([ada[0]], [ben, bare], [ada[1]]) as con:
        assert ask(con, REJECTED) == [(2, 2, "row_shared_upn", 1), (2, 3, "row_shared_upn", 1)]
        assert ask(con, PUPILS) == [(ADA, "Ada")]
        assert ask(con, "select count(*) from core.result") == [(2,)]


def test_a_corrected_upn_gives_both_children_their_results_back() -> None:
    wrong = [row(upn=ADA, admission_number="1"), row(upn=ADA, admission_number="2", **BEN_IS)]
    right = [row(upn=ADA, admission_number="1"), row(upn=BEN, admission_number="2", **BEN_IS)]
    with warehouse_of(wrong, right) as con:
        assert sorted(ask(con, PUPILS)) == sorted([(BEN, "Ben"), (ADA, "Ada")])
        assert ask(con, "select count(*) from core.result") == [(2,)]
        assert ask(con, REJECTED) == [(1, 3, "row_shared_upn", 1)]
        assert broken(con, "row_shared_upn") == []


@pytest.mark.parametrize(
    "change",
    [
        {"date_of_birth": "2017-03-04"},
        {"surname": "Renamed"},
        {"forename": "Adeline"},
        {"admission_number": "9", "school_id": OTHER_SCHOOL},
        {"admission_number": "9"},
    ],
    ids=str,
)
def test_a_slip_or_a_change_makes_no_second_child(change: dict[str, Any]) -> None:
    then = {"upn": ADA, "admission_number": "1", "term": "spring"} | change
    with warehouse_of([row(upn=ADA, admission_number="1")], [row(**then)]) as con:
        assert not ask(con, REJECTED)
        assert len(ask(con, PUPILS)) == 1


def test_a_wrong_former_upn_joins_no_two_children() -> None:
    ada = row(upn=ADA, admission_number="1")
    ben = row(upn=BEN, admission_number="2", former_upn=ADA, **BEN_IS)
    with warehouse_of([ada, ben]) as con:
        assert len(ask(con, PUPILS)) == 2
        assert broken(con, "former_upn_of_another") == [(1, 3)]
    own = row(upn=CLEO, admission_number="1", former_upn=ADA, term="spring")
    with warehouse_of([ada], [own]) as con:
        assert ask(con, PUPILS) == [(CLEO, "Ada")]
        assert broken(con, "former_upn_of_another") == []


def test_one_pupil_under_two_upns_is_told_with_the_place_of_the_other() -> None:
    autumn = row("roll", upn=ADA, admission_number="1")
    spring = row("roll", upn=BEN, admission_number="1", term="spring")
    renumbered = spring | {"admission_number": "7"}
    with warehouse_of([autumn], [spring]) as con:
        assert broken(con, "pupil_two_upns") == [(2, 2)]
        assert broken(con, "pupil_recorded_anew") == []
    with warehouse_of([autumn], [renumbered]) as con:
        assert broken(con, "pupil_two_upns") == []
        assert broken(con, "pupil_recorded_anew") == [(2, 2)]
    with warehouse_of([autumn], [renumbered | {"date_of_birth": "2016-02-02"}]) as con:
        assert broken(con, "pupil_recorded_anew") == []


@pytest.mark.parametrize("status", ["S", "G"])
def test_a_pupil_registered_in_two_schools_counts_once(status: str) -> None:
    def at(school: int, enrol_status: str) -> File:
        return [row("roll", upn=ADA, school_id=school, enrol_status=enrol_status)]

    on_roll = "select school_id from core.enrolment where on_roll"
    with warehouse_of(at(SCHOOL, "M"), at(OTHER_SCHOOL, status)) as con:
        assert ask(con, on_roll) == [(SCHOOL,)]
        assert broken(con, "two_schools") == []
    with warehouse_of(at(SCHOOL, "C"), at(OTHER_SCHOOL, "C")) as con:
        assert len(ask(con, on_roll)) == 1
        assert broken(con, "two_schools") == [(1, 2), (2, 2)]


FILES: dict[str, File] = {
    "temporary": [row(upn=temporary(1), admission_number="1"), row(admission_number="2")],
    "permanent": [row(upn=ADA, admission_number="1", term="spring"), row(admission_number="1")],
    "shared": [row(upn=CLEO, admission_number="3"), row(upn=CLEO, admission_number="4", **BEN_IS)],
    "named": [row(**BEN_IS), row(upn=BEN, admission_number="4", term="spring", **BEN_IS)],
}


def test_the_order_of_the_files_changes_neither_who_is_who_nor_what_is_set_aside() -> None:
    """Pupils are compared by their rows, for their numbers are places in numbered files."""
    seen = set()
    for order in list(permutations(FILES))[::5]:
        with warehouse_of(*(FILES[name] for name in order)) as con:
            rows = ask(con, "select pupil_id, file_id, line from core.identified_row")
            aside = ask(con, "select file_id, line, rule_code from core.set_aside_row")
        of_pupil: dict[int, set[tuple[str, int]]] = {}
        for pupil_id, file_id, line in rows:
            of_pupil.setdefault(pupil_id, set()).add((order[file_id - 1], line))
        seen.add(
            (
                frozenset(map(frozenset, of_pupil.values())),
                frozenset((order[f - 1], line, code) for f, line, code in aside),
            )
        )
    assert len(seen) == 1
    pupils, aside = seen.pop()
    assert len(aside) == 2
    assert frozenset({("temporary", 2), ("permanent", 2), ("permanent", 3)}) in pupils


def test_a_withdrawn_file_takes_its_doubts_with_it() -> None:
    ada, ben = row(upn=ADA, admission_number="1"), row(upn=ADA, admission_number="2", **BEN_IS)
    with warehouse_of([ada], [ben], withdrawn=(2,)) as con:
        assert not ask(con, REJECTED)
        assert ask(con, PUPILS) == [(ADA, "Ada")]
        history = "select file_id, pupil_id, replaced_by_file_id from core.result_history"
        assert ask(con, history) == [(2, None, 99)]
