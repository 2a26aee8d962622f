"""One `<Pupil>` of a Common Transfer File, gathered element by element.

Where an element stands twice and says two things, neither is believed: the value stays blank.
"""

from dataclasses import dataclass, field

# An element's name -> standard column. It stands under Pupil, BasicDetails or LookedAfter.
FIELDS = {
    "upn": "upn",
    "surname": "surname",
    "forename": "forename",
    "dob": "date_of_birth",
    "sex": "sex",
    "gender": "sex",
    "formerupn": "former_upn",
    "ncyearactual": "year_group",
    "ethnicity": "ethnicity",
    "enrolstatus": "enrol_status",
    "incare": "looked_after",
}
# Elements that mean something as they open or close; most others are passed over at once.
OPENING = {"keystage", "stageassessment", "result", "type", "sen", "senneed"}
CLOSING = {"keystage", "stageassessment"}
DEPTH = 3  # CTfile, CTFpupilData, Pupil: paths are from the root
PLACES = {(), ("basicdetails",), ("lookedafter",), ("basicdetails", "lookedafter")}
# CBDS first language: English or believed to be; another or believed to be. Others say neither.
EAL = {"ENG": "N", "ENB": "N", "OTH": "Y", "OTB": "Y"}


class Said(dict[str, str]):
    """Values by name; `unsure` are names with two values, which have none here."""

    def __init__(self) -> None:
        super().__init__()
        self.unsure: set[str] = set()

    def add(self, name: str, value: str) -> None:
        if value and self.setdefault(name, value) != value:
            self.unsure.add(name)
            self[name] = ""


@dataclass(repr=False)
class Pupil:
    """A pupil as far as read.

    `results` are the StageAssessments that have a Result, each with the `stage` of its KeyStage,
    in the order of the file; `results_opened` counts them as they start.
    """

    said: Said = field(default_factory=Said)
    results: list[Said] = field(default_factory=list)
    results_opened: int = 0
    _has_result: bool = False
    _stage: Said = field(default_factory=Said)
    _of_stage: list[Said] = field(default_factory=list)
    _assessment: Said | None = None
    _languages: list[set[str]] = field(default_factory=list)
    _sen: list[Said] = field(default_factory=list)
    _needs: list[Said] = field(default_factory=list)

    def opened(self, path: list[str]) -> None:
        """An element with one of the names in OPENING has started."""
        name = path[-1]
        if name == "stageassessment":
            self._assessment, self._has_result = Said(), False
        elif name == "result" and path[-2] == "stageassessment":
            self.results_opened += not self._has_result
            self._has_result = True
        elif name == "keystage":
            self._close_stage()
        elif path[-2:] == ["languages", "type"]:
            self._languages.append(set())
        elif path[-2:] == ["senhistory", "sen"]:
            self._sen.append(Said())
        elif name == "senneed":
            self._needs.append(Said())

    def closed(self, path: list[str], text: str) -> None:
        """An element has ended that has a text, or one of the names in CLOSING."""
        name, within = path[-1], path[-2]
        if self._assessment is not None:
            if name == "stageassessment":
                self._close_assessment()
            elif within == "stageassessment":
                self._assessment.add(name, text)
        elif name in FIELDS and tuple(path[DEPTH:-1]) in PLACES:
            self.said.add(FIELDS[name], text)
        elif name == "stage" and within == "keystage":
            self._stage.add(name, text)
        elif name == "keystage":
            self._close_stage()
        elif name in ("startdate", "senprovision") and within == "sen" and self._sen:
            self._sen[-1].add(name, text)
        elif name in ("senneed", "sentype", "sentyperank") and self._needs:
            self._needs[-1].add("sentype" if name == "senneed" else name, text)
        elif "languages" in path:
            self._languages = self._languages or [set()]
            self._languages[-1].add(text.upper())

    def finish(self) -> None:
        """To be called when the pupil's element has ended."""
        self._close_stage()
        self.said.add("eal", self._eal())
        self.said.add("sen", self._latest_sen())
        self.said.add("sen_need", self._first_need())

    def _close_assessment(self) -> None:
        assert self._assessment is not None
        if self._has_result:
            self._of_stage.append(self._assessment)
        self._assessment = None

    def _close_stage(self) -> None:
        """The stage counts for all its results, wherever in the KeyStage it is written."""
        for result in self._of_stage:
            result.add("stage", self._stage.get("stage", ""))
            self.results.append(result)
        self._of_stage, self._stage = [], Said()

    def _eal(self) -> str:
        """Y or N where every language of the pupil says so, else blank."""
        told = [{EAL[code] for code in codes if code in EAL} for codes in self._languages]
        answers = set().union(*told)
        return answers.pop() if len(answers) == 1 and all(told) else ""

    def _latest_sen(self) -> str:
        """Provision that started last; blank where the dates do not tell which one that is."""
        given = [s for s in self._sen if s.get("senprovision")]
        latest = max((s.get("startdate", "") for s in given), default="")
        undated = any(not s.get("startdate") for s in given)
        told = {s["senprovision"] for s in given if undated or s["startdate"] == latest}
        return told.pop() if len(told) == 1 else ""

    def _first_need(self) -> str:
        """The need ranked first, else the first in the file."""

        def rank(need: Said) -> int:
            given = need.get("sentyperank", "")
            return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1000

        needs = [n for n in self._needs if n.get("sentype")]
        return min(needs, key=rank)["sentype"] if needs else ""
