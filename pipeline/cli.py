"""The commands: parse, call a stage, print, exit code."""

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__
from pipeline.calendar import Term
from pipeline.console import make_safe, say, say_json, tell
from pipeline.errors import ExportRefused, Mendable, SurroundingsWrong, WrongUsage
from pipeline.programme import Programme

app = typer.Typer(
    name="achievement",
    help="Termly attainment exports: read, checked, flagged for underachievement, reported.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
key_app = typer.Typer(help="Move the pseudonym key to another machine.", no_args_is_help=True)
app.add_typer(key_app, name="key")

Folder = Annotated[Path, typer.Argument(help="The programme folder; default: this folder.")]
TermOption = Annotated[str | None, typer.Option(help="Such as 2025-26-autumn; default: latest.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Renorm = Annotated[bool, typer.Option(help="Make the cohort norms of the term anew.")]
Isolated = Annotated[bool, typer.Option(help="Run each notebook in a kernel of its own (slow).")]
# The matrices here are small: a second thread for each costs more than it saves.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
HERE = Path()
# What DuckDB raises when the disk is full or memory is short, at once or when it commits.
SURROUNDINGS = (*("IOException", "OutOfMemoryException", "FatalException", "TransactionException"),)


@app.command()
def init(
    folder: Path, sample: Annotated[bool, typer.Option(help="With the sample data.")] = False
) -> None:
    """Make a programme folder, with commented settings."""
    from pipeline.folder import make_folder

    made = make_folder(folder, sample)
    say(f"Made {folder}. {made}")


@app.command()
def run(
    folder: Folder = HERE,
    term: TermOption = None,
    renorm: Renorm = False,
    isolated: Isolated = False,
    as_json: Json = False,
) -> None:
    """The termly run: ingest, check, flag, report. It never publishes."""
    from pipeline.run import STAGES

    _run(folder, STAGES, term, as_json, renorm=renorm, isolated=isolated)


@app.command()
def ingest(folder: Folder = HERE, term: TermOption = None) -> None:
    """Read what is new in exports/ into the warehouse."""
    _run(folder, ("ingest",), term, False)


@app.command()
def check(folder: Folder = HERE, term: TermOption = None, as_json: Json = False) -> None:
    """Check what is loaded for accuracy, and give each school its verdict."""
    _run(folder, ("check",), term, as_json)


@app.command()
def flag(folder: Folder = HERE, term: TermOption = None, renorm: Renorm = False) -> None:
    """Find who is underachieving."""
    _run(folder, ("flag",), term, False, renorm=renorm)


@app.command()
def report(folder: Folder = HERE, term: TermOption = None, isolated: Isolated = False) -> None:
    """Make the pages of the Achievement Teams and head teachers."""
    _run(folder, ("report",), term, False, isolated=isolated)


@app.command()
def publish(
    folder: Path, release: Annotated[str, typer.Option(help="Name of the new release.")]
) -> None:
    """Make the evaluators' pseudonymised file. An existing release is never touched."""
    from pipeline.folder import publish_release

    say(publish_release(Programme(folder.resolve()), release))


@app.command()
def layout(
    file: Annotated[Path, typer.Argument(help="A file that a school sent.")],
    folder: Annotated[
        Path | None, typer.Option(help="Programme folder, for its own layouts and schools.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Which layout fits a file and why; for an unknown one, a draft layout."""
    from pipeline.landing.layouts.explain import explain, lines

    if not file.exists():
        raise WrongUsage(f"{file}: there is no such file. Check the path.")
    told = explain(file, _reading(file, folder))
    say_json({"tables": [vars(t) for t in told]}) if as_json else say("\n".join(lines(told)))
    raise typer.Exit(ExportRefused.exit_code if any(t.refusal for t in told) else 0)


@app.command()
def withdraw(
    folder: Path, file: Annotated[str, typer.Argument(help="Ledger number, or path as sent.")]
) -> None:
    """Take one ingested file back out; what it replaced stands again."""
    from pipeline.landing.removed import withdraw as take_out

    programme = Programme(folder.resolve())
    number = take_out(programme, file)
    say(f"File {number} is withdrawn. Pages and flags follow with: achievement run FOLDER")
    _run(folder, ("ingest",), None, False)


@app.command()
def rebuild(folder: Folder = HERE) -> None:
    """Make the warehouse anew from archive, workbooks, corrections, removals and settings."""
    from pipeline.rebuild import rebuild as make_anew
    from pipeline.summary import lines

    done = make_anew(Programme(folder.resolve()))
    for line in lines(done, folder):
        say(line)
    for table in done.history_lost:
        say(f"{table} of the old warehouse has other columns, so what it held is not kept.")
    say("The warehouse was made anew. Pages follow with: achievement run FOLDER")
    raise typer.Exit(done.exit_code)


@app.command()
def status(
    folder: Folder = HERE,
    files: Annotated[bool, typer.Option(help="List the files by their numbers.")] = False,
    as_json: Json = False,
) -> None:
    """What is loaded: schools by terms, files, rows, issues, flags, last run."""
    from pipeline.status import status_lines, status_of

    found = status_of(Programme(folder.resolve()), files)
    say_json(found) if as_json else say("\n".join(status_lines(found)))


@app.command()
def explain(
    folder: Path,
    pupil: Annotated[str, typer.Argument(help="Admission number, or the program's own number.")],
    school: Annotated[str | None, typer.Option(help="URN, LAESTAB or name.")] = None,
    subject: Annotated[str | None, typer.Option(help="One subject only.")] = None,
    term: TermOption = None,
) -> None:
    """Why a pupil has each status: rule, figures, certainty, source file and line."""
    from pipeline.explain.command import explain as explain_pupil

    for line in explain_pupil(Programme(folder.resolve()), pupil, school, subject, _term(term)):
        say(line)


@app.command()
def doctor(folder: Folder = HERE, as_json: Json = False) -> None:
    """What is wrong with the surroundings, and how to mend it."""
    from pipeline.doctor import examine, worst

    findings = examine(folder.resolve())
    if as_json:
        say_json({"findings": [vars(f) for f in findings]})
    else:
        for finding in findings:
            say(f"{finding.mark} {finding.about}: {finding.found}")
            if finding.mend:
                say(f"      {finding.mend}")
    raise typer.Exit(worst(findings))


@key_app.command("export")
def key_export(folder: Path, file: Path) -> None:
    """Write the pseudonym key into a new file."""
    from pipeline.evaluation.key import export_key

    programme = Programme(folder.resolve())
    export_key(programme.settings.privacy.key_path(), file, programme.folder)
    say(f"Written to {file}. Whoever has it can find pupils in a release: move it, do not mail it.")


@key_app.command("import")
def key_import(folder: Path, file: Path) -> None:
    """Put a key from another machine in its place."""
    from pipeline.evaluation.key import import_key

    path = Programme(folder.resolve()).settings.privacy.key_path()
    key = import_key(file, path)
    say(f"The key with the fingerprint {key.fingerprint} is in place. Now delete {file}.")


@app.command()
def version() -> None:
    """The version of the program."""
    say(f"achievement {__version__}")


def _reading(file: Path, folder: Path | None) -> Any:
    """Layouts and schools of the programme folder that is named, or that the file lies in."""
    from pipeline.landing.ingest import reading_of
    from pipeline.landing.layouts.read import shipped_layouts
    from pipeline.landing.reading.ctf_results import ctf_results
    from pipeline.landing.receive import Reading

    near = [folder] if folder else file.resolve().parents
    for place in near:
        if (place / "pipeline.toml").is_file() or folder:
            return reading_of(Programme(place.resolve()))
    return Reading(shipped_layouts(), (), ctf_results(None))


def _run(
    folder: Path, stages: tuple[str, ...], term: str | None, as_json: bool, **options: Any
) -> None:
    from pipeline.run import run as run_stages
    from pipeline.summary import as_values, lines

    done = run_stages(Programme(folder.resolve()), stages, _term(term), **options)
    for line in lines(done, folder):
        say(line)
    if as_json:
        say_json(as_values(done))
    raise typer.Exit(done.exit_code)


def _term(label: str | None) -> Term | None:
    try:
        return Term.from_label(label) if label else None
    except ValueError:
        raise WrongUsage(f"--term {label}: not a term. Expected such as 2025-26-autumn.") from None


def main() -> None:
    """Run a command; every problem ends in a message and an exit code, never in a traceback.

    The process ends at once: libraries that keep a closed connection in a registry of their own
    would have the interpreter print pages of warnings on its way out.
    """
    os.umask(0o077)
    make_safe()
    code = _run_command()
    for stream in (sys.stdout, sys.stderr):
        # Whoever read our output may have gone.
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)


def _run_command() -> int:
    stopped = _noted_interrupts()
    try:
        code = _code_of_command(stopped)
    except KeyboardInterrupt:
        stopped.set()
    if stopped.is_set():
        say("Ended by you. What was loaded before is as it was; run the command again.")
        return SurroundingsWrong.exit_code
    return code


def _noted_interrupts() -> threading.Event:
    """Set once Ctrl-C was pressed: within a query DuckDB makes an error of its own of it."""
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    return stopped


def _code_of_command(stopped: threading.Event) -> int:
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Mendable as problem:
        tell(problem)
        if "--json" in sys.argv[1:]:
            say_json({"exit_code": problem.exit_code, "problem": str(problem)})
        return problem.exit_code
    except Exception as problem:
        return 1 if stopped.is_set() else _tell_unexpected(problem)
    return 0


def _tell_unexpected(problem: Exception) -> int:
    """Our own words for what nobody foresaw; a library's may quote a pupil's value."""
    from pipeline.errors import Defect

    kind = type(problem).__name__
    full = isinstance(problem, OSError) or kind in SURROUNDINGS
    if full:
        say(
            f"Not done: the surroundings failed ({kind}). The disk may be full, memory short, or a "
            f"file open in another program. Run `achievement doctor`; what was loaded before is as "
            f"it was."
        )
        return SurroundingsWrong.exit_code
    ours = str(problem) if isinstance(problem, Defect) else kind
    trace = problem.__traceback__
    where = ""
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "pipeline" in file.parts:
            where = f"{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    say(
        f"Not done: a defect in the program ({ours}, at {where}, version {__version__}). What was "
        f"loaded before is as it was. Please report this line; it holds no pupil's data."
    )
    return 1
