"""Pupils: who they are, where they are on roll, and how able they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from invention import names
from invention.calendar import LATEST, TERMS
from invention.chance import Chance
from invention.schools import SCHOOLS, School
from invention.upns import Upns

SUBJECTS = ("maths", "reading", "writing")
NEEDS = ("SPLD", "MLD", "SLCN", "SEMH", "ASD", "HI", "PD", "OTH")
ETHNICITY_EAL = ("AIND", "APKN", "ABAN", "BAFR", "WOTH", "CHNE", "OOTH", "AOTH")
ETHNICITY_OTHER = ("WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WIRI", "MWBC", "MWAS", "BCRB")


@dataclass
class Stay:
    """A time on roll at one school, by the numbers of its first and last term."""

    school: School
    admission_number: str
    first: int
    last: int
    entered: dt.date
    left: dt.date | None = None

    def is_assessed(self, term: int) -> bool:
        """Whether the pupil is still there when the term's assessments are made."""
        return self.left is None or self.left >= TERMS[term].assessed


@dataclass
class Pupil:
    """An invented pupil. ``year_in_2024`` is the year group in 2024-25, Reception being 0."""

    surname: str
    forename: str
    sex: str
    born: dt.date
    year_in_2024: int
    upn: str
    half: int
    groups: dict[str, str]
    attendance: float
    ability: float
    by_subject: dict[str, float]
    slope: float
    setback: tuple[str, int, float] | None = None
    stays: list[Stay] = field(default_factory=list)

    def year(self, term: int) -> int:
        """Year group in a term, Reception being 0."""
        return self.year_in_2024 + term // 3

    def standing(self, subject: str, term: int) -> float:
        """True attainment against the year group, in standard deviations."""
        value = self.ability + self.by_subject[subject] + self.slope * term
        if self.setback and self.setback[0] == subject and term >= self.setback[1]:
            value -= self.setback[2]
        return value


class Registrar:
    """Makes pupils and gives out numbers; no two pupils share name and date of birth."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.upns = Upns()
        self._admitted: Counter[str] = Counter()
        self._taken: set[tuple[str, str, dt.date]] = set()

    def with_chance(self, chance: Chance) -> Registrar:
        """The same registers with another source of chance."""
        other = Registrar(chance)
        other.upns, other._admitted, other._taken = self.upns, self._admitted, self._taken
        return other

    def admission_number(self, school: School) -> str:
        """The school's next admission number, six digits with leading zeros."""
        self._admitted[school.key] += 1
        return f"{1200 + school.urn % 10 * 100 + self._admitted[school.key]:06}"

    def pupil(self, school: School, year_in_2024: int, first: int, last: int) -> Pupil:
        """A new pupil with one stay, from the start of term ``first`` to term ``last``."""
        chance = self.chance
        sex = chance.one_of(("F", "M"))
        while True:
            born = dt.date(2019 - year_in_2024, 9, 1) + dt.timedelta(days=chance.whole(0, 364))
            name = (names.surname(chance), names.forename(chance, sex), born)
            if name not in self._taken:
                break
        self._taken.add(name)
        number = self.admission_number(school)
        groups, handicap = _groups(chance, school)
        pupil = Pupil(
            surname=name[0],
            forename=name[1],
            sex=sex,
            born=born,
            year_in_2024=year_in_2024,
            upn=self._upn(school, year_in_2024, first),
            half=int(number) % 2,
            groups=groups,
            attendance=95.5 + 2.2 * chance.normal() - 0.8 * handicap,
            ability=0.32 + school.ability_offset + 0.72 * chance.normal() - handicap,
            by_subject={subject: 0.3 * chance.normal() for subject in SUBJECTS},
            slope=0.04 * chance.normal(),
        )
        if chance.happens(0.04):
            pupil.setback = (chance.one_of(SUBJECTS), chance.whole(2, 5), 0.7 + chance.number())
        pupil.stays.append(Stay(school, number, first, last, self._entered(pupil, first)))
        return pupil

    def _upn(self, school: School, year_in_2024: int, first: int) -> str:
        establishment, chance = school.laestab % 10_000, self.chance
        if chance.happens(0.006):
            return ""
        if chance.happens(0.004):
            return self.upns.temporary(establishment, TERMS[first].starting_year)
        if chance.happens(0.12):
            establishment = chance.whole(2100, 2180)
        return self.upns.permanent(establishment, 2024 - max(year_in_2024, -1))

    def _entered(self, pupil: Pupil, first: int) -> dt.date:
        if first > 0:
            return TERMS[first].starts
        reception = dt.date(2024 - max(pupil.year_in_2024, 0), 9, 4)
        if pupil.year_in_2024 > 0 and self.chance.happens(0.15):
            return dt.date(reception.year + self.chance.whole(0, pupil.year_in_2024), 9, 4)
        return reception


