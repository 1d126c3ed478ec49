"""Write `expected.json` anew: what PyTorch makes of every program. Needs PyTorch."""

from __future__ import annotations

import json
import warnings

from tests.programs.run import EXPECTED, programs, seen


def main() -> None:
    warnings.simplefilter("ignore")
    found = {name: seen("torch", code) for name, code in programs().items()}
    for outcome in found.values():
        outcome.pop("said", None)
    rows = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(outcome, separators=(',', ':'))}"
            for name, outcome in found.items()]  # fmt: skip
    EXPECTED.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} programs")


if __name__ == "__main__":
    main()
