"""What is taken in, in which order, how often: always the same warehouse, and nothing lost."""

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.errors import SurroundingsWrong
from pipeline.landing.ledger import Ledger
from pipeline.programme import Programme

Make, Send, Ask = Callable[..., Programme], Callable[..., Any], Callable[..., Any]
Export, Upn, Everything = Callable[..., str], Callable[[int], str], Callable[[Programme], Any]


def core(found: dict[str, Any]) -> dict[str, Any]:
    return {name: rows for name, rows in found.items() if name.startswith("core.")}


@pytest.fixture
def exports(results: Export, roll: Export, upn: Upn) -> dict[str, str]:
    """Nine files in the order of their names, with corrections, merges, refusals and copies."""
    ada, bo, cy = ({"upn": upn(n), "admission_number": str(n)} for n in (1, 2, 3))
    moved = cy | {"school": "990002", "admission_number": "77"}
    return {
        "1 autumn.csv": results({"admission_number": "1"}, bo, cy | {"school": "990003"}),
        "2 roll.csv": roll(ada, bo, {"admission_number": "9", "forename": "Di"}),
        "3 bad.csv": results({"scale": "none"}),
        "4 corrected.csv": results(ada | {"outcome": "GDS"}, bo | {"outcome": ""}),
        "5 only UPN.csv": results(cy | {"admission_number": "", "term": "spring"}),
        "6 not a file we know.txt": "x",
        "7 bad too.csv": results({"scale": "unknown"}),
        "8 moved.csv": results(moved | {"term": "spring", "outcome": "GDS"}),
        "9 same as 1.csv": results({"admission_number": "1"}, bo, cy | {"school": "990003"}),
    }


def test_the_same_files_twice_change_nothing(
    programme_of: Make, send: Send, everything: Everything, exports: dict[str, str]
) -> None:
    programme = programme_of(exports)
    first = send(programme, {})
    assert (first.loaded, first.unchanged, len(first.refused)) == (5, 1, 3)
    before, ledger = everything(programme), programme.ledger.read_bytes()
    for _ in range(2):
        again = send(programme, {})
        assert (again.loaded, again.unchanged) == (0, 6)
        assert again.refused == first.refused
        assert everything(programme) == before
        assert programme.ledger.read_bytes() == ledger


def test_files_that_come_one_by_one_make_the_warehouse_that_all_at_once_make(
    programme_of: Make, send: Send, everything: Everything, exports: dict[str, str]
) -> None:
    together, apart = programme_of(exports, name="together"), programme_of({}, name="apart")
    send(together, {})
    for name, content in exports.items():
        send(apart, {name: content})
    assert core(everything(together)) == core(everything(apart))
    for table in ("landing.export_pupil", "landing.export_item"):
        assert everything(together)[table] == everything(apart)[table]


@pytest.mark.parametrize("keep_exports", [True, False])
def test_a_lost_warehouse_is_made_anew_from_the_archive(
    programme_of: Make,
    send: Send,
    everything: Everything,
    exports: dict[str, str],
    keep_exports: bool,
) -> None:
    programme = programme_of(exports)
    send(programme, {})
    before, ledger = everything(programme), programme.ledger.read_bytes()
    programme.warehouse.unlink()
    if not keep_exports:
        shutil.rmtree(programme.exports)
    send(programme, {})
    after = everything(programme)
    assert core(after) == core(before)
    for table in ("landing.export_pupil", "landing.export_item"):
        assert after[table] == before[table]
    assert programme.ledger.read_bytes() == ledger
    if keep_exports:
        assert after == before


def test_a_file_missing_from_the_archive_is_named_and_nothing_changes(
    programme_of: Make, send: Send, results: Export
) -> None:
    programme = programme_of({"a.csv": results({})})
    send(programme, {})
    programme.warehouse.unlink()
    kept = next(programme.archive.glob("*.csv"))
    whole = kept.read_bytes()
    kept.write_bytes(b"something else\n")
    sent = programme.exports / "a.csv"
    sent.unlink()
    with pytest.raises(SurroundingsWrong, match=r"not the file that was taken in.*Restore"):
        send(programme, {})
    sent.write_bytes(whole)
    assert send(programme, {}).again == 1
    assert kept.read_bytes() == whole


