"""Disks, files, streams, libraries and processes that fail: one clear line, and nothing broken."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from autodiff_cli.files import replacing as atomic
from autodiff_cli.symbolic.client import Client
from tests.console import ROOT, autodiff, here
from tests.work import HANG

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
needs_pyarrow = pytest.mark.skipif(find_spec("pyarrow") is None, reason="no pyarrow")

#: Every command that writes a file, and the ending of its name.
WRITERS = [
    pytest.param(("graph", "x*y"), "txt", id="graph"),
    pytest.param(("graph", "x*y", "--json"), "json", id="graph-json"),
    pytest.param(("trace", "x*y", "--x", "1", "--y", "2"), "txt", id="trace"),
    pytest.param(("trace", "x*y", "--x", "1", "--y", "2", "--format", "csv"), "csv", id="csv"),
    pytest.param(("export", "x*y", "--to", "c"), "c", id="export"),
    pytest.param(("grad", "x^2", "--x", "1,2", "--no-sympy"), "csv", id="grad"),
    pytest.param(
        ("grad", "x^2", "--x", "1,2", "--no-sympy"), "parquet", id="parquet", marks=needs_pyarrow
    ),
]


def failing(number: int):
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


class Full(io.RawIOBase):
    """A file on a disk without room."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def on_a_full_disk(descriptor: int, *_: object) -> io.BufferedWriter:
    os.close(descriptor)
    return io.BufferedWriter(Full())


#: What goes wrong → how it is brought about, and what is said.
WRITING = {
    "a read-only folder": (tempfile, "mkstemp", failing(errno.EACCES), "Permission denied"),
    "a read-only disk": (tempfile, "mkstemp", failing(errno.EROFS), "Read-only file system"),
    "a full disk": (atomic, "open", on_a_full_disk, "No space left on device"),
    "a disk full at the end": (os, "replace", failing(errno.EDQUOT), os.strerror(errno.EDQUOT)),
    "no right to replace": (os, "chmod", failing(errno.EPERM), "Operation not permitted"),
}


@pytest.mark.parametrize("fault", WRITING)
@pytest.mark.parametrize(("words", "ending"), WRITERS)
def test_what_cannot_be_written_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], ending: str, fault: str
) -> None:
    place, name, bring, said = WRITING[fault]
    target = tmp_path / f"out.{ending}"
    target.write_text("old")
    monkeypatch.setattr(place, name, bring, raising=False)
    outcome = here(*words, "-o", str(target))
    monkeypatch.undo()
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("error: ")
    assert outcome.err.endswith(f"{said}\n")
    assert outcome.err.count("\n") == 1
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == [target.name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing/out.{}", "missing/out.{}: No such file or directory"),
        ("file/out.{}", "file/out.{}: Not a directory"),
        ("", "a file without a name: No such file or directory"),
    ],
)
@pytest.mark.parametrize(("words", "ending"), WRITERS)
def test_a_place_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], ending: str,
    name: str, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("old")
    if not name and ending == "parquet":
        return  # a name without an ending is CSV
    outcome = here(*words, "-o", name.format(ending))
    assert (outcome.status, outcome.err) == (1, f"error: {said.format(ending)}\n")
    assert [Path("file").read_text(), *os.listdir()] == ["old", "file"]


@pytest.mark.parametrize(("words", "ending"), WRITERS)
def test_a_folder_that_vanishes_on_the_way_is_said_with_the_name_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], ending: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    target = folder / f"out.{ending}"
    chmod = os.chmod

    def vanishing(path: str, mode: int) -> None:
        os.unlink(path)
        folder.rmdir()
        chmod(path, mode)

    monkeypatch.setattr(os, "chmod", vanishing)
    outcome = here(*words, "-o", str(target))
    assert (outcome.status, outcome.err) == (1, f"error: {target}: No such file or directory\n")


#: What is read → the words before and after its name.
READERS = {
    "csv": ("grad", "x^2", "--no-sympy", "--data"),
    "parquet": ("grad", "x^2", "--no-sympy", "--data"),
    "txt": ("run",),
}


@pytest.mark.parametrize("ending", ["csv", "txt", pytest.param("parquet", marks=needs_pyarrow)])
def test_what_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("x")
    Path(f"folder.{ending}").mkdir()
    empty = (2, f"error: folder.{ending} has no .csv or .parquet file below it; give a file")
    for name, (status, said) in (
        (f"missing.{ending}", (1, f"error: missing.{ending}: No such file or directory\n")),
        (f"file/in.{ending}", (1, f"error: file/in.{ending}: Not a directory\n")),
        (
            f"folder.{ending}",
            (1, "error: folder.txt: Is a directory\n") if ending == "txt" else empty,
        ),
    ):
        outcome = here(*READERS[ending], name)
        assert (outcome.status, outcome.out) == (status, "")
        assert outcome.err.startswith(said)
    name = f"in.{ending}"
    Path(name).write_bytes(b"x\n\xff\n")
    outcome = here(*READERS[ending], name)
    assert outcome.status == (1 if ending == "txt" else 2)
    assert outcome.out == ""
    assert ("not UTF-8: byte 0xff" in outcome.err) or ("is not a Parquet file" in outcome.err)

    def refuse(path: object, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr("builtins.open", refuse)
    outcome = here(*READERS[ending], name)
    monkeypatch.undo()
    assert (outcome.status, outcome.err) == (1, f"error: {name}: Permission denied\n")


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="no /proc")
@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_a_file_that_breaks_off_while_it_is_read_is_a_failure(ending: str) -> None:
    outcome = here(*READERS[ending], "/proc/self/mem")
    assert (outcome.status, outcome.out, outcome.err) == (1, "", "error: Input/output error\n")


