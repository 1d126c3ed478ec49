"""A text that is run can do no harm: it reads below its own folder, and writes where it may."""

from __future__ import annotations

import ast
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from autodiff_cli.cli.dispatch import COMMANDS
from autodiff_cli.errors import AutodiffError
from autodiff_cli.files.reach import ANYWHERE, Reach, beside
from autodiff_cli.files.replacing import replacing
from tests.console import ROOT, Outcome, here

#: Ways to write a file: the words before its name, and an ending that fits.
WRITING = {
    "grad, rows": ("grad x^2 --x 1,2 --no-sympy -o", ".csv"),
    "grad, text": ("grad x^2 --x 3 --no-sympy -o", ".txt"),
    "grad, of a big file": ("grad x^2 --data {data} --no-sympy -o", ".csv"),
    "trace": ("trace x^2 --x 3 -o", ".md"),
    "trace, rows": ("trace x^2 --x 3 -o", ".csv"),
    "graph": ("graph x^2 -o", ".dot"),
    "graph, JSON": ("graph x^2 --json -o", ".json"),
    "export": ("export x^2 -o", ".py"),
    "export, LaTeX": ("export x^2 -o", ".tex"),
    "functions": ("functions -o", ".html"),
    "hessian": ("hessian x^2 --x 3 --no-sympy -o", ".txt"),
    "jacobian": ("jacobian x^2 2x --x 3 --no-sympy -o", ".tex"),
    "compare": ("compare x^2 --x 3 --no-sympy -o", ".md"),
    "count": ("count x^2 --no-sympy -o", ".json"),
    "backward": ("backward x^2 --x 3 -o", ".html"),
    "graph, a picture": ("graph x^2 -o", ".svg"),
    "plot": ("plot x^2 --x=-1..1 -o", ".svg"),
    "taylor": ("taylor x^2 --x 1 --no-sympy -o", ".svg"),
    "descend": ("descend x^2 --x 1 --steps 3 -o", ".svg"),
    "page": ("page x^2 --x 3 -o", ".html"),
    "step": ("step x^2 --x 3 -o", ".html"),
    "explain": ("explain x^2 -o", ".md"),
    "jvp": ("jvp x^2 --x 3 --direction 1 --no-sympy -o", ".txt"),
    "vjp": ("vjp x^2 --x 3 --seed 1 --no-sympy -o", ".md"),
    "hvp": ("hvp x^2 --x 3 --direction 1 --no-sympy -o", ".json"),
    "worksheet": ("worksheet --count 2 -o", ".html"),
    "check": ("check {answer} -o", ".md"),
    "mark": ("mark {sheet} {answers} -o", ".csv"),
    "learn": ("learn --list -o", ".json"),
}

#: Commands that write no file, and why no text can have them.
ELSEWHERE = {
    "run": "a text runs no other",
    "quiz": "it is asked and answered on the screen",
}

#: Ways to read a file: the words before its name.
READING = {
    "grad": "grad x --no-sympy --data",
    "backward": "backward x --data",
    "jacobian": "jacobian x x^2 --no-sympy --data",
}

#: Ways to read a text: the words with its name, each other file being one that may be read.
READING_TEXTS = {
    "a formula": "graph @{0}", "homework": "check {0}", "a sheet": "mark {0} answers.csv",
    "answers": "mark sheet.json {0}", "lessons": "learn --list --lessons {0}",
    "lessons, checked": "learn --check --lessons {0}", "progress": "learn --list --state {0}",
}  # fmt: skip


#: A worksheet of two questions, as `worksheet -o` writes it.
SHEET = here("worksheet", "--count", "2", "--seed", "3", "--json").out


def test_every_command_that_writes_a_file_is_here() -> None:
    written = {line.split()[0] for line, _ in WRITING.values()}
    assert written | ELSEWHERE.keys() == COMMANDS.keys()


