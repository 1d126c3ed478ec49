"""Pictures in LaTeX: TikZ that has every shape and every word, and compiles where TeX has it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from autodiff_cli.views.shapes import Box, Group, Picture, Text, circle, polyline
from autodiff_cli.views.shapes import Path as Way
from autodiff_cli.views.tikz import tikz
from tests.console import here
from tests.work import HANG

#: Whether LaTeX is there, and knows TikZ.
DRAWS = shutil.which("kpsewhich") is not None and bool(
    subprocess.run(["kpsewhich", "tikz.sty"], capture_output=True, check=False).stdout
)

PICTURE = Picture(
    width=910.0, height=100.0, title="t", description="d",
    shapes=(
        Box(x=1, y=2, width=30, height=40, radius=4, style="operation"),
        Group(title="g", shapes=(circle(5, 6, 2, "dot"), polyline([(0, 0), (1.25, 2)], "pole"))),
        Way(moves=(("M", (0, 0)), ("C", (1, 2, 3, 4, 5, 6)), ("Z", ())), style="edge"),
        Text(x=3, y=4, text="50 % of {x}_1 → ∞", style="name", anchor="middle"),
    ),
)  # fmt: skip


def test_every_shape_is_a_command() -> None:
    text = tikz(PICTURE)
    assert "x=0.5000pt, y=-0.5000pt" in text  # 910 pixels on 455 points
    assert "(1,2) rectangle (31,42);" in text
    assert "rounded corners=2.00pt" in text
    assert "(5,6) circle[radius=1.00pt];" in text
    assert "dash pattern=on 2.00pt off 2.00pt" in text
    assert "(0,0) .. controls (1,2) and (3,4) .. (5,6) -- cycle;" in text
    assert r"{50 \% of \{x\}\_1 $\to$ $\infty$}" in text
    assert r"\bfseries" in text


HANDOUTS = (
    ("plot", "1/x"), ("plot", "x^2*y"), ("descend", "x^2", "--x", "1", "--rate", "0.1"),
)  # fmt: skip


@pytest.mark.parametrize("words", HANDOUTS)
def test_handouts_have_the_picture(words: tuple[str, ...]) -> None:
    text = here(*words, "--format", "latex", "--standalone").out
    assert r"\usepackage{amsmath, tikz}" in text or "amsmath, longtable, tikz" in text
    assert text.count(r"\begin{tikzpicture}") == text.count(r"\end{tikzpicture}") == 1


@pytest.mark.slow
@pytest.mark.skipif(not DRAWS, reason="LaTeX is not installed, or has no TikZ")
@pytest.mark.parametrize("words", HANDOUTS)
def test_latex_draws_it(words: tuple[str, ...], tmp_path: Path) -> None:
    text = here(*words, "--format", "latex", "--standalone").out
    (tmp_path / "plot.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "plot.tex"],
        cwd=tmp_path, capture_output=True, text=True, timeout=HANG, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-500:]
    assert (tmp_path / "plot.pdf").stat().st_size > 5_000


def test_rows_of_several_descents_say_which_start_and_step_they_are() -> None:
    out = here("descend", "x^2", "--x", "1,2", "--rate", "0.1", "--steps", "1", "--format", "csv")
    rows = [line.split(",") for line in out.out.splitlines()]
    assert rows[0][:3] == ["start()", "step()", "x"]
    assert [row[:3] for row in rows[1:]] == [
        ["1.0", "0.0", "1.0"], ["1.0", "1.0", "0.8"], ["2.0", "0.0", "2.0"], ["2.0", "1.0", "1.6"],
    ]  # fmt: skip
