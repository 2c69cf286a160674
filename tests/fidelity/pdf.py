#!/usr/bin/env python3
"""How faithfully PDFs are read: against pdftotext, and on damaged copies.

    cargo build --release
    tests/fidelity/pdf.py --program target/release/acquis FILE|FOLDER ...
    tests/fidelity/pdf.py --program target/release/acquis --damage FILE|FOLDER ...

For each file the word-level F1 (a multiset of words that hold a letter) and the share of pdftotext's pairs of
neighbouring words that are found here too (reading order). Running headers and footers, which acquis tells once
and pdftotext on every page, are taken out of pdftotext's pages by the words that acquis took them for; hyphens at
the end of a line are undone there. CPU seconds include the start of each process.

With --damage each file (DOCX, ODT and RTF as well) is read truncated and with bytes changed; it has to be read, or the
reason told why it or a part of it was not:
exit status 0 or 3, no panic, not more than 1 GB of address
space, not more than 40 seconds.

Needs poppler-utils; nothing else.
"""

import argparse
import collections
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata

WORD = re.compile(r"\w+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd\ue000-\uf8ff]")
HYPHEN = re.compile(r"(\w)[-\u00ad\u2010]\n\s*(?=[a-zß-öø-ÿα-ω])")
# Lines from the top and the bottom of a page among which running ones are looked for.
EDGE = 10
READ, NOT_READ = 0, 3
DAMAGED = (".pdf", ".docx", ".odt", ".rtf")


def words(text):
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return [word for word in WORD.findall(text) if len(word) > 1 and any(c.isalpha() for c in word)]


def run(command, timeout=120):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, timeout=timeout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, cpu


def without_numbers(line):
    return re.sub(r"\d+", "#", " ".join(line.split()).lower())


def without_running(text, running):
    running = [without_numbers(line) for line in running]
    kept = []
    for page in text.split("\f"):
        lines = [line for line in page.split("\n") if line.strip()]
        for place, line in enumerate(lines):
            at_edge = place < EDGE or place >= len(lines) - EDGE
            if not (at_edge and any(without_numbers(line) in known for known in running)):
                kept.append(line)
    return "\n".join(kept)


def compare(program, path):
    """F1, pairs, words there, CPU here, CPU there; None where pdftotext finds hardly any text."""
    there, cpu_there = run(["pdftotext", "-q", "-enc", "UTF-8", path, "-"])
    placed, cpu_here = run([program, "text", path])
    rows = [line.split("\t", 2) for line in placed.stdout.decode("utf-8", "replace").splitlines()]
    # A block without a place is running text: it stands on no page of its own.
    running = [row[2] for row in rows if len(row) == 3 and not row[1]]
    ours = words("\n".join(row[2] for row in rows if len(row) == 3 and row[1]))
    text = without_running(there.stdout.decode("utf-8", "replace"), running)
    theirs = words(HYPHEN.sub(r"\1", text))
    if len(theirs) < 50:
        return None
    a, b = collections.Counter(ours), collections.Counter(theirs)
    f1 = 2 * sum((a & b).values()) / (len(ours) + len(theirs))
    pairs_a, pairs_b = (collections.Counter(zip(x, x[1:])) for x in (ours, theirs))
    pairs = sum((pairs_a & pairs_b).values()) / max(1, sum(pairs_b.values()))
    return f1, pairs, len(theirs), cpu_here, cpu_there


def fidelity(program, files):
    rows = [(compare(program, path), path) for path in files]
    rows = sorted((*row, path) for row, path in rows if row)
    for f1, pairs, count, _, _, path in rows[:15]:
        print(f"{f1:.4f} {pairs:.4f} {count:7} {path}")
    if not rows:
        print("no file could be compared")
        return 1
    mean, pairs = (sum(row[i] for row in rows) / len(rows) for i in (0, 1))
    here, there = (sum(row[i] for row in rows) for i in (3, 4))
    print(
        f"{len(rows)} of {len(files)} files compared: mean F1 {mean:.4f} (floor 0.985), "
        f"median {rows[len(rows) // 2][0]:.4f}, pairs {pairs:.4f} (floor 0.95)\n"
        f"CPU seconds: {here:.2f} here, {there:.2f} pdftotext, ratio {here / max(there, 0.01):.2f} (at most 0.6)"
    )
    return 0 if mean >= 0.985 and pairs >= 0.95 and here <= 0.6 * there else 1


def damaged(data, chance):
    yield data[: len(data) * 6 // 10]
    flipped = bytearray(data)
    for _ in range(60):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    yield bytes(flipped)


def damage(program, files):
    chance = random.Random(1)
    read = refused = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            copy = pathlib.Path(folder) / f"copy{path.suffix.lower()}"
            for data in damaged(path.read_bytes(), chance):
                copy.write_bytes(data)
                limited = ["bash", "-c", 'ulimit -v 1000000; exec "$0" text "$1"', program, copy]
                try:
                    done, _ = run(limited, timeout=40)
                except subprocess.TimeoutExpired:
                    failed += 1
                    print(f"too slow: {path}")
                    continue
                panicked = b"panicked" in done.stderr
                silent = done.returncode == NOT_READ and not done.stderr.strip()
                if done.returncode not in (READ, NOT_READ) or panicked or silent:
                    failed += 1
                    print(f"exit {done.returncode}: {path}: {done.stderr[:200]!r}")
                read += done.returncode == READ
                refused += done.returncode == NOT_READ
    print(f"{read} read, {refused} not or not wholly read, with the reason, {failed} failed")
    return 1 if failed else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--damage", action="store_true")
    arguments.add_argument("paths", nargs="+", type=pathlib.Path)
    options = arguments.parse_args()
    files = []
    for path in options.paths:
        kinds = DAMAGED if options.damage else (".pdf",)
        inside = (file for file in path.rglob("*") if file.suffix.lower() in kinds and file.is_file())
        found = sorted(inside) if path.is_dir() else [path]
        files += [file for file in found if file.stat().st_size > 0]
    return (damage if options.damage else fidelity)(options.program, files)


if __name__ == "__main__":
    sys.exit(main())
