#!/usr/bin/env python3
"""How fast acquis checks text, in CPU seconds of the whole process, beside ripgrep in the same run.

usage: speed.py [ACQUIS] [--documents N] [--runs N] [--keep DIR]

Makes its own documents (1,000 by default) from sentences in five languages, each a folder of its own, and a list of the
names in rules/knowledge/products.tsv. Then, in turn: `rg -c -F -f names.txt`, `acquis text` on all of it as one
document (reading alone), and `acquis check` on all documents. The shortest CPU time of the runs counts. The same seed
makes the same documents.
"""
import argparse, csv, os, random, resource, shutil, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PARTS = {
    "en": (["The contractor", "The solution", "The service", "The supplier", "Each module"],
           ["shall support", "must provide", "should offer", "currently uses", "documents"],
           ["the exchange of records with the register", "a report for each district and month",
            "the export of all data in an open format", "an interface described with OpenAPI",
            "login by OpenID Connect or equivalent", "the migration of the existing archive"]),
    "fr": (["Le titulaire", "La solution", "Le service", "Le prestataire", "Chaque module"],
           ["devra fournir", "doit permettre", "pourra proposer", "utilise actuellement", "documente"],
           ["l'échange de dossiers avec le registre", "un rapport par quartier et par mois",
            "l'export de toutes les données dans un format ouvert", "une interface documentée",
            "la reprise des archives existantes", "une formation pour les agents"]),
    "de": (["Der Auftragnehmer", "Die Lösung", "Der Dienst", "Das Verfahren", "Jedes Modul"],
           ["muss unterstützen", "hat bereitzustellen", "sollte anbieten", "nutzt derzeit", "dokumentiert"],
           ["den Austausch der Akten mit dem Register", "einen Bericht je Bezirk und Monat",
            "die Ausgabe aller Daten in einem offenen Format", "eine dokumentierte Schnittstelle",
            "die Übernahme des bestehenden Archivs", "eine Schulung der Beschäftigten"]),
    "nl": (["De opdrachtnemer", "De oplossing", "De dienst", "De leverancier", "Elke module"],
           ["moet ondersteunen", "dient te leveren", "biedt bij voorkeur", "gebruikt momenteel", "documenteert"],
           ["de uitwisseling van dossiers met het register", "een rapport per wijk en per maand",
            "de uitvoer van alle gegevens in een open formaat", "een gedocumenteerd koppelvlak",
            "de overname van het bestaande archief", "een opleiding voor medewerkers"]),
    "da": (["Leverandøren", "Løsningen", "Tjenesten", "Systemet", "Hvert modul"],
           ["skal understøtte", "skal levere", "bør tilbyde", "anvender i dag", "dokumenterer"],
           ["udveksling af sager med registret", "en rapport pr. bydel og måned",
            "eksport af alle data i et åbent format", "en dokumenteret grænseflade",
            "overtagelse af det eksisterende arkiv", "undervisning af medarbejderne"]),
}


def documents(folder: Path, count: int, names: list[str]) -> int:
    """Writes the documents; their bytes together."""
    random.seed(20260101)
    total = 0
    for number in range(count):
        lang = sorted(PARTS)[number % len(PARTS)]
        subjects, verbs, objects = PARTS[lang]
        lines = [f"{number} {random.choice(objects).capitalize()}", ""]
        for section in range(12):
            lines += [f"{section + 1} {random.choice(objects).capitalize()}", ""]
            for _ in range(8):
                # A number each: a sentence that stands ten times in a document is one finding with nine places.
                sentences = [f"{random.choice(subjects)} {random.choice(verbs)} {random.choice(objects)} "
                             f"({number}-{random.randrange(10_000)})." for _ in range(random.randint(2, 6))]
                if random.random() < 0.05:
                    sentences.append(f"{random.choice(subjects)} {random.choice(verbs)} {random.choice(names)} "
                                     f"({number}-{random.randrange(10_000)}).")
                lines += [" ".join(sentences), ""]
        text = "\n".join(lines)
        (folder / f"{number:04}").mkdir(parents=True)
        (folder / f"{number:04}" / "text.txt").write_text(text, encoding="utf-8")
        total += len(text.encode())
    return total


def cpu(command: list[str], runs: int) -> float:
    """The shortest CPU time (user and system, all threads) of some runs."""
    best = float("inf")
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode not in (0, 1):
            sys.exit(f"{command[0]}: exit status {run.returncode}: {run.stderr.decode()[-500:]}")
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("acquis", nargs="?", default=str(ROOT / "target/release/acquis"))
    arguments.add_argument("--documents", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--keep", type=Path, help="leave documents and names in this folder")
    options = arguments.parse_args()
    if not shutil.which("rg"):
        sys.exit("ripgrep (rg) is needed")
    table = [line for line in (ROOT / "rules/knowledge/products.tsv").read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    names = sorted({name.strip() for row in rows for name in row["names"].split(";") if len(name.strip()) > 3})
    with tempfile.TemporaryDirectory() as scratch:
        base = options.keep or Path(scratch)
        texts = base / "texts"
        total = documents(texts, options.documents, names)
        (base / "names.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
        whole = base / "whole.txt"
        whole.write_text("\n\n".join(p.read_text(encoding="utf-8") for p in sorted(texts.glob("*/text.txt"))), encoding="utf-8")
        rg = cpu(["rg", "-c", "-F", "-f", str(base / "names.txt"), str(texts)], options.runs)
        start = cpu([options.acquis, "check", str(texts / "0000")], options.runs)
        read = cpu([options.acquis, "text", str(whole)], options.runs)
        check = cpu([options.acquis, "check", "--format", "jsonl", str(texts)], options.runs)
    mb = total / 1e6
    print(f"{options.documents} documents, {mb:.2f} MB, {len(names)} names, {os.cpu_count()} cores")
    print(f"rg -c -F -f names.txt   {rg:7.3f} s CPU")
    print(f"acquis, one document    {start:7.3f} s CPU (start)")
    print(f"acquis text, all        {read:7.3f} s CPU (reading)")
    print(f"acquis check, all       {check:7.3f} s CPU = {check / rg:.2f} x rg; {mb / check:.1f} MB/s a core, "
          f"{mb / max(check - start, 1e-9):.1f} MB/s without the start")


if __name__ == "__main__":
    main()
