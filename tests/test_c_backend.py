"""`backend="c"`: the engine's numbers by compiled C; where C cannot be, NumPy's, and a note why."""

from __future__ import annotations

import copy
import math
import os
import pickle
import platform
import select
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import autodiff_cli
from autodiff_cli import AutodiffError, parse
from autodiff_cli import compile as compiled
from autodiff_cli.answers import gradient
from autodiff_cli.compiled import compiler, function, library, native, running
from autodiff_cli.compiled.program import program
from autodiff_cli.compiled.unit import CALLED, unit
from autodiff_cli.engine import rules
from autodiff_cli.files import blockwise as data
from autodiff_cli.graph.graph import Graph
from tests.inside import Cli, answer
from tests.roads import answers, cases
from tests.roads import native as road
from tests.roads.rounding import explained

HERE = road.here()
needs_compiler = pytest.mark.skipif(not HERE, reason="no C compiler is installed here")

#: Where two numbers are that many units in the last place apart, functions of vectors differ.
ULP = 4

#: Compiled once for all tests that ask what becomes of it.
TEXT = "x^2*sin(y)"
X, Y = np.linspace(-3, 3, 1000), np.linspace(1, 2, 1000)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder in which `TEXT` is compiled."""
    place = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(place))
        assert compiled(TEXT, backend="c").notes == ()
    return place / "autodiff-cli"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, that is not yet there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    library.function.cache_clear()
    gradient._function.cache_clear()
    return tmp_path / "cache" / "autodiff-cli"


@pytest.fixture
def filled(request: pytest.FixtureRequest, cache: Path) -> Path | None:
    """A cache folder of the test's own in which `TEXT` is compiled; None without a compiler."""
    if not HERE:
        return None
    shutil.copytree(request.getfixturevalue("built"), cache)
    library.function.cache_clear()
    return cache


