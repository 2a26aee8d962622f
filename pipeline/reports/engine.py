"""A papermill engine that runs cells in one warm IPython shell inside this process.

A fresh kernel spends two to three seconds on imports for each notebook; a warm shell spends them
once. State that a notebook could leave behind is cleared before the next one.
"""

import atexit
import contextlib
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.backend_inline import configure_inline_support
from matplotlib_inline.config import InlineBackend
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

NAME = "warm"
INLINE = "module://matplotlib_inline.backend_inline"


class _Stream:
    """Standard output or error of a cell, written down as an output of it."""

    encoding = "utf-8"

    def __init__(self, shell: "WarmShell", name: str) -> None:
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        last = self.shell.outputs[-1] if self.shell.outputs else None
        if last and last.output_type == "stream" and last.name == self.name:
            last.text += text
        elif text:
            self.shell.add("stream", name=self.name, text=text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


class _Hook(DisplayHook):
    """Writes down the value that a cell ends with."""

    shell: "WarmShell"

    def start_displayhook(self) -> None:
        """No prompt is shown."""

    def write_output_prompt(self) -> None:
        """No prompt is shown."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        if format_dict:
            self.shell.add(
                "execute_result",
                data=format_dict,
                metadata=md_dict or {},
                execution_count=self.prompt_count,
            )

    def finish_displayhook(self) -> None:
        """No line break is shown."""


class _Publisher(DisplayPublisher):
    """Writes down what a cell displays."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: object = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        name = (transient or {}).get("display_id")
        earlier = self.shell.displays.get(name, []) if name else []
        if update:
            for output in earlier:
                output.update(nbformat.from_dict({"data": data, "metadata": metadata or {}}))
            return
        output = self.shell.add("display_data", data=data, metadata=metadata or {})
        if name:
            self.shell.displays[name] = [*earlier, output]

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class WarmShell(InteractiveShell):
    """An IPython shell whose outputs are kept in `outputs`, a list of notebook outputs."""

    def __init__(self, **given: Any) -> None:
        self.outputs: list[nbformat.NotebookNode] = []
        self.displays: dict[str, list[nbformat.NotebookNode]] = {}
        super().__init__(**given)

    def add(self, output_type: str, **content: Any) -> nbformat.NotebookNode:
        """Write down one output of the running cell."""
        output = nbformat.v4.new_output(output_type, **content)
        self.outputs.append(output)
        return output

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)

    def init_sys_modules(self) -> None:
        """The process keeps its own main module, without which it could start no other."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Figures are shown inline; there is no window system to start."""

    def run(self, code: str) -> tuple[list[nbformat.NotebookNode], int]:
        """Run a cell. Returns its outputs, in order, and its execution count."""
        self.outputs = []
        count = self.execution_count
        out, error = _Stream(self, "stdout"), _Stream(self, "stderr")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            self.run_cell(code, store_history=True)
        return self.outputs, count

    def clear(self) -> None:
        """As if the shell had just started: no names, no figures, stock figure settings."""
        self.reset(new_session=True)
        self.displays.clear()
        plt.close("all")
        matplotlib.rcdefaults()
        matplotlib.use(INLINE)
        matplotlib.interactive(True)
        inline: Any = InlineBackend.instance().rc
        matplotlib.rcParams.update(inline)


@contextlib.contextmanager
def _as_found() -> Iterator[None]:
    """Warnings' filters and the folder that a notebook changes are put back."""
    with warnings.catch_warnings(), contextlib.chdir(Path.cwd()):
        yield


def warm_shell() -> WarmShell:
    """The one shell of this process, started when first asked for."""
    if not WarmShell.initialized():
        folder = tempfile.TemporaryDirectory(prefix="notebook-shell-")
        atexit.register(folder.cleanup)
        quiet = Config()
        quiet.HistoryManager.enabled = False
        shell = WarmShell.instance(
            config=quiet,
            ipython_dir=folder.name,
            displayhook_class=_Hook,
            display_pub_class=_Publisher,
        )
        shell.colors = "nocolor"
        matplotlib.use(INLINE)
        configure_inline_support(shell, INLINE)
    return WarmShell.instance()


class WarmEngine(Engine):
    """Runs a notebook in the warm shell; stops at the first cell that fails."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: object
    ) -> None:
        shell = warm_shell()
        shell.clear()
        with _as_found():
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                cell.outputs, cell.execution_count = shell.run(cell.source)
                failed = any(o.output_type == "error" for o in cell.outputs)
                if failed:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if failed:
                    break


papermill_engines.register(NAME, WarmEngine)
