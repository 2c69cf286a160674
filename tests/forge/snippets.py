#!/usr/bin/env python3
"""Writes the YAML blocks of a guide to files, so that they can be validated.

    python3 tests/forge/snippets.py docs/forges.md FOLDER

A block that opens with the comment `# NAME.yml` becomes FOLDER/NAME.yml.
"""

import pathlib
import re
import sys


def main(guide, folder):
    text = pathlib.Path(guide).read_text()
    for name, block in re.findall(r"```yaml\n# ([\w-]+\.yml)\n(.*?)```", text, re.DOTALL):
        pathlib.Path(folder, name).write_text(block)


main(*sys.argv[1:])
