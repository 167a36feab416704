"""What was measured so far. It is in a file after each piece of work, so that a run that is cut short is not lost:
run --report FILE shows it."""

import json
import os
import sys

from . import report, work


class Results:
    """kinds: (kind, figures by server) in the order in which they began; failures: of what ends with status 1."""

    def __init__(self, path, machine):
        self.path, self.machine = path, machine
        self.kinds, self.failures, self.seconds = [], [], 0
        self.rounds = {}

    def begin(self, kind):
        self.rounds = {}
        self.kinds.append((kind, {}))

    def add(self, server, figures, seconds):
        """One round of the kind that began last."""
        self.rounds.setdefault(server.name, []).append(figures)
        self.kinds[-1][1][server.name] = work.medians(self.rounds[server.name])
        self.save(seconds)

    def refuse(self, server, why, seconds):
        """It failed; what earlier rounds gave stands."""
        self.kinds[-1][1].setdefault(server.name, {"failed": why})
        self.save(seconds)

    def fail(self, text):
        self.failures.append(text)
        self.save(0)

    def save(self, seconds):
        self.seconds += seconds
        kinds = [{"letter": k.letter, "title": k.title, "results": r} for k, r in self.kinds]
        with open(self.path + ".part", "w", encoding="utf-8") as file:
            json.dump({"machine": self.machine, "seconds": round(self.seconds), "kinds": kinds, "failures": self.failures},
                      file, indent=1)
        os.replace(self.path + ".part", self.path)

    def tell_kind(self, servers):
        if self.kinds and self.kinds[-1][1]:
            kind, results = self.kinds[-1]
            print(report.table(kind, servers, results), flush=True)

    def tell_end(self):
        print(report.gates([(k.letter, k.title, r) for k, r in self.kinds]), flush=True)
        for failure in self.failures:
            print(f"FAILED: {failure}", file=sys.stderr)


def tell_file(path, servers):
    """Print the tables and gates of a run that wrote this file."""
    with open(path, encoding="utf-8") as file:
        kept = json.load(file)
    out = Results(path, kept["machine"])
    known = {(k.letter, k.title): k for k in work.KINDS}
    out.failures = kept["failures"]
    print(f"Machine: {kept['machine']}\n")
    for part in kept["kinds"]:
        out.kinds.append((known[(part["letter"], part["title"])], part["results"]))
        out.tell_kind(servers)
    out.tell_end()
