"""The report stage: what its pages say, and that notebooks neither disturb nor betray anyone."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from pipeline.calendar import Term
from pipeline.errors import Defect, SurroundingsWrong
from pipeline.programme import Programme
from pipeline.reports.names import slug, team_page
from pipeline.reports.render import NotebookFailed, execute, run_notebook
from pipeline.reports.report import report
from pipeline.reports.source import close_all
from pipeline.reports.workers import Failure, Job, Tick, Workers, start_workers
from pipeline.resources import resource
from pipeline.run import run
from pipeline.warehouse.connection import open_warehouse
from tests.stages.invented import (
    HOSTILE,
    INVENTED,
    PRETEND,
    PUPILS,
    SILENT,
    TERM,
    TESTED,
    school_of_tests,
    send,
)

AUTUMN = Term.from_label(TERM)
FOLDER = f"{INVENTED}-made-up-sons-primary"
MIXED = f"{FOLDER}/team-1-y3-4.html"
TEMPLATES = ("achievement_team", "head_teacher", "nothing_due")
LISTS_OF_THE_BELOW = (
    "Below in one subject only",
    "Below in two or more subjects",
    "Below in one subject, and another not known",
)


class Read(HTMLParser):
    """A page as a reader has it: its tables by caption, its text, and every address in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.text, self.addresses, self.tags, self.images = "", [], [], []
        self._rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self._open.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in ("href", "src", "srcset", "action")]
        if tag == "img":
            self.images.append(given)
        if tag == "table":
            self._rows = []
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
        if tag in ("img", "meta", "link", "br"):
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("img", "br"):
            return
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text += data
        if "caption" in self._open:
            self.tables[data] = self._rows
        elif self._rows and self._rows[-1] and {"td", "th"} & set(self._open):
            self._rows[-1][-1] += data

    def table(self, beginning: str) -> list[list[str]]:
        """Rows of the one table whose caption begins so, its headings left out."""
        (rows,) = self.every(beginning)
        return rows

    def every(self, beginning: str) -> list[list[list[str]]]:
        """Rows of each table whose caption begins so, their headings left out."""
        return [r[1:] for caption, r in self.tables.items() if caption.startswith(beginning)]


def test_every_school_that_sent_something_has_its_pages(pages: dict[str, str]) -> None:
    assert sorted(pages) == [
        f"{FOLDER}/fix-list.html",
        f"{FOLDER}/head-teacher.html",
        MIXED,
        f"{FOLDER}/team-2-upper-b-team-b.html",
        f"{PRETEND}-pretend-primary/fix-list.html",
        f"{PRETEND}-pretend-primary/head-teacher.html",
        f"{PRETEND}-pretend-primary/team-1-whole-school.html",
        "index.html",
    ]


def test_the_first_page_lists_schools_and_what_is_not_yet_received(pages: dict[str, str]) -> None:
    index = Read(pages["index.html"])
    assert [row[0] for row in index.table("Schools")] == [
        "Made-up & Sons' Primary",
        "Pretend Primary",
    ]
    assert "Not yet received" in index.text and "Silent Imaginary Primary" in index.text
    assert str(SILENT) not in " ".join(pages)
    books = {page.replace(".html", ".xlsx") for page in pages if "fix-list" in page}
    assert set(index.addresses) == (set(pages) | books) - {"index.html"}


