"""From prompt to answer: whole processes, against bare imports and the same gradient elsewhere."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measure import OURS, Row, measured, process

HEAVY = "import sympy, typer, rich.table, rich.console"
LIGHT = "import typer, rich.table, rich.console"

#: The README's gradient as a script of another library.
SCRIPTS = {
    "torch": "import torch\nx, y = (torch.tensor(v, requires_grad=True) for v in (4.0, 2.0))\n"
    "(torch.sin(x) + torch.sin(y)).backward()\nprint(x.grad, y.grad)",
    "jax": "import jax\nprint(jax.grad(lambda x, y: jax.numpy.sin(x) + jax.numpy.sin(y), (0, 1))"
    "(4.0, 2.0))",
    "autograd": "import autograd\nfrom autograd import numpy as np\n"
    "print(autograd.grad(lambda p: np.sin(p[0]) + np.sin(p[1]))((4.0, 2.0)))",
    "sympy": "import sympy\nx, y = sympy.symbols('x y')\nf = sympy.sin(x) + sympy.sin(y)\n"
    "print([f.diff(v).evalf(subs={x: 4, y: 2}) for v in (x, y)])",
}

#: command line → the bare imports that it is compared with, and the largest ratio accepted.
COMMANDS = {
    ("grad", "sin(x)+sin(y)", "--x", "4", "--y", "2"): (HEAVY, 0.85),
    ("trace", "x^3 + 2x^2 + 8x", "--x", "4"): (LIGHT, 1.0),
    ("graph", "x^3 + 2x^2 + 8x", "--x", "4"): (LIGHT, 0.6),
    ("functions",): (LIGHT, 1.0),
    ("--help",): (LIGHT, 0.6),
    ("trace", "--help"): (LIGHT, 0.6),
    ("trace", "sinn(x)", "--x", "4"): (LIGHT, 0.6),
    ("grda", "x"): (LIGHT, 0.6),
}


def script() -> list[str]:
    """Return how to start the program: its script beside this Python, as a user has it."""
    beside = shutil.which("autodiff", path=str(Path(sys.executable).parent))
    return [beside] if beside else [sys.executable, "-m", "autodiff_cli"]


def rows(repeats: int = 11) -> list[Row]:
    """Return one row for each command line."""
    found = []
    for words, (imports, limit) in COMMANDS.items():
        runs = {
            OURS: process([*script(), *words]),
            "bare imports": process([sys.executable, "-c", imports]),
        }
        limits = {"bare imports": limit}
        if words[0] == "grad":
            for name, text in SCRIPTS.items():
                if find_spec(name) is not None:
                    runs[name] = process([sys.executable, "-c", text])
            limits |= {"torch": 1.0, "jax": 1.0}
        found.append(measured(f"autodiff {' '.join(words)}", "s", runs, limits, repeats))
    return found
