"""Who is underachieving, worked out a second time: plain Python, one pupil after another.

Written from the definition alone, to be compared with what the program's SQL says. Scales come
from their files; everything else is handed in as rows (dictionaries) of the warehouse.
"""

import datetime as dt
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

Row = dict[str, Any]
TERMS = ("autumn", "spring", "summer")
YEARS = ("N1", "N2", "R", *map(str, range(1, 15)))
LAST_DAYS = ((12, 30), (4, 15), (8, 30))
NORMAL = NormalDist()
COMPARABLE = ("below", "at_expectation")


@dataclass
class Rules:
    """Settings that the definition names, with its defaults."""

    due: dict[tuple[str, str, str], str | None]
    rings: tuple[str, ...] = ("maths", "reading", "writing")
    decides: str = "teacher"
    standard_score: float = 90
    norm_minimum: int = 30
    clear_from: float = 0.8
    papers: list[Row] = field(default_factory=list)
    meaning: dict[tuple[int, str], str] = field(default_factory=dict)


def read_scales(*folders: Path) -> dict[str, Row]:
    """Scales by name, as their files write them."""
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            scale = tomllib.loads(path.read_text(encoding="utf-8"))
            found[scale["scale"]] = scale
    return found


def key_of(r: Row) -> tuple[Any, ...]:
    names = ("pupil_id", "school_id", "term_no", "subject", "scale", "assessment_kind")
    return (*(r[n] for n in names), r["assessment"], r["attempt"])


