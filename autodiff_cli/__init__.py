"""Automatic differentiation, shown: the names that Python users import.

`parse` reads a formula into a graph, `grad` differentiates it, `trace` records every step;
`jacobian`, `hessian`, `jvp`, `vjp`, `hvp`, `taylor` go on from there; `check`, `diagnose`,
`exercises`, `mark` are for teachers. `grad_files` and `grad_rows` take data sets. `compile` makes
a fast function; only `import *` leaves it out. Importing is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodiff_cli.answers.gradient import GradResult, grad
    from autodiff_cli.answers.gradient import compile as compile
    from autodiff_cli.answers.higher import hessian, hvp
    from autodiff_cli.answers.jacobian import jacobian, jvp, vjp
    from autodiff_cli.answers.reading import parse
    from autodiff_cli.answers.taylor import Taylor, taylor
    from autodiff_cli.answers.trace import Trace, trace
    from autodiff_cli.batch.arrow import grad_rows
    from autodiff_cli.batch.grad_files import grad_files
    from autodiff_cli.engine.higher import Hessian, Jacobian
    from autodiff_cli.errors import AutodiffError
    from autodiff_cli.graph.graph import Graph
    from autodiff_cli.teach.audit import check
    from autodiff_cli.teach.diagnosed import diagnose
    from autodiff_cli.teach.exercises import exercises
    from autodiff_cli.teach.marking import mark

__version__ = "0.1.0"

__all__ = [
    "AutodiffError", "GradResult", "Graph", "Hessian", "Jacobian", "Taylor", "Trace", "check",
    "diagnose", "exercises", "grad", "grad_files", "grad_rows", "hessian", "hvp", "jacobian",
    "jvp", "mark", "parse", "taylor", "trace", "vjp",
]  # fmt: skip

_HOMES = {
    "AutodiffError": "errors",
    "GradResult": "answers.gradient",
    "Graph": "graph.graph",
    "Hessian": "engine.higher",
    "Jacobian": "engine.higher",
    "Trace": "answers.trace",
    "check": "teach.audit",
    "compile": "answers.gradient",
    "diagnose": "teach.diagnosed",
    "exercises": "teach.exercises",
    "grad": "answers.gradient",
    "grad_files": "batch.grad_files",
    "grad_rows": "batch.arrow",
    "hessian": "answers.higher",
    "hvp": "answers.higher",
    "jacobian": "answers.jacobian",
    "jvp": "answers.jacobian",
    "mark": "teach.marking",
    "parse": "answers.reading",
    "Taylor": "answers.taylor",
    "taylor": "answers.taylor",
    "trace": "answers.trace",
    "vjp": "answers.jacobian",
}


#: Public name → what is loaded with it: the home of what its answers hold, which is shown too.
_WITH = {"compile": "compiled.function", "grad": "symbolic.question"}

#: What Jupyter and `print` show of a class: each is a function of `views/notebook.py`.
_SHOWN = {
    ("graph.graph", "Graph"): {"_repr_html_": "graph", "_repr_latex_": "graph_latex"},
    ("answers.gradient", "GradResult"): {"_repr_html_": "result", "_repr_latex_": "result_latex"},
    ("answers.trace", "Trace"): {
        "_repr_html_": "trace", "_repr_latex_": "trace_latex", "__str__": "trace_text",
    },
    ("engine.higher", "Hessian"): {"_repr_html_": "hessian", "_repr_latex_": "hessian_latex"},
    ("engine.higher", "Jacobian"): {"_repr_html_": "jacobian", "_repr_latex_": "jacobian_latex"},
    ("symbolic.question", "Symbolic"): {
        "_repr_html_": "symbolic", "_repr_latex_": "symbolic_latex",
    },
    ("compiled.function", "Compiled"): {
        "_repr_html_": "compiled", "_repr_latex_": "compiled_latex",
    },
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the command line needs few of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'autodiff_cli' has no attribute '{name}'")
    from importlib import import_module

    found = getattr(import_module(f"autodiff_cli.{_HOMES[name]}"), name)
    if name in _WITH:
        import_module(f"autodiff_cli.{_WITH[name]}")
    _show()
    return found


def __dir__() -> list[str]:
    """Return the public names, loaded or not, for `dir`, `help` and completion."""
    return sorted({*_HOMES, "__doc__", "__file__", "__name__", "__path__", "__version__"})


def _show() -> None:
    """Give the classes loaded so far their representations, which no data need know of."""
    for (place, name), methods in _SHOWN.items():
        home = sys.modules.get(f"autodiff_cli.{place}")
        if home is not None:
            for method, function in methods.items():
                setattr(getattr(home, name), method, _written_by(function))


def _written_by(function: str) -> Callable[[Any], str]:
    """Return a method that loads the notebook's view when it is called."""

    def represent(shown: Any) -> str:
        from autodiff_cli.views import notebook

        text: str = getattr(notebook, function)(shown)
        return text

    return represent


def load_ipython_extension(shell: Any) -> None:
    """Give a Jupyter notebook `%autodiff` and `%%autodiff`: `%load_ext autodiff_cli` calls this."""
    from importlib import import_module

    # By its name, as IPython names this module: the command line stands above the package's face.
    magics = import_module("autodiff_cli.cli.magics")
    shell.register_magic_function(magics.line_magic, "line", "autodiff")
    shell.register_magic_function(magics.text_magic, "cell", "autodiff")


class _Face(ModuleType):
    """The package. Python binds the lab to it when it is loaded: then tensors learn to draw."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "lab":
            value.Tensor.graph, value.Tensor.trace = _drawn_by("graph"), _drawn_by("trace")


def _drawn_by(function: str) -> Callable[..., Any]:
    """Return a method of tensors that loads the view of records when it is called."""

    def draw(tensor: Any, **named: Any) -> Any:
        from autodiff_cli.views import recorded

        return getattr(recorded, function)(tensor, **named)

    return draw


sys.modules[__name__].__class__ = _Face
