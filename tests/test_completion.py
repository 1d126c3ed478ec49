"""Completion: what may stand at the cursor, in the shells themselves too."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import sys
from pathlib import Path

import pytest
import shellingham

from autodiff_cli.cli.completion.shells import SHELLS, install, on, script
from autodiff_cli.cli.dispatch import COMMANDS, complete
from autodiff_cli.cli.session import Session
from tests.console import ROOT
from tests.work import HANG

#: Words up to the cursor → some of what may stand there.
OFFERED = {
    ("",): {*COMMANDS, "help"},
    ("tr",): {"trace"},
    ("--v",): {"--version"},
    ("help", "l"): {"language", "lab", "limits"},
    ("help", "gra"): {"grad", "graph"},
    ("grad", "x*y", "--"): {"--x", "--y", "--order", "--json", "--help"},
    ("grad", "x_1 + theta", "--t"): {"--theta", "--trace"},
    ("grad", "x*y", "--wrt", ""): {"x", "y"},
    ("grad", "x", "--format", ""): {"text", "latex", "json"},
    ("graph", "x", "--format", ""): {"svg", "dot", "layered"},
    ("grad", "x", "--mode", "f"): {"forward"},
    ("export", "x", "--to", "p"): {"python"},
    ("functions", "sin"): {"sin", "sinh"},
    ("grad", '"2x+co'): {'"2x+cos(', '"2x+cosh('},
    ("grad", "co"): {'"cos(', '"cosh('},
    ("grad", '"gel'): {'"gelu(', '"gelu(x)'},
}

#: Words at which only a file may stand, or nothing that is known.
NOTHING = [
    ("grad", "x", "-o", ""), ("grad", "x", "--data", "a"), ("run", ""), ("nonsense", ""),
    ("grad", "x", "--x", ""), ("help", "lab", ""), ("grad", "x", "--nonsense", ""),
    ("grad", "x+", "--wrt", ""),
]  # fmt: skip


def offered(capsys: pytest.CaptureFixture[str], *words: str) -> set[str]:
    assert complete(words, "bash") == 0
    return {line.split("\t")[0] for line in capsys.readouterr().out.splitlines()}


@pytest.mark.parametrize("words", OFFERED, ids=" ".join)
def test_what_may_stand_at_the_cursor_is_offered(words, capsys) -> None:
    found = offered(capsys, *words)
    assert OFFERED[words] <= found
    assert all(one.startswith((words[-1], f'"{words[-1]}')) for one in found)


@pytest.mark.parametrize("words", NOTHING, ids=" ".join)
def test_where_a_file_may_stand_nothing_is_offered(words, capsys) -> None:
    assert offered(capsys, *words) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_offered_with_its_meaning(name, capsys) -> None:
    complete((name, "x", "--"), "bash")
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {"--help", "--x"} <= {word for word, _ in lines}
    assert [word for word, meaning in lines if not meaning] == []


def test_a_shell_that_is_not_known_is_refused(cli) -> None:
    outcome = cli("--show-completion", "tcsh")
    assert outcome.status == 2
    assert "name one: bash, zsh, fish, powershell, pwsh" in outcome.err


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_shown_and_installed_once(shell, cli, tmp_path, monkeypatch) -> None:
    assert cli("--show-completion", shell).out == script(shell)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    place, reads = tmp_path / SHELLS[shell].place, SHELLS[shell].reads
    if reads is not None:
        (tmp_path / reads[0]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / reads[0]).write_text("# mine")
    for _ in range(2):
        assert str(place) in cli("--install-completion", shell).out
    assert place.read_text() == script(shell)
    if reads is not None:
        assert (tmp_path / reads[0]).read_text() == f"# mine\n{reads[1]}\n"


@pytest.mark.parametrize(
    ("shell", "folder"),
    [("pwsh", "Documents/PowerShell"), ("powershell", "Documents/WindowsPowerShell")],
)
def test_on_windows_each_powershell_has_its_own_profile(shell, folder, tmp_path) -> None:
    session = Session(run=lambda words: 0, elsewhere=lambda option: [])
    assert install(session, shell, tmp_path, "win32") == tmp_path / folder / "autodiff.ps1"
    profile = (tmp_path / folder / "profile.ps1").read_text()
    assert profile == f". ~/{folder}/autodiff.ps1\n"
    assert on("bash", "win32") == SHELLS["bash"]


@pytest.mark.parametrize(
    ("found", "variable", "shell"),
    [("zsh", "/bin/bash", "zsh"), (None, "/usr/bin/fish", "fish"), (None, "", None)],
)
def test_the_shell_that_asks_is_found_out(found, variable, shell, monkeypatch, cli) -> None:
    def detect_shell() -> tuple[str, str]:
        if found is None:
            raise shellingham.ShellDetectionFailure
        return found, f"/bin/{found}"

    monkeypatch.setattr(shellingham, "detect_shell", detect_shell)
    monkeypatch.setenv("SHELL", variable)
    outcome = cli("--show-completion")
    if shell is None:
        assert "the shell could not be found out; name one" in outcome.err
    else:
        assert outcome.out == script(shell)


def test_a_text_that_is_run_installs_nothing(cli, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    text = tmp_path / "lesson.txt"
    text.write_text("--install-completion bash\n")
    assert cli("run", str(text)).status == 2
    assert not (tmp_path / "home").exists()


#: Shell → how it is started without the user's files, and how it loads a script.
REAL = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source {}"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit && compinit -u -D; source {}"),
    "fish": (["fish", "--no-config", "-i"], "source {}"),
}

#: What is typed, with the key for completion → the words that the program is then given.
TYPED = {
    "autodiff tr\t": "trace",
    "autodiff grad x --forma\tcsv": "grad x --format csv",
    "autodiff grad 'theta*y' --th\t4": "grad theta*y --theta 4",
    'autodiff grad "x+gel\tx)"': "grad x+gelu(x)",
}


class Terminal:
    """A program at a terminal of its own: keys in, screen out."""

    def __init__(self, words: list[str], **settings: str) -> None:
        self.child, self.side = pty.fork()
        if not self.child:
            os.execvpe(words[0], words, {**os.environ, "TERM": "dumb", **settings})
        self.seen = ""

    def press(self, keys: str) -> None:
        os.write(self.side, keys.encode())

    def wait(self, pattern: str) -> None:
        """Read the screen until it shows a pattern."""
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.side], [], [], HANG)
            assert ready, f"{pattern} did not appear in {self.seen!r}"
            self.seen += os.read(self.side, 65536).decode(errors="replace")
        self.seen = ""

    def end(self) -> None:
        os.close(self.side)
        os.waitpid(self.child, 0)


@pytest.mark.parametrize("shell", REAL)
def test_a_real_shell_completes(shell, tmp_path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    program = tmp_path / "bin" / "autodiff"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\n[ "$_AUTODIFF_COMPLETE" ] || { printf "<%s>\\n" "$*"; exit; }\n'
        f'exec "{sys.executable}" -m autodiff_cli "$@"\n'
    )
    program.chmod(0o755)
    place = tmp_path / "script"
    place.write_text(script(shell))
    words, load = REAL[shell]
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    terminal = Terminal(words, PATH=path, HOME=str(tmp_path), PYTHONPATH=str(ROOT), PS1="> ")
    try:
        terminal.press(f"{load.format(place)}; echo load''ed\r")
        terminal.wait("loaded")
        for typed, wanted in TYPED.items():
            terminal.press(f"{typed}\r")
            terminal.wait(re.escape(f"<{wanted}>"))
    finally:
        terminal.end()
