"""Where a program keeps what it remembers of its user, by the customs of each system.

XDG Base Directory Specification 0.8 on Linux and its kin, Apple's Application Support, Windows'
local application data. It is these few lines, and no library more.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

#: The folder of this program below that of all programs.
OWN = "autodiff"


def state_folder(
    system: str = sys.platform, environment: Mapping[str, str] = os.environ, home: str = ""
) -> str:
    """Return the folder for the program's state; it need not exist.

    Args:
        system: as `sys.platform` names it.
        environment: variables of the environment.
        home: the user's folder; "" is that of whoever runs the program.
    """
    home = home or os.path.expanduser("~")
    if system == "win32":
        base = environment.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif system == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = environment.get("XDG_STATE_HOME", "")
        if not os.path.isabs(base):  # the specification: a relative path is to be ignored
            base = os.path.join(home, ".local", "state")
    return os.path.join(base, OWN)
