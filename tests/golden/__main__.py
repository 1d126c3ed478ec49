"""`python -m tests.golden`: write the README's outputs and those of the samples anew."""

from __future__ import annotations

from tests.golden.documents import NARROW, README, SAMPLES, golden, rewritten, sample_output


def main() -> None:
    """Run every command line of the documents and keep the outputs."""
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
    for sample in SAMPLES:
        golden(sample).write_text(sample_output(sample), encoding="utf-8")
    sample, narrow, columns = NARROW
    narrow.write_text(sample_output(sample, columns), encoding="utf-8")


if __name__ == "__main__":
    main()
