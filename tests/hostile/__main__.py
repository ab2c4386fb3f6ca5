"""All that is hostile, thrown at the program: ``python -m tests.hostile [--short] [NAME …]``, or ``make fuzz``.

Every generator is a file of this folder with ``run(count, seed)``, whose counts say how its cases ended. No case may end in another
way than "good" or "refused".
"""

import argparse
import importlib
import sys
import time
from pathlib import Path
from typing import Any

from tests.hostile.bounded import bad_ends

SIZES = {"files": 100_000, "netlists": 100_000, "touchstone": 100_000, "calls": 1000, "devices": 10_000}
SHORT = {"files": 1000, "netlists": 3000, "touchstone": 3000, "calls": 50, "devices": 4}
"""Cases by generator, of a whole run and of one that takes a minute or two."""


def main() -> int:
    """Run the generators; 0 if every case ended well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(SIZES)}; all that there are by default"
    )
    parser.add_argument("--short", action="store_true", help="a small part of every set")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other cases")
    parser.add_argument("--count", type=int, help="so many cases of each")
    options = parser.parse_args()
    here = Path(__file__).parent
    names = options.names or [name for name in SIZES if (here / f"{name}.py").exists()]
    failed = False
    for name in names:
        count = options.count or (SHORT if options.short else SIZES)[name]
        began = time.monotonic()
        answer: Any = importlib.import_module(f"tests.hostile.{name}").run(count, options.seed)
        counts = dict(getattr(answer, "counts", answer))
        print(f"{name}: {count} cases in {time.monotonic() - began:.0f} s: {counts}", flush=True)
        print(*getattr(answer, "remarks", []), sep="\n", end="\n" if getattr(answer, "remarks", []) else "", flush=True)
        failed = failed or bool(bad_ends(counts))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
