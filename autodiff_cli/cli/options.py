"""The options that several commands share, in groups: a command takes a group, and has them all.

So the same option has the same name, meaning and place wherever it can be given. They are tuples by
name, which are made in a third of a dataclass's time: every command loads them all.
"""

# Annotations are read where a command is, so they are no text here that would have to be evaluated.
import math
from typing import Annotated, Literal, NamedTuple

from autodiff_cli.cli.parameters import Argument, Option
from autodiff_cli.errors import AutodiffError
from autodiff_cli.limits import DIGITS_VARIABLE, ROWS_SHOWN, ROWS_SHOWN_VARIABLE, SYMPY_SECONDS

#: Significant digits of float64 that tell every two numbers apart.
MOST_DIGITS = 17


def _rows(value: int | None) -> int | None:
    """Refuse less than no rows."""
    if value is not None and value < 0:
        raise AutodiffError(f"--rows is {value}", mend="write a number of rows, 0 for all")
    return value


def digits(value: int | None) -> int | None:
    """Refuse digits that no number has."""
    if value is not None and not 0 <= value <= MOST_DIGITS:
        mend = f"write 1 to {MOST_DIGITS}, or 0 for whole numbers"
        raise AutodiffError(f"--digits is {value}", mend=mend)
    return value


def _seconds(value: float) -> float:
    """Refuse less than none, and nan and inf, which float() reads."""
    if not (math.isfinite(value) and value >= 0):
        raise AutodiffError(f"--sympy-seconds is {value}", mend="write a number of seconds, 10")
    return value


_Expression = Argument(
    metavar="EXPRESSION", help="The formula, in quotes; - reads stdin, @FILE a file."
)
_Expressions = Argument(
    metavar="EXPRESSION...",
    help="One or several; - reads stdin, @FILE a file: one a line.",
)
_Of = Option(
    "--of", metavar="NAMES", help="Steps that are the formulas, such as u,v; not the last one."
)
_NoShare = Option("--no-share", help="Keep equal subexpressions apart: a tree.")
_Letter = Option("--letter", metavar="L", help="Call the nodes L1, L2, … and not w1, w2, ….")
_At = Option("--at", metavar="NAME=VALUE", help="Values of variables: x=4,y=2.")
_Seed = Option(
    "--random-seed", metavar="N", help="Makes uniform(a,b,n) and sampled points repeatable."
)
_Data = Option(
    "--data", metavar="FILE",
    help="Columns of values, by their header: .csv or .parquet; a folder, a pattern or a URL too.",
)  # fmt: skip
_Delimiter = Option(
    "--delimiter", metavar="SIGN", help="Between the cells of --data: tab, semicolon, or any sign."
)
_Decimal = Option(
    "--decimal", metavar="SIGN", help="Before the decimals in --data: point or comma."
)
_Missing = Option("--na", help="A row of --data that lacks a number is an error, or left out.")
_Const = Option("--const", metavar="NAME=VALUE", help="Constants: not differentiated.")
_Wrt = Option("--wrt", metavar="NAMES", help="Differentiate with respect to these only.")
_NoSympy = Option("--no-sympy", help="Do not ask SymPy.")
_SympySeconds = Option(
    "--sympy-seconds", metavar="S", callback=_seconds, help="CPU time that SymPy may take."
)
_Simplify = Option(
    "--simplify", help="SymPy's derivative tidied up too: off, auto (quickly), full (all means)."
)
_Strict = Option("--strict", help="Exit 3 unless the verdict is match.")
_Format = Option("--format", metavar="NAME", help="text, markdown, latex, html, csv or json.")
_Json = Option("--json", help="The same as --format json.")
_Output = Option(
    "-o", "--output", metavar="FILE",
    help="Write to a file, in the format that its name says: .md, .tex, .html, .csv, .json, .txt.",
)  # fmt: skip
_Rows = Option(
    "--rows", metavar="N", callback=_rows, envvar=ROWS_SHOWN_VARIABLE,
    show_default=False, help=f"Rows shown at most ({ROWS_SHOWN} on the screen); 0 shows all.",
)  # fmt: skip
_Digits = Option(
    "--digits", metavar="N", callback=digits, envvar=DIGITS_VARIABLE,
    show_default=False, help="Round what is shown to N digits; 0 shows whole numbers.",
)  # fmt: skip
_Standalone = Option("--standalone", help="With latex: a whole document, ready to compile.")


_Topic = Option("--topic", metavar="NAME", help="What is practised; all topics in turn.")
_Level = Option("--level", metavar="N", help="1, which comes out by hand, to 5.")
_Count = Option("--count", metavar="N", help="How many exercises.")
_Kind = Option("--kind", metavar="NAME", help="A kind of exercise; may be given again.")
_ExerciseSeed = Option(
    "--seed", "--random-seed", metavar="N", help="Which exercises: the same seed gives the same."
)


