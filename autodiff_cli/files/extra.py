"""pyarrow, which is an extra: whether it is here, and what to say where it is not."""

from __future__ import annotations

from autodiff_cli.errors import AutodiffError


def require(what: str = "Parquet files") -> None:
    """Raise the error that names the extra where pyarrow is not installed, or is broken.

    Args:
        what: what needs it.
    """
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise AutodiffError(
            f"{what} need pyarrow, which is not installed",
            mend='run pip install "autodiff-cli[parquet]"',
        )
    try:
        import pyarrow.parquet  # noqa: F401
    except Exception as error:  # whatever a broken installation raises
        said = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise ImportError(said, name="pyarrow") from None


def works() -> bool:
    """Tell whether pyarrow can be used where the standard library does as well."""
    try:
        require()
    except (AutodiffError, ImportError):
        return False
    return True
