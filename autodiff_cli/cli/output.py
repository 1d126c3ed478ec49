"""Where every command ends: a report, its view, a format, and a stream or a file.

The format is the one asked for, or the one that the file's name says; both must fit.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from autodiff_cli.cli.options import Shown, Written
from autodiff_cli.cli.session import MISMATCH, Session, Told
from autodiff_cli.errors import AutodiffError, named, nearest, shortened
from autodiff_cli.files.replacing import replacing
from autodiff_cli.limits import FORMAT_VARIABLE, ROWS_SHOWN

if TYPE_CHECKING:
    from autodiff_cli.formats.format import Format
    from autodiff_cli.formats.signs import Rounding

#: Name of a format → its class, in a module of `formats/` that is loaded when it is asked for.
FORMATS = {
    "text": "screen.Screen",
    "markdown": "markdown.Markdown",
    "latex": "latex.Latex",
    "html": "html.Html",
    "csv": "csv.Csv",
}

#: Ending of a file's name → the format that it says.
ENDINGS = {
    ".txt": "text", ".md": "markdown", ".tex": "latex", ".html": "html", ".csv": "csv",
    ".json": "json", ".parquet": "parquet", ".dot": "dot", ".mmd": "mermaid", ".svg": "svg",
    ".png": "png", ".pdf": "pdf", ".xml": "moodle", ".gift": "gift", ".zip": "canvas",
}  # fmt: skip


#: An ending that may hold another format too, with that one asked for → the format written.
ALSO = {(".xml", "qti"): "qti", (".zip", "qti"): "canvas"}

#: Formats of a view that has a picture, and those of them that are no text.
PICTURES, BYTES = ("svg", "png", "pdf"), ("png", "pdf", "parquet", "canvas")


Where = TypeVar("Where", bound=Shown | Written)


class View(Protocol):
    """A module of `views/`: what is said of one kind of report, in order.

    It may have more: `DRAWN`, formats of its own; `picture`, for SVG, PNG and PDF; `table`, rows
    for CSV and Parquet; `CALLED`, other names of formats; `DIGITS` and `ROWS`, other defaults of
    those options.
    """

    @property
    def write(self) -> Callable[[Format, Any], None]:
        """Writes a report in a format."""

    @property
    def payload(self) -> Callable[[Any], Mapping[str, Any]]:
        """Returns a report as the object of `--json`."""


def show(
    session: Session,
    view: View,
    report: Any,
    shown: Shown | Written,
    *,
    strict: bool = False,
    title: str = "",
) -> None:
    """Write a report where and as it was asked for, and leave the exit status that it means.

    Args:
        session: the run of the program.
        view: what is said of the report.
        report: what a command found; its `verdict`, where it has one, decides the status.
        shown: where to, and how.
        strict: whether only a match is good enough.
        title: what a page is called.

    Raises:
        AutodiffError: the format is none, or does not fit the file's name.
        OSError: the file cannot be written.
    """
    judge(session, report, strict=strict)
    shown = to_standard_output(view, shown)
    name = chosen(view, shown)
    rounding = _rounding(view, shown)
    if name == "text" and shown.output is None and session.texts is not None:
        hypertext = partial(_hypertext, view, report, shown, title)
        session.texts.append(Told(report=report, page=hypertext))
    if name == "json":
        from autodiff_cli.formats.json import dumps

        session.write(dumps(view.payload(report)), shown.output)
    elif name in _drawn(view):
        from autodiff_cli.formats.signs import UNICODE

        session.write(_drawn(view)[name](report, UNICODE.rounding(rounding)), shown.output)
    elif name in PICTURES:
        from autodiff_cli.views.image import rendered

        session.write(rendered(view.picture(report, shown.digits), name), shown.output)  # type: ignore[attr-defined]
    elif name in ("csv", "parquet") and _tables(view):
        _write_rows(session, view, report, shown.output, name)
    elif shown.output is not None:
        content = io.BytesIO()
        text = io.TextIOWrapper(content, encoding="utf-8", newline="\n")
        _write(opened(text, name, view, shown, rounding), view, report, title)
        text.flush()
        session.write(content.getvalue().decode(), shown.output)
    elif name == "text" and session.pages and sys.stdout.isatty():
        from autodiff_cli.cli.collected import Collected
        from autodiff_cli.cli.pager import page

        buffer = Collected(sys.stdout)
        _write(opened(buffer, name, view, shown, rounding), view, report, title)
        page(buffer.getvalue())
    else:
        _write(opened(sys.stdout, name, view, shown, rounding), view, report, title)


def judge(session: Session, report: Any, *, strict: bool) -> None:
    """Leave the exit status that a report means: not a match where only that is good enough."""
    if strict and report.verdict != "match":
        session.status = MISMATCH


def opened(
    stream: Any, name: str, view: View, shown: Shown | Written, rounding: Rounding | None = None
) -> Format:
    """Return a format that writes on a stream."""
    module, kind = FORMATS[name].split(".")
    if name == "csv":  # for other programs, which want whole numbers
        rounding = _rounding(view, shown, 0)
    options: dict[str, Any] = {"standalone": True} if shown.standalone else {}
    rows = shown.rows
    if rows is None:
        rows = getattr(view, "ROWS", ROWS_SHOWN) if name == "text" else 0
    found: Format = getattr(import_module(f"autodiff_cli.formats.{module}"), kind)(
        stream, rows=rows, rounding=rounding or _rounding(view, shown), **options
    )
    return found


def _write(out: Format, view: View, report: Any, title: str) -> None:
    out.begin(title or "autodiff")
    view.write(out, report)
    if out.rounding.happened:
        from autodiff_cli.formats.lines import counted

        out.line()
        digits = out.rounding.digits
        out.paragraph(f"rounded to {counted(digits, 'digit')}; --digits 0 shows all")
    out.end()


def _hypertext(view: View, report: Any, shown: Shown | Written, title: str) -> str:
    """Return an answer as a page of HTML."""
    rounding = _rounding(view, shown)
    if "html" in _drawn(view):
        from autodiff_cli.formats.signs import UNICODE

        return _drawn(view)["html"](report, UNICODE.rounding(rounding))
    content = io.StringIO()
    _write(opened(content, "html", view, shown, rounding), view, report, title)
    return content.getvalue()


def save(session: Session, view: View, report: Any, path: str) -> None:
    """Write the rows of an answer as data into a file, CSV or Parquet by its name."""
    from autodiff_cli.files.blockwise import is_parquet, writer

    rows = _tables(view)[0](report)
    with (
        replacing(path, session.reach) as stream,
        writer("parquet" if is_parquet(path) else "csv", stream) as file,
    ):
        file.write(rows)


def _write_rows(session: Session, view: View, report: Any, output: str | None, name: str) -> None:
    if output is not None:
        save(session, view, report, output)
        return
    from autodiff_cli.files.blockwise import writer

    content = io.BytesIO()
    with writer(name, content) as file:
        file.write(_tables(view)[0](report))
    session.write(content.getvalue().decode(), None)


def to_standard_output(view: View, shown: Where) -> Where:
    """Return what `-o -` means: the standard output, and rows as CSV unless another is named."""
    if shown.output != "-":
        return shown
    usual = "csv" if _tables(view) and not shown.as_json else None
    return cast(Where, shown._replace(output=None, format=shown.format or usual))


def chosen(view: View, shown: Shown | Written) -> str:
    """Return the name of the format of an answer.

    Raises:
        AutodiffError: there is no such format, or the file's name says another.
    """
    shown = to_standard_output(view, shown)
    fitting = formats_of(view)
    asked = (
        None
        if shown.format is None
        else getattr(view, "CALLED", {}).get(shown.format, shown.format)
    )
    if shown.as_json:
        if asked not in (None, "json"):
            raise AutodiffError(f"--json and --format {shown.format} together", mend="give one")
        asked = "json"
    from_environment = asked is None and shown.output is None
    if from_environment:
        asked = os.environ.get(FORMAT_VARIABLE) or None
    if asked is not None and asked not in fitting:
        close = nearest(asked, fitting)
        guess = f"did you mean {close}? They are: " if close else "write one of: "
        whose = f" ({FORMAT_VARIABLE})" if from_environment else ""
        message = f"there is no format '{shortened(asked)}' here{whose}"
        raise AutodiffError(message, mend=guess + ", ".join(fitting))
    if shown.standalone and asked != "latex" and not (shown.output or "").endswith(".tex"):
        raise AutodiffError("--standalone is for LaTeX", mend="add --format latex")
    if shown.output is None:
        if asked in BYTES:
            message = f"{asked} is no text"
            ending = next(end for end, name in ENDINGS.items() if name == asked)
            raise AutodiffError(message, mend=f"write it to a file: -o FILE{ending}")
        return asked or "text"
    return _of_file(shown.output, asked, fitting)


def check_page(path: str) -> None:
    """Refuse a file that is a page by no name of one."""
    if os.path.splitext(path)[1].lower() not in (".html", ".htm"):
        message = f"{named(path)} is no name of a page"
        raise AutodiffError(message, mend="let its name end in .html")


def in_characters(view: View, shown: Shown | Written, option: str) -> None:
    """Refuse an option that is for drawings of characters where the answer has none."""
    name = chosen(view, shown)
    if name not in ("text", "markdown"):
        raise AutodiffError(f"{option} is for text, and this is {name}", mend=f"leave {option} out")


def _of_file(path: str, asked: str | None, fitting: list[str]) -> str:
    """Return the format of a file, which must be what its name says."""
    if not path:
        return asked or "text"  # which opening it refuses
    name = path.partition("?")[0] if "://" in path else path  # a URL may end in its options
    ending = os.path.splitext(name)[1].lower()
    said = ENDINGS.get(ending)
    if said in fitting and asked in (None, said):
        return str(said)
    if (ending, asked) in ALSO and asked in fitting:
        return ALSO[ending, asked]
    if asked is not None and not ending:
        return asked
    wanted = fitting if asked is None else [asked]
    known = [end for end, name in ENDINGS.items() if name in wanted]
    endings = f"{', '.join(known[:-1])} or {known[-1]}" if known[1:] else "".join(known)
    mend = f"let its name end in {endings}"
    if asked is not None:
        message = f"{named(path)} is no name for --format {asked}"
        raise AutodiffError(message, mend=mend if known else "leave its ending out")
    if not ending and os.path.exists(path) and not os.path.isfile(path):
        return "csv" if "parquet" in fitting else "text"  # a device or a pipe has no such name
    raise AutodiffError(f"the name {named(path)} does not say what to write", mend=mend)


def formats_of(view: View) -> list[str]:
    """Return the names of the formats in which a view can be written."""
    pictures = PICTURES if hasattr(view, "picture") else ()
    found = [*FORMATS, "json", *_drawn(view), *pictures, *(["parquet"] if _tables(view) else [])]
    return list(dict.fromkeys(found))  # a view may draw one of the usual ones by itself


def _drawn(view: View) -> Mapping[str, Callable[[Any, Any], str]]:
    found: Mapping[str, Callable[[Any, Any], str]] = getattr(view, "DRAWN", {})
    return found


def _tables(view: View) -> list[Callable[[Any], Any]]:
    """Return what gives the rows of a report as data, if it has any."""
    return [found] if (found := getattr(view, "table", None)) is not None else []


def _rounding(view: View, shown: Shown | Written, digits: int | None = None) -> Rounding:
    from autodiff_cli.formats.signs import Rounding

    if digits is None:
        digits = getattr(view, "DIGITS", 0) if shown.digits is None else shown.digits
    return Rounding(digits)
