"""From what a terminal sends to keys: several at once, one in pieces, and a console of Windows."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from autodiff_cli.cli import terminal
from autodiff_cli.cli.keys import Decoder, console_key

#: What terminals send → the keys.
SENT = {
    "\x1b[C": ["right"], "\x1bOC": ["right"], "\x1b[D": ["left"], "\x1bOD": ["left"],
    "\x1b[A": ["up"], "\x1bOB": ["down"],
    "\x1b[H": ["home"], "\x1bOH": ["home"], "\x1b[1~": ["home"], "\x1b[7~": ["home"],
    "\x1b[F": ["end"], "\x1bOF": ["end"], "\x1b[4~": ["end"], "\x1b[8~": ["end"],
    "\x1b[5~": ["page up"], "\x1b[6~": ["page down"], "\x1b[3~": ["delete"],
    "\x1b[1;5C": ["right"], "\x1b[1;2D": ["left"],
    "\x1b[C\x1b[C\x1b[C": ["right", "right", "right"],
    "\x1b[C\x1bOC q": ["right", "right", " ", "q"],
    "12\r": ["1", "2", "enter"], "\n": ["enter"], "\x7f": ["backspace"], "\b": ["backspace"],
    "w\u0304π": ["w", "\u0304", "π"], "\x04": ["end of input"], "\x01": [],
    "\x1bx": ["escape", "x"], "\x1b\x1b[C": ["escape", "right"], "\x1b[99~": [], "\x1bOx": [],
    "\x1b[\x01q": ["escape", "[", "q"],
}  # fmt: skip


@pytest.mark.parametrize("sent", SENT, ids=ascii)
def test_keys_come_whole_however_they_are_cut(sent: str) -> None:
    wanted = SENT[sent]
    assert Decoder().feed(sent) == wanted
    for cut in range(1, len(sent)):
        decoder = Decoder()
        assert decoder.feed(sent[:cut]) + decoder.feed(sent[cut:]) == wanted
        assert not decoder.waiting
    decoder = Decoder()
    assert [key for sign in sent for key in decoder.feed(sign)] == wanted


@pytest.mark.parametrize(("sent", "keys"), [
    ("\x1b", ["escape"]), ("\x1b[", ["escape", "["]), ("\x1bO", ["escape", "O"]), ("", []),
])  # fmt: skip
def test_what_nothing_follows_was_a_key_of_its_own(sent: str, keys: list[str]) -> None:
    decoder = Decoder()
    assert decoder.feed(sent) == []
    assert decoder.waiting == bool(sent)
    assert decoder.flush() == keys
    assert not decoder.waiting


def test_a_sequence_without_an_end_is_no_key_for_ever() -> None:
    assert "q" in Decoder().feed("\x1b[" + "1;" * 40 + "q")


@pytest.mark.parametrize(("given", "key"), [
    ("\xe0M", "right"), ("\0M", "right"), ("\xe0K", "left"), ("\xe0H", "up"), ("\xe0P", "down"),
    ("\xe0G", "home"), ("\xe0O", "end"), ("\xe0I", "page up"), ("\xe0Q", "page down"),
    ("\xe0\x86", ""), ("q", "q"), ("\r", "enter"), ("\b", "backspace"), ("\x1b", "escape"),
])  # fmt: skip
def test_a_console_of_windows_has_the_same_keys(given: str, key: str) -> None:
    assert console_key(given) == key


def test_without_termios_keys_come_by_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    given: Iterator[str] = iter(["\xe0M", "\xe0\x86", "q"])

    def getchar() -> str:
        for text in given:
            return text
        raise EOFError

    monkeypatch.setitem(sys.modules, "termios", None)
    monkeypatch.setattr("typer.getchar", getchar)
    keyboard = terminal.keyboard()
    assert isinstance(keyboard, terminal.Console)
    keyboard.start()
    pressed = [keyboard.pressed() for _ in range(4)]
    keyboard.stop()
    assert pressed == [["right"], [], ["q"], ["end of input"]]
