"""The folders' own READMEs, for developers: what they list is all there is, and is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.console import ROOT

TEXTS = {
    folder: (ROOT / folder / "README.md").read_text("utf-8") for folder in ("tests", "samples")
}


def listed(text: str, pattern: str) -> set[str]:
    """Return what stands between backquotes in the first columns of a text's tables."""
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(rf"`{pattern}`", cell)}


def test_every_command_of_the_tests_is_listed() -> None:
    runs = {
        path.relative_to(ROOT)
        .with_suffix("")
        .as_posix()
        .replace("/", ".")
        .removesuffix(".__main__")
        for path in (ROOT / "tests").rglob("*.py")
        if path.name == "__main__.py"
        or re.search(r'^if __name__ == "__main__"', path.read_text("utf-8"), re.MULTILINE)
    }
    assert listed(TEXTS["tests"], r"python -m ([\w.]+)(?: [\w./]+)?") == runs


def test_every_file_that_tests_share_is_listed() -> None:
    files = {
        path.name
        for path in (ROOT / "tests").iterdir()
        if path.is_file() and not re.match(r"test_|__init__|README|\.", path.name)
    }
    assert listed(TEXTS["tests"], r"([\w]+\.\w+)") == files


def test_every_sample_is_listed() -> None:
    folder = ROOT / "samples"
    files = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "README.md" and "/." not in path.as_posix()
    }
    named = listed(TEXTS["samples"], r"([\w./-]+)")
    whole = {name for name in named if (folder / name).is_dir()}  # a data set of many files
    assert named - whole == {
        one for one in files if not one.startswith(tuple(f"{n}/" for n in whole))
    }


@pytest.mark.parametrize("folder", ["autodiff_cli", "tests", "samples"])
def test_every_path_that_a_readme_names_is_there(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text("utf-8")
    paths = {name.partition(" ")[0] for name in re.findall(r"`([\w./-]+/[\w./-]*)`", text)}
    paths = {name for name in paths if "NAME" not in name and "NN-" not in name}
    missing = [
        name for name in paths if not any((place / name).exists() for place in places(folder))
    ]
    assert missing == []


def places(folder: str) -> list[Path]:
    return [ROOT, ROOT / folder]
