#!/usr/bin/env python3
"""How faithful the reading text is: compares it with pandoc (DOCX, ODT) and pdftotext (PDF).

    cargo build --release --example reading_text
    tests/fidelity/fidelity.py --program target/release/examples/reading_text FILE|FOLDER ...

For each file the word-level F1 (a multiset of words that hold a letter) and the share of the other program's
pairs of neighbouring words that are found here too (reading order). Headers, footers and comments are left
out of DOCX and ODT, since pandoc does not print them.

pandoc leaves words out that the document has (text boxes, captions, fields, nested tables). The proved F1 counts a
word that is found only here as right where the XML of the file holds it that often; what is invented or read twice,
and what pandoc has and is not found here, stays an error. Needs pandoc and poppler-utils; nothing else.
"""

import argparse
import collections
import json
import pathlib
import re
import resource
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as tree
import zipfile

WORD = re.compile(r"\w+")
LEFT_OUT = {"header", "footer", "comment"}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def words(text):
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return [word for word in WORD.findall(text) if len(word) > 1 and any(c.isalpha() for c in word)]


def pandoc_text(node, out, notes):
    """Collects the words of pandoc's tree in reading order; notes come after their paragraph."""
    if isinstance(node, list):
        for child in node:
            pandoc_text(child, out, notes)
        return
    if not isinstance(node, dict):
        return
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        out.append(content)
    elif kind in ("Space", "SoftBreak", "LineBreak"):
        out.append(" ")
    elif kind in ("Code", "CodeBlock", "Math"):
        out.append(content[1])
    elif kind == "RawInline" or kind == "RawBlock" or kind == "Image":
        return
    elif kind == "Note":
        inner = []
        pandoc_text(content, inner, inner)
        notes.extend([" "] + inner)
    elif kind in ("Para", "Plain", "Header"):
        own_notes = []
        pandoc_text(content, out, own_notes)
        out.extend([" "] + own_notes + [" "])
    elif kind in ("Link", "Span", "Div", "Quoted"):
        pandoc_text(content[1], out, notes)
    else:
        pandoc_text(content if content is not None else list(node.values()), out, notes)


def reference(path):
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        command = ["pdftotext", "-q", "-enc", "UTF-8", str(path), "-"]
        return subprocess.run(command, capture_output=True, timeout=120).stdout.decode("utf-8", "replace")
    command = ["pandoc", "-f", suffix[1:], "-t", "json", "--track-changes=accept", str(path)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=30)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode != 0:
        return None
    tree = json.loads(run.stdout)
    out = []
    # Paragraphs in the styles Title, Subtitle, Author … are metadata to pandoc.
    for value in tree["meta"].values():
        pandoc_text(value, out, out)
        out.append(" ")
    pandoc_text(tree["blocks"], out, out)
    return "".join(out)


# Elements whose text is not the document's own: what was deleted, instructions, what is repeated for old programs.
NO_TEXT = {"tracked-changes", "delText", "delInstrText", "instrText", "Fallback", "annotation", "desc", "title"}
BREAKS = {"tab", "s", "br", "cr", "line-break", "soft-page-break"}
PARAGRAPHS = {"p", "h"}
PARTS = ("content.xml", "word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


def xml_text(element, out):
    name = element.tag.rsplit("}", 1)[-1]
    if name not in NO_TEXT:
        if name in BREAKS or name in PARAGRAPHS:
            out.append(" ")
        out.append(element.text or "")
        for child in element:
            xml_text(child, out)
        if name in PARAGRAPHS:
            out.append(" ")
    out.append(element.tail or "")


def held(path):
    """How often the XML of a DOCX or ODT file holds each word."""
    out = []
    try:
        with zipfile.ZipFile(path) as package:
            for part in PARTS:
                if part in package.namelist():
                    xml_text(tree.fromstring(package.read(part)), out)
                    out.append(" ")
    except (zipfile.BadZipFile, tree.ParseError, RecursionError):
        return collections.Counter()
    return collections.Counter(words("".join(out)))


def proved(path, ours, theirs):
    """F1 with the words that the file holds though the other program leaves them out."""
    if path.suffix.lower() == ".pdf":
        return scores(ours, theirs)[0]
    a, b, in_file = collections.Counter(ours), collections.Counter(theirs), held(path)
    wanted = b | (a & in_file)
    return 2 * sum((a & wanted).values()) / max(1, sum(a.values()) + sum(wanted.values()))


def scores(ours, theirs):
    a, b = collections.Counter(ours), collections.Counter(theirs)
    same = sum((a & b).values())
    f1 = 2 * same / (len(ours) + len(theirs)) if ours or theirs else 1.0
    pairs_a, pairs_b = (collections.Counter(zip(x, x[1:])) for x in (ours, theirs))
    pairs = sum((pairs_a & pairs_b).values()) / max(1, sum(pairs_b.values()))
    return f1, pairs


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--floor", type=float, default=0.0, help="exit 1 where the mean proved F1 is below")
    arguments.add_argument("--show", action="store_true", help="print the words that differ in the worst files")
    arguments.add_argument("paths", nargs="+", type=pathlib.Path)
    options = arguments.parse_args()
    files = []
    for path in options.paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        files += [f for f in found if f.suffix.lower() in (".docx", ".odt", ".pdf") and f.is_file()]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    names = "".join(f"{f}\n" for f in files).encode()
    run = subprocess.run([options.program], input=names, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours_cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    read = [json.loads(line) for line in run.stdout.splitlines()]
    rows, failed, unread = [], 0, 0
    for path, document in zip(files, read, strict=True):
        text = reference(path)
        if text is None:
            failed += 1
            continue
        unread += not document["blocks"]
        kept = [b for b in document["blocks"] if path.suffix.lower() == ".pdf" or str(b["kind"]) not in LEFT_OUT]
        ours = words(" \n".join(b["text"] for b in kept))
        theirs = words(text)
        if len(theirs) < 20:
            continue
        rows.append((*scores(ours, theirs), len(theirs), path, ours, theirs, proved(path, ours, theirs)))
    theirs_cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    theirs_cpu = theirs_cpu.ru_utime + theirs_cpu.ru_stime - after.ru_utime - after.ru_stime
    rows.sort(key=lambda row: (row[6], row[0]))
    for f1, pairs, count, path, ours, theirs, sure in rows[:15]:
        print(f"{sure:.4f} {f1:.4f} {pairs:.4f} {count:7} {path}")
        if options.show:
            a, b = collections.Counter(ours), collections.Counter(theirs)
            print("   only here:", " ".join(f"{w}×{n}" for w, n in (a - b).most_common(12)))
            print("   only there:", " ".join(f"{w}×{n}" for w, n in (b - a).most_common(12)))
    if not rows:
        print("no file could be compared")
        return 1
    mean, pairs, sure = (sum(row[i] for row in rows) / len(rows) for i in (0, 1, 6))
    print(
        f"{len(rows)} files compared, {failed} that the other program refused or took too long for, {unread} without a block here\n"
        f"mean proved F1 {sure:.4f}; mean F1 {mean:.4f}, median {sorted(r[0] for r in rows)[len(rows) // 2]:.4f}, pairs {pairs:.4f}, "
        f"F1 below 0.99: {sum(r[0] < 0.99 for r in rows)}\n"
        f"CPU seconds: {ours_cpu:.2f} here, {theirs_cpu:.2f} there, ratio {ours_cpu / max(theirs_cpu, 0.01):.3f}"
    )
    return 0 if sure >= options.floor else 1


if __name__ == "__main__":
    sys.exit(main())