def thinned(case: cases.Case, most: int = 60) -> cases.Case:
    return cases.Case(case.graph, case.points[:: 1 + len(case.points) // most])


def close(found: object, wanted: object) -> bool:
    return np.allclose(found, wanted, rtol=1e-14, atol=0)


def near(found: float, wanted: float, ulp: int) -> bool:
    """Tell whether numbers are that near, with every nan, infinity and sign of zero."""
    if answers.same((found,), (wanted,)):
        return True
    finite = math.isfinite(found) and math.isfinite(wanted)
    return finite and 0 < abs(found - wanted) <= ulp * math.ulp(wanted)


def row(case: cases.Case) -> cases.Case:
    """Return a row at some of its special points and at points inside its domain."""
    random, operation = np.random.default_rng(3), case.graph.operations[-1]
    limits = operation.intervals if operation.name != "where" else operation.intervals[1:]
    sides = [random.uniform(*side, 20).tolist() for side in limits]
    inside = zip(*(sides[min(k, len(sides) - 1)] for k in range(len(case.graph.variables))),
                 strict=True)  # fmt: skip
    return cases.Case(case.graph, (*thinned(case).points, *inside))


ROWS = [row(case) for case in cases.rows()]


@needs_compiler
def test_c_has_the_engines_numbers_bit_by_bit_by_functions_of_floats(tmp_path: Path) -> None:
    asked = [*ROWS, *(thinned(case, 24) for case in (*cases.found(), *cases.generated(0, 40)))]
    for case, rows in zip(asked, road.by_floats(asked, tmp_path), strict=True):
        # Python's hypot is its own, and off by half a unit where C's is off by one.
        ulp = ULP if "hypot" in _called(case.graph) else 0
        for point, row, wanted in zip(case.points, rows, answers.engine(case), strict=True):
            assert all(map(near, row, wanted, [ulp] * len(row))), (str(case), point, row, wanted)


def _called(graph: Graph) -> set[str]:
    found = program(graph, graph.variables).instructions
    return {instruction.operation.name for instruction in found}


def _numbers(arity: int) -> list[tuple[float, ...]]:
    """Return points of every size, near zeros of sines and beside 1."""
    random = np.random.default_rng(1)
    columns = [
        *(random.uniform(-size, size, 100) for size in (1, 3, 20, 700, 1e4, 1e9)),
        10.0 ** random.uniform(-320, 308, 300) * random.choice((-1, 1), 300),
        random.integers(-(10**6), 10**6, 200) * (math.pi / 2),
        1 + random.normal(0, 1e-6, 100), random.uniform(-1, 1, 100) * 1e-309,
    ]  # fmt: skip
    column = np.concatenate(columns)
    pairs = [column, *(random.permutation(column) for _ in range(arity - 1))]
    return list(zip(*(pair.tolist() for pair in pairs), strict=True))


@needs_compiler
def test_every_row_and_function_is_within_4_ulp_by_vectors(tmp_path: Path) -> None:
    """Its value and slopes are, or are what 4 ulp of the functions in them make of them.

    A function of C's own is so at huge and tiny arguments, too.
    """
    more = [
        cases.Case(case.graph, tuple(_numbers(operation.arity)) if operation.name in CALLED else ())
        for case in ROWS
        for operation in case.graph.operations[-1:]
    ]
    asked = [cases.Case(case.graph, (*case.points, *wide.points))
             for case, wide in zip(ROWS, more, strict=True)]  # fmt: skip
    beyond = 0
    for case, known, rows in zip(asked, ROWS, road.by_vectors(asked, tmp_path), strict=True):
        for point, row, wanted in zip(known.points, rows, answers.engine(known), strict=False):
            if not all(map(near, row, wanted, [ULP] * len(row))):
                beyond += 1
                assert explained(case, point, row, wanted, "c"), (str(case), point, row, wanted)
        value = rules.value(case.graph.operations[-1])
        for point, (found, *_) in list(zip(case.points, rows, strict=True))[len(known.points) :]:
            assert near(found, value(*point), ULP), (str(case), point, found)
    assert beyond < 40  # of 4,000: slopes that cross 0, and squares


@needs_compiler
@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 2000, 250))
def test_2000_formulas_have_the_engines_numbers(start: int, tmp_path: Path) -> None:
    asked = list(cases.generated(start, 250))
    by_floats, by_vectors = road.by_floats(asked, tmp_path), road.by_vectors(asked, tmp_path)
    for case, plain, fast in zip(asked, by_floats, by_vectors, strict=True):
        ulp = ULP if "hypot" in _called(case.graph) else 0
        for point, one, row, wanted in zip(
            case.points, plain, fast, answers.engine(case), strict=True
        ):
            assert all(map(near, one, wanted, [ulp] * len(one))) or (
                ulp and explained(case, point, one, wanted, "c")
            ), (str(case), point, one, wanted)
            assert all(map(near, row, wanted, [ULP] * len(row))) or explained(
                case, point, row, wanted, "c"
            ), (str(case), point, row, wanted)


@needs_compiler
def test_a_number_does_not_depend_on_its_place_or_on_how_many_there_are() -> None:
    f = compiled("tan(x)*exp(-y^2) + fmod(x, 2)*ln(y)", backend="c")
    points = np.array(cases.SPECIAL + tuple(np.random.default_rng(2).uniform(-9, 9, 3000)))
    value, slopes = f(points, points[::-1])
    assert f.notes == ()
    for length, start in [(1, 0), (1, 7), (3, 2), (8, 5), (17, 1), (2047, 3), (2049, 100)]:
        part = slice(start, start + length)
        again, (by_x, by_y) = f(points[part], points[::-1][part])
        for found, wanted in ((again, value), (by_x, slopes[0]), (by_y, slopes[1])):
            assert found.tobytes() == wanted[part].tobytes(), (length, start)