def test_the_same_content_under_another_name_is_nothing_new(
    programme_of: Make, send: Send, everything: Everything, results: Export
) -> None:
    programme = programme_of({"a.csv": results({})})
    send(programme, {})
    before = everything(programme)
    done = send(programme, {"sub/copy of a.csv": results({})})
    assert (done.loaded, done.unchanged, done.refused) == (0, 2, {})
    assert everything(programme) == before


def test_a_refused_file_that_is_corrected_is_taken(
    programme_of: Make, send: Send, ask: Ask, results: Export
) -> None:
    programme = programme_of({"a.csv": "", "b.csv": results({"scale": "none"})})
    assert len(send(programme, {}).refused) == 2
    done = send(programme, {"a.csv": results({}), "b.csv": results({"outcome": "GDS"})})
    assert (done.loaded, done.refused) == (2, {})
    assert ask(programme, "select outcome from core.result") == [("GDS",)]
    assert [e.action for e in Ledger(programme.ledger).entries] == ["refuse"] * 2 + ["accept"] * 2


def test_a_refused_file_is_taken_once_the_settings_allow_it(
    programme_of: Make, send: Send, ask: Ask, results: Export
) -> None:
    programme = programme_of({"a.csv": results({"subject": "science"})})
    assert len(send(programme, {}).refused) == 1
    settings = 'subjects = ["maths", "reading", "science"]\n'
    programme = programme_of({}, settings)
    done = send(programme, {})
    assert (done.loaded, done.refused) == (1, {})
    assert ask(programme, "select status from landing.export_file") == [("loaded",)]
    assert ask(programme, "select * from landing.rejected_row") == []


def test_two_copies_of_a_file_that_cannot_be_loaded_are_both_refused(
    programme_of: Make, send: Send, results: Export
) -> None:
    bad = results({"scale": "none"})
    done = send(programme_of({"a.csv": bad, "b.csv": bad}), {})
    assert (done.loaded, done.unchanged) == (0, 0)
    assert sorted(done.refused) == [1, 2]


# A change to the result that a first file gave; what is current then, and what is history.
CORRECTIONS: dict[str, tuple[dict[str, str], list[Any], list[Any]]] = {
    "the same result": ({"outcome": "GDS"}, [("GDS", 2)], [("EXS", 1, 2)]),
    "a blank replaces nothing": ({"outcome": ""}, [("EXS", 1)], [(None, 2, 1)]),
    "an absence is a result": ({"outcome": "A"}, [(None, 2)], [("EXS", 1, 2)]),
    "another pupil": ({"admission_number": "2"}, [("EXS", 1), ("EXS", 2)], []),
    "another term": ({"term": "spring"}, [("EXS", 1), ("EXS", 2)], []),
    "another subject": ({"subject": "reading"}, [("EXS", 1), ("EXS", 2)], []),
    "another kind": ({"assessment_kind": "test"}, [("EXS", 1), ("EXS", 2)], []),
    "another assessment": ({"assessment": "Mock"}, [("EXS", 1), ("EXS", 2)], []),
    "another scale": ({"scale": "scaled", "outcome": "101"}, [("101", 2), ("EXS", 1)], []),
}


def test_a_later_file_replaces_only_the_same_result(
    programme_of: Make, send: Send, ask: Ask, results: Export
) -> None:
    """Each case is a school of its own, so results of another school are never replaced either."""
    schools = {case: {"school": str(990100 + at)} for at, case in enumerate(CORRECTIONS)}
    programme = programme_of(
        {
            "1.csv": results(*schools.values()),
            "2.csv": results(*(schools[c] | change for c, (change, *_) in CORRECTIONS.items())),
        }
    )
    send(programme, {})
    for case, (_, current, history) in CORRECTIONS.items():
        of_school = f"where school_id = {schools[case]['school']} order by all"
        now = ask(programme, f"select outcome, file_id from core.result {of_school}")
        gone = ask(
            programme,
            f"select outcome, file_id, replaced_by_file_id from core.result_history {of_school}",
        )
        assert (now, gone) == (current, history), case


def test_a_row_of_results_twice_in_a_file_is_two_attempts_unless_it_is_the_same(
    programme_of: Make, send: Send, ask: Ask, results: Export
) -> None:
    days = [{"assessment_date": d} for d in ("2025-12-01", "01/11/2025", "2025-12-01")]
    programme = programme_of({"a.csv": results(*days)})
    send(programme, {})
    assert ask(programme, "select attempt, line from core.result order by attempt") == [
        (1, 3),
        (2, 2),
    ]
    assert ask(programme, "select line, reason from landing.skipped_row") == [
        (4, "the same as line 2")
    ]


