"""One of a thing is said as one, wherever things are counted."""

import pytest

from tests.console import here

ROWS = [
    (("trace", "x*y", "--x", "2", "--y", "3", "--rows", "2"), "1 row between is not shown;"),
    (("grad", "x", "--x", "1,2,3,4", "--rows", "2"), "2 rows between are not shown;"),
    (("grad", "x", "--x", "1,2,3", "--rows", "2"), "1 row between is not shown;"),
    (("graph", "x*y", "--rows", "2"), "1 more node is not shown;"),
    (("graph", "x*y*z", "--rows", "2"), "more nodes are not shown;"),
    (("trace", "x/3", "--x", "0.1", "--digits", "1"), "rounded to 1 digit;"),
    (("trace", "x/3", "--x", "0.1", "--digits", "2"), "rounded to 2 digits;"),
]


@pytest.mark.parametrize(("words", "said"), ROWS, ids=[said for _, said in ROWS])
def test_one_is_no_plural(words: tuple[str, ...], said: str) -> None:
    assert said in here(*words).out


def test_help_on_no_command_is_an_error_that_names_the_nearest() -> None:
    done = here("help", "grda")
    assert (done.status, done.out) == (2, "")
    assert "there is no command or topic 'grda'; did you mean grad?" in done.err
