"""The archives that are published: what is in them, and that they run where nothing else is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

import autodiff_cli
from tests.console import ROOT
from tests.work import HANG

pytest.importorskip("hatchling")

#: What a source archive has beside the folders.
BESIDE = {".gitignore", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}


def run(*words: str, folder: Path, status: int = 0, **settings: str) -> str:
    """Run a program in a folder, which exits so, and return what it prints."""
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": "", **settings}
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


def built(source: Path, folder: Path) -> tuple[Path, Path]:
    """Build both archives of a source tree and return them."""
    run(sys.executable, "-m", "hatchling", "build", "-d", str(folder), folder=source)
    (archive,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return archive, wheel


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return built(ROOT, tmp_path_factory.mktemp("archives"))


def files(folder: str) -> set[str]:
    """Return the files of a folder of the tree, but what running it leaves behind."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not re.search(r"__pycache__|/\.|\.pyc$", path.as_posix())
    }


def in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return {name for name in opened.namelist() if ".dist-info/" not in name}


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_string(opened.read(name).decode())


def test_the_source_archive_has_all_that_its_own_tests_need(archives) -> None:
    with tarfile.open(archives[0]) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    folders = files("autodiff_cli") | files("tests") | files("samples")
    assert names == BESIDE | folders | {".ci/run"}


def test_the_wheel_has_manual_lessons_schemas_and_samples(archives) -> None:
    samples = {f"autodiff_cli/{name}" for name in files("samples")}
    assert in_wheel(archives[1]) == files("autodiff_cli") | samples


def test_the_wheel_says_what_it_is(archives) -> None:
    with open(ROOT / "pyproject.toml", "rb") as file:
        project = tomllib.load(file)["project"]
    told = metadata(archives[1])
    assert told["Version"] == autodiff_cli.__version__
    assert told["Requires-Python"] == ">=3.11"
    assert set(told.get_all("Provides-Extra")) == set(project["optional-dependencies"])
    assert told.get_all("Classifier") == project["classifiers"]
    assert told.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    assert "Project-URL" not in told


def test_it_needs_four_libraries_and_all_else_is_an_extra() -> None:
    with open(ROOT / "pyproject.toml", "rb") as file:
        needed = tomllib.load(file)["project"]["dependencies"]
    assert {re.split(r"[<>=]", one)[0] for one in needed} == {"sympy", "numpy", "typer", "rich"}


def test_both_scripts_are_one_program(archives) -> None:
    with zipfile.ZipFile(archives[1]) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith("/entry_points.txt")]
        lines = opened.read(name).decode().splitlines()
    assert [line.partition(" = ")[::2] for line in lines if "=" in line] == [
        ("autodiff", "autodiff_cli.__main__:main"), ("autodiff-cli", "autodiff_cli.__main__:main"),
    ]  # fmt: skip


@pytest.mark.slow
def test_the_source_archive_builds_the_same_wheel(archives, tmp_path) -> None:
    with tarfile.open(archives[0]) as opened:
        opened.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert in_wheel(built(source, tmp_path / "again")[1]) == in_wheel(archives[1])


@pytest.mark.slow
def test_the_wheel_runs_where_nothing_else_of_it_is(archives, tmp_path) -> None:
    place = tmp_path / "installed"
    run(
        sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-compile",
        "--target", str(place), str(archives[1]), folder=tmp_path,
    )  # fmt: skip
    settings = {"PYTHONPATH": str(place), "COLUMNS": "80"}
    for script in ("autodiff", "autodiff-cli"):
        said = run(str(place / "bin" / script), "--version", folder=tmp_path, **settings)
        assert said.strip().endswith(autodiff_cli.__version__)
    module = [sys.executable, "-m", "autodiff_cli"]
    sample = run(*module, "run", "sample:polynomial", folder=tmp_path, status=3, **settings)
    assert ": WRONG" in sample  # a claim that is meant to be
    assert "# Reading a trace" in run(
        *module, "help", "reading-a-trace", folder=tmp_path, **settings
    )
    assert "autodiff.grad" in run(*module, "help", "json", "grad", folder=tmp_path, **settings)
    assert "Tangents" in run(*module, "learn", "--list", folder=tmp_path, **settings)
    assert "<svg" in run(*module, "page", "x^2", "--x", "1", folder=tmp_path, **settings)
    assert run(*module, "--show-completion", "zsh", folder=tmp_path, **settings)
