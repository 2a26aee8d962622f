"""A papermill engine with a kernel of its own for each notebook: slow, and apart from all else."""

import os
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from pipeline.resources import PACKAGE

NAME = "isolated"


class IsolatedEngine(Engine):
    """Runs a notebook in a fresh kernel, which ends with it and keeps no history on disk.

    A kernel talks over a socket file, which only its user can open; Windows has none, so there
    it is the machine's own network address.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any
    ) -> None:
        settings = Config()
        settings.ConnectionFileMixin.transport = "tcp" if os.name == "nt" else "ipc"
        client = PapermillNotebookClient(
            nb_man,
            config=settings,
            kernel_name=kernel_name,
            startup_timeout=120,
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})


papermill_engines.register(NAME, IsolatedEngine)
