"""Compares primaryLocationLineHash with what the SARIF Multitool computes by GitHub's algorithm.

usage: fingerprints.py MULTITOOL SARIF CHECKED

CHECKED is the file or folder that was checked. Only results in text files are compared: in a binary file the
lines are those of its text in reading order, which no other tool knows.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

TEXT = {".md", ".txt", ".html", ".htm", ".xml", ".json", ".toml", ".yml", ".yaml"}


def main() -> int:
    multitool, sarif, checked = sys.argv[1], sys.argv[2], Path(sys.argv[3]).resolve()
    root = checked if checked.is_dir() else checked.parent
    log = json.loads(Path(sarif).read_text(encoding="utf-8"))
    ours, results = [], []
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        path = root / unquote(place["artifactLocation"]["uri"])
        if path.suffix.lower() not in TEXT or not path.is_file():
            continue
        ours.append((path.name, place["region"]["startLine"], result["partialFingerprints"]["primaryLocationLineHash"]))
        place = {"artifactLocation": {"uri": path.as_uri()}, "region": {"startLine": place["region"]["startLine"]}}
        results.append({"ruleId": "r", "message": {"text": "m"}, "locations": [{"physicalLocation": place}]})
    if not results:
        return 0
    run = {"tool": {"driver": {"name": "t"}}, "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.sarif"), Path(folder, "after.sarif")
        before.write_text(json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}))
        command = [multitool, "rewrite", str(before), "-o", str(after), "--log", "ForceOverwrite"]
        subprocess.run([*command, "--insert", "RollingHashPartialFingerprints"], check=True, capture_output=True)
        rewritten = json.loads(after.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    wrong = 0
    for (name, line, hash_), result in zip(ours, rewritten, strict=True):
        theirs = result["partialFingerprints"]["primaryLocationLineHash"]
        if hash_ != theirs:
            wrong += 1
            print(f"  {name}:{line}: {hash_}, not {theirs}")
    print(f"{Path(sarif).name}: {len(ours) - wrong} of {len(ours)} fingerprints are those of the Multitool")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
