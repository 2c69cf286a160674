"""Scores acquis on labelled documents and holds the figures to their floors.

usage: scores.py CORPUS FLOORS

Repositories are scored where ACQUIS_CHECKOUTS names the folder that holds them.

FLOORS has a line a figure: its name, `>=` or `<=`, the value. A figure may only get better; whoever makes it
better moves the floor.
"""
import operator
import os
import re
import subprocess
import sys
from pathlib import Path

SCRIPTS = {"documents": "score.py", "publiccode": "publiccode/score.py"}
COMPARE = {">=": operator.ge, "<=": operator.le}


def figures(corpus: Path) -> dict[str, float]:
    """The figures of the last line that each script prints: `recall 0.812`, `near misses hit 1/93`."""
    found = {}
    scripts = {name: [corpus / script] for name, script in SCRIPTS.items()}
    if checkouts := os.environ.get("ACQUIS_CHECKOUTS"):
        scripts["repositories"] = [corpus / "repositories/score.py", checkouts]
    for name, command in scripts.items():
        run = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=True)
        print(run.stdout.strip())
        last = run.stdout.strip().splitlines()[-1]
        for words, value in re.findall(r"([A-Za-z][A-Za-z1() ]*?) (\d+(?:\.\d+)?)(?:/\d+)?(?= |$)", last):
            found[f"{name} {words}"] = float(value)
    return found


def main() -> int:
    found = figures(Path(sys.argv[1]))
    failed = False
    for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, sign, floor = re.fullmatch(r"(.+?) (>=|<=) (\S+)", line).groups()
        value = found.get(name)
        if value is None and name.startswith("repositories ") and "ACQUIS_CHECKOUTS" not in os.environ:
            continue
        if value is None or not COMPARE[sign](value, float(floor)):
            failed = True
            print(f"{name} is {value}, not {sign} {floor}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
