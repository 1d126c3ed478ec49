"""The samples: texts that come with the package, for `run`."""

from __future__ import annotations

from pathlib import Path

import autodiff_cli
from autodiff_cli.errors import AutodiffError, nearest, shortened

#: What stands before the name of a sample.
SAMPLE = "sample:"


def sample(word: str) -> str:
    """Return the path of a sample.

    Args:
        word: `sample:` and its name.

    Raises:
        AutodiffError: there is none of that name.
    """
    package = Path(autodiff_cli.__file__).parent
    # Installed they are in the package, in a clone beside it.
    folder = next(f for f in (package / "samples", package.parent / "samples") if f.is_dir())
    texts = {path.stem: path for path in sorted(folder.glob("*.txt"))}
    name = word.removeprefix(SAMPLE)
    if name not in texts:
        close = nearest(name, list(texts))
        mend = f"did you mean {SAMPLE}{close}?" if close else f"they are {', '.join(texts)}"
        raise AutodiffError(f"there is no sample '{shortened(name)}'", mend=mend)
    return str(texts[name])
