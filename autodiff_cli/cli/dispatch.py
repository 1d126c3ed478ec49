"""The command line: finds the command, reads variables as options, turns errors into a status.

Only the command asked for is imported and registered with Typer: start-up time is a feature.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from autodiff_cli.cli.arguments import scan
from autodiff_cli.cli.parameters import expanded
from autodiff_cli.cli.session import ANSWERED, FAILED, INTERRUPTED, WRONG, Session
from autodiff_cli.errors import AutodiffError, named, nearest, shortened, visible
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


def run(words: Sequence[str], client: Client | None = None) -> int:
    """Run one command line and return its exit status.

    Args:
        words: the arguments after the program's name.
        client: SymPy's process, if it was started early.
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
        # Ours, and Typer's own where the reader has gone; any other is a broken library's, whose
        # status would be none of the contract.
        if isinstance(error, Ended) or isinstance(error.__context__, BrokenPipeError):
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
    sys.stderr.write("".join(f"{visible(line)}\n" for line in lines))
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
        parsed=lambda name: _command(name)[0],
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


def _command(name: str) -> tuple[Any, str]:
    """Return one command as Typer reads it, and its examples."""
    import typer

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(import_module(f"autodiff_cli.cli.commands.{name}"), name)
    prose, examples = described(function.__doc__ or "")
    names = {"help_option_names": ["-h", "--help"]}
    app.command(name, help=prose, context_settings=names)(expanded(function))
    return typer.main.get_command(app), examples


def options_of(name: str) -> dict[str, bool]:
    """Return the options of a command, each spelling → whether it takes a value."""
    return option_arity(_command(name)[0])


def elsewhere(option: str) -> list[str]:
    """Return the commands that have an option, which is named without its dashes."""
    if len(option) < 2:
        return []
    return [name for name in COMMANDS if f"--{option}" in option_arity(_command(name)[0])]


def _invoke(name: str, words: Sequence[str], session: Session) -> int:
    """Register one command with Typer, sort its words, and run it."""
    import typer

    command, examples = _command(name)
    session.command = name
    session.options = option_arity(command)
    scanned = scan(words, session.options, elsewhere, name)
    if {"-h", "--help"} & set(scanned.options):
        sys.stdout.write(f"{examples}\n\n{_options_of(command, name)}\n")
        return ANSWERED
    if scanned.settings and "--at" not in session.options:
        option = scanned.settings[0][0]
        having = elsewhere(option)
        message = f"{name} has no use for --{option}" if having else (
            f"there is no option --{shortened(option)}"
        )  # fmt: skip
        raise AutodiffError(message, mend=_options(name))
    _check_once(command, scanned.options, session.options)
    arguments = [*scanned.options]
    for variable, value in scanned.settings:
        arguments += ["--at", f"{variable}={value}"]
    arguments += ["--", *scanned.expressions]
    session.status = ANSWERED
    try:
        status = command.main(
            arguments,
            prog_name=f"autodiff {name}",
            standalone_mode=False,
            obj=session,
        )
    except typer.TyperException as error:
        message = str(error.format_message() if hasattr(error, "format_message") else error)
        raise AutodiffError(message.rstrip("."), mend=_options(name)) from None
    if status == INTERRUPTED:  # what Typer makes of Ctrl-C, without a word
        raise KeyboardInterrupt
    return int(status or session.status)


def _check_once(command: Any, words: Sequence[str], takes: Mapping[str, bool]) -> None:
    """Refuse an option that is given two values: Typer would keep the last, without a word."""
    single = {
        spelling: parameter.name
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.multiple
        for spelling in (*parameter.opts, *parameter.secondary_opts)
    }
    given: dict[str, str] = {}
    todo = iter(words)
    for word in todo:
        head, equals, value = word.partition("=")
        if not takes[head]:
            value = head
        elif not equals:
            value = next(todo)
        name = single.get(head)
        if name is not None and given.setdefault(name, value) != value:
            first, second = (visible(shortened(text)) for text in (given[name], value))
            raise AutodiffError(f"{head} is given twice: {first} and {second}", mend="give it once")


def _options_of(command: Any, name: str) -> str:
    """Return a command's help as wide as the screen; Typer itself would write it as UTF-8."""
    from autodiff_cli.formats.lines import columns_of

    extent = dict.fromkeys(("terminal_width", "max_content_width"), columns_of(sys.stdout))
    with command.make_context(f"autodiff {name}", [], resilient_parsing=True, **extent) as context:
        text: str = command.get_help(context)
    return text


def _options(name: str) -> str:
    return f"autodiff {name} --help"


def described(text: str) -> tuple[str, str]:
    """Split a command's docstring into its prose and its examples, the lines with `autodiff`."""
    lines = [line.strip() for line in text.strip().splitlines()]
    examples = [f"  {line}" for line in lines if line.startswith("autodiff ")]
    prose = [line for line in lines if not line.startswith("autodiff ")]
    return "\n".join(prose).strip(), "\n".join(examples)


def option_arity(command: Any) -> dict[str, bool]:
    """Return each option's spelling → whether it takes a value."""
    arity = {"--help": False, "-h": False}
    for parameter in command.params:
        if parameter.param_type_name == "option":
            for spelling in (*parameter.opts, *parameter.secondary_opts):
                arity[spelling] = not parameter.is_flag
    return arity