@dataclass(frozen=True)
class Place:
    """A folder of lessons, and what is outside it."""

    lessons: Path
    outside: Path

    def run(self, *lines: str, files: bool = False) -> Outcome:
        """Run a text of the folder that has these lines."""
        text = self.lessons / "lesson.txt"
        text.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return here("run", str(text), *(["--files"] if files else []), columns=2000)

    def state(self) -> dict[str, bytes]:
        """Return everything that is there, and what is in it, the text aside."""
        return {
            str(path): os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            for path in sorted(self.lessons.parent.rglob("*"))
            if path.name != "lesson.txt" and (path.is_symlink() or path.is_file())
        }


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    lessons, outside = tmp_path / "lessons", tmp_path / "lessons outside"
    for folder in (lessons, outside):
        folder.mkdir()
        (folder / "rows.csv").write_text("x\n1\n2\n")
    (lessons / "sub").mkdir()
    (lessons / "answer.txt").write_text("f = x^2\nf' = 2x\n")
    (lessons / "sheet.json").write_text(SHEET)
    (lessons / "answers.csv").write_text("student,1,2\nAda,2,2x\n")
    monkeypatch.chdir(lessons)
    return Place(lessons, outside)


def words(road: str, target: object, place: Place) -> str:
    before, ending = WRITING[road]
    given = {"data": "rows.csv", "answer": "answer.txt", "sheet": "sheet.json"}
    return f"{before.format(**given, answers='answers.csv')} {shlex.quote(f'{target}{ending}')}"


@pytest.mark.parametrize("road", WRITING)
def test_a_text_writes_no_file_unless_it_is_allowed(place: Place, road: str) -> None:
    before = place.state()
    outcome = place.run(words(road, "out", place))
    assert outcome.status == 2
    assert len(outcome.err.splitlines()) == 2  # the place in the text, and one line
    assert "a text that is run writes no file, and here out" in outcome.err
    assert "; autodiff run --files FILE allows it, in its folder\n" in outcome.err
    assert place.state() == before


@pytest.mark.parametrize("road", WRITING)
def test_where_it_is_allowed_it_writes_below_its_folder_and_again_over_its_own(
    place: Place, road: str
) -> None:
    lines = [words(road, target, place) for target in ("out", "sub/out", place.lessons / "abs")]
    outcome = place.run(*lines, *lines, files=True)
    assert (outcome.status, outcome.err) == (0, "")
    ending = WRITING[road][1]
    assert {path.name for path in place.lessons.rglob(f"*{ending}")} >= {
        f"out{ending}", f"abs{ending}"
    }  # fmt: skip


@pytest.mark.parametrize("road", WRITING)
def test_it_writes_over_nothing_that_it_did_not_make(place: Place, road: str) -> None:
    ending = WRITING[road][1]
    for name in ("kept", "sub/kept"):
        (place.lessons / f"{name}{ending}").write_text("mine")
    (place.lessons / f"link{ending}").symlink_to(f"kept{ending}")
    before = place.state()
    targets = ("kept", "sub/../kept", "sub/kept", "link", place.lessons / "kept")
    outcome = place.run(*(words(road, target, place) for target in targets), files=True)
    assert outcome.err.count("is there already, and a text that is run writes over none") == 5
    assert outcome.status == 2
    assert place.state() == before


OUTSIDE = ("../out", "sub/../../out", "{outside}/out", "up/out", "dangling", "/dev/shm/autodiff")


@pytest.mark.parametrize("road", WRITING)
def test_it_writes_nothing_outside_its_folder(place: Place, road: str) -> None:
    ending = WRITING[road][1]
    (place.lessons / "up").symlink_to(place.outside)
    (place.lessons / f"dangling{ending}").symlink_to(place.outside / "new")
    before = place.state()
    targets = [target.format(outside=place.outside) for target in OUTSIDE]
    outcome = place.run(*(words(road, target, place) for target in targets), files=True)
    assert outcome.err.count("a text that is run writes only below its own folder") == len(targets)
    assert outcome.status == 2
    assert place.state() == before


@pytest.mark.parametrize("target", ["/dev/stdout", "/dev/full", "/dev/fd/1", "/proc/self/fd/1"])
def test_devices_are_outside(place: Place, target: str) -> None:
    outcome = place.run(f"export x^2 --to python -o {target}", files=True)
    assert outcome.status == 2
    assert "x**2" not in outcome.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_named_pipe_in_the_folder_is_neither_read_nor_written(place: Place) -> None:
    os.mkfifo(place.lessons / "pipe")
    outcome = place.run("export x -o pipe", *(f"{r} pipe" for r in READING.values()), files=True)
    assert outcome.status == 2
    assert outcome.err.count("is there already") == 1
    assert outcome.err.count("is no file, and a text that is run reads only files") == 3


