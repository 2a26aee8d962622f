"""The command: the pupil found, the term chosen, and what is to be said."""

from pipeline.calendar import Term
from pipeline.errors import SettingsWrong, WrongUsage
from pipeline.explain.facts import Facts
from pipeline.explain.lines import lines
from pipeline.explain.pupil import pupil_of
from pipeline.programme import Programme
from pipeline.progress.flag import default_term
from pipeline.reference import judging_fingerprint, made_from
from pipeline.warehouse.connection import open_warehouse
from pipeline.warehouse.lock import held
from pipeline.warehouse.query import first_value

CHANGED = (
    "Files, settings or scales have changed since pupils were last flagged: what follows is as it "
    "was then. To bring it up to date: achievement run FOLDER"
)


def explain(
    programme: Programme,
    number: str,
    school: str | None = None,
    subject: str | None = None,
    term: Term | None = None,
) -> list[str]:
    """Lines that say why a pupil has each status in a term (default as `run`).

    The warehouse is only read. Raises WrongUsage where the number means nobody or several pupils,
    or the subject is none of the settings'; SettingsWrong where nothing was flagged yet.
    """
    with held(programme), open_warehouse(programme, read_only=True) as con:
        flagged = made_from(con, "flag")
        term = term or default_term(con)
        if flagged is None or term is None:
            raise SettingsWrong(
                f"{programme.warehouse.name}: pupils have not been flagged yet, so there is no "
                f"status to explain. Run first: achievement run FOLDER"
            )
        subjects = first_value(con, "select list(subject order by position) from reference.subject")
        if subject is not None and subject.strip().lower() not in subjects:
            raise WrongUsage(
                f"--subject: not a subject of the settings. Expected one of {', '.join(subjects)}."
            )
        facts = Facts(con, pupil_of(con, number, school), term)
        told = lines(facts, subject and subject.strip().lower())
        return told if flagged == judging_fingerprint(con) else [CHANGED, "", *told]
