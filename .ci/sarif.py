"""Holds SARIF files to the rules by which GitHub takes them in: fails on anything above a note.

usage: sarif.py MULTITOOL FILE…

The Multitool's exit status is 0 whatever it finds, so its own report is read.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def above_a_note(multitool: str, sarif: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.sarif")
        command = [multitool, "validate", sarif, "--rule-kind", "Sarif;Gh", "--level", "Error;Warning", "--quiet", "true"]
        run = subprocess.run([*command, "-o", str(report), "--log", "ForceOverwrite"], capture_output=True, text=True)
        if not report.exists():
            return [f"no validation: {run.stdout}{run.stderr}"]
        log = json.loads(report.read_text(encoding="utf-8-sig"))
    # A result without a level has the default one: warning.
    results = [result for run in log["runs"] for result in run.get("results", [])]
    return [
        f"{result['ruleId']} {result.get('level', 'warning')}: {json.dumps(result['message'])}"
        for result in results
        if result.get("level", "warning") in ("warning", "error")
    ]


def main() -> int:
    multitool, *files = sys.argv[1:]
    failed = False
    for sarif in files:
        problems = above_a_note(multitool, sarif)
        failed |= bool(problems)
        print(f"{Path(sarif).name}: {len(problems)} above note")
        for problem in problems:
            print(f"  {problem}")
    return int(failed or not files)


if __name__ == "__main__":
    sys.exit(main())