@needs_pyarrow
@pytest.mark.parametrize("length", [4, 200, 2000, 5000])
def test_a_parquet_file_that_is_cut_or_overwritten_is_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.chdir(tmp_path)
    assert here("grad", "x", "--x", "uniform(0,1,900)", "--no-sympy", "-o", "in.parquet").out
    whole = Path("in.parquet").read_bytes()
    Path("out.csv").write_text("old")
    for content in (whole[:length], whole[:4] + b"\xff" * length + whole[4 + length :]):
        Path("in.parquet").write_bytes(content)
        outcome = here("grad", "x", "--data", "in.parquet", "-o", "out.csv", "--no-sympy")
        assert (outcome.status, outcome.out) == (2, "")
        assert "in.parquet" in outcome.err
        assert outcome.err.count("\n") == 1
        assert sorted(os.listdir()) == ["in.parquet", "out.csv"]
        assert Path("out.csv").read_text() == "old"


BREAKS = {
    "ImportError": ("raise ImportError('libz.so is missing\\nsecond line')", "libz.so is missing"),
    "AttributeError": ("raise AttributeError('no attribute x\\nsecond line')", "no attribute x"),
}


def broken(folder: Path, code: str, *names: str) -> dict[str, str]:
    """Put broken packages before the real ones; return the setting that does so."""
    for name in names:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(code)
    return {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}


@pytest.mark.parametrize("kind", BREAKS)
def test_libraries_that_break_on_import_are_left_out_of_a_comparison(
    tmp_path: Path, kind: str
) -> None:
    code, said = BREAKS[kind]
    settings = broken(tmp_path, code, "torch", "jax", "autograd", "sympy")
    outcome = autodiff("compare", "x^2", "--x", "3", **settings)
    assert (outcome.status, outcome.err) == (0, "")
    for name in ("torch", "jax", "autograd"):
        assert f"{name}: {name} failed: {kind}: {said}\n" in outcome.out
    assert "SymPy cannot be loaded" in outcome.out
    assert said in " ".join(outcome.out.split())
    assert "second line" not in outcome.out


def test_a_library_that_ends_the_program_does_not_choose_its_status(tmp_path: Path) -> None:
    settings = broken(tmp_path, "raise SystemExit(5)", "torch")
    outcome = autodiff("compare", "x^2", "--x", "3", "--no-sympy", **settings)
    assert (outcome.status, outcome.err) == (1, "error: a library ended the program\n")


@pytest.mark.parametrize("kind", BREAKS)
@pytest.mark.parametrize("words", [("--x", "1,2", "-o", "out.parquet"), ("--data", "in.parquet")])
def test_a_broken_pyarrow_is_said_and_writes_nothing(
    tmp_path: Path, kind: str, words: tuple[str, ...]
) -> None:
    code, said = BREAKS[kind]
    settings = broken(tmp_path, code, "pyarrow")
    written = [str(tmp_path / word) if "parquet" in word else word for word in words]
    (tmp_path / "in.parquet").write_bytes(b"PAR1")
    outcome = autodiff("grad", "x^2", "--no-sympy", *written, **settings)
    message = f"error: pyarrow cannot be loaded: {kind}: {said}\n"
    assert (outcome.status, outcome.out, outcome.err) == (1, "", message)
    assert sorted(os.listdir(tmp_path)) == ["in.parquet", "pyarrow"]


def test_a_broken_numpy_is_said_where_it_is_needed_and_nowhere_else(tmp_path: Path) -> None:
    settings = broken(tmp_path, BREAKS["ImportError"][0], "numpy")
    outcome = autodiff("grad", "x^2", "--x", "1,2", "--no-sympy", **settings)
    assert (outcome.status, outcome.out) == (1, "")
    assert "cannot be loaded: libz.so is missing\n" in outcome.err
    assert autodiff("trace", "x^2", "--x", "1", **settings).status == 0


@posix
def test_a_sympy_that_kills_its_process_is_a_reason(tmp_path: Path) -> None:
    settings = broken(tmp_path, "import os; os.kill(os.getpid(), 9)", "sympy")
    outcome = autodiff("grad", "x^2", "--x", "3", **settings)
    assert (outcome.status, outcome.err) == (0, "")
    assert "∂f/∂x             6" in outcome.out
    assert "symbolic side skipped: the SymPy process ended (signal 9)" in outcome.out


