"""The script: SymPy's process starts before all other imports, to load beside them."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

#: Commands that nearly always ask SymPy.
ASKING = frozenset({"grad", "compare", "count", "jacobian", "hessian", "hvp"})


def main() -> None:
    """Run the command line and exit with its status."""
    # Start-up makes many objects and no garbage: looking for cycles would cost a tenth of it.
    gc.disable()
    try:
        sys.exit(_run(sys.argv[1:]))
    except KeyboardInterrupt:  # before the command line could catch it
        sys.exit(130)


def _run(words: list[str]) -> int:
    shell = os.environ.get("_AUTODIFF_COMPLETE")
    if shell is not None:  # it asks what may stand at its cursor
        from autodiff_cli.cli.dispatch import complete

        return complete(words, shell)
    client = None
    if words[:1] in (["grad"], ["compare"], ["count"]) and not {"--no-sympy", "--help", "-h"} & set(
        words
    ):
        from autodiff_cli.symbolic.client import Client

        client = Client()
        with suppress(OSError):  # it is tried again when it is asked, and the answer says why not
            client.start()
    from autodiff_cli.cli.dispatch import run

    return run(words, client)


if __name__ == "__main__":
    main()