SAME_SCHOOL = '[[school]]\nurn = 990001\nlaestab = 9992001\nname = "Marrowby Invented Primary"\n'


@pytest.mark.parametrize(
    ("settings", "schools", "results_left"),
    [
        (SAME_SCHOOL, [(990001, 990001, 9992001)], 1),
        ("", [(990001, 990001, None), (9992001, None, 9992001)], 2),
    ],
)
def test_urn_and_laestab_are_one_school_where_the_settings_say_so(
    programme_of: Make,
    send: Send,
    ask: Ask,
    results: Export,
    settings: str,
    schools: list[Any],
    results_left: int,
) -> None:
    files = {"1.csv": results({}), "2.csv": results({"school": "999/2001", "outcome": "GDS"})}
    programme = programme_of(files, settings)
    send(programme, {})
    assert ask(programme, "select school_id, urn, laestab from core.school order by 1") == schools
    assert len(ask(programme, "select 1 from core.result")) == results_left


def test_settings_that_change_are_taken_up_as_if_they_had_always_been_so(
    programme_of: Make,
    send: Send,
    everything: Everything,
    exports: dict[str, str],
    results: Export,
    upn: Upn,
) -> None:
    """A subject that is added, a school whose two numbers are one: what was set aside comes in."""
    exports["2 roll.csv"] = exports["2 roll.csv"].replace("990001", "9992001")
    exports["8 moved.csv"] += results({"subject": "science"}).splitlines()[1] + "\n"
    exports["8 science too.csv"] = results(
        {"subject": "science", "school": "9992001"}, {"upn": upn(5), "admission_number": "5"}
    )
    settings = 'subjects = ["maths", "reading", "science"]\n' + SAME_SCHOOL
    always = programme_of(exports, settings, name="always")
    send(always, {})
    changed = programme_of(exports, name="changed")
    send(changed, {})
    assert core(everything(changed)) != core(everything(always))
    ledger = changed.ledger.read_bytes()
    send(programme_of({}, settings, name="changed"), {})
    assert everything(changed) == everything(always)
    assert changed.ledger.read_bytes() == ledger


def test_a_torn_last_line_of_the_ledger_is_survived(
    programme_of: Make, send: Send, everything: Everything, results: Export
) -> None:
    programme = programme_of({"a.csv": results({})})
    send(programme, {})
    before, whole = everything(programme), programme.ledger.read_bytes()
    programme.ledger.write_bytes(whole + b'{"sequence": 2, "action": "acc')
    send(programme, {})
    assert everything(programme) == before
    send(programme, {"b.csv": results({"outcome": "GDS"})})
    lines = programme.ledger.read_bytes().splitlines(keepends=True)
    assert lines[0] == whole
    assert [json.loads(line)["sequence"] for line in lines] == [1, 2]


def test_a_ledger_with_a_strange_line_stops_the_run_and_says_which(
    programme_of: Make, send: Send, results: Export
) -> None:
    programme = programme_of({"a.csv": results({})})
    send(programme, {})
    for strange in (b"{}\n", b"[]\n", b"null\n", b"Thistlewick\n"):
        programme.ledger.write_bytes(strange + programme.ledger.read_bytes())
        with pytest.raises(SurroundingsWrong, match="line 1: not a ledger entry") as told:
            send(programme, {})
        assert "Thistlewick" not in str(told.value)
        programme.ledger.write_bytes(programme.ledger.read_bytes().removeprefix(strange))


def test_a_run_ended_between_ledger_and_commit_is_completed(
    programme_of: Make, send: Send, everything: Everything, exports: dict[str, str]
) -> None:
    """The crash leaves the archive and the ledger as they will be, the warehouse as it was."""
    whole = programme_of(exports, name="whole")
    send(whole, {})
    crashed = programme_of({}, name="crashed")
    first = "1 autumn.csv"
    send(crashed, {first: exports[first]})
    shutil.copytree(whole.archive, crashed.archive, dirs_exist_ok=True)
    crashed.private.mkdir()
    (crashed.private / "incoming").mkdir()
    (crashed.private / "incoming" / "000001").write_text(exports[first], encoding="utf-8")
    send(crashed, exports)
    assert everything(crashed) == everything(whole)
    assert crashed.ledger.read_bytes() == whole.ledger.read_bytes()
    assert not crashed.private.exists()