@pytest.mark.parametrize("road", READING)
def test_it_reads_below_its_own_folder(place: Place, road: str) -> None:
    (place.lessons / "sub" / "rows.csv").write_text("x\n3\n")
    (place.lessons / "link.csv").symlink_to("sub/rows.csv")
    for target in ("rows.csv", "sub/rows.csv", "link.csv", place.lessons / "rows.csv"):
        outcome = place.run(f"{READING[road]} {shlex.quote(str(target))}")
        assert (outcome.status, outcome.err) == (0, "")


@pytest.mark.parametrize("road", READING)
def test_it_reads_nothing_outside_its_folder(place: Place, road: str) -> None:
    (place.lessons / "link.csv").symlink_to(place.outside / "rows.csv")
    (place.lessons / "up").symlink_to(place.outside)
    targets = [
        "../lessons outside/rows.csv", str(place.outside / "rows.csv"), "link.csv", "up/rows.csv",
        "/dev/stdin", "/etc/passwd", "/proc/self/environ", "../none.csv", "sub/../..",
    ]  # fmt: skip
    outcome = place.run(*(f"{READING[road]} {shlex.quote(t)}" for t in targets), files=True)
    assert outcome.err.count("a text that is run reads only below its own folder") == len(targets)
    assert outcome.err.count("; move the file there, or run this line by itself\n") == len(targets)
    assert outcome.status == 2


@pytest.mark.parametrize("road", READING_TEXTS)
def test_a_text_outside_is_not_read_and_nothing_of_it_is_said(place: Place, road: str) -> None:
    secret = place.outside / "01-secret.txt"
    secret.write_text("hunter2 = x^2\n# hunter2\n")
    (place.lessons / "link.txt").symlink_to(secret)
    (place.lessons / "linked").mkdir()
    (place.lessons / "linked" / "01-secret.txt").symlink_to(secret)
    before = place.state()
    texts = [str(secret), f"../{place.outside.name}/{secret.name}", "link.txt", "/etc/passwd"]
    folders = [str(place.outside), f"../{place.outside.name}", "linked", "/etc"]
    for target in folders if "--lessons" in READING_TEXTS[road] else texts:
        outcome = place.run(READING_TEXTS[road].format(shlex.quote(target)), files=True)
        assert outcome.status == 2
        assert re.search("reads only below its own folder|reads no lessons", outcome.err)
        assert "hunter2" not in outcome.out + outcome.err
        assert "root:" not in outcome.out + outcome.err
    assert place.state() == before


def test_a_text_puts_no_progress_away(place: Place) -> None:
    (place.outside / "learn.json").write_text("{}")
    before = place.state()
    for target in (place.outside / "learn.json", "../lessons outside/learn.json"):
        outcome = place.run(f"learn --reset --state {shlex.quote(str(target))}", files=True)
        assert outcome.status == 2
    assert place.state() == before


@pytest.mark.parametrize("road", ["grad x --no-sympy --data {}/rows.csv", "export x -o {}/out.py"])
def test_a_page_of_a_text_and_a_rehearsed_lesson_bound_what_their_lines_touch(
    place: Place, road: str
) -> None:
    line = road.format(shlex.quote(f"../{place.outside.name}"))
    text = place.lessons / "lesson.txt"
    text.write_text(f"# A page\n{line}\n")
    before = place.state()
    page = here("run", str(text), "-o", "page.html", columns=2000)
    assert page.status == 2
    assert "a text that is run" in page.err
    taught = place.lessons / "sub" / "01-lesson.txt"
    taught.write_text(f"# A lesson\n\n{line}\n")
    here("learn", "--check", "--lessons", str(place.lessons / "sub"), columns=2000)
    taught.unlink()
    (place.lessons / "page.html").unlink(missing_ok=True)
    assert place.state() == before


def test_what_is_not_there_and_what_is_are_told_alike_outside(place: Place) -> None:
    (place.lessons.parent / "rows2").write_text("x\n1\n")
    there, absent = (
        place.run(f"grad x --data ../{name}").err.replace(name, "") for name in ("rows2", "none2")
    )
    assert there == absent


def test_a_text_runs_no_other_and_the_user_is_not_bound_after_it(place: Place) -> None:
    (place.outside / "other.txt").write_text("graph x\n")
    assert "cannot run another text" in place.run(f"run {place.outside}/other.txt").err
    assert place.run("export x -o out.py").status == 2
    outcome = here("grad", "x", "--data", str(place.outside / "rows.csv"), "-o", "out.csv")
    assert outcome.status == 0
    assert (place.lessons / "out.csv").exists()


