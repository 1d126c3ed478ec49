"""`python -m tests.mutants` changes what matters, and the tests notice."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.mutants.__main__ import everything, key, listed, sample
from tests.mutants.mutate import mutations
from tests.mutants.sweep import PACKAGE, ROOT

#: A line of Python, and what becomes of it.
CHANGED = [
    ("a < b", {"a <= b"}),
    ("a is not b", {"a is b"}),
    ("a + b and c", {"a - b and c", "a + b or c"}),
    ("not a", {"a"}),
    ("f(3, True)", {"f(4, True)", "f(2, True)", "f(3, False)", "pass"}),
    ("a = b if c else d", {"a = b if True else d", "a = b if False else d"}),
    ("a = [b for b in c if b]", {"a = [b for b in c if True]"}),
    ("raise E('bad')", {"pass"}),
    ("a = max(b, key=c)", {"a = min(b, key=c)", "a = max(b, )"}),
    ("a = 'name'", {"a = 'nameX'"}),
    ("row(rules=('-sin(a)',))", {
        "row(rules=('+sin(a)',))", "row(rules=('-cos(a)',))", "row(rules=('-sin(b)',))", "pass",
    }),
    ("row(rules=('a^2',), summary='f')", {
        "row(rules=('b^2',), summary='f')", "row(rules=('a*2',), summary='f')",
        "row(rules=('a^3',), summary='f')", "pass",
    }),
    ("Kink('a == 0', slope)", {
        "Kink('b == 0', slope)", "Kink('a != 0', slope)", "Kink('a == 1', slope)", "pass",
    }),
    ("a: dict[str, 'b'] | None", set()),
    ("'''What it does, 1 + 1.'''", set()),
    ("fail('words for people')", {"pass"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wanted"), CHANGED, ids=[line for line, _ in CHANGED])
def test_one_small_change_at_a_time(line: str, wanted: set[str]) -> None:
    source = line.encode()
    assert {one.apply(source).decode().strip() for one in mutations("f.py", source)} == wanted


@pytest.mark.parametrize("file", ["ops/hyperbolic.py", "notes/sides.py", "language/stack.py"])
def test_a_mutant_is_another_module_that_python_reads(file: str) -> None:
    source = (PACKAGE / file).read_bytes()
    before = ast.dump(ast.parse(source))
    for one in mutations(file, source):
        assert ast.dump(ast.parse(one.apply(source))) != before, one.lines(source)


@pytest.mark.slow
def test_a_sample_is_drawn_from_every_module_by_its_share_and_again_the_same() -> None:
    chosen = sample(600, 1)
    assert len(chosen) == len(set(chosen)) == 600
    assert chosen == sample(600, 1) != sample(600, 2)
    everywhere = everything()
    every = sum(map(len, everywhere.values()))
    for file, found in everywhere.items():
        drawn = sum(one.file == file for one in chosen)
        assert abs(drawn - 600 * len(found) / every) < 1


def test_what_is_listed_to_survive_is_a_mutation_of_the_code_as_it_is() -> None:
    made = {key(one) for found in everything().values() for one in found}
    equivalent, tolerated = listed("equivalent"), listed("tolerated")
    assert equivalent.keys() | tolerated.keys() <= made
    assert not equivalent.keys() & tolerated.keys()
    assert all(reason for reason in (*equivalent.values(), *tolerated.values()))


TRIAL = """
from tests.mutants.__main__ import everything
from tests.mutants.covering import tests_of
from tests.mutants.sweep import judge
def new(one):
    return one.lines(open(f"autodiff_cli/{one.file}", "rb").read())[1]
(found,) = everything("ops/trigonometric").values()
wrong = [one for one in found if new(one) in ('rules=("sin(a)",),', 'rules=("-cos(a)",),')]
for one, outcome in judge(wrong, 1, lambda file: tests_of(file)[:1]):
    print(outcome.killed_by)
"""


@pytest.mark.slow
def test_a_wrong_slope_of_sin_and_of_cos_is_noticed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRIAL], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert sorted(done.stdout.split()) == [
        f"test_table.py::test_the_rule_is_the_derivative_that_sympy_finds[{name}1]"
        for name in ("cos", "sin")
    ], done.stderr