def test_a_page_loads_nothing_and_links_nowhere_outside(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        read = Read(page)
        assert not {"script", "link", "iframe", "object", "form"} & set(read.tags), path
        for address in read.addresses:
            own = r"data:image/svg\+xml;base64,|[\w./-]+\.(html|xlsx)$"
            assert re.match(own, address), path
        assert "@import" not in page and "url(" not in page
        assert 'lang="en-GB"' in page
        assert len(page.encode()) < 300_000


def test_every_picture_says_in_words_what_it_shows(pages: dict[str, str]) -> None:
    images = [image for page in pages.values() for image in Read(page).images]
    assert images and all(len(image["alt"] or "") > 40 for image in images)


def test_a_hostile_name_is_shown_and_does_nothing(pages: dict[str, str]) -> None:
    page = pages[MIXED]
    assert "<script" not in page
    assert f"{HOSTILE[1]} {HOSTILE[0]} (010003)" in Read(page).text
    assert "<b>team" not in "".join(pages.values())
    assert "Upper <b>team</b>" in Read(pages[f"{FOLDER}/team-2-upper-b-team-b.html"]).text


def test_nobody_on_roll_is_left_out_of_the_counts(pages: dict[str, str]) -> None:
    rows = Read(pages[MIXED]).table("Pupils by subject")
    assert [row[0] for row in rows] == ["maths", "reading", "writing"]
    for row in rows:
        on_track, under, clear, borderline, own, absent, unlike, on_roll = map(int, row[1:])
        assert on_track + under + own + absent + unlike == on_roll == 8
        assert clear + borderline == under
    assert rows[0][1:] == ["3", "2", "1", "1", "0", "2", "1", "8"]


def test_those_with_one_subject_to_work_on_come_first(pages: dict[str, str]) -> None:
    rows = Read(pages[MIXED]).table("Below in one subject only")
    assert [(row[0], row[3], row[4], row[5], row[6]) for row in rows] == [
        (f"{HOSTILE[1]} {HOSTILE[0]} (010003)", "reading", "WTS", "EXS", "1 step under"),
        ("Idris Mosscombe (010002)", "writing", "WTS", "EXS", "1 step under"),
    ]


@pytest.fixture(scope="module")
def tests_only(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A school with marks and scores whose margin of error nobody has entered, with its report."""
    made = school_of_tests(tmp_path_factory.mktemp("tested") / "programme")
    report(made, AUTUMN)
    return made


def page_of(made: Programme, name: str) -> Read:
    """A page of the school with marks and scores."""
    (file,) = made.reports(AUTUMN).rglob(name)
    return Read(file.read_text(encoding="utf-8"))


@pytest.fixture
def herons(tests_only: Programme) -> Read:
    """The page of its team in Year 5."""
    return page_of(tests_only, "team-2-herons.html")


def test_raw_marks_are_told_by_their_rank_in_whole_points(herons: Read) -> None:
    marks, scores = herons.every("Below in one subject only")
    assert [row[4] for row in marks] == [
        *("8 marks (ranks as 89)", "7 marks (ranks as 88)", "6 marks (ranks as 86)"),
        *("5 marks (ranks as 84)", "4 marks (ranks as 82)", "3 marks (ranks as 79)"),
    ]
    assert {row[5] for row in marks} == {"standardised 90"}
    assert [row[6] for row in marks[:3]] == [
        *("less than 1 point under", "2 points under", "4 points under"),
    ]
    assert [row[3:7] for row in scores] == [["reading", "89", "90 or more", "1 point under"]]
    assert "About a quarter of them are always under 90" in herons.text


def test_a_margin_of_error_that_nobody_entered_is_not_called_borderline(herons: Read) -> None:
    for table in herons.every("Below in one subject only"):
        assert {row[7] for row in table} == {"margin of error not known"}
    (glance,) = [rows for name, rows in herons.tables.items() if name == "Pupils by subject"]
    assert "of these borderline or not known" in glance[0]
    assert "A large gap is still a large gap." in re.sub(r"\s+", " ", herons.text)
    assert "No margin of error has been entered for raw mark and standardised score" in herons.text
    assert "likely to be below" not in herons.text


def test_a_margin_of_error_that_was_entered_says_how_sure(tmp_path: Path) -> None:
    papers = "".join(
        f'[[paper]]\nscale = "{scale}"\nreliability = 0.9\n' for scale in ("raw", "standardised")
    )
    made = school_of_tests(tmp_path / "programme", papers)
    report(made, AUTUMN)
    read = page_of(made, "team-2-herons.html")
    assert "not known" not in " ".join(" ".join(row) for t in read.tables.values() for row in t[:1])
    assert "margin of error" not in read.text.lower()
    assert "Clear means at least 80% likely to be below." in read.text
    sure = [row[7] for row in read.every("Below in one subject only")[0]]
    assert sure == ["borderline"] * 3 + ["clear"] * 3


def test_a_pupil_on_own_steps_is_counted_apart_and_in_no_other_list(herons: Read) -> None:
    for row in herons.table("Pupils by subject"):
        on_track, under, _, _, own, absent, unlike, on_roll = map(int, row[1:])
        assert own == 1
        assert on_track + under + own + absent + unlike == on_roll == 32
    caption = "On their own steps: not compared with the year group (1)"
    assert herons.text.count(caption) == 3
    assert herons.table(caption)[0][3:] == ["PK3", "no target sent"]
    named = [name for name, rows in herons.tables.items() if "Ownstead" in str(rows)]
    assert {name.split(" (")[0].split(":")[0] for name in named} == {
        "On their own steps",
        "Beside the diagram, because not every subject is known",
        *("Maths", "Reading", "Writing"),  # from last time to now, where own steps are a column
    }


def test_names_are_in_the_order_that_a_reader_expects(herons: Read) -> None:
    rows = herons.table("Below in two or more subjects (2)")
    assert [row[0].split(" (")[0] for row in rows] == ["Nobody Östlehurst", "Nobody Overmarsh"]
    assert [row[3:] for row in herons.table("Below in one subject, and another not known")] == [
        ["on track", "no result", "WTS, 1 step under"]
    ]


def test_a_team_in_which_nothing_is_due_is_told_so_and_no_more(tests_only: Programme) -> None:
    read = page_of(tests_only, "team-1-youngest.html")
    assert "no pupil is judged. The 1 pupil on roll is counted neither" in read.text
    assert not read.tables and "At a glance" not in read.text


def test_each_page_of_a_school_says_for_whom_it_is(pages: dict[str, str]) -> None:
    for path, page in pages.items():
        said = "Confidential: names pupils. For staff of" in page
        assert said == (path != "index.html"), path


def test_only_codes_and_settings_that_a_result_uses_are_explained(
    pages: dict[str, str], herons: Read
) -> None:
    mixed = Read(pages[MIXED]).text
    assert "EXS expected" in mixed and "EXS expected" in herons.text
    assert "standardised score" not in mixed and "Raw marks" not in mixed
    assert "margin of error" not in mixed.lower()
    assert "several results" not in mixed + herons.text
    assert "In teacher assessment, clear means two or more steps under" in mixed


def named_below(made: Programme, school: int, team: str) -> set[str]:
    """Admission numbers of the team's pupils who are below in a subject, own steps left out."""
    with open_warehouse(made, read_only=True) as con:
        found = con.execute(
            "select distinct enrolment.admission_number from progress.status as status "
            "join core.enrolment as enrolment using (pupil_id, school_id, term_no) "
            "where status.status = 'underachieving' and not status.own_steps "
            "and school_id = ? and enrolment.team = ?",
            [school, team],
        )
        return {number for (number,) in found.fetchall()}


def test_everyone_below_is_in_exactly_one_of_the_lists_to_start_with(
    reported: Programme, pages: dict[str, str], herons: Read, tests_only: Programme
) -> None:
    for made, school, team, read in (
        (reported, INVENTED, "Y3/4", Read(pages[MIXED])),
        (tests_only, TESTED, "Herons", herons),
    ):
        listed = [
            row[0][-7:-1]
            for beginning in LISTS_OF_THE_BELOW
            for table in read.every(beginning)
            for row in table
        ]
        close_all()
        assert sorted(listed) == sorted(named_below(made, school, team))


def test_pupils_below_in_more_subjects_come_with_each_subject(pages: dict[str, str]) -> None:
    read = Read(pages[MIXED])
    assert [[row[0], *row[3:]] for row in read.table("Below in two or more subjects (2)")] == [
        ["Una Thistledyke (010004)", *["WTS, 1 step under"] * 3],
        [
            "Pavel Vetchby (010005)",
            "PK4, 4 steps under",
            "WTS, 1 step under",
            "BLW, below the scale",
        ],
    ]


def test_the_venn_names_everyone_inside_or_beside_it(pages: dict[str, str]) -> None:
    read = Read(pages[MIXED])
    inside = {row[0]: (int(row[1]), row[2]) for row in read.table("Names in the diagram")}
    assert inside["In maths, reading and writing"] == (1, "Zoë Nettlewick (010001)")
    assert inside["In none"][0] == 2
    beside = read.table("Beside the diagram")
    assert {row[0].split(" (")[0] for row in beside} == {
        "Amina Larchrigg",
        "Kofi Jorrelby",
        "Seán Wrengate",
    }
    assert sum(count for count, _ in inside.values()) + len(beside) == 8
    assert "(by attainment)" in read.text


def test_a_subject_known_of_too_few_leaves_two_rings_and_says_why(pages: dict[str, str]) -> None:
    read = Read(pages[f"{PRETEND}-pretend-primary/team-1-whole-school.html"])
    assert "Two rings, without writing" in read.text
    assert [row[3] for row in read.table("Below in one subject only")] == ["maths", "reading"]


def test_each_list_of_a_subject_gives_its_reason_in_words(pages: dict[str, str]) -> None:
    read = Read(pages[MIXED])
    maths = read.text.split("Subject by subject")[1].split("Reading")[0]
    assert "Below expectation, clear (1) – teacher assessment" in maths
    assert "Below expectation, borderline (1) – teacher assessment" in maths
    assert "absent" in maths and "no result was sent" in maths
    assert "the outcome does not belong to its scale" in maths
    writing = read.text.split("Subject by subject")[1].split("Writing")[1]
    assert "below the scale" in writing


def test_only_a_school_that_did_not_pass_is_marked(pages: dict[str, str]) -> None:
    marked = [path for path, page in pages.items() if "Not yet safe to rely on" in page]
    assert sorted(path.split("/")[0] for path in marked) == [FOLDER] * 3
    assert "Correct the outcome in the markbook." in pages[f"{FOLDER}/head-teacher.html"]
    assert "Correct the outcome in the markbook." not in pages[MIXED]
    assert "1 error in the school's data is being put right" in Read(pages[MIXED]).text
    assert "not yet safe to rely on: 1 error to mend" in pages["index.html"]


def test_small_groups_have_counts_and_no_percentage(pages: dict[str, str]) -> None:
    read = Read(pages[f"{PRETEND}-pretend-primary/head-teacher.html"])
    assert [row[2] for row in read.table("Maths, by year group")] == ["–", "–"]
    assert "Not recorded for any pupil: Pupil premium" in read.text
    assert not [caption for caption in read.tables if caption.startswith("Sex")]
    assert "Each class is one year group" in read.text


def test_who_is_at_the_standard_is_told_with_who_is_left_out(
    pages: dict[str, str], tests_only: Programme
) -> None:
    read = Read(pages[f"{FOLDER}/head-teacher.html"])
    rows = {row[0]: row[1:] for row in read.table("At or above the expected standard")}
    assert list(rows) == [*(f"Year {n}" for n in range(3, 7)), "Y3/4", "Owls", "Whole school"]
    assert rows["Year 4"] == ["1 of 22 left out", "3 of 4", "2 of 4", "0 of 22 left out"]
    assert rows["Whole school"] == [
        "5 of 73 left out", "60% (31 to 83)6 of 10", "70% (40 to 89)7 of 10", "2 of 73 left out",
    ]  # fmt: skip
    tested = page_of(tests_only, "head-teacher.html")
    (whole,) = [r for r in tested.table("At or above the expected") if r[0] == "Whole school"]
    assert whole[1].startswith("74% (57 to 86)")


def test_a_table_of_movement_names_everyone_due_once(pages: dict[str, str]) -> None:
    for page, due in ((MIXED, 8), (f"{FOLDER}/head-teacher.html", 10)):
        read = Read(pages[page])
        for subject in ("Maths", "Reading", "Writing"):
            *lines, total = read.table(f"{subject}: from last time to now")
            assert [row[0] for row in lines] == ["No earlier result"]
            assert int(total[-1]) == sum(map(int, total[1:-1])) == due
            named = "; ".join(lines[0][1:-1]).count("(01")
            assert named == due
        assert f"{HOSTILE[1]} {HOSTILE[0]} (010003)" in read.text
        assert "<script" not in pages[page]


def test_names_of_files_are_safe_and_distinct() -> None:
    assert slug("Y3/4") == slug("y3 4") == "y3-4"
    assert team_page(1, "Y3/4").lower() != team_page(2, "y3 4").lower()
    assert slug("../..\\CON?*") == "con"
    assert slug("Élan – Zoë") == "elan-zoe"
    assert slug("日本") == "unnamed"
    assert len(slug("long " * 50)) <= 40


def test_the_same_data_are_the_same_issue_and_the_same_pages(fresh: Programme) -> None:
    first = report(fresh, AUTUMN)
    before = {p: p.read_bytes() for p in first.index.parent.rglob("*") if p.is_file()}
    report(fresh, AUTUMN)
    assert {p: p.read_bytes() for p in first.index.parent.rglob("*") if p.is_file()} == before
    assert list(first.index.parent.parent.iterdir()) == [first.index.parent]


def test_changed_data_are_a_new_issue_and_pages_of_teams_that_are_gone_are_removed(
    fresh: Programme,
) -> None:
    folder = report(fresh, AUTUMN).index.parent
    theirs = folder / FOLDER / "notes-of-our-own.txt"
    theirs.write_text("kept", encoding="utf-8")
    send(fresh.folder, INVENTED, "autumn", [*PUPILS[:1], *PUPILS[2:]])
    (fresh.folder / "teams.csv").write_text(
        f"school,class_name,team\n{INVENTED},Y3/4,Kites\n", encoding="utf-8"
    )
    run(Programme(fresh.folder), stages=("ingest", "flag"))
    report(fresh, AUTUMN)
    assert not (folder / MIXED).exists()
    assert "issue 2" in (folder / FOLDER / "team-1-kites.html").read_text(encoding="utf-8")
    pretend = folder / f"{PRETEND}-pretend-primary" / "head-teacher.html"
    assert "issue 1" in pretend.read_text(encoding="utf-8")
    assert theirs.exists()


def test_a_page_that_cannot_be_replaced_is_named(fresh: Programme) -> None:
    folder = fresh.reports(AUTUMN)
    (folder / MIXED / "in the way").mkdir(parents=True)
    with pytest.raises(SurroundingsWrong, match=r"team-1-y3-4\.html"):
        report(fresh, AUTUMN)
    assert not (folder / "index.html").exists()


def test_data_not_checked_are_said_to_be_so(fresh: Programme) -> None:
    index = report(fresh, AUTUMN).index
    assert "not checked" in index.read_text(encoding="utf-8")
    page = (index.parent / MIXED).read_text(encoding="utf-8")
    assert "not been checked for accuracy" in page


def given(programme: Programme, **more: int) -> dict[str, object]:
    """Parameters of a template, for the mixed-age team."""
    where = {"folder": str(programme.folder), "term": TERM, "school_id": INVENTED, "issue": 1}
    return {**where, **more}


def test_a_page_that_fails_stops_no_other_and_is_told_without_a_name(
    reported: Programme, tmp_path: Path
) -> None:
    good = Job("head_teacher", "a", "a", given(reported), tmp_path / "good.html")
    bad = Job("achievement_team", "b", "b", given(reported, team_no=99), tmp_path / "bad.html")
    done: list[int] = []
    with start_workers(1) as workers:
        (failure,) = workers.make_pages([bad, good], done.append)
    assert done == [1, 2]
    assert good.file.exists() and not bad.file.exists()
    assert failure.job.about == f"school {INVENTED}, team 99"
    assert failure.why.startswith("achievement_team.ipynb, cell 2: Defect, pipeline")
    close_all()


class Misled(Workers):
    """Workers that are asked for a team that does not exist in place of the mixed-age class."""

    def make_pages(self, jobs: Iterable[Job], tick: Tick | None = None) -> list[Failure]:
        wrong = {"team_no": 99}
        return super().make_pages(
            [replace(j, parameters=j.parameters | wrong) if j.name == "Y3/4" else j for j in jobs],
            tick,
        )


def test_a_report_with_a_page_that_failed_puts_the_others_in_place(fresh: Programme) -> None:
    folder = report(fresh, AUTUMN).index.parent
    with pytest.raises(Defect, match=rf"1 of 5 pages.*school {INVENTED}, team 99"):
        report(fresh, AUTUMN, Misled(1))
    assert not (folder / MIXED).exists()
    assert (folder / FOLDER / "team-2-upper-b-team-b.html").exists()
    index = Read((folder / "index.html").read_text(encoding="utf-8"))
    assert "Y3/4: could not be made" in index.text
    assert MIXED not in index.addresses


@pytest.mark.parametrize("template", TEMPLATES[:2])
def test_a_kernel_of_its_own_and_the_warm_shell_show_the_same(
    reported: Programme, template: str
) -> None:
    team = {"team_no": 1} if template == "achievement_team" else {}
    warm = run_notebook(template, given(reported, **team))
    close_all()
    apart = run_notebook(template, given(reported, **team), isolated=True)
    shown = [[c.get("outputs"), c.get("execution_count"), c.source] for c in warm.cells]
    assert shown == [[c.get("outputs"), c.get("execution_count"), c.source] for c in apart.cells]
    assert sum(bool(c.get("outputs")) for c in warm.cells) >= 8


def notebook(*cells: str) -> nbformat.NotebookNode:
    """A notebook of code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    made.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python"}
    return made


def shown(*cells: str, isolated: bool = False) -> list[list[dict]]:
    """Outputs of each cell of a notebook."""
    return [c.outputs for c in execute(notebook(*cells), {}, "a", isolated).cells]


RICH = (
    "print('said'); import sys; print('warned', file=sys.stderr); 6 * 7",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone",
    "from IPython.display import HTML, display\nd = display(HTML('<i>'), display_id='x')",
    "d.update(HTML('<b>'))\n_ + 1",
)


def test_text_values_figures_and_updates_come_out_alike() -> None:
    assert shown(*RICH) == shown(*RICH, isolated=True)


def test_nothing_of_one_notebook_is_left_for_the_next() -> None:
    first = "import matplotlib.pyplot as plt, warnings, os\nsecret = 1\nplt.figure()"
    shown(first + "\nplt.rcParams['lines.linewidth'] = 77\nwarnings.simplefilter('error')")
    shown("import os, tempfile\nos.chdir(tempfile.gettempdir())")
    (outputs,) = shown(
        "import matplotlib.pyplot as plt\n"
        "('secret' in globals(), plt.get_fignums(), plt.rcParams['lines.linewidth'], Out)"
    )
    assert outputs[0].data["text/plain"] == "(False, [], 1.5, {})"
    assert resource("notebooks").is_dir()


def test_a_notebook_stops_at_its_first_error_and_the_message_holds_no_value(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(NotebookFailed) as told:
        execute(notebook("name = 'Zoë'", "raise ValueError(name)", "print('on')"), {}, "a", False)
    assert str(told.value) == "a, cell 1: ValueError"
    assert told.value.__cause__ is None and told.value.__suppress_context__
    assert "Zoë" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_holds_parameters_calls_and_prose_only(template: str) -> None:
    text = resource("notebooks", f"{template}.ipynb").read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    code = [c for c in cells if c["cell_type"] == "code"]
    assert all(not c["outputs"] and c["execution_count"] is None for c in code)
    assert len({c["id"] for c in cells}) == len(cells)
    (parameters,) = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    names = re.findall(r"^(\w+) =", "".join(parameters["source"]), re.MULTILINE)
    assert set(names) <= {"folder", "term", "school_id", "team_no", "issue"}
    for cell in code[1:]:
        for line in "".join(cell["source"]).splitlines():
            assert re.match(r"$|from pipeline\.reports import page$|(\w+ = )?page\.\w+\(", line)


def test_an_executed_notebook_says_nothing_of_when_and_where_it_ran(reported: Programme) -> None:
    made = run_notebook("head_teacher", given(reported))
    assert "papermill" not in json.dumps(made.metadata)
    assert not any("papermill" in cell.metadata for cell in made.cells)
    close_all()
