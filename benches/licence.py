"""What reading licences costs, in CPU seconds, beside ripgrep and reuse in the same run.

usage: licence.py ACQUIS FILES TREE [REUSE]

FILES is a folder of licence files, TREE a work tree of 10,000 files or more, REUSE the program of that name
(without it, or with `-`, it is not measured). Each figure is the least of several runs; ratios are what counts.
"""
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

# Fifty literals, the first words of what licence files and headers say.
LITERALS = """SPDX-License-Identifier|SPDX-FileCopyrightText|Copyright|All rights reserved|Licensed under|Permission is hereby
granted|Redistribution and use|GNU General Public|GNU Lesser|GNU Affero|Apache License|Mozilla Public|European Union
Public|Eclipse Public|MIT License|ISC License|BSD License|Creative Commons|CeCILL|Licence Ouverte|Boost Software|Artistic
License|Unlicense|public domain|WITHOUT WARRANTY|AS IS|without restriction|free of charge|proprietary|confidential
|licence|license|LICENSE|LICENCE|COPYING|copyleft|EUPL|AGPL|LGPL|MPL-2.0|Apache-2.0|BSD-3-Clause|CC0|CC-BY|OFL-1.1|Zlib
|WTFPL|BUSL|SSPL|Elastic License""".replace("\n", " ").split("|")


def cpu(command: list[str], runs: int) -> float:
    """Least CPU seconds of the command and its children."""
    least = float("inf")
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return least


def main() -> None:
    acquis, files, tree = sys.argv[1:4]
    reuse = sys.argv[4] if len(sys.argv) > 4 and sys.argv[4] != "-" else None
    licences = [path for path in Path(files).iterdir() if path.is_file()]
    size = sum(path.stat().st_size for path in licences)
    many = cpu([acquis, "licence", "--plain", files], 7)
    one = cpu([acquis, "licence", "--plain", str(max(licences, key=lambda path: -abs(path.stat().st_size - 10_000)))], 9)
    print(f"{len(licences)} licence files, {size / 1e6:.2f} MB: {many:.3f} s; one of 10 kB, cold: {one:.3f} s")
    count = sum(len(names) for folder, _, names in os.walk(tree) if "/.git" not in folder)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as patterns:
        patterns.write("\n".join(literal.strip() for literal in LITERALS))
        patterns.flush()
        rg = cpu(["rg", "--hidden", "-g", "!.git", "-F", "-c", "-f", patterns.name, tree], 5)
    ours = cpu([acquis, "licence", "--reuse", tree], 5)
    print(f"tree of {count} files: rg {rg:.2f} s, acquis {ours:.2f} s ({ours / rg:.1f} x rg)")
    if reuse:
        theirs = cpu([reuse, "--root", tree, "lint", "-q"], 1)
        print(f"reuse lint: {theirs:.2f} s ({theirs / ours:.1f} x acquis)")


if __name__ == "__main__":
    main()
