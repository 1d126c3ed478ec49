"""The command line: finds the command, reads variables as options, turns errors into a status.

Only the command asked for is imported: start-up time is a feature.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from autodiff_cli.cli.arguments import scan
from autodiff_cli.cli.given import read_options
from autodiff_cli.cli.parameters import Command, command
from autodiff_cli.cli.session import ANSWERED, FAILED, INTERRUPTED, WRONG, Session, Told
from autodiff_cli.errors import AutodiffError, Unfinished, named, nearest, shortened, visible
from autodiff_cli.files.replacing import Ended
from autodiff_cli.formats.plain import HANDLER, spelled

if TYPE_CHECKING:
    from autodiff_cli.symbolic.client import Client

#: Command → (its group, what it answers). Each is the function of its name in `commands/<name>.py`.
COMMANDS = {
    "trace": ("see", "every step: value, local partials, tangents and adjoints"),
    "step": ("see", "both sweeps as a film that keys move, with numbers to predict"),
    "graph": ("see", "the computation graph"),
    "grad": ("see", "the value and the gradient, with SymPy's derivative beside it"),
    "backward": ("see", "PyTorch's backward() pass by pass: .grad, seeds, what is freed"),
    "functions": ("see", "every function with its rule, domain and kinks"),
    "explain": ("see", "a derivation by the rules of calculus, each with its name"),
    "page": ("see", "one page of HTML: the trace as a film, sliders, and practice"),
    "plot": ("see", "a curve over its derivative, or contours with the gradient"),
    "descend": ("see", "gradient descent: steps downhill, and why they end"),
    "run": ("see", "a text of prose and command lines: a lesson, a sample, a batch"),
    "learn": ("practise", "lessons with tasks, which go on where you left them"),
    "quiz": ("practise", "questions in the terminal, marked at once, with hints"),
    "worksheet": ("practise", "exercises to print, for Moodle, Canvas and others, with a key"),
    "mark": ("practise", "a class's answers to a worksheet, marked, with what went wrong"),
    "compare": ("check", "every method beside each other, and your own derivative checked"),
    "check": ("check", "a hand-written trace or derivation, marked line by line"),
    "count": ("check", "operations of formulas, of their gradients, and of SymPy's derivatives"),
    "jacobian": ("more derivatives", "several formulas: the matrix of all first derivatives"),
    "vjp": ("more derivatives", "a seed times that matrix: what one reverse sweep computes"),
    "jvp": ("more derivatives", "that matrix times a direction: what one forward sweep computes"),
    "hessian": ("more derivatives", "all second derivatives, with SymPy's beside them"),
    "hvp": ("more derivatives", "the Hessian times a direction, without the Hessian"),
    "taylor": ("more derivatives", "Taylor's polynomial at a point, and its remainder at another"),
    "export": ("take away", "the value and its derivative as code in another language"),
}

#: Whose versions a report of a fault should say.
LIBRARIES = (
    "sympy", "mpmath", "numpy", "typer", "rich", "pyarrow", "matplotlib", "torch", "jax",
    "autograd",
)  # fmt: skip

#: Options of the program, which stand before or after a command.
EVERYWHERE = ("--debug", "--no-pager", "--quiet")


def run(
    words: Sequence[str],
    client: Client | None = None,
    *,
    texts: list[Told] | None = None,
) -> int:
    """Run one command line and return its exit status.

    Args:
        words: the arguments after the program's name.
        client: SymPy's process, if it was started early.
        texts: where each answer goes that is written as text, to be shown as HTML too.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed by whoever started us
            return FAILED
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=HANDLER)
    if words[:1] == ["-q"]:  # elsewhere it is a formula, minus q
        words = ["--quiet", *words[1:]]
    debug = "--debug" in words
    session = Session(
        run=lambda inner: guarded(inner, session, debug=False),
        elsewhere=elsewhere,
        client=client,
        texts=texts,
        pages="--no-pager" not in words,
        quiet="--quiet" in words,
        debug=debug,
    )
    words = [word for word in words if word not in EVERYWHERE]
    try:
        return guarded(words, session, debug=debug)
    finally:
        session.close()