@posix
@pytest.mark.parametrize(
    "words",
    [("grad", "x^2", "--x", "3"), ("compare", "x^2", "--x", "3"), ("count", "x^2"),
     ("hessian", "x^2", "--x", "3"), ("jacobian", "x^2", "2x", "--x", "3"),
     ("trace", "x^2", "--x", "3", "--symbolic")],
    ids=lambda words: words[0],
)  # fmt: skip
def test_sympy_killed_at_work_costs_its_column_alone(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    exchange, children = Client._exchange, []

    def killed(self: Client, payload: bytes, seconds: float) -> bytes | None:
        children.append(self._pid)
        os.kill(self._pid, signal.SIGKILL)
        return exchange(self, payload, seconds)

    monkeypatch.setattr(Client, "_exchange", killed)
    outcome = here(*words)
    assert (outcome.status, outcome.err) == (0, "")
    assert "the SymPy process ended" in " ".join(outcome.out.split())
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


@posix
@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_where_no_process_can_be_started_the_answer_comes_without_sympy(call: str) -> None:
    source = (
        f"import errno, os, sys\nfrom autodiff_cli.__main__ import main\n"
        f"def fail(): raise OSError(errno.EAGAIN, 'Resource temporarily unavailable')\n"
        f"os.{call} = fail\nsys.argv = ['autodiff', 'grad', 'x^2', '--x', '3']\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=HANG,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "Resource temporarily unavailable" in " ".join(done.stdout.split())


@posix
@pytest.mark.parametrize(
    ("closed", "status", "out"), [("<&-", 0, "verdict: match"), ("<&- >&- 2>&-", 1, "")]
)
def test_sympy_answers_where_standard_streams_are_closed(
    closed: str, status: int, out: str
) -> None:
    line = f"'{sys.executable}' -m autodiff_cli grad x^2 --x 3 --sympy-seconds 20 {closed}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=HANG, check=False
    )
    assert (done.returncode, done.stderr) == (status, "")
    assert out in done.stdout


#: With letters, signs and boxes that ASCII lacks.
ABROAD = [
    ("grad", "θ^2*x", "--θ", "3", "--x", "1", "--no-sympy"),
    ("grad", "θ^2", "--θ", "1,2,3", "--no-sympy", "--json"),
    ("trace", "θ^2*√x", "--θ", "3", "--x", "1"),
    ("trace", "θ^2", "--θ", "3", "--format", "latex"),
    ("graph", "θ^2·x", "--format", "mermaid"),
    ("graph", "θ^2·x", "--format", "dot"),
    ("hessian", "θ^2*x", "--θ", "3", "--x", "1", "--no-sympy"),
    ("jacobian", "θ^2", "x", "--θ", "3", "--x", "1", "--no-sympy"),
    ("backward", "θ^2", "--θ", "3", "--times", "2"),
    ("count", "θ^2", "--no-sympy"),
    ("export", "θ^2", "--to", "c"),
    ("export", "θ^2", "--to", "latex"),
    ("functions",),
    ("graph", "sinn(θ)"),
    ("grad", "θ^2", "--φ", "3"),
]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("words", ABROAD, ids=lambda words: "-".join(words[:2]))
def test_every_command_writes_to_a_stream_that_lacks_letters(
    words: tuple[str, ...], encoding: str
) -> None:
    outcome = here(*words, encoding=encoding)
    wrong = words[1:2] == ("sinn(θ)",) or "--φ" in words
    assert outcome.status == (2 if wrong else 0)
    assert outcome.err.startswith("error: ") if wrong else outcome.out
    assert "Traceback" not in outcome.err


def test_locale_c_has_plain_characters_and_reads_files_as_utf_8(tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.txt"
    lesson.write_text('# Größe\ngraph "θ^2"\ngrad x --data θ.csv\n', encoding="utf-8")
    settings = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    outcome = autodiff("run", str(lesson), encoding="ascii", **settings)
    assert outcome.out.startswith('Gr\\xf6\\xdfe\n$ autodiff graph "theta^2"\nw2 = w1^2\n')
    assert outcome.status == 1
    assert outcome.err.isascii()
    assert "the name of a file is not in this system's encoding" in outcome.err
    assert "Traceback" not in outcome.err


def test_bytes_that_are_no_text_are_shown_as_escapes_wherever_they_stand(tmp_path: Path) -> None:
    for words in (("grad", b"x\xff", "--x", "1"), ("grad", "x", b"--x=1\xff"), (b"\xffgrad",)):
        done = subprocess.run(
            [sys.executable, "-m", "autodiff_cli", *words], cwd=ROOT, capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"}, timeout=HANG, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, b"")
        assert rb"\udcff" in done.stderr
    lesson = tmp_path / "lesson.txt"
    lesson.write_bytes(b'grad x --data "a\0b" --no-sympy\n')
    outcome = here("run", str(lesson))
    assert outcome.status == 2
    assert "a word has the character NUL in it; leave it out" in outcome.err
