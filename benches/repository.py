"""How much a check of a large work tree costs beside ripgrep, in one run on one machine.

usage: repository.py ACQUIS FOLDER

Compares the CPU seconds of `acquis check FOLDER` with those of `rg` looking for 50 literals in the same files (hidden
ones too), the fastest of five runs each, and gives acquis' greatest memory. Exit status 1 where the ratio is above 10
or the memory above 250 MB.
"""
import os
import subprocess
import sys
import tempfile

RUNS = 5
MOST_RATIO = 10.0
MOST_MEMORY = 250  # MB

# Fifty literals of the kind that a check for lock-in looks for.
LITERALS = """googletagmanager.com google-analytics.com fonts.googleapis.com maps.googleapis.com api.mapbox.com
sentry.io hooks.slack.com webhook.office.com graph.microsoft.com login.microsoftonline.com amazonaws.com azurewebsites
cloudfront.net firebaseio.com googleapis.com recaptcha hcaptcha hotjar clarity.ms segment.com mixpanel intercom
zendesk auth0 okta cognito dynamodb cosmosdb jdbc:oracle jdbc:sqlserver boto3 aws-sdk @azure/ com.google.firebase
com.google.android.gms PlayIntegrity SafetyNet ActiveXObject discord.gg trello.com newrelic datadog appinsights
openai.com anthropic.com SPDX-License-Identifier Copyright swagger AF_INET typekit.net""".split()


def cost(command: list[str]) -> tuple[float, float]:
    """CPU seconds and greatest memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    acquis, folder = sys.argv[1:]
    assert len(LITERALS) == 50, len(LITERALS)
    files = sum(len(names) for path, _, names in os.walk(folder) if "/.git" not in path)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as patterns:
        patterns.write("\n".join(LITERALS) + "\n")
        patterns.flush()
        rg = ["rg", "--hidden", "--glob", "!.git", "--fixed-strings", "--count", "--file", patterns.name, folder]
        check = [acquis, "check", folder, "--as", "repository", "--format", "sarif"]
        rg_cost, acquis_cost = [], []
        # Turn about, so that what else the machine does falls on both.
        for _ in range(RUNS):
            rg_cost.append(cost(rg))
            acquis_cost.append(cost(check))
    rg_seconds, acquis_seconds = min(rg_cost)[0], min(acquis_cost)[0]
    memory = max(megabytes for _, megabytes in acquis_cost)
    ratio = acquis_seconds / rg_seconds
    print(f"{files} files · rg {rg_seconds:.2f} s · acquis {acquis_seconds:.2f} s · ratio {ratio:.1f} · memory {memory:.0f} MB")
    return int(ratio > MOST_RATIO or memory > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