@needs_compiler
@pytest.mark.parametrize("size", [0, 1, 7, 8, 2048, 2049, 3 * running.ALONE + 7])
@pytest.mark.parametrize("cores", [1, 3])
def test_every_length_is_computed_whole(
    size: int, cores: int, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_cores", lambda: cores)
    x = np.linspace(-3, 3, size)
    f = compiled(TEXT, backend="c")
    value, (by_x, by_y) = f(x, 0.5)
    assert f.notes == ()
    assert close(value, x**2 * math.sin(0.5))
    assert close(by_x, 2 * x * math.sin(0.5))
    assert close(by_y, x**2 * math.cos(0.5))


@needs_compiler
def test_arrays_of_every_layout_are_taken_and_none_is_written_on(filled: Path) -> None:
    f = compiled(TEXT, backend="c")
    wanted = f(X, Y)[0]
    shifted = np.frombuffer(b"!" + Y.tobytes(), np.uint8)[1:].view(float)  # at an odd address
    for x, y in [(X[::-1][::-1], shifted), (np.asfortranarray(X), Y.astype(">f8"))]:
        kept = x.copy(), y.copy()
        assert (f(x, y)[0] == wanted).all()
        assert (x == kept[0]).all()
        assert (y == kept[1]).all()
    table = f(X.reshape(2, 500)[:, ::2], Y.reshape(2, 500)[:, ::2])[0]
    assert (table == wanted.reshape(2, 500)[:, ::2]).all()
    grid = f(X[:, None], Y[None, :3])[0]
    assert grid.shape == (1000, 3)
    assert (grid[:, 0] == f(X, Y[0])[0]).all()
    assert f(3.0, 2.0) == compiled(TEXT)(3.0, 2.0)
    assert f([1, 2], 1)[0].shape == (2,)


@needs_compiler
@pytest.mark.parametrize("text", ["x", "7 + 0*x", "x - x", "where(1 > 2, x, 3) + 0*x"])
def test_formulas_that_compute_next_to_nothing(text: str) -> None:
    f, points = compiled(text, backend="c"), np.array([1.0, -0.0, math.inf, math.nan])
    found, wanted = f(points), compiled(text)(points)
    assert f.notes == ()
    assert found[0].tobytes() == wanted[0].tobytes()
    assert found[1][0].tobytes() == wanted[1][0].tobytes()


@pytest.mark.parametrize(
    "names",
    [
        ("NAN", "INFINITY"), ("main", "isnan"), ("double", "const"), ("w1", "v0"), ("o0", "loop0"),
        ("include", "define"), ("FILE__", "VECTOR"), ("π_1", "Ж"), ("unix", "linux"),
    ],
)  # fmt: skip
def test_a_name_never_reaches_the_compiler(names: tuple[str, str]) -> None:
    plain = "sin(x)/y + x^y + max(x, 2)"
    first, second = names
    other = f"sin({first})/{second} + {first}^{second} + max({first}, 2)"
    made = [unit(program(parse(text), graph)).text for text, graph in
            ((plain, ("x", "y")), (other, names))]  # fmt: skip
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.1*x", "0x1.999999999999ap-4"), ("1e308*10*x", "INFINITY"), ("x*(0/0)", "NAN"),
     ("-5e-324*x", "(-0x0.0000000000001p-1022)"), ("ln(0)*x", "(-INFINITY)")],
)  # fmt: skip
def test_a_constant_is_its_number_and_no_text(text: str, number: str) -> None:
    assert f" {number}" in unit(program(parse(text), ("x",))).text


@needs_compiler
def test_it_is_pickled_and_copied_and_says_what_it_is(filled: Path) -> None:
    f = compiled(TEXT, backend="c", wrt="y")
    assert repr(f) == "compile('x^2*sin(y)', wrt=('y',), backend='c')"
    for again in (pickle.loads(pickle.dumps(f)), copy.deepcopy(f)):
        assert again.backend == "c"
        assert (again(X, Y)[0] == f(X, Y)[0]).all()
    with pytest.raises(AttributeError, match="cannot be changed"):
        f.backend = "numpy"


def test_there_are_three_backends() -> None:
    with pytest.raises(AutodiffError, match="there is no backend 'fortran'; use numpy, c or auto"):
        compiled("x", backend="fortran")  # type: ignore[arg-type]


@needs_compiler
def test_libm_asks_for_the_sine_of_floats(filled: Path) -> None:
    f = compiled(TEXT, backend="c", trigonometry="libm")
    value, _ = f(X, Y)
    assert f.notes == ()
    assert value.tolist() == [x * x * math.sin(y) for x, y in zip(X, Y, strict=True)]


