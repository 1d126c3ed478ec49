"""`python -m tests.golden`: write the outputs in the documents and of the samples anew."""

from __future__ import annotations

from tests.golden.documents import (
    DEVELOPERS,
    DOCUMENTS,
    NARROW,
    SAMPLES,
    WORKSHEET,
    golden,
    rewritten,
    sample_output,
    worksheet,
)


def main() -> None:
    """Run every command line of the documents and keep the outputs."""
    for document in (*DOCUMENTS, DEVELOPERS):
        document.write_text(rewritten(document.read_text(encoding="utf-8")), encoding="utf-8")
    for sample in SAMPLES:
        golden(sample).write_text(sample_output(sample), encoding="utf-8")
    sample, narrow, columns = NARROW
    narrow.write_text(sample_output(sample, columns), encoding="utf-8")
    WORKSHEET.write_text(worksheet(), encoding="utf-8")


if __name__ == "__main__":
    main()