class Oracle:
    """`attainment`, `status`, `flag` and `venn`, each by the key of its table."""

    def __init__(
        self, rules: Rules, scales: dict[str, Row], enrolments: list[Row], results: list[Row]
    ) -> None:
        self.rules, self.scales = rules, scales
        self.enrolments = {(e["pupil_id"], e["school_id"], e["term_no"]): e for e in enrolments}
        self.roll = {(e["pupil_id"], e["term_no"]): e for e in enrolments if e["on_roll"]}
        self.cohorts = self._cohorts(results)
        self.attainment = {key_of(r): self._judge(r) for r in results}
        self.of_subject: dict[tuple[int, int, str], list[Row]] = defaultdict(list)
        for judged in self.attainment.values():
            self.of_subject[judged["pupil_id"], judged["term_no"], judged["subject"]].append(judged)
        for together in self.of_subject.values():
            decider = max(together, key=self._weight)
            for judged in together:
                judged["decides"] = judged is decider
        self.status = self._statuses()
        self.flag = {k: self._flag(k) for k, s in self.status.items() if s["status"] == UNDER}
        self.venn = self._venn()

    def year_group(self, r: Row) -> str | None:
        """The pupil's own year: of the main registration, else of the school of the result."""
        main = self.roll.get((r["pupil_id"], r["term_no"]))
        here = self.enrolments.get((r["pupil_id"], r["school_id"], r["term_no"]))
        enrolment = main or here
        return enrolment["year_group"] if enrolment else None

    # which result decides

    def _weight(self, a: Row) -> tuple[Any, ...]:
        term = TERMS[a["term_no"] % 3]
        kind = self.rules.due.get((a["year_group"], a["subject"], term)) or self.rules.decides
        main = self.roll.get((a["pupil_id"], a["term_no"]))
        return (
            self._seen(a),
            a["outcome"] is not None,
            a["assessment_kind"] == kind,
            a["assessment_date"] or dt.date.min,
            main is not None and main["school_id"] == a["school_id"],
            a["file_id"],
            a["line"],
        )

    def _seen(self, a: Row) -> bool:
        """The main school sees its own results, and others' up to the day the pupil joined."""
        main = self.roll.get((a["pupil_id"], a["term_no"]))
        if main is None or main["school_id"] == a["school_id"]:
            return True
        dates = a["assessment_date"], main["entry_date"]
        return None not in dates and dates[0] <= dates[1]

    # a result made comparable

    def _judge(self, r: Row) -> Row:
        scale, year, term = self.scales[r["scale"]], self.year_group(r), TERMS[r["term_no"] % 3]
        a = {**r, "year_group": year, "steps_under": None, "terms_behind": None, "gap_sd": None}
        a |= {"certainty": None, "norm_pupils": None, "points": None, "flag_points": None}
        a |= {"expected_points": None, "higher_points": None}
        too_low = r["outcome"] is not None and r["outcome"] in scale.get("too_low_for_points", ())
        if scale["kind"] == "ladder":
            self._judge_rung(a, scale, year, term)
        else:
            self._judge_score(a, scale, year, term)
        points, line = a["points"], a["flag_points"]
        if r["outcome"] is None:
            a["attainment_status"] = "not_assessed"
        elif line is None or (points is None and not too_low):
            a["attainment_status"] = "not_comparable"
        else:
            a["attainment_status"] = "below" if too_low or points < line else "at_expectation"
        below = a["attainment_status"] == "below"
        if a["attainment_status"] not in COMPARABLE or (below and points is None):
            a["steps_under"] = a["terms_behind"] = None
        a["at_expected"] = {"below": False, "at_expectation": True}.get(a["attainment_status"])
        known = a["attainment_status"] in COMPARABLE and a["higher_points"] is not None
        a["at_higher"] = points is not None and points >= a["higher_points"] if known else None
        if not below:
            a["certainty"] = None
        return a

    def _judge_rung(self, a: Row, scale: Row, year: str | None, term: str) -> None:
        points = {o["outcome"]: o["points"] for o in scale["outcomes"]}
        rungs = sorted({o["points"] for o in scale["outcomes"]})
        a["points"] = points.get(a["outcome"])
        table = scale.get("expected", {})
        meaning = self.rules.meaning.get((a["school_id"], a["scale"])) or scale.get("meaning")
        if meaning == "end_of_key_stage" and not (year in ("2", "6") and term == "summer"):
            return
        outcome = table.get(year, {}).get(term)
        if outcome is None:
            return
        a["expected_points"] = a["flag_points"] = points[outcome]
        a["higher_points"] = points.get(scale.get("higher"))
        if a["points"] is None:
            return
        under = rungs.index(points[outcome]) - rungs.index(a["points"])
        a["steps_under"] = max(under, 0)
        if scale.get("climbs"):
            now = YEARS.index(year) * 3 + TERMS.index(term)
            stood = {
                YEARS.index(y) * 3 + TERMS.index(t): points[o]
                for y, by_term in table.items()
                for t, o in by_term.items()
            }
            reached = [at for at in stood if at <= now and stood[at] <= a["points"]]
            a["terms_behind"] = now - (max(reached) if reached else min(stood) - 1)

    def _judge_score(self, a: Row, scale: Row, year: str | None, term: str) -> None:
        paper = self._paper(a, scale, year, term)
        mean, spread = scale.get("mean"), scale.get("spread")
        published = paper.get("expected_score")
        a["flag_points"] = published or (self.rules.standard_score if mean else None)
        a["expected_points"] = mean or published
        a["higher_points"] = paper.get("higher_score")
        score = number(a["outcome"]) if a["outcome_on_scale"] else None
        a["points"] = score
        if scale["kind"] == "cohort":
            a["points"] = None
            cohort = self.cohorts.get(self._cohort_of(a), []) if year else []
            if score is not None and year:
                a["norm_pupils"] = len(cohort)
                if len(cohort) >= self.rules.norm_minimum:
                    a["points"] = mean + spread * NORMAL.inv_cdf(place_in(cohort, score))
        if spread and a["points"] is not None:
            a["gap_sd"] = (mean - a["points"]) / spread
        reliability, sem = paper.get("reliability"), paper.get("standard_error")
        if sem is None and reliability and spread:
            sem = spread * (1 - reliability) ** 0.5
        if sem is None or a["points"] is None or a["flag_points"] is None:
            return
        centre, around = a["points"], sem
        if reliability and mean:
            centre, around = mean + reliability * (a["points"] - mean), sem * reliability**0.5
        a["certainty"] = NORMAL.cdf((a["flag_points"] - centre) / around)

    def _paper(self, a: Row, scale: Row, year: str | None, term: str) -> Row:
        """What the scale, then the settings, say; of the paper itself before of any paper."""
        shipped = [
            {**p, "assessment": name} for p in scale.get("paper", ()) for name in p["assessment"]
        ]
        found: Row = {}
        own = [p for p in self.rules.papers if p["scale"] == a["scale"]]
        for p in sorted(shipped + own, key=lambda p: "assessment" in p):
            if (
                plain(p.get("assessment") or a["assessment"]) == plain(a["assessment"])
                and p.get("subject", a["subject"]) == a["subject"]
                and p.get("year_group", year) == year
                and p.get("term", term) == term
                and year is not None
            ):
                found |= p
        return found

    # cohorts

    def _cohort_of(self, r: Row) -> tuple[Any, ...]:
        school = 0 if r["assessment"] else r["school_id"]
        return plain(r["assessment"]), r["subject"], self.year_group(r), r["term_no"], school

    def _cohorts(self, results: list[Row]) -> dict[tuple[Any, ...], list[float]]:
        first: dict[tuple[Any, ...], Row] = {}
        for r in sorted(results, key=sat_first):
            cohort = self.scales[r["scale"]]["kind"] == "cohort"
            if cohort and r["outcome_on_scale"] and number(r["outcome"]) is not None:
                first.setdefault((self._cohort_of(r), r["pupil_id"]), r)
        marks = defaultdict(list)
        for (cohort_key, _), r in first.items():
            marks[cohort_key].append(float(r["outcome"]))
        return marks

    # statuses

    def _statuses(self) -> dict[tuple[int, int, str], Row]:
        found = {}
        for (pupil, term_no), e in sorted(self.roll.items()):
            for year, subject, term in self.rules.due:
                if (year, term) == (e["year_group"], TERMS[term_no % 3]):
                    found[pupil, term_no, subject] = self._status(pupil, term_no, subject, e)
        for key, s in found.items():
            s["change"] = self._change(found, key)
        return found

    def _status(self, pupil: int, term_no: int, subject: str, e: Row) -> Row:
        every = self.of_subject.get((pupil, term_no, subject), [])
        together = [a for a in every if self._seen(a)]
        decider = next((a for a in together if a["decides"]), None)
        attainment = decider["attainment_status"] if decider else "not_assessed"
        own = e["expectation"] == "own"
        if own and attainment in COMPARABLE:
            attainment = "not_comparable"
        new = e["entry_date"] is not None and term_no - first_term(e["entry_date"]) < 2
        comparable = {a["attainment_status"] for a in together} & {*COMPARABLE}
        return {
            "school_id": e["school_id"],
            "status": {"below": UNDER, "at_expectation": "on_track"}.get(attainment, attainment),
            "attainment_status": attainment,
            "assessments_differ": len(comparable) == 2,
            "new_to_school": new,
            "new_to_english": new and e["english_proficiency"] in ("A", "B"),
            "own_steps": own,
            "decider": decider,
        }

    @staticmethod
    def _change(found: dict[tuple[int, int, str], Row], key: tuple[int, int, str]) -> str:
        pupil, term_no, subject = key
        now, then = found[key], None
        for back in (1, 2, 3):
            past = found.get((pupil, term_no - back, subject))
            if past and past["attainment_status"] in COMPARABLE:
                then = past
                break
        was_below = then is not None and then["attainment_status"] == "below"
        if now["attainment_status"] not in COMPARABLE:
            return "not_seen" if was_below else "no_result"
        if then is None:
            return "first_seen"
        if any(now["decider"][n] != then["decider"][n] for n in ("scale", "assessment_kind")):
            return "scale_changed"
        if now["attainment_status"] == "below":
            return "continuing" if was_below else "new"
        return "recovered" if was_below else "on_track"

    # certainty

    def _flag(self, key: tuple[int, int, str]) -> Row:
        a = self.status[key]["decider"]
        names = ("scale", "assessment_kind", "assessment")
        agrees = any(
            other["attainment_status"] == "below" and any(other[n] != a[n] for n in names)
            for other in self.of_subject[key]
            if self._seen(other)
        )
        if a["certainty"] is not None:
            clear = a["certainty"] >= self.rules.clear_from
        else:
            clear = a["points"] is None or (a["steps_under"] or 0) >= 2 or agrees
        band = "clear" if clear else "borderline"
        return {"certainty": a["certainty"], "certainty_band": band, "file_id": a["file_id"],
                "line": a["line"], "value": a["points"], "expected": a["flag_points"]}  # fmt: skip

    # the Venn diagram

    def _venn(self) -> dict[tuple[int, int], Row]:
        years_due = {year for year, _, _ in self.rules.due}
        groups = defaultdict(list)
        for (pupil, term_no), e in self.roll.items():
            if e["year_group"] in years_due:
                groups[e["school_id"], term_no, e["year_group"]].append(pupil)
        found = {}
        for (_, term_no, _), pupils in groups.items():
            used = {s: self._ring(s, term_no, pupils) for s in self.rules.rings}
            rings = [s for s in self.rules.rings if 2 * len(used[s]) >= len(pupils)]
            for pupil in pupils:
                known = {s: used[s][pupil] for s in rings if pupil in used[s]}
                on_track = [s for s in rings if s in known and known[s][0] == "at_expectation"]
                whole = len(rings) >= 2 and len(known) == len(rings)
                found[pupil, term_no] = {
                    "rings": len(rings),
                    "subjects_known": len(known),
                    "subjects_on_track": len(on_track),
                    "region": ("+".join(on_track) or "none") if whole else None,
                    "carried": any(term < term_no for _, term in known.values()),
                }
        return found

    def _ring(self, subject: str, term_no: int, pupils: list[int]) -> dict[int, tuple[str, int]]:
        def known(pupil: int, term: int) -> dict[int, tuple[str, int]]:
            s = self.status.get((pupil, term, subject))
            decided = s is not None and s["attainment_status"] in COMPARABLE
            return {pupil: (s["attainment_status"], term)} if s and decided else {}

        now = {k: v for p in pupils for k, v in known(p, term_no).items()}
        if 2 * (len(pupils) - len(now)) <= len(pupils):
            return now
        earlier = {}
        for p in pupils:
            earlier |= known(p, term_no - 2) | known(p, term_no - 1)
        return earlier | now


UNDER = "underachieving"


def plain(text: str) -> str:
    """Names of papers are the same whatever their case and spacing."""
    return " ".join(text.lower().split())


def number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def sat_first(r: Row) -> tuple[Any, ...]:
    return r["assessment_date"] or dt.date.max, r["attempt"], r["file_id"], r["line"]


def place_in(cohort: list[float], mark: float) -> float:
    """(r − 0.5) ÷ n with r the average rank among ties, counted from the lowest."""
    below, same = sum(m < mark for m in cohort), sum(m == mark for m in cohort)
    if same:
        ranks = range(below + 1, below + same + 1)
        return (sum(ranks) / same - 0.5) / len(cohort)
    return min(max(below, 0.5), len(cohort) - 0.5) / len(cohort)


def first_term(entry: dt.date) -> int:
    """Number of the first term that ends on the day of entry or later."""
    starting = entry.year - 1
    for term_no in range(3 * starting, 3 * starting + 7):
        month, day = LAST_DAYS[term_no % 3]
        year = term_no // 3 + (0 if term_no % 3 == 0 else 1)
        if dt.date(year, month, day) >= entry:
            return term_no
    raise ValueError("an entry date lies in a year")