def test_a_run_ended_before_the_ledger_leaves_only_an_archived_file_that_does_no_harm(
    programme_of: Make, send: Send, everything: Everything, exports: dict[str, str]
) -> None:
    whole, crashed = programme_of(exports, name="whole"), programme_of(exports, name="crashed")
    send(whole, {})
    shutil.copytree(whole.archive, crashed.archive)
    crashed.ledger.unlink()
    send(crashed, {})
    assert everything(crashed) == everything(whole)


def test_every_row_is_loaded_rejected_or_skipped(
    programme_of: Make, send: Send, ask: Ask, exports: dict[str, str]
) -> None:
    programme = programme_of(exports)
    send(programme, {})
    for read, loaded, rejected, skipped, superseded, current, number in ask(
        programme,
        "select rows_read, rows_loaded, rows_rejected, rows_skipped, results_superseded, "
        "results_loaded, file_id from landing.export_file where status = 'loaded'",
    ):
        assert read == loaded + rejected + skipped
        sent = ask(
            programme,
            "select count(*) from landing.export_row "
            f"where kind = 'results' and file_id = {number}",
        )
        assert sent == [(current + superseded,)]


def test_a_row_that_is_shifted_under_a_blank_heading_is_rejected_and_a_note_there_is_not(
    programme_of: Make, send: Send, ask: Ask, upn: Callable[[int], str]
) -> None:
    lines = ["UPN,Surname,Forename,Year,Maths TA,Reading TA,Writing TA,"]
    lines += [f"{upn(n)},Sandoval,Ada,3,WTS,EXS,GDS," for n in range(1, 6)]
    lines += [
        f"{upn(6)},Sandoval,Ben,3,,WTS,EXS,GDS",
        f"{upn(7)},Sandoval,Cleo,3,,EXS,GDS,see Mx Invented",
        f"{upn(8)},Sandoval,Di,3,WTS,EXS,GDS,1",
    ]
    text = "\n".join(lines) + "\n"
    programme = programme_of({"2025-26-autumn/990001/marks.csv": text})
    assert send(programme, {}).refused == {}
    rejected = "select line, rule_code, results from landing.rejected_row"
    assert ask(programme, rejected) == [(7, "row_columns", 2)]
    assert ask(programme, "select count(*) from core.result") == [(5 * 3 + 2 + 3,)]


def test_a_text_that_is_no_word_of_a_closed_list_is_not_understood_and_stops_nothing(
    programme_of: Make, send: Send, ask: Ask, results: Export, upn: Upn
) -> None:
    odd = {
        "sex": "X", "sen": "Z9", "english_proficiency": "F", "enrol_status": "guest",
        "expectation": "theirs", "assessment_kind": "Guess", "target_term": "winter",
    }  # fmt: skip
    usual = {
        "sex": "male", "sen": "k", "english_proficiency": "a", "enrol_status": "c",
        "expectation": "OWN", "assessment_kind": "Teacher", "target_term": "Spring",
    }  # fmt: skip
    others = [{"academic_year": "1979-80"}, {"academic_year": "2080-81"}, {"term": "winter"},
              {"year_group": "15"}, {"year_group": "N3"}]  # fmt: skip
    ada, bo = {"upn": upn(1), "admission_number": "1"}, {"upn": upn(2), "admission_number": "2"}
    rows = [ada | odd, bo | usual, *(usual | bo | other for other in others)]
    programme = programme_of({"odd.csv": results(*rows)})
    assert send(programme, {}).refused == {}
    columns = ", ".join(odd)
    found = ask(
        programme, f"select {columns}, not_understood from landing.export_row order by line"
    )
    # the kind is then that of the scale
    assert found == [
        (None, None, None, None, None, "teacher", None, ",".join(odd)),
        ("M", "K", "A", "C", "own", "teacher", "spring", ""),
    ]
    rejected = "select rule_code from landing.rejected_row order by line"
    assert ask(programme, rejected) == [
        *[("row_term",)] * 3,
        *[("row_year_group",)] * 2,
    ]
