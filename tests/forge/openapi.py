#!/usr/bin/env python3
"""Writes github.openapi.json anew: the part of GitHub's OpenAPI description that acquis uses.

    npm pack @octokit/openapi@23.0.2 && tar -xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
    python3 tests/forge/openapi.py package/generated/api.github.com.json
"""

import json
import pathlib
import re
import sys

PATHS = {
    "/user": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}": ["get"],
    "/repos/{owner}/{repo}/check-runs": ["post"],
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ["patch"],
    "/repos/{owner}/{repo}/code-scanning/sarifs": ["post"],
    "/repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}": ["get"],
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ["get", "post"],
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ["patch"],
}


def references(value):
    return set(re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(value)))


def main(source):
    whole = json.loads(pathlib.Path(source).read_text())
    part = {key: whole[key] for key in ("openapi", "info", "servers")}
    part["paths"] = {path: {verb: whole["paths"][path][verb] for verb in verbs} for path, verbs in PATHS.items()}
    part["components"] = {}
    open_references = references(part["paths"])
    while open_references:
        kind, name = open_references.pop()
        if name in part["components"].setdefault(kind, {}):
            continue
        component = whole["components"][kind][name]
        part["components"][kind][name] = component
        open_references |= references(component)
    part["components"] = {kind: dict(sorted(names.items())) for kind, names in sorted(part["components"].items())}
    target = pathlib.Path(__file__).with_name("github.openapi.json")
    target.write_text(json.dumps(part, ensure_ascii=False, separators=(",", ":")) + "\n")


main(*sys.argv[1:])
