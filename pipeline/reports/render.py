"""A notebook template run with its parameters, and the page made from what it shows."""

import re
from functools import cache
from typing import Any

import nbformat
import papermill
from nbconvert import HTMLExporter
from papermill.exceptions import PapermillExecutionError

from pipeline.reports.engine import NAME as WARM
from pipeline.reports.isolated import NAME as ISOLATED
from pipeline.reports.shell import page
from pipeline.resources import resource


class NotebookFailed(Exception):
    """A template could not be run: which cell, what sort of error, and where in this program.

    The error's own text is left out, because it may quote a pupil's value.
    """


def run_notebook(
    template: str, parameters: dict[str, Any], isolated: bool = False
) -> nbformat.NotebookNode:
    """The executed notebook, without paths and times. Raises NotebookFailed.

    `isolated` gives it a kernel of its own instead of the warm shell of this process.
    """
    source = str(resource("notebooks", f"{template}.ipynb"))
    return execute(source, parameters, f"{template}.ipynb", isolated)


def execute(
    source: str | nbformat.NotebookNode, parameters: dict[str, Any], name: str, isolated: bool
) -> nbformat.NotebookNode:
    """The executed notebook from a path or a notebook. Raises NotebookFailed naming `name`."""
    try:
        notebook = papermill.execute_notebook(
            source,
            None,
            parameters,
            engine_name=ISOLATED if isolated else WARM,
            progress_bar=False,
        )
    except PapermillExecutionError as failed:
        told = "\n".join(failed.traceback)
        places = re.findall(r"(pipeline[\\/]\w+[\\/]\w+\.py):(\d+)", told)
        where = f", {places[-1][0]} line {places[-1][1]}" if places else ""
        raise NotebookFailed(f"{name}, cell {failed.cell_index}: {failed.ename}{where}") from None
    return without_traces(notebook)


def without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Without what differs from run to run or says where it was run: papermill's notes."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return notebook


@cache
def exporter() -> HTMLExporter:
    """The one exporter of this process; making it costs more than a page does."""
    return HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def as_page(notebook: nbformat.NotebookNode, title: str) -> str:
    """The notebook's prose and outputs as a whole HTML page, without its code."""
    body, _ = exporter().from_notebook_node(notebook)
    return page(title, body)
