"""The pages as a headless browser shows them; needs Chromium, Chrome or Edge on the search path."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.calendar import Term
from pipeline.reports.report import report
from pipeline.reports.source import close_all
from pipeline.run import run
from tests.browser.conftest import BROWSERS, browser_found
from tests.stages.invented import INVENTED, TERM, programme

pytestmark = pytest.mark.browser

NARROW, WIDE = 360, 1280
SCHOOL = f"{INVENTED}-made-up-sons-primary"
INDEX, HEAD_TEACHER, TEAM, FIX_LIST = (
    "index.html",
    f"{SCHOOL}/head-teacher.html",
    f"{SCHOOL}/team-1-y3-4.html",
    f"{SCHOOL}/fix-list.html",
)
# Pages hold no script, so one beside them looks in from outside through a frame.
MEASURE = """<!DOCTYPE html><body style="margin:0">
<iframe id="page" src="{address}" style="width:{width}px;height:800px;border:0"></iframe>
<pre id="found"></pre>
<script>
addEventListener("load", () => {{
  const inside = document.getElementById("page"), page = inside.contentDocument;
  const images = [...page.images];
  document.getElementById("found").textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth,
    requests: inside.contentWindow.performance.getEntriesByType("resource").map(e => e.name)
      .filter(name => !name.startsWith("data:")),
    broken: images.filter(i => !i.complete || !i.naturalWidth).length,
    images: images.length,
    levels: [...page.querySelectorAll("h1,h2,h3,h4")].map(h => +h.tagName[1]),
    title: page.title,
    under: [...page.querySelectorAll("thead th")]
      .filter(h => h.textContent.startsWith("Under")).map(h => h.getBoundingClientRect().right),
  }});
}});
</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder of a finished report."""
    made = programme(tmp_path_factory.mktemp("browser") / "programme")
    run(made, stages=("check",))
    yield report(made, Term.from_label(TERM)).index.parent
    close_all()


def browse(tmp_path: Path, address: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the browser without a window over one address."""
    browser = browser_found()
    assert browser, f"no browser found; looked for {', '.join(BROWSERS)}"
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--no-sandbox"]
    command = [browser, "--headless", *quiet, f"--user-data-dir={tmp_path / 'browser'}", *more]
    return subprocess.run(
        [*command, address], capture_output=True, text=True, encoding="utf-8", check=True
    )


def seen(tmp_path: Path, page: Path, width: int) -> tuple[dict, str]:
    """What a page is like at a width, and what the browser complained of."""
    frame = tmp_path / "frame.html"
    frame.write_text(MEASURE.format(address=page.as_uri(), width=width), encoding="utf-8")
    shown = browse(
        tmp_path,
        frame.as_uri(),
        "--allow-file-access-from-files",
        "--enable-logging=stderr",
        "--virtual-time-budget=4000",
        "--dump-dom",
    )
    found = re.search(r'<pre id="found">(\{.*?\})</pre>', shown.stdout, re.DOTALL)
    assert found, "the page was not measured"
    complaints = [line for line in shown.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(found[1].replace("&amp;", "&").replace("&lt;", "<")), "\n".join(complaints)


@pytest.mark.parametrize("name", [INDEX, HEAD_TEACHER, TEAM, FIX_LIST])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_page_fits_its_width_and_asks_for_nothing(
    folder: Path, tmp_path: Path, name: str, width: int
) -> None:
    found, complaints = seen(tmp_path, folder / name, width)
    assert found["width"] <= width
    assert found["requests"] == [] and complaints == ""
    assert found["broken"] == 0
    assert found["levels"][0] == 1 and found["levels"].count(1) == 1
    steps = zip(found["levels"], found["levels"][1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)


def test_a_phone_shows_how_many_are_underachieving_without_scrolling(
    folder: Path, tmp_path: Path
) -> None:
    found, _ = seen(tmp_path, folder / HEAD_TEACHER, NARROW)
    assert found["under"] and max(found["under"]) <= NARROW


def test_the_team_page_shows_its_diagram(folder: Path, tmp_path: Path) -> None:
    page = folder / TEAM
    assert seen(tmp_path, page, WIDE)[0]["images"] == 1
    picture = tmp_path / "page.png"
    browse(tmp_path, page.as_uri(), f"--screenshot={picture}", "--window-size=800,1200")
    assert picture.stat().st_size > 20_000


def test_the_fix_list_prints_on_sheets_of_a4(folder: Path, tmp_path: Path) -> None:
    printed = tmp_path / "page.pdf"
    page = (folder / FIX_LIST).as_uri()
    browse(tmp_path, page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed.read_bytes())
    assert sizes
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {(595, 842)}