def guarded(words: Sequence[str], session: Session, *, debug: bool) -> int:
    """Run a command and turn what it raises into a message and an exit status."""
    try:
        status = dispatch(words, session)
        sys.stdout.flush()
        return status
    except AutodiffError as error:
        if debug:
            raise
        return _fail(session, error.told(_shown), WRONG)
    except Unfinished as error:
        return _fail(session, str(error), FAILED)
    except BrokenPipeError:
        # The reader has gone; what Python would flush at exit has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _fail(session, "interrupted", INTERRUPTED)
    except (OSError, UnicodeError) as error:
        if debug:
            raise
        return _fail(session, _io_message(error), FAILED)
    except ImportError as error:
        if debug:
            raise
        return _fail(session, _import_message(error), FAILED)
    except SystemExit as error:
        # Any but ours is a broken library's, whose status would be none of the contract.
        if isinstance(error, Ended):
            raise
        return _fail(session, "a library ended the program", FAILED)
    except MemoryError:
        return _fail(session, "there is not enough memory for this input", FAILED)
    except Exception as error:  # a fault of the program: one line, and how to see more
        if debug:
            raise
        message = f"the program failed: {type(error).__name__}; --debug shows where"
        return _fail(session, message, FAILED)


def _fail(session: Session, message: str, status: int) -> int:
    """Say what is wrong on stderr. The lines of a text and its caret stay aligned."""
    first, *rest = message.split("\n")
    lines = [f"error: {first}", *[f"       {line}" for line in rest]]
    if session.place:
        lines.insert(0, f"{session.place}:")
    lines = [visible(line) for line in lines]
    if sys.stderr.isatty():
        from autodiff_cli.cli.complaint import broken
        from autodiff_cli.formats.lines import columns_of

        lines = broken(lines, columns_of(sys.stderr))
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    return status


def _shown(text: str) -> str:
    """Return a user's text as stderr shows it, so that a caret can stand below it."""
    return spelled(visible(text), sys.stderr.encoding)