def test_a_text_from_stdin_is_beside_the_working_folder(place: Place) -> None:
    text = "grad x --no-sympy --data rows.csv -o sub/out.csv\nexport x -o ../out.py\n"
    outcome = here("run", "-", "--files", stdin=text)
    assert outcome.status == 2
    assert (place.lessons / "sub" / "out.csv").exists()
    assert not (place.lessons.parent / "out.py").exists()


def test_a_link_to_a_text_is_beside_the_text(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.lessons / "lesson.txt").write_text("grad x --no-sympy --data lessons/rows.csv\n")
    (place.outside / "link.txt").symlink_to(place.lessons / "lesson.txt")
    monkeypatch.chdir(place.lessons.parent)
    assert here("run", "lessons outside/link.txt").status == 0


def test_a_file_that_appears_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    reach, target = beside(str(tmp_path / "lesson.txt"), files=True), tmp_path / "out.csv"
    with pytest.raises(AutodiffError, match="is there already"), replacing(str(target), reach):
        target.write_text("mine")
    assert target.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_the_folder_of_folders_bounds_what_is_below_it() -> None:
    Reach(folder="/").check_read("/etc/passwd")
    with pytest.raises(AutodiffError, match="only below its own folder"):
        Reach(folder="/etc").check_read("/etc")
    ANYWHERE.check_read("/etc/passwd")
    ANYWHERE.check_write("/etc/passwd")


def test_a_sample_is_run_by_its_name_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = here("run", "samples/notebook.txt")
    monkeypatch.chdir(tmp_path)
    named = here("run", "sample:notebook")
    assert (named.status, named.err) == (0, "")
    assert named.out.count("$ autodiff") == whole.out.count("$ autodiff")
    refused = here("run", "sample:notebok")
    assert (refused.status, refused.out) == (2, "")
    assert "did you mean sample:notebook?" in refused.err


def test_a_text_reads_what_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data.csv").write_text("x\n1\n2\n")
    (tmp_path / "lesson.txt").write_text('trace "x" --x 1\ngrad "x^2" --data data.csv\n')
    monkeypatch.chdir("/")
    outcome = here("run", str(tmp_path / "lesson.txt"))
    assert (outcome.status, outcome.err) == (0, "")
    assert "[1, 2]" in outcome.out


def test_the_samples_run_from_their_folders_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert here("run", "samples/notebook.txt").err == ""


#: What opens files, and where in the package it may be called: each of these asks the reach.
OPENING = {
    "open": {
        "files/places.py", "files/replacing.py", "cli/session.py",
        "compiled/compiler.py", "compiled/library.py",  # what the compiler made, in its own folder
    },
    "replacing": {
        "cli/session.py", "cli/output.py", "batch/stream.py", "batch/folder.py", "batch/piece.py",
        "files/replacing.py",
    },
    "load": {"cli/request.py"},
    "begin": {"cli/request.py"},
    # The package's own texts: manual, lessons, scripts of shells and of pages.
    "read_text": {
        "cli/completion/shells.py", "cli/help.py", "teach/syllabus.py", "views/packed.py",
    },
    "read_bytes": set(), "write_text": set(), "write_bytes": set(),
    "savefig": {"views/image.py"},  # into memory
    "fromfile": set(), "genfromtxt": set(), "loadtxt": set(),
}  # fmt: skip

#: The SymPy process and streams that are closed: nothing of a user's.
OURS = {"symbolic/client.py", "symbolic/worker.py", "cli/dispatch.py"}


def called(source: str) -> set[str]:
    """Return what a module calls that opens files; a method `open` of its own does not."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    if {"os.open", "io.open"} & set(map(ast.unparse, calls)):
        names.add("open")
    return (names | (methods - {"open", "load", "begin"})) & OPENING.keys()


def test_no_other_module_opens_files() -> None:
    package = ROOT / "autodiff_cli"
    found: dict[str, set[str]] = {name: set() for name in OPENING}
    for path in package.rglob("*.py"):
        place = path.relative_to(package).as_posix()
        for name in called(path.read_text(encoding="utf-8")) if place not in OURS else ():
            found[name].add(place)
    assert found == OPENING
