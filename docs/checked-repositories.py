"""Checks repositories and writes docs/checked-repositories.md.

usage: checked-repositories.py ACQUIS CHECKOUTS [OWNER__NAME …] > docs/checked-repositories.md

ACQUIS is a release build; CHECKOUTS holds one work tree a folder, OWNER__NAME; without names all are checked. Time is that of one run, reading
from a warm cache: the fastest of three.
"""
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

RUNS = 3
HEAD = """# Repositories of public bodies, checked

Written by `docs/checked-repositories.py` with the default policy: what `acquis check` says of each work tree, and in
what time. Kind decides which rules apply. A licence is that of the file nearest to the root whose text is known.

| repository | commit | kind | licence | files | errors | warnings | notes | not read | seconds |
|---|---|---|---|---:|---:|---:|---:|---:|---:|"""


def check(acquis: str, folder: Path) -> tuple[dict, float]:
    """The report, and the seconds of the fastest run."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.monotonic()
        run = subprocess.run([acquis, "check", folder, "--format", "json"], capture_output=True, check=False)
        best = min(best, time.monotonic() - start)
        if run.returncode not in (0, 1, 3):
            raise SystemExit(f"{folder}: exit status {run.returncode}: {run.stderr.decode()}")
    return json.loads(run.stdout), best


def licence(report: dict) -> str:
    """The expression of the licence text nearest to the root."""
    texts = sorted(report["licences"].items(), key=lambda item: (item[0].count("/"), item[0]))
    return texts[0][1] if texts else "none"


def main() -> None:
    acquis, checkouts, *names = sys.argv[1:]
    print(HEAD)
    errors: dict[str, set[str]] = {}
    slowest, count = 0.0, 0
    for folder in sorted(Path(checkouts).iterdir(), key=lambda folder: folder.name.lower()):
        if not folder.is_dir() or names and folder.name not in names:
            continue
        report, seconds = check(acquis, folder)
        name = folder.name.replace("__", "/")
        head = subprocess.run(["git", "-C", folder, "rev-parse", "--short=8", "HEAD"], capture_output=True, text=True)
        read = report["coverage"]["read"][0]
        levels = Counter(finding["level"] for finding in report["findings"])
        for finding in report["findings"]:
            if finding["level"] == "error":
                errors.setdefault(finding["rule"], set()).add(name)
        cells = [name, head.stdout.strip() or "–", ", ".join(read.get("remarks", [])), licence(report), read["parts"]]
        cells += [levels["error"], levels["warning"], levels["note"], len(report["coverage"]["not_read"])]
        print("| " + " | ".join(map(str, cells)) + f" | {seconds:.2f} |", flush=True)
        slowest, count = max(slowest, seconds), count + 1
    print(f"\n{count} repositories, the slowest in {slowest:.2f} s.\n\n## Rules of level error\n")
    print("| rule | repositories | share |\n|---|---|---:|")
    for rule, where in sorted(errors.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"| {rule} | {', '.join(sorted(where))} | {100 * len(where) / count:.0f} % |")


if __name__ == "__main__":
    main()
