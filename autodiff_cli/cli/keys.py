"""From what a terminal sends to the keys that were pressed.

One read may bring several keys, a held arrow's for instance, and one key may come in several reads:
what begins like an arrow waits for its end.
"""

from __future__ import annotations

#: What follows ESC [ or ESC O → key. A terminal in application mode sends O in place of [.
_LETTERS = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "M": "enter",
}  # fmt: skip
_NUMBERS = {
    "1": "home", "7": "home", "4": "end", "8": "end", "5": "page up", "6": "page down",
    "3": "delete",
}  # fmt: skip

#: What a Windows console sends after NUL or à → key.
_CONSOLE = {
    "H": "up", "P": "down", "M": "right", "K": "left", "G": "home", "O": "end", "I": "page up",
    "Q": "page down", "S": "delete",
}  # fmt: skip

_CONTROLS = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", "\x15": "clear",
    "\x03": "interrupt", "\x04": "end of input", "\x0c": "redraw", "\t": "tab",
}  # fmt: skip

#: Characters of a sequence after which it is taken for none.
_LONGEST = 24


class Decoder:
    """Takes text as it comes, and gives the keys that are whole.

    A printable character is its own name; other keys have names: "right", "enter", "escape".
    """

    def __init__(self) -> None:
        self._pending = ""

    @property
    def waiting(self) -> bool:
        """Whether something has begun that may be a longer key."""
        return bool(self._pending)

    def feed(self, text: str) -> list[str]:
        """Take what has come and return the keys that are whole with it."""
        rest = self._pending + text
        self._pending = ""
        found: list[str] = []
        while rest:
            key, length = _first(rest)
            if not length:
                self._pending = rest
                break
            if key:
                found.append(key)
            rest = rest[length:]
        return found

    def flush(self) -> list[str]:
        """Return what waits as it stands: nothing more has come for a while."""
        pending, self._pending = self._pending, ""
        return ["escape", *pending[1:]] if pending else []


def _first(text: str) -> tuple[str, int]:
    """Return the first key of a text and its characters; 0 where its end is not there."""
    if text[0] != "\x1b":
        return _CONTROLS.get(text[0], text[0] if text[0].isprintable() else ""), 1
    if len(text) == 1:
        return "", 0
    if text[1] == "O":
        if len(text) == 2:
            return "", 0
        return _LETTERS.get(text[2], ""), 3
    if text[1] != "[":
        return "escape", 1  # Alt and a key, or Escape and then a key
    for place, sign in enumerate(text[2:], 2):
        if "@" <= sign <= "~":  # what ends a sequence
            number = text[2:place].partition(";")[0]
            key = _NUMBERS.get(number, "") if sign == "~" else _LETTERS.get(sign, "")
            return key, place + 1
        if not " " <= sign <= "?" or place > _LONGEST:
            return "escape", 1
    return "", 0


def console_key(text: str) -> str:
    """Return the key of what a Windows console gives for one press, "" for one of no use."""
    if len(text) == 2 and text[0] in "\0\xe0":
        return _CONSOLE.get(text[1], "")
    return "".join(Decoder().feed(text)) if text != "\x1b" else "escape"
