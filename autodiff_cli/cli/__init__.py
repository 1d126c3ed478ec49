"""The command line: words to a command, its report to a stream or a file, a status."""

from autodiff_cli.cli.dispatch import run

__all__ = ["run"]