def _groups(chance: Chance, school: School) -> tuple[dict[str, str], float]:
    """The pupil groups of a new pupil, and how far they set attainment back on average."""
    premium = chance.happens(school.pupil_premium_share)
    draw = chance.number()
    sen = "E" if draw < 0.04 else "K" if draw < (0.2 if premium else 0.155) else "N"
    eal = chance.happens(school.eal_share)
    proficiency = chance.one_of(("A", "B", "C", "D", "D", "E", "E")) if eal else ""
    looked_after = premium and chance.happens(0.04)
    groups = {
        "pupil_premium": "yes" if premium else "no",
        "fsm6": "yes" if premium and chance.happens(0.9) else "no",
        "sen": sen,
        "sen_need": "" if sen == "N" else chance.one_of(NEEDS),
        "eal": "yes" if eal else "no",
        "english_proficiency": proficiency,
        "looked_after": "yes" if looked_after else "no",
        "ethnicity": chance.one_of(ETHNICITY_EAL if eal else ETHNICITY_OTHER),
        "expectation": "own" if sen == "E" and chance.happens(0.5) else "",
    }
    handicap = 0.3 * premium + {"N": 0.0, "K": 0.75, "E": 1.7}[sen]
    handicap += 0.4 * (proficiency in ("A", "B")) + 0.2 * looked_after
    return groups, handicap


def everyone(registrar: Registrar) -> list[Pupil]:
    """All pupils of the partnership, with joiners and leavers, before anything goes wrong."""
    pupils: list[Pupil] = []
    for school in SCHOOLS:
        at_school = [*_cohorts(registrar, school), *_joiners(registrar, school)]
        for pupil in at_school:
            _may_leave(registrar.chance, pupil)
        pupils += at_school
    return pupils


def _cohorts(registrar: Registrar, school: School) -> Iterator[Pupil]:
    for year_in_2024 in range(6, school.youngest - 2, -1):
        first = 0 if year_in_2024 >= school.youngest else 3
        last = 2 if year_in_2024 == 6 else LATEST
        spread = max(1, school.pupils_a_year // 12)
        size = school.pupils_a_year + registrar.chance.whole(-spread, spread)
        in_nursery = size * 4 // 5 if year_in_2024 + first // 3 < 0 else size
        for number in range(size):
            # Some join the Reception class without having been to the nursery.
            begins = first if number < in_nursery else first + 3
            if begins <= last:
                yield registrar.pupil(school, year_in_2024, begins, last)


def _joiners(registrar: Registrar, school: School) -> Iterator[Pupil]:
    for first in range(1, LATEST + 1):
        for _ in range(registrar.chance.whole(1, 2 + school.pupils_a_year // 27)):
            year_in_2024 = registrar.chance.whole(0, 6) - first // 3
            last = 2 if year_in_2024 == 6 else LATEST
            pupil = registrar.pupil(school, year_in_2024, first, last)
            pupil.stays[0].entered += dt.timedelta(days=registrar.chance.whole(0, 20))
            yield pupil


def _may_leave(chance: Chance, pupil: Pupil) -> None:
    stay = pupil.stays[0]
    for term in range(stay.first, stay.last + 1):
        if chance.happens(0.009):
            in_mid_term = chance.happens(0.25) and term > stay.first
            stay.last = term
            days = dt.timedelta(days=chance.whole(25, 45))
            stay.left = TERMS[term].starts + days if in_mid_term else TERMS[term].ends
            return