def _io_message(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        encoding = error.encoding.upper()
        return (
            f"the input is not {encoding}: byte {error.object[error.start]:#04x} at {error.start}"
        )
    if isinstance(error, UnicodeError):
        return f"the name of a file is not in this system's encoding: {error}"
    reason = error.strerror or str(error)
    if error.filename is None:
        return reason
    return f"{named(str(error.filename)) or 'a file without a name'}: {reason}"


def _import_message(error: ImportError) -> str:
    first = str(error).partition("\n")[0]
    return f"{error.name or 'a library'} cannot be loaded: {shortened(first)}"


def dispatch(words: Sequence[str], session: Session) -> int:
    """Find the command of a line and run it; return its exit status."""
    if not words or words[0] in ("--help", "-h", "help"):
        from autodiff_cli.cli import help as manual

        if words[:1] != ["help"] or not words[1:]:
            sys.stdout.write(manual.contents(COMMANDS))
            return ANSWERED
        if words[1] not in COMMANDS:
            manual.show_page(words[1:], COMMANDS, pages=session.pages)
            return ANSWERED
        words = [words[1], "--help"]
    if words[0] in ("--install-completion", "--show-completion"):
        _completion(words, session)
        return ANSWERED
    if words[0] == "--version":
        _version(debug=session.debug)
        return ANSWERED
    if any("\0" in word for word in words):  # from a text that is run: no shell passes it on
        raise AutodiffError("a word has the character NUL in it", mend="leave it out")
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        close = nearest(name, list(COMMANDS))
        mend = f"did you mean {close}?" if close else 'write autodiff grad "x^2" --x 4'
        raise AutodiffError(f"there is no command '{shortened(name)}'", mend=mend)
    return _invoke(name, rest, session)


def _version(*, debug: bool) -> None:
    """Print the version, and with debug those of Python and of the libraries that are here."""
    from autodiff_cli import __version__

    lines = [f"autodiff {__version__}"]
    if debug:
        from importlib.metadata import PackageNotFoundError, version

        lines.append(f"python {sys.version.split()[0]} on {sys.platform}")
        for name in LIBRARIES:
            try:
                lines.append(f"{name} {version(name)}")
            except PackageNotFoundError:
                lines.append(f"{name} is not installed")
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _completion(words: Sequence[str], session: Session) -> None:
    """Show or install the completion of a shell, the one named or this one."""
    from autodiff_cli.cli.completion import shells

    if words[2:]:
        raise AutodiffError(f"{words[0]} takes the name of one shell", mend=f"{words[0]} bash")
    name = shells.shell_named(words[1] if words[1:] else None)
    if words[0] == "--show-completion":
        sys.stdout.write(shells.script(name))
        return
    place = shells.install(session, name)
    sys.stdout.write(f"{name} completion is in {named(str(place))}; open a new shell to use it\n")


def complete(words: Sequence[str], shell: str) -> int:
    """Print what may stand at the cursor, a word and its meaning a line; return a status.

    Args:
        words: those after the program's name, up to the cursor; the last is being typed.
        shell: which shell asks.
    """
    from autodiff_cli.cli.completion.candidates import Known, candidates
    from autodiff_cli.cli.help import TOPICS

    known = Known(
        commands={name: text for name, (_, text) in COMMANDS.items()},
        topics=TOPICS,
        taken=command_named,
        formats=_formats,
        quotes=shell != "fish",
    )
    for word, meaning in candidates(words, known):
        sys.stdout.write(f"{visible(word)}\t{visible(meaning)}\n")
    return ANSWERED


def _formats(name: str) -> list[str]:
    from autodiff_cli.cli.output import formats_of

    view = getattr(import_module(f"autodiff_cli.cli.commands.{name}"), "view", None)
    return [*formats_of(view), *getattr(view, "CALLED", {})] if view else []


def command_named(name: str) -> Command:
    """Return a command of `COMMANDS`."""
    return command(getattr(import_module(f"autodiff_cli.cli.commands.{name}"), name))


def options_of(name: str) -> dict[str, bool]:
    """Return the options of a command, each spelling → whether it takes a value."""
    return command_named(name).takes()


def elsewhere(option: str) -> list[str]:
    """Return the commands that have an option, which is named without its dashes."""
    if len(option) < 2:
        return []
    return [name for name in COMMANDS if f"--{option}" in command_named(name).takes()]


def _invoke(name: str, words: Sequence[str], session: Session) -> int:
    """Sort the words of a command's line, read its options, and run it."""
    asked = command_named(name)
    session.command = name
    session.options = asked.takes()
    scanned = scan(words, session.options, elsewhere, name)
    if {"-h", "--help"} & set(scanned.options):
        from autodiff_cli.cli.usage import usage
        from autodiff_cli.formats.lines import columns_of

        sys.stdout.write(f"{usage(asked, name, columns_of(sys.stdout))}\n")
        return ANSWERED
    if scanned.settings and "--at" not in session.options:
        option = scanned.settings[0][0]
        having = elsewhere(option)
        message = f"{name} has no use for --{option}" if having else (
            f"there is no option --{shortened(option)}"
        )  # fmt: skip
        raise AutodiffError(message, mend=_options(name))
    options = [*scanned.options]
    for variable, value in scanned.settings:
        options += ["--at", f"{variable}={value}"]
    given = read_options(asked, options, scanned.expressions, _options(name))
    session.status = ANSWERED
    asked.run(session, given, scanned.expressions)
    return session.status


def _options(name: str) -> str:
    return f"autodiff {name} --help"