class Exercises(NamedTuple):
    """Which exercises are wanted."""

    topic: Annotated[str | None, _Topic] = None
    level: Annotated[int | None, _Level] = None
    many: Annotated[int, _Count] = 10
    kind: Annotated[list[str] | None, _Kind] = None
    seed: Annotated[str | None, _ExerciseSeed] = None


_SheetFormat = Option(
    "--format", metavar="NAME",
    help="text, markdown, latex, html, csv, json, moodle, gift, qti or canvas.",
)  # fmt: skip
_SheetOutput = Option(
    "-o", "--output", metavar="FILE",
    help="Write to a file, in the format that its name says: .md, .tex, .html, .csv, .json, .txt, "
    "and for courses .xml, .gift, .zip.",
)  # fmt: skip


class Sheet(NamedTuple):
    """Where a sheet goes; as LaTeX it is a whole document."""

    format: Annotated[str | None, _SheetFormat] = None
    as_json: Annotated[bool, _Json] = False
    output: Annotated[str | None, _SheetOutput] = None


class Formula(NamedTuple):
    """One formula."""

    expressions: Annotated[list[str] | None, _Expression] = None
    no_share: Annotated[bool, _NoShare] = False
    letter: Annotated[str | None, _Letter] = None


class Several(NamedTuple):
    """One formula, or several."""

    expressions: Annotated[list[str] | None, _Expressions] = None
    of: Annotated[str | None, _Of] = None
    no_share: Annotated[bool, _NoShare] = False
    letter: Annotated[str | None, _Letter] = None


class Counting(NamedTuple):
    """One formula, or several, of which no node is shown."""

    expressions: Annotated[list[str] | None, _Expressions] = None
    of: Annotated[str | None, _Of] = None
    no_share: Annotated[bool, _NoShare] = False

    @property
    def letter(self) -> None:
        """None that is shown."""


class Values(NamedTuple):
    """The values of variables."""

    at: Annotated[list[str] | None, _At] = None
    random_seed: Annotated[int | None, _Seed] = None


class Table(NamedTuple):
    """A file of values."""

    data: Annotated[list[str] | None, _Data] = None
    delimiter: Annotated[str | None, _Delimiter] = None
    decimal: Annotated[str | None, _Decimal] = None
    na: Annotated[Literal["error", "skip"] | None, _Missing] = None


_Workers = Option(
    "--workers", metavar="N", min=1, help="With -o FOLDER/: by so many processes of this machine."
)
_Scheduler = Option(
    "--scheduler", metavar="ADDRESS", help="With -o FOLDER/: by a Dask cluster, tcp://host:8786."
)
_Resume = Option("--resume", help="With -o FOLDER/: go on with a run that was not finished.")


class Many(NamedTuple):
    """Who does a data set that goes into a folder."""

    workers: Annotated[int | None, _Workers] = None
    scheduler: Annotated[str | None, _Scheduler] = None
    resume: Annotated[bool, _Resume] = False


class Active(NamedTuple):
    """What is differentiated by, and what not."""

    const: Annotated[list[str] | None, _Const] = None
    wrt: Annotated[list[str] | None, _Wrt] = None


class Calculus(NamedTuple):
    """SymPy beside the answer."""

    no_sympy: Annotated[bool, _NoSympy] = False
    sympy_seconds: Annotated[float, _SympySeconds] = SYMPY_SECONDS
    simplify: Annotated[Literal["off", "auto", "full"] | None, _Simplify] = None


class Counted(NamedTuple):
    """SymPy beside the answer, where no formula of its is shown."""

    no_sympy: Annotated[bool, _NoSympy] = False
    sympy_seconds: Annotated[float, _SympySeconds] = SYMPY_SECONDS


class Judged(NamedTuple):
    """What a verdict means for the exit status."""

    strict: Annotated[bool, _Strict] = False


class Shown(NamedTuple):
    """Where the answer goes, and how it looks."""

    format: Annotated[str | None, _Format] = None
    as_json: Annotated[bool, _Json] = False
    output: Annotated[str | None, _Output] = None
    rows: Annotated[int | None, _Rows] = None
    digits: Annotated[int | None, _Digits] = None
    standalone: Annotated[bool, _Standalone] = False


class Written(NamedTuple):
    """Where an answer goes that has no rows to leave out and no numbers to round."""

    format: Annotated[str | None, _Format] = None
    as_json: Annotated[bool, _Json] = False
    output: Annotated[str | None, _Output] = None
    standalone: Annotated[bool, _Standalone] = False

    @property
    def rows(self) -> None:
        """All of them."""

    @property
    def digits(self) -> None:
        """All of them."""
