"""A screen of one's own in the terminal: redrawn whole, and gone when it is left, whatever ends it.

Keys are read as they come, by termios where there is one, on Windows by `typer.getchar`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from autodiff_cli.cli.keys import Decoder, console_key
from autodiff_cli.files.replacing import ending

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds after which an escape that nothing follows was a key of its own.
PATIENCE = 0.1

#: The other screen, without a cursor and without wrapping; and back.
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h\x1b[?1049l"

#: Columns and lines where the terminal does not say.
USUAL = os.terminal_size((80, 24))


def interactive() -> bool:
    """Tell whether keys can be read and a screen redrawn."""
    try:
        there = sys.stdin.isatty() and sys.stdout.isatty()
    except (AttributeError, ValueError):  # a stream that is closed
        return False
    return there and os.environ.get("TERM", "") != "dumb"


class Keyboard(Protocol):
    """Where keys come from."""

    def start(self) -> None:
        """Take single keys from the terminal."""

    def stop(self) -> None:
        """Leave the terminal as it was."""

    def pressed(self) -> list[str]:
        """Wait for keys, or for "resize"."""

    def wake(self, key: str) -> None:
        """Let what waits for keys return with this one."""


class Console:
    """A console of Windows: one key at a time; a new size is noticed with the next one."""

    def start(self) -> None:
        """Let the console understand what redraws its screen."""
        if hasattr(signal, "CTRL_C_EVENT"):  # Windows
            os.system("")  # the console reads escape sequences from here on

    def stop(self) -> None:
        """Nothing was changed."""

    def pressed(self) -> list[str]:
        """Wait for a key."""
        import typer

        try:
            key = console_key(typer.getchar())
        except EOFError:
            key = "end of input"
        return [key] if key else []

    def wake(self, key: str) -> None:
        """Nobody is woken: reading cannot be interrupted."""


class Line:
    """A terminal of POSIX in cbreak mode: keys at once and unseen, and signals as ever."""

    def __init__(self) -> None:
        import codecs

        self._descriptor = sys.stdin.fileno()
        self._decoder = Decoder()
        self._text = codecs.getincrementaldecoder(sys.stdin.encoding or "utf-8")("replace")
        self._woken, self._bell = -1, -1
        self._reasons: list[str] = []
        self._before: list[Any] = []

    def start(self) -> None:
        """Keep the settings, and take keys at once."""
        import termios
        import tty

        self._woken, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        self._before = termios.tcgetattr(self._descriptor)
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)

    def stop(self) -> None:
        """Put the settings back; what was typed ahead is not the shell's."""
        import termios

        if self._before:
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
        if self._bell >= 0:
            bell, self._bell = self._bell, -1
            os.close(bell)
            os.close(self._woken)

    def pressed(self) -> list[str]:
        """Wait for keys, or for a reason to be woken."""
        import select

        while True:
            patience = PATIENCE if self._decoder.waiting else None
            ready, _, _ = select.select([self._descriptor, self._woken], [], [], patience)
            found = [] if ready else self._decoder.flush()
            if self._woken in ready:
                os.read(self._woken, 1024)
                reasons, self._reasons = self._reasons, []
                found += reasons
            if self._descriptor in ready:
                read = os.read(self._descriptor, 1024)
                found += self._decoder.feed(self._text.decode(read)) if read else ["end of input"]
            if found:
                return found

    def wake(self, key: str) -> None:
        """Let what waits for keys return with this one; signals call it."""
        if self._bell < 0:
            return
        self._reasons.append(key)
        with suppress(BlockingIOError):  # it rings already
            os.write(self._bell, b"!")


def keyboard() -> Keyboard:
    """Return where keys come from on this platform."""
    try:
        import termios  # noqa: F401 - to see whether it is there
    except ImportError:
        return Console()
    return Line()


class Terminal:
    """The screen, for as long as the context lasts.

    It is left as it was at the end, after an error, Ctrl-C or a signal to end, and while the
    program is suspended.
    """

    def __init__(self) -> None:
        self._keyboard = keyboard()
        self._inside = ExitStack()
        self._ours = False

    def __enter__(self) -> Self:
        self._inside.enter_context(ending())
        self._inside.callback(self._leave)
        self._inside.enter_context(_heard("SIGWINCH", lambda: self._keyboard.wake("resize")))
        self._inside.enter_context(_heard("SIGTSTP", self._suspended))
        try:
            self._enter()
        except BaseException:
            self._inside.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._inside.close()

    def size(self) -> os.terminal_size:
        """Return the columns and lines there are now."""
        try:
            found = os.get_terminal_size(sys.stdout.fileno())
        except (OSError, ValueError):
            return USUAL
        return found if found.columns and found.lines else USUAL

    def show(self, lines: Sequence[str]) -> None:
        """Put lines, none broader than the screen, in the place of those that are there."""
        *above, last = lines or [""]
        whole = "".join(f"\x1b[2K{line}\r\n" for line in above)
        # What is below goes before the last line: after a line as broad as the screen the cursor
        # still stands on its last sign.
        sys.stdout.write(f"\x1b[H{whole}\x1b[J{last}")
        sys.stdout.flush()

    def pressed(self) -> list[str]:
        """Wait for keys; "resize" is among them when the screen has another size."""
        return self._keyboard.pressed()

    def _enter(self) -> None:
        self._ours = True
        self._keyboard.start()
        sys.stdout.write(ENTER)
        sys.stdout.flush()

    def _leave(self) -> None:
        if not self._ours:  # it was given back, and the program ends while it is suspended
            return
        self._ours = False
        try:
            sys.stdout.write(LEAVE)
            sys.stdout.flush()
        finally:
            self._keyboard.stop()

    def _suspended(self) -> None:
        """Give the terminal back, stop, and take it again when the program goes on."""
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._enter()
        self._keyboard.wake("resize")


@contextmanager
def _heard(name: str, act: Callable[[], None]) -> Iterator[None]:
    """Do something at each signal of a name, where there is one and this thread may hear it."""
    if not hasattr(signal, name) or threading.current_thread() is not threading.main_thread():
        yield
        return
    number = getattr(signal, name)
    before = signal.signal(number, lambda *_: act())
    try:
        yield
    finally:
        signal.signal(number, before)