def said() -> str:
    """Return what is noted where NumPy computes `TEXT` in place of C."""
    f = compiled(TEXT, backend="c")
    value, (by_x, by_y) = f(X, Y)
    assert close(value, X**2 * np.sin(Y))
    assert close(by_x, 2 * X * np.sin(Y))
    assert close(by_y, X**2 * np.cos(Y))
    (note,) = f.notes
    assert (note.node, note.kind) == (None, "backend")
    begin, _, reason = note.text.partition(": ")
    assert begin == "computed by NumPy, not by compiled C"
    return reason


@needs_compiler
def test_what_is_compiled_is_compiled_once_for_its_owner_alone(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compiled(TEXT, backend="c")(X, Y)
    (made,) = cache.iterdir()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    library.function.cache_clear()
    monkeypatch.setattr(library, "build", None)  # is not called again
    f = compiled(TEXT, backend="c")
    assert (f(X, Y)[0] == first[0]).all()
    assert f.notes == ()


def _open_folder(place: Path) -> None:
    place.chmod(0o755)


def _linked_folder(place: Path) -> None:
    place.rename(place.with_name("elsewhere"))
    place.symlink_to(place.with_name("elsewhere"))


def _file_for_folder(place: Path) -> None:
    shutil.rmtree(place)
    place.write_text("")


def _library(place: Path) -> Path:
    (found,) = place.iterdir()
    return found


def _changed(place: Path) -> None:
    content = bytearray(_library(place).read_bytes())
    content[-1] ^= 1
    _library(place).write_bytes(content)


def _cut(place: Path) -> None:
    os.truncate(_library(place), 4096)


def _open_library(place: Path) -> None:
    _library(place).chmod(0o620)


def _linked_library(place: Path) -> None:
    found = _library(place)
    other = place.with_name("other.so")
    found.rename(other)
    found.symlink_to(other)


def _second_name(place: Path) -> None:
    os.link(_library(place), place.with_name("other.so"))


def _folder_for_library(place: Path) -> None:
    found = _library(place)
    found.unlink()
    found.mkdir(0o700)


def _pipe_for_library(place: Path) -> None:
    found = _library(place)
    found.unlink()
    os.mkfifo(found, 0o600)


@needs_compiler
@pytest.mark.parametrize(
    ("attack", "message"),
    [
        (_open_folder, "is not a folder of yours alone: remove it"),
        (_linked_folder, "is not a folder of yours alone: remove it"),
        (_file_for_folder, "is not a folder of yours alone: remove it"),
        (_changed, "is not as it was compiled: remove it"),
        (_cut, "is not as it was compiled: remove it"),
        (_open_library, "is not as it was compiled: remove it"),
        (_linked_library, "is not as it was compiled: remove it"),
        (_second_name, "is not as it was compiled: remove it"),
        (_folder_for_library, "is not as it was compiled: remove it"),
        (_pipe_for_library, "is not as it was compiled: remove it"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_cache_that_others_could_have_touched_is_not_trusted(
    attack, message: str, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "CDLL", None, raising=False)
    attack(filled)
    assert said().endswith(message)


@needs_compiler
def test_another_users_cache_is_not_trusted(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert said() == f"{filled} is not a folder of yours alone: remove it"


@needs_compiler
def test_a_cache_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert said() == "compiled C cannot be kept or loaded: File exists"


@needs_compiler
def test_old_libraries_go(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MOST", 3)
    for age in range(5):
        path = filled / f"{age}.so"
        path.write_text("")
        os.utime(path, (age, age))
    assert compiled("x + 1", backend="c").notes == ()
    assert {path.name for path in filled.iterdir()} >= {"4.so"}
    assert len(list(filled.iterdir())) == 3


def _fake(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> Path:
    path = folder / "cc"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    monkeypatch.setenv("CC", str(path))
    return path


needs_shell = pytest.mark.skipif(os.name != "posix", reason="a fake compiler is a shell's script")


@needs_shell
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("echo 'cc1: no room' >&2; exit 1", "fails: cc1: no room"),
        ("exit 3", "fails with status 3"),
        ("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1", "fails: " + "x" * compiler.SHOWN),
        ("cat > /dev/null", "cannot be kept or loaded: "),
    ],
)
def test_a_compiler_that_fails_is_told(
    body: str, message: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(tmp_path, monkeypatch, body)
    assert message in said()
    assert list(cache.iterdir()) == []


@needs_shell
def test_a_compiler_that_hangs_is_stopped_with_all_it_started(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive, never = tmp_path / "alive", tmp_path / "never"
    os.mkfifo(alive)
    os.mkfifo(never)
    hang = f"exec 3>{alive}; echo >&3; read word <{never}"
    path = _fake(tmp_path, monkeypatch, f"({hang}) & {hang}")
    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)

    def late(process: subprocess.Popen[str], text: str, timeout: float) -> None:
        os.set_blocking(reader, True)
        for _ in range(2):  # both are at work
            select.select([reader], [], [])
            os.read(reader, 1)
        raise subprocess.TimeoutExpired("cc", timeout)

    monkeypatch.setattr(subprocess.Popen, "communicate", late)
    assert said() == f"the C compiler {path} was stopped after 60 seconds"
    assert list(cache.iterdir()) == []
    assert os.read(reader, 1) == b""  # nobody holds the other end
    os.close(reader)


@needs_shell
def test_a_compiler_may_take_no_longer_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "never")
    path = _fake(tmp_path, monkeypatch, f"read word <{tmp_path / 'never'}")
    monkeypatch.setattr(compiler, "C_SECONDS", 0.0)
    assert said() == f"the C compiler {path} was stopped after 0 seconds"


@pytest.mark.parametrize(
    ("set_to", "message"),
    [
        ("no-such-compiler-here -O3", "the C compiler that CC names, no-such-compiler-here, is not "
         "found"),
        ("'", "CC in the environment is no command"),
    ],
)  # fmt: skip
def test_a_compiler_that_is_named_wrongly_is_told(
    set_to: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", set_to)
    assert said() == message


def test_without_a_compiler_a_note_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    assert said() == "there is no C compiler here: install gcc or clang, or name one in CC"


def test_on_windows_it_is_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    assert said() == "C is not compiled on Windows"


def test_a_processor_without_glibcs_vectors_has_functions_of_floats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for system, machine in (("Darwin", "arm64"), ("Linux", "aarch64")):
        monkeypatch.setattr(platform, "system", lambda system=system: system)
        monkeypatch.setattr(platform, "machine", lambda machine=machine: machine)
        compiler.vectors.cache_clear()
        assert compiler.vectors() == frozenset()
    monkeypatch.undo()
    compiler.vectors.cache_clear()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("x^3 + 2x^2 + 8x", 1e8, 2e8), ("sin(x) + sin(y)", 2e7, 5e7),
     ("exp(-x^2)*sin(3x*y) + ln(1+x^2)/(1+exp(-y))", 1e7, 3e7)],
)  # fmt: skip
def test_c_pays_from_so_many_points_on(text: str, least: float, most: float) -> None:
    graph = parse(text)
    found = program(graph, graph.variables)
    assert not function.pays(found, least)
    assert function.pays(found, most)


def test_auto_is_numpy_until_c_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    f = compiled(TEXT, backend="auto")
    f(X, Y)
    assert "native" not in f.arrays.__dict__
    monkeypatch.setattr(function, "pays", lambda program, points: points >= 1000)
    f(X[:-1], Y[:-1])
    assert "native" not in f.arrays.__dict__
    f(X, Y)
    assert "native" in f.arrays.__dict__


def test_auto_says_nothing_where_there_is_no_compiler_but_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function, "pays", lambda program, points: True)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    f = compiled(TEXT, backend="auto")
    f(X, Y)
    assert f.notes == ()
    monkeypatch.setenv("CC", "no-such-compiler-here")
    f.arrays.__dict__["native"] = native.Native(None, missing="the C compiler fails")
    assert [note.text for note in f.notes] == [
        "computed by NumPy, not by compiled C: the C compiler fails"
    ]


def test_long_formulas_are_cut_into_loops_and_keep_little_between_them() -> None:
    text = " + ".join(f"sin({k}x)*exp(-y/{k})" for k in range(1, 60))
    made = program(parse(text), ("x", "y"))
    written = unit(made, {"sin", "cos", "exp"})
    assert written.text.count("noinline") > 5
    assert written.room * 8 <= 1 << 20
    assert native.lengths(len(made.instructions)) < native.lengths(1)


LIST = ("grad", TEXT, "--x", "1,2,3", "--y", "0.5", "--no-sympy")


def test_the_command_takes_c_for_many_points_and_says_where_it_cannot(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = answer(cli, *LIST)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    noted = answer(cli, *LIST, "--backend", "c")
    assert noted["value"] == pytest.approx(plain["value"], rel=1e-15)
    kinds = [note["kind"] for note in noted["notes"]]
    assert kinds.count("backend") == 1
    assert answer(cli, *LIST, "--backend", "auto") == plain
    gradient._function.cache_clear()
    monkeypatch.setenv("AUTODIFF_BACKEND", "c")
    assert answer(cli, *LIST) == noted
    assert answer(cli, *LIST, "--backend", "numpy") == plain


@needs_compiler
def test_the_command_has_the_same_answer_by_c(cli: Cli, filled: Path) -> None:
    found, wanted = answer(cli, *LIST, "--backend", "c"), answer(cli, *LIST)
    assert close(found["value"], wanted["value"])
    assert all(close(found["gradient"][name], wanted["gradient"][name]) for name in "xy")
    assert [note["kind"] for note in found["notes"] if note["kind"] == "backend"] == []


@needs_compiler
def test_a_file_of_many_rows_is_computed_by_c_from_its_first_row_to_its_last(
    cli: Cli, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "BLOCK", 1000)
    monkeypatch.setattr(function, "pays", lambda program, points: points >= 1000)
    read, written = tmp_path / "in.csv", tmp_path / "out.csv"
    read.write_text("x,y\n" + "0.3,1.1\n" * 2345)
    used: list[int] = []
    of_c = native.native
    monkeypatch.setattr(native, "native", lambda *made, **how: used.append(1) or of_c(*made, **how))
    assert cli("grad", TEXT, "--data", str(read), "-o", str(written), "--no-sympy").status == 0
    assert used == [1]
    _, first, *others = written.read_text().splitlines()
    assert set(others) == {first}
    assert float(first.split(",")[2]) == pytest.approx(0.09 * math.sin(1.1), rel=1e-15)


def test_a_file_says_why_it_is_not_computed_by_c(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "BLOCK", 1000)
    monkeypatch.setenv("CC", "no-such-compiler-here")
    read, written = tmp_path / "in.csv", tmp_path / "out.csv"
    read.write_text("x,y\n" + "0.3,1.1\n" * 1234)
    made = cli("grad", TEXT, "--data", str(read), "-o", str(written), "--no-sympy",
               "--backend", "c")  # fmt: skip
    assert made.status == 0
    assert "no-such-compiler-here, is not found" in " ".join(made.out.split())


def test_a_data_set_is_computed_by_c_or_says_why_not(
    filled: Path | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, y in (("a", "0.5"), ("b", "1.5")):
        (tmp_path / f"{name}.csv").write_text(f"x,y\n3,{y}\n")
    found = autodiff_cli.grad_files(TEXT, ["a.csv", "b.csv"], "out/", backend="c")
    assert [note.kind for note in found.notes] == ([] if filled else ["backend"])
    numbers = [float((tmp_path / f"out/{name}.csv").read_text().split(",")[-3]) for name in "ab"]
    assert close(numbers, [9 * math.sin(0.5), 9 * math.sin(1.5)])
    gradient._function.cache_clear()
    monkeypatch.setenv("CC", "no-such-compiler-here")
    (noted,) = autodiff_cli.grad_files(TEXT, ["a.csv"], "again/", backend="c").notes
    assert "no-such-compiler-here, is not found" in noted.text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--x", "1", "--y", "2"), "--backend c is for many points; give a list of values"),
        ((), "--backend c is for many points; give a list of values"),
        (("--x", "1,2", "--y", "2", "--mode", "forward"), "--backend c is for reverse mode"),
    ],
)
def test_c_is_refused_where_it_computes_nothing_but_may_be_wished_for_always(
    words: tuple[str, ...], message: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = cli("grad", TEXT, *words, "--backend", "c")
    assert (refused.status, message in " ".join(refused.err.split())) == (2, True)
    monkeypatch.setenv("AUTODIFF_BACKEND", "c")
    assert cli("grad", TEXT, *words, "--no-sympy").status == 0
