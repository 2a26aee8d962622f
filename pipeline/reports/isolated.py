"""A papermill engine with a kernel of its own for each notebook: slow, and apart from all else."""

import os
import tempfile
from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from pipeline.resources import PACKAGE

NAME = "isolated"


class IsolatedEngine(Engine):
    """Runs a notebook in a fresh kernel, which ends with it and keeps no history on disk.

    A kernel talks over socket files in a folder that only its user can open and that goes with
    it; Windows has none, so there it is the machine's own network address.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any
    ) -> None:
        paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        # Systems allow about a hundred characters for the path of a socket, so names are short.
        with tempfile.TemporaryDirectory(prefix="nb-", ignore_cleanup_errors=True) as folder:
            client = PapermillNotebookClient(
                nb_man,
                config=_settings(Path(folder).resolve()),
                kernel_name=kernel_name,
                startup_timeout=120,
                extra_arguments=["--HistoryManager.enabled=False"],
            )
            client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})


def _settings(folder: Path) -> Config:
    """Where the kernel and this process meet."""
    settings = Config()
    settings.KernelManager.connection_file = str(folder / "k.json")
    if os.name == "nt":
        settings.ConnectionFileMixin.transport = "tcp"
    else:
        settings.ConnectionFileMixin.transport = "ipc"
        settings.KernelManager.ip = str(folder / "k")
    return settings


papermill_engines.register(NAME, IsolatedEngine)
