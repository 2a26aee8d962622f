"""A papermill engine with a kernel of its own for each notebook: slow, and apart from all else."""

import os
from typing import Any

import papermill.clientwrap
from jupyter_client.manager import AsyncKernelManager
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

from pipeline.resources import PACKAGE

NAME = "isolated"


class IsolatedEngine(Engine):
    """Runs a notebook in a fresh kernel, without a history kept on disk.

    A kernel talks over a socket file, which only its user can open; Windows has none, so there
    the local network address is used.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any
    ) -> None:
        transport = "tcp" if os.name == "nt" else "ipc"
        client = papermill.clientwrap.PapermillNotebookClient(
            nb_man,
            km=AsyncKernelManager(kernel_name=kernel_name, transport=transport),
            kernel_name=kernel_name,
            startup_timeout=120,
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})


papermill_engines.register(NAME, IsolatedEngine)
