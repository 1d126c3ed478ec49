"""The scripts that make a shell ask, and where each shell looks for them."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from autodiff_cli.cli.session import Session
from autodiff_cli.errors import AutodiffError, shortened


class Shell(NamedTuple):
    """A shell's script.

    Attributes:
        script: the file in this folder.
        place: where it is written, below the home folder.
        reads: the file that the shell reads when it starts, and the line that loads the script;
            empty where the shell finds the place by itself.
    """

    script: str
    place: str
    reads: tuple[str, str] | None = None


SHELLS = {
    "bash": Shell(
        "autodiff.bash", ".bash_completions/autodiff.sh",
        (".bashrc", "source ~/.bash_completions/autodiff.sh"),
    ),
    "zsh": Shell(
        "autodiff.zsh", ".zfunc/_autodiff.zsh",
        (".zshrc", "autoload -Uz compinit && compinit; source ~/.zfunc/_autodiff.zsh"),
    ),
    "fish": Shell("autodiff.fish", ".config/fish/completions/autodiff.fish"),
    "powershell": Shell(
        "autodiff.ps1", ".config/powershell/autodiff.ps1",
        (".config/powershell/profile.ps1", ". ~/.config/powershell/autodiff.ps1"),
    ),
}  # fmt: skip
SHELLS["pwsh"] = SHELLS["powershell"]

#: Where on Windows each PowerShell reads what it runs first, below the home folder.
PROFILES = {"pwsh": "Documents/PowerShell", "powershell": "Documents/WindowsPowerShell"}


def on(name: str, system: str = sys.platform) -> Shell:
    """Return a shell as it is on a platform.

    Args:
        name: one of SHELLS.
        system: as `sys.platform` names it.
    """
    folder = PROFILES.get(name) if system == "win32" else None
    if folder is None:
        return SHELLS[name]
    reads = (f"{folder}/profile.ps1", f". ~/{folder}/autodiff.ps1")
    return Shell(SHELLS[name].script, f"{folder}/autodiff.ps1", reads)


def shell_named(name: str | None) -> str:
    """Return a shell's name; without one, that of the shell that started the program.

    Raises:
        AutodiffError: it is none of SHELLS, or cannot be found out.
    """
    if name is None:
        import shellingham  # Typer's own

        try:
            name = shellingham.detect_shell()[0]
        except shellingham.ShellDetectionFailure:
            name = os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        named = f"completion for the shell '{shortened(name)}' is not known" if name else (
            "the shell could not be found out"
        )  # fmt: skip
        raise AutodiffError(named, mend=f"name one: {', '.join(SHELLS)}")
    return name


def script(name: str) -> str:
    """Return the script of a shell, to be loaded by it."""
    folder = files("autodiff_cli") / "cli" / "completion"
    return (folder / SHELLS[name].script).read_text(encoding="utf-8")


def install(
    session: Session, name: str, home: Path | None = None, system: str = sys.platform
) -> Path:
    """Write a shell's script where it looks, and the line that loads it; return the place.

    Args:
        session: the run of the program, which may write or not.
        name: one of SHELLS.
        home: the folder of the user's files.
        system: as `sys.platform` names it.

    Raises:
        AutodiffError: a text that is run may not do so.
        OSError: a file cannot be written.
    """
    home = Path.home() if home is None else home
    shell = on(name, system)
    place = home / shell.place
    _write(session, place, script(name))
    if shell.reads is not None:
        start, line = home / shell.reads[0], shell.reads[1]
        kept = session.read(str(start)) if start.exists() else ""
        if line not in kept.splitlines():
            gap = "\n" if kept and not kept.endswith("\n") else ""
            _write(session, start, f"{kept}{gap}{line}\n")
    return place


def _write(session: Session, path: Path, text: str) -> None:
    session.reach.check_write(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    session.write(text, str(path))
