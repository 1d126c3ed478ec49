"""The command line: what is an option, a variable or the expression, and what is said otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from autodiff_cli.cli.arguments import assignments, scan, suggestion
from autodiff_cli.errors import AutodiffError, VariableError
from tests.console import here

#: Options of a made-up command → whether they take a value.
OPTIONS = {"--mode": True, "-o": True, "--output": True, "--json": False, "--trace": False,
           "--at": True}  # fmt: skip

#: words → options, settings, expressions
SCANS = [
    # any --NAME VALUE or --NAME=VALUE that is not an option gives a variable its value
    ("E --x 4", [], [("x", "4")], ["E"]),
    ("E --x=4", [], [("x", "4")], ["E"]),
    ("E --x= --y=1=2", [], [("x", ""), ("y", "1=2")], ["E"]),
    # in any order, before or after the expression
    ("--x 4 E --y 2", [], [("x", "4"), ("y", "2")], ["E"]),
    # the value may be negative
    ("E --x -4", [], [("x", "-4")], ["E"]),
    ("E --x -pi/2", [], [("x", "-pi/2")], ["E"]),
    # --NAME always takes the next word
    ("--x E", [], [("x", "E")], []),
    ("--x -o E", [], [("x", "-o")], ["E"]),
    # an option of the command is one, and takes its value or none
    ("E --json --mode forward", ["--json", "--mode", "forward"], [], ["E"]),
    ("--mode=forward E", ["--mode=forward"], [], ["E"]),
    ("-o -x E", ["-o", "-x"], [], ["E"]),
    ("--at x=4 E", ["--at", "x=4"], [], ["E"]),
    # any other word with one minus that is not exactly an option is an expression
    ("-x^2 --x 4", [], [("x", "4")], ["-x^2"]),
    ("-x --x 4", [], [("x", "4")], ["-x"]),
    ("-o=3", [], [], ["-o=3"]),
    ("-2x", [], [], ["-2x"]),
    ("-", [], [], ["-"]),
    # after -- every word is an expression
    ("--x 4 -- --x -o", [], [("x", "4")], ["--x", "-o"]),
    ("-- -- E", [], [], ["--", "E"]),
    # names of any script
    ("E --θ 1 --x₁ 2", [], [("θ", "1"), ("x₁", "2")], ["E"]),
    # two signs before a number or a bracket are no name
    ("--2", [], [], ["--2"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "options", "settings", "expressions"), SCANS)
def test_words_are_sorted(words: str, options: list, settings: list, expressions: list) -> None:
    found = scan(words.split(), OPTIONS)
    assert (list(found.options), list(found.settings), list(found.expressions)) == (
        options, settings, expressions
    )  # fmt: skip


REFUSED = [
    ("E -x 4", "'-x' has one minus; write --x for the variable x"),
    ("-x 4 E", "'-x' has one minus; write --x for the variable x"),
    ("E -x -4", "'-x' has one minus; write --x for the variable x"),
    ("E -x .5", "'-x' has one minus; write --x for the variable x"),
    ("E --x", "--x has no value; write --x 4"),
    ("E --x --y 2", "--x has no value; write --x 4"),
    ("E --traec", "--traec has no value; write --traec 4, or did you mean --trace?"),
    ("E --mode", "--mode has no value; write --mode and its value"),
    ("E --x-y 2", "'--x-y' is neither an option nor a variable's name; "
     "after -- every word is an expression"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_a_mistake_names_its_mend(words: str, message: str) -> None:
    with pytest.raises(AutodiffError) as error:
        scan(words.split(), OPTIONS)
    assert str(error.value) == message


ASSIGNED = [
    ("x=4", [("x", "4")]),
    ("x=4,y=2", [("x", "4"), ("y", "2")]),
    (" x = 4 , y = -pi/2 ", [("x", "4"), ("y", "-pi/2")]),
    ("x=1,2,3,y=4", [("x", "1,2,3"), ("y", "4")]),
    ("x=1,pi,2", [("x", "1,pi,2")]),
    ("x=1,e", [("x", "1,e")]),
    ("x=linspace(0,pi,5),y=1", [("x", "linspace(0,pi,5)"), ("y", "1")]),
    ("x=1,", [("x", "1,")]),
    ("x", [("x", "")]),
    ("x=", [("x", "")]),
]


@pytest.mark.parametrize(("text", "pairs"), ASSIGNED)
def test_assignments_are_split_before_a_name_and_its_sign(text: str, pairs: list) -> None:
    assert assignments(text) == pairs


def test_constants_may_be_names_alone() -> None:
    assert assignments("a,b=2,c", bare=True) == [("a", ""), ("b", "2"), ("c", "")]


@pytest.mark.parametrize("text", ["", "4", "=4", "1,x=2", "x-y=3"])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(VariableError, match=r"is not NAME=VALUE; write x=4,y=2"):
        assignments(text)


def test_a_name_close_to_an_option_suggests_it() -> None:
    assert suggestion("traec", OPTIONS) == "--trace"
    assert suggestion("jsn", OPTIONS) == "--json"
    assert suggestion("x", OPTIONS) is None
    assert suggestion("theta", OPTIONS) is None


#: command line → stderr after "error: "
MESSAGES = [
    (("x^2", "-x", "4"), "'-x' has one minus; write --x for the variable x"),
    (("x^2", "-x", "pi"), "one expression is expected, not 3: 'x^2', '-x', 'pi'; "
     "write --x to give a variable its value"),
    (("x^2", "-x=4"), "one expression is expected, not 2: 'x^2', '-x=4'; "
     "write --x=4 to give a variable its value"),
    (("x^2", "--trace"), "no value for the variable 'x'; write --x 4"),
    (("x*rows", "--x", "2", "--rows", "3"), "no value for the variable 'rows'; write --at rows=4"),
    (("xy", "--x", "1", "--y", "2"), "no value for the variable 'xy'; write x*y for a product"),
    (("x", "-o=a.md"), "one expression is expected, not 2: 'x', '-o=a.md'; write -o a.md"),
    (("2πr",), "no value for the variable 'πr'; write π*r for a product, or --πr 4"),
    (("sin(2πx)",), "no value for the variable 'πx'; write π*x for a product, or --πx 4"),
    (("3x_1e",), "no value for the variable 'x_1e'; write x_1*e for a product, or --x_1e 4"),
    (("sinx", "--x", "1"), "no value for the variable 'sinx'; write sin(x) for the function"),
    (("theta", "--theat", "1"), "no value for the variable 'theta'; write --theta 4; "
     "or did you mean theat?"),
    (("x^2", "--x", "4", "--y", "2"), "the expression has no variable 'y'; its variables are x"),
    (("3", "--y", "2"), "the expression has no variable 'y'; it has no variables"),
    (("x^2", "--x", "4", "--x", "5"), "the variable 'x' has two values; give one; "
     "for several points write --x 1,2,3"),
    (("x1", "--x1", "4", "--at", "x₁=5"), "the variable 'x1' has two values; give one; "
     "for several points write --x1 1,2,3"),
    (("x^2", "--x"), "--x has no value; write --x 4"),
    (("x^2", "--x="), "x has no value; write --x 4"),
    (("x^2", "--at", "x"), "x has no value; write --x 4"),
    (("x^2", "--x", "4", "--traec"), "--traec has no value; write --traec 4, "
     "or did you mean --trace?"),
    (("--traec", "x^2", "--x", "4"), "there is no option --traec; did you mean --trace?"),
    (("x^2", "--x", "4", "--traec", "1"), "the expression has no variable 'traec'; "
     "did you mean the option --trace?"),
    (("sinn(x)", "--x", "4"), "sinn(x)\n       ^ 'sinn' is not a function; "
     "did you mean sin(…)? Or write sinn*(…) for a product"),
    ((), 'no expression; write it in quotes: "x^2 + 3x"'),
    (("x", "--x", "1", "--wrt", "y"), "cannot differentiate with respect to 'y'; "
     "its variables are x"),
    (("x", "--x", "1", "--wrt", ""), "--wrt has an empty name; write --wrt x,y"),
    (("x", "--x", "1", "--wrt", "x,"), "--wrt has an empty name; write --wrt x,y"),
    (("x", "--x", "1", "--const", "b=2"), "the expression has no variable 'b'; "
     "its variables are x"),
    (("x", "--x", "1", "--const", "b"), "cannot differentiate with respect to 'b'; "
     "its variables are x"),
    (("x", "--x", "1", "--mode", "up"), "Invalid value for '--mode': 'up' is not one of "
     "'reverse', 'forward'; autodiff grad --help"),
    (("x", "--x", "1", "--sympy-seconds", "nan"), "--sympy-seconds is nan; "
     "write a number of seconds, 10"),
    (("x", "--x", "1", "--sympy-seconds", "inf"), "--sympy-seconds is inf; "
     "write a number of seconds, 10"),
    (("x + y", "--x", "1,2", "--y", "1,2,3"), "the values do not go together row by row: "
     "x has shape (2,), y has shape (3,); give every variable one value, "
     "or the same number of values"),
    (("x", "--x", "1,2", "--trace"), "--trace shows one point, and x has 2 values; "
     "write --x 1; grad takes lists"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), MESSAGES)
def test_wrong_input_is_one_error_with_its_mend(words: tuple[str, ...], message: str) -> None:
    outcome = here("grad", *words)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"error: {message}\n"


@pytest.mark.parametrize("command", ["functions", "run"])
def test_a_command_without_variables_takes_none(command: str) -> None:
    outcome = here(command, "--x", "4")
    mend = f"autodiff {command} --help"
    assert (outcome.status, outcome.err) == (2, f"error: there is no option --x; {mend}\n")


@pytest.mark.parametrize(
    ("word", "mend"),
    [("grda", "did you mean grad?"), ("x^2", 'write autodiff grad "x^2" --x 4')],
)
def test_an_unknown_command_names_the_nearest(word: str, mend: str) -> None:
    outcome = here(word, "--x", "4")
    assert outcome.err == f"error: there is no command '{word}'; {mend}\n"
    assert outcome.status == 2


def test_nothing_is_written_on_wrong_input(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    for words in (("sinn(x)", "--x", "4"), ("x", "--y", "4"), ("x", "--x", "1,2")):
        for command in ("trace", "graph"):
            assert here(command, *words, "-o", str(target)).status == 2
    assert list(tmp_path.iterdir()) == []


def test_a_control_character_is_shown_not_sent() -> None:
    outcome = here("grad", "x\x1b[31m", "--x", "1")
    assert "\x1b" not in outcome.err
    assert r"x\x1b[31m" in outcome.err
