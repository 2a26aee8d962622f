"""Who is underachieving, worked out a second time: plain Python, one pupil after another.

Written from the definition alone, to be compared with what the program's SQL says. Scales come
from their files; everything else is handed in as rows (dictionaries) of the warehouse.
"""

import datetime as dt
import math
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
    noise_factor: float = 1.96
    noise_steps: int = 2
    few_outcomes: int = 5
    settling_terms: int = 2
    venn_basis: str = "attainment"
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
        self.series = self._series()
        self.status = self._statuses()
        self.flag = {
            (*k, reason): flag
            for k, s in self.status.items()
            for reason, flag in s["reasons"].items()
        }
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
        a |= {"expected_points": None, "higher_points": None, "standard_error": None}
        a |= {"step": None, "expected_step": None, "reliability": None}
        a["target_points"] = self._target(r, scale)
        too_low = r["outcome"] is not None and r["outcome"] in scale.get("too_low_for_points", ())
        low = scale.get("low_steps", ())
        a["low_step"] = low.index(r["outcome"]) + 1 if r["outcome"] in low else None
        not_met = r["outcome"] in scale.get("not_met_without_points", ())
        met = r["outcome"] in scale.get("met_without_points", ())
        a["met"] = True if met else False if not_met else None
        if met or not_met or not scale.get("judged", True):
            a["target_points"] = None
        if scale["kind"] == "ladder":
            self._judge_rung(a, scale, year, term)
        else:
            self._judge_score(a, scale, year, term)
        points, line = a["points"], a["flag_points"]
        if r["outcome"] is None:
            a["attainment_status"] = "not_assessed"
        elif line is None or (points is None and not (too_low or met or not_met)):
            a["attainment_status"] = "not_comparable"
        elif met:
            a["attainment_status"] = "at_expectation"
        else:
            low = too_low or not_met or points < line
            a["attainment_status"] = "below" if low else "at_expectation"
        below = a["attainment_status"] == "below"
        if a["attainment_status"] not in COMPARABLE or (below and points is None):
            a["steps_under"] = a["terms_behind"] = None
        a["at_expected"] = {"below": False, "at_expectation": True}.get(a["attainment_status"])
        known = a["attainment_status"] in COMPARABLE and a["higher_points"] is not None
        a["at_higher"] = points is not None and points >= a["higher_points"] if known else None
        if met:
            a["at_higher"] = None
        if not below:
            a["certainty"] = None
        return a

    def _judge_rung(self, a: Row, scale: Row, year: str | None, term: str) -> None:
        points = {o["outcome"]: o["points"] for o in scale["outcomes"]}
        rungs = sorted({o["points"] for o in scale["outcomes"]})
        a["points"] = points.get(a["outcome"])
        a["step"] = None if a["points"] is None else rungs.index(a["points"]) + 1
        table = scale.get("expected", {})
        meaning = self.rules.meaning.get((a["school_id"], a["scale"])) or scale.get("meaning")
        if meaning == "end_of_key_stage" and not (year in ("2", "6") and term == "summer"):
            return
        outcome = table.get(year, {}).get(term)
        if outcome is None:
            return
        a["expected_points"] = a["flag_points"] = points[outcome]
        a["expected_step"] = rungs.index(points[outcome]) + 1
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
        if not paper.get("judged", True):
            a["flag_points"] = None
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
        a |= {"standard_error": sem, "reliability": reliability}
        if a["flag_points"] is not None:
            a["certainty"] = self._under(a, a["flag_points"])

    def _under(self, a: Row, line: float) -> float | None:
        """The probability that true attainment is under a line; None without a known error."""
        sem, reliability = a["standard_error"], a["reliability"]
        if sem is None or a["points"] is None:
            return None
        mean, centre, around = self.scales[a["scale"]].get("mean"), a["points"], sem
        if reliability and mean:
            centre, around = mean + reliability * (a["points"] - mean), sem * reliability**0.5
        return NORMAL.cdf((line - centre) / around)

    def _target(self, r: Row, scale: Row) -> float | None:
        """The pupil's own target in points; a target in raw marks is not read."""
        if r["target"] is None or scale["kind"] == "cohort":
            return None
        if scale["kind"] == "ladder":
            named = {
                "".join(t.upper().split()): o["points"]
                for o in scale["outcomes"]
                for t in (o["outcome"], *o.get("also", ()))
            }
            return named.get("".join(r["target"].upper().split()))
        aim = number(r["target"])
        low, high = scale.get("minimum", -math.inf), scale.get("maximum", math.inf)
        return aim if aim is not None and low <= aim <= high else None

    def _paper(self, a: Row, scale: Row, year: str | None, term: str) -> Row:
        """What the scale, then the settings, say; of the paper itself before of any paper."""
        shipped = [
            {**p, "assessment": name} if name else {k: p[k] for k in p if k != "assessment"}
            for p in scale.get("paper", ())
            for name in p.get("assessment", [None])
        ]
        found: Row = {}
        own = [p for p in self.rules.papers if p["scale"] == a["scale"]]
        for p in sorted(shipped + own, key=lambda p: "assessment" in p):
            if (
                plain(p.get("assessment") or a["assessment"]) == plain(a["assessment"])
                and p.get("subject", a["subject"]) == a["subject"]
                and p.get("year_group", year) == year
                and p.get("term", term) == term
                and starts_in(a["term_no"]) in p.get("academic_year", [starts_in(a["term_no"])])
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
        judged = decider is not None and (own or attainment in COMPARABLE)
        if own and attainment in COMPARABLE:
            attainment = "not_comparable"
        settling = self.rules.settling_terms
        new = e["entry_date"] is not None and term_no - first_term(e["entry_date"]) < settling
        comparable = {a["attainment_status"] for a in together} & {*COMPARABLE}
        reasons: dict[str, Row] = {}
        progress, on_target = "not_known", None
        if attainment == "below" and decider:
            reasons["below"] = self._below(decider, together)
        if judged and decider:
            on_target = self._off_target(decider, together, reasons)
            if not new:
                progress = self._progress(decider, own, reasons)
        if reasons:
            status = UNDER
        elif attainment == "at_expectation" or (own and (progress == "enough" or on_target)):
            status = "on_track"
        else:
            status = attainment
        return {
            "school_id": e["school_id"],
            "status": status,
            "attainment_status": attainment,
            "progress_status": progress,
            "assessments_differ": len(comparable) == 2,
            "new_to_school": new,
            "new_to_english": new and e["english_proficiency"] in ("A", "B"),
            "own_steps": own,
            "decider": decider,
            "reasons": reasons,
        }

    @staticmethod
    def _change(found: dict[tuple[int, int, str], Row], key: tuple[int, int, str]) -> str:
        pupil, term_no, subject = key
        now, then = found[key], None
        for back in (1, 2, 3):
            past = found.get((pupil, term_no - back, subject))
            if past and past["status"] in (UNDER, "on_track"):
                then = past
                break
        was_under = then is not None and then["status"] == UNDER
        if now["status"] not in (UNDER, "on_track"):
            return "not_seen" if was_under else "no_result"
        now["earlier_term_no"] = None if then is None else term_no - back
        if then is None:
            return "first_seen"
        if any(now["decider"][n] != then["decider"][n] for n in ("scale", "assessment_kind")):
            return "scale_changed"
        if now["status"] == UNDER:
            return "continuing" if was_under else "new"
        return "recovered" if was_under else "on_track"

    # progress

    def _series(self) -> dict[tuple[Any, ...], list[Row]]:
        """The deciding results that can be compared from term to term, the earliest first."""
        found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for a in sorted(self.attainment.values(), key=lambda a: a["term_no"]):
            low = a["low_step"] is not None or a["attainment_status"] == "below"
            scale = self.scales[a["scale"]]
            one_measure = scale["kind"] == "ladder" or scale.get("mean") is not None
            told = a["points"] is not None or low
            if a["decides"] and self._seen(a) and told and one_measure and a["met"] is None:
                found[self._series_of(a)].append(a)
        return found

    def _series_of(self, a: Row) -> tuple[Any, ...]:
        unnamed = self.scales[a["scale"]]["kind"] == "cohort" and a["assessment"] == ""
        school = a["school_id"] if unnamed else 0
        return a["pupil_id"], a["subject"], a["scale"], a["assessment_kind"], school

    def _rungs(self, a: Row) -> list[float]:
        return sorted({o["points"] for o in self.scales[a["scale"]].get("outcomes", ())})

    def _progress(self, a: Row, own: bool, reasons: dict[str, Row]) -> str:
        drop, slow = self._drop(a), self._slow(a, own)
        if slow:
            reasons["slow"] = slow
        if drop:
            reasons["drop"] = drop
        if slow or drop:
            return "too_little"
        return "not_known" if slow is None else "enough"

    def _drop(self, a: Row) -> Row | None:
        earlier = [b for b in self.series[self._series_of(a)] if b["term_no"] < a["term_no"]]
        now = self._rung_now(a)
        if not earlier or (a["points"] is None and now is None):
            return None
        last = earlier[-1]
        if len(self._rungs(a)) in range(1, self.rules.few_outcomes + 1):
            if len(earlier) < 3 or last["term_no"] != a["term_no"] - 1:
                return None
            high, low = [b["step"] for b in earlier[-3:-1]], [last["step"], now]
            if None in high + low or min(high) <= max(low):
                return None
            before = earlier[-2]
            return self._fall(a, before, before["step"] - now)
        if last["points"] is None:
            return None
        if now is not None:
            steps = last["step"] - now
            return self._fall(a, last, steps) if steps >= self.rules.noise_steps else None
        error = error_between(a, last)
        if error is None or last["points"] - a["points"] <= self.rules.noise_factor * error:
            return None
        return self._fall(a, last, None, (last["points"] - a["points"]) / error)

    def _rung_now(self, a: Row) -> int | None:
        """The rung of a ladder, 0 under all of it; None for a score, or a standard not met."""
        if a["met"] is not None:
            return None
        if self.scales[a["scale"]]["kind"] == "ladder" and a["attainment_status"] == "below":
            return a["step"] or 0
        return a["step"]

    def _fall(self, a: Row, then: Row, steps: int | None, errors: float | None = None) -> Row:
        return self._flag(
            a,
            then["points"],
            None if errors is None else NORMAL.cdf(errors),
            steps is not None and steps >= 2,
            {"baseline": then["points"], "baseline_term_no": then["term_no"]},
        )

    def _slow(self, a: Row, own: bool) -> Row | bool | None:
        """The flag; False where there is none; None where it cannot be known."""
        low = self._low_shortfall(a) if own else None
        if low:
            lost, first, _ = low
            if a["low_step"] is None or lost < self.rules.noise_steps:
                return False
            since = {"baseline": None, "baseline_term_no": first["term_no"]}
            return self._flag(a, None, None, lost >= 2, since)
        short = self._shortfall(a, own)
        if short is None:
            return None
        by, base, expected = short
        now = self._rung_now(a)
        # How far under the ladder is not known, so that it is not short cannot be said.
        not_slow = None if now == 0 else False
        if now is None:
            if by <= self.rules.noise_factor:
                return False
            certainty, clear = NORMAL.cdf(by), False
        else:
            certainty, clear = None, by >= 2
            if len(self._rungs(a)) <= self.rules.few_outcomes:
                rows = self.series[self._series_of(a)]
                last = next((b for b in rows if b["term_no"] == a["term_no"] - 1), None)
                before = self._shortfall(last, own) if last else None
                if by < 1 or before is None or before[0] < 1:
                    return not_slow
            elif by < self.rules.noise_steps:
                return not_slow
        since = {"baseline": base["points"], "baseline_term_no": base["term_no"]}
        return self._flag(a, expected, certainty, clear, since)

    def _low_shortfall(self, a: Row) -> tuple[float, Row, None] | None:
        """Small steps lost below a ladder since the earliest of them and the same term last year;
        nothing is short of a pupil who has risen onto the ladder since."""
        rows = [b for b in self.series[self._series_of(a)] if b["term_no"] < a["term_no"]]
        low = [b for b in rows if b["low_step"] is not None]
        last_year = [b for b in low if b["term_no"] == a["term_no"] - 3]
        if not last_year or (a["low_step"] is None and a["step"] is None):
            return None
        if a["low_step"] is None:
            return 0, low[0], None
        lost = [b["low_step"] - a["low_step"] for b in (low[0], last_year[0])]
        return min(lost), low[0], None

    def _shortfall(self, a: Row, own: bool) -> tuple[float, Row, float] | None:
        """The smaller of the shortfalls since the baseline and since the same term last year, in
        steps or in errors of the difference; the baseline; and what is expected from there."""
        usable = [b for b in self.series[self._series_of(a)] if self._usable(b)]
        earlier = [b for b in usable if b["term_no"] < a["term_no"]]
        last_year = [b for b in earlier if b["term_no"] == a["term_no"] - 3]
        now = self._rung_now(a)
        low_but_judged = now == 0 and a["expected_step"] is not None
        if not (self._usable(a) or low_but_judged) or not last_year:
            return None
        shorts = []
        for b in (earlier[0], last_year[0]):
            if now is None:
                error = error_between(a, b)
                assert error is not None
                shorts.append(((b["points"] - a["points"]) / error, b["points"]))
            else:
                rungs = self._rungs(a)
                gained = 0 if own else a["expected_step"] - b["expected_step"]
                rung = min(b["step"] + gained, len(rungs))
                shorts.append((rung - now, rungs[max(rung, 1) - 1]))
        return min(shorts[0][0], shorts[1][0]), earlier[0], shorts[0][1]

    @staticmethod
    def _usable(a: Row) -> bool:
        known = a["expected_step"] if a["step"] is not None else a["standard_error"]
        return a["points"] is not None and known is not None

    def _off_target(self, a: Row, together: list[Row], reasons: dict[str, Row]) -> bool | None:
        """Whether the pupil's own target is met; None before its term, and without one."""
        aim, term = a["target_points"], TERMS[a["term_no"] % 3]
        too_low = a["points"] is None and a["attainment_status"] == "below"
        if aim is None or term != (a["target_term"] or "summer"):
            return None
        if a["points"] is None and not too_low:
            return None
        if not too_low and a["points"] >= aim:
            return True
        agrees = any(
            b["scale"] == a["scale"]
            and b["points"] is not None
            and b["points"] < aim
            and any(b[n] != a[n] for n in ("assessment_kind", "assessment"))
            for b in together
        )
        steps = 0
        if a["step"] is not None:
            steps = self._rungs(a).index(aim) + 1 - a["step"]
        clear = too_low or steps >= 2 or agrees
        reasons["off_target"] = self._flag(a, aim, self._under(a, aim), clear)
        return False

    # certainty

    def _below(self, a: Row, together: list[Row]) -> Row:
        names = ("scale", "assessment_kind", "assessment")
        agrees = any(
            other["attainment_status"] == "below" and any(other[n] != a[n] for n in names)
            for other in together
        )
        too_low = a["points"] is None and a["met"] is None
        clear = too_low or (a["steps_under"] or 0) >= 2 or agrees
        return self._flag(a, a["flag_points"], a["certainty"], clear)

    def _flag(
        self,
        a: Row,
        expected: float,
        certainty: float | None,
        clear_without: bool,
        since: Row | None = None,
    ) -> Row:
        """A reason with its figures; `clear_without` decides where no certainty is known."""
        clear = clear_without if certainty is None else certainty >= self.rules.clear_from
        return {
            "certainty": certainty,
            "certainty_band": "clear" if clear else "borderline",
            "value": a["points"],
            "expected": expected,
            "n": a["norm_pupils"],
            "file_id": a["file_id"],
            "line": a["line"],
            **(since or {"baseline": None, "baseline_term_no": None}),
        }

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
                on_track = [s for s in rings if s in known and known[s][0]]
                whole = len(rings) >= 2 and len(known) == len(rings)
                found[pupil, term_no] = {
                    "rings": len(rings),
                    "subjects_known": len(known),
                    "subjects_on_track": len(on_track),
                    "region": ("+".join(on_track) or "none") if whole else None,
                    "carried": any(term < term_no for _, term in known.values()),
                }
        return found

    def _ring(self, subject: str, term_no: int, pupils: list[int]) -> dict[int, tuple[bool, int]]:
        def known(pupil: int, term: int) -> dict[int, tuple[bool, int]]:
            s = self.status.get((pupil, term, subject))
            holds = self._holds(s) if s else None
            return {} if holds is None else {pupil: (holds, term)}

        now = {k: v for p in pupils for k, v in known(p, term_no).items()}
        if 2 * (len(pupils) - len(now)) <= len(pupils):
            return now
        earlier = {}
        for p in pupils:
            earlier |= known(p, term_no - 2) | known(p, term_no - 1)
        return earlier | now

    def _holds(self, s: Row) -> bool | None:
        """Whether the pupil stands in the ring, by the basis of the diagram; None: not known."""
        attained = {"at_expectation": True, "below": False}.get(s["attainment_status"])
        moved = {"enough": True, "too_little": False}.get(s["progress_status"])
        if self.rules.venn_basis == "attainment":
            return attained
        if self.rules.venn_basis == "progress":
            return moved
        if False in (attained, moved):
            return False
        return True if attained and moved else None


UNDER = "underachieving"


def error_between(a: Row, b: Row) -> float | None:
    """Standard error of the difference of two scores: √2 × SEM where both have the same."""
    if a["standard_error"] is None or b["standard_error"] is None:
        return None
    return math.hypot(a["standard_error"], b["standard_error"])


def plain(text: str) -> str:
    """Names of papers are the same whatever their case and spacing."""
    return " ".join(text.lower().split())


def starts_in(term_no: int) -> str:
    """The academic year of a term: `2025-26`."""
    return f"{term_no // 3}-{(term_no // 3 + 1) % 100:02d}"


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
