"""Tables in Markdown."""

import platform
import re
import subprocess

from . import tools


def number(value):
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


# Column: title, key of the figure, and how it is shown: as it is, or as a ratio to the base on the same kind of socket.
PLAIN, RATIO = 0, 1


def percentiles(before="", key=""):
    return [(before + "p50 ms", key + "p50", PLAIN), ("p95 ms", key + "p95", PLAIN), ("p99 ms", key + "p99", PLAIN)]


FAN = [*percentiles(), ("p99 ÷ floor", "p99", RATIO), ("CPU µs a delivery", "cpu", PLAIN), ("CPU ÷ floor", "cpu", RATIO),
       ("frames a delivery", "frames", PLAIN), ("client's core", "client", PLAIN)]
COLUMNS = {
    "F1": FAN,
    "F3": FAN,
    "F4": [("server's core, %", "share", PLAIN), ("÷ floor", "share", RATIO), *percentiles("edit ", "edit_"),
           ("state p50 ms", "state_p50", PLAIN), ("state p99 ms", "state_p99", PLAIN), ("client's core", "client", PLAIN)],
    "F7": [("others' p99 ms, nobody slow", "p99_calm", PLAIN), ("with the slow one", "p99_slow", PLAIN),
           ("server grew by MB, nobody slow", "growth_calm", PLAIN), ("with the slow one", "growth_slow", PLAIN),
           ("the slow one", "end", PLAIN)],
    "M1": [("kB a connection", "connection", PLAIN), ("kB a document besides", "room", PLAIN)],
    "M3": [("MB, edited", "hot", PLAIN), ("documents a GiB", "hot_gib", PLAIN), ("MB, opened to read", "opened", PLAIN),
           ("documents a GiB", "opened_gib", PLAIN)],
    "M4": [("MB", "rss", PLAIN), ("MB of its own", "private", PLAIN)],
    "J1": [*percentiles(), ("longest ms", "max", PLAIN), ("CPU µs a joiner", "cpu", PLAIN), ("of an empty document", "empty", PLAIN)],
    "J2": [*percentiles(), ("longest ms", "max", PLAIN), ("CPU µs a joiner", "cpu", PLAIN),
           ("extra memory ÷ document", "extra", PLAIN), *percentiles("read from the store: ", "cold_"),
           ("extra memory ÷ document", "cold_extra", PLAIN)],
    "J3": [*percentiles(), ("longest ms", "max", PLAIN), ("CPU µs", "cpu", PLAIN), ("of an empty document", "empty", PLAIN),
           ("bytes of the answer", "bytes", PLAIN)],
    "O1": [*percentiles("joiner with nothing (O1): ", "o1_"), ("CPU µs", "o1_cpu", PLAIN),
           *percentiles("with nine tenths (O2): ", "o2_"), ("CPU µs", "o2_cpu", PLAIN),
           *percentiles("an empty document: ", "empty_"), ("CPU µs", "empty_cpu", PLAIN)],
    "D1": [*percentiles(), ("longest ms", "max", PLAIN), ("CPU µs an edit", "cpu", PLAIN)],
    "D2": [("seconds", "seconds", PLAIN), ("all edits, raw bytes", "edits", PLAIN), ("the log", "log", PLAIN),
           ("states written", "heads", PLAIN), ("their bytes together", "heads_bytes", PLAIN), ("earlier states kept", "history", PLAIN),
           ("the state", "state", PLAIN), ("the document as one update", "raw", PLAIN)],
}


def table(kind, servers, results):
    columns = COLUMNS[kind.letter]
    lines = [f"### {kind.letter}: {kind.title}", "", "| | " + " | ".join(title for title, _, _ in columns) + " |",
             "|---|" + "--:|" * len(columns)]
    for server in servers:
        figures = results.get(server.name)
        if figures is None:
            continue
        if "failed" in figures:
            lines.append(f"| {server.title} | {figures['failed'].replace('|', '/')} |" + " |" * (len(columns) - 1))
            continue
        cells = []
        for _, key, how in columns:
            base = results.get(server.base, {}).get(key)
            if how == RATIO:
                cells.append(number(figures[key] / base) if base else "–")
            else:
                cells.append(number(figures[key]))
        lines.append(f"| {server.title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


# ---- gates ----

class Gate:
    """A limit of a figure. words choose the kinds of a letter; what(all, here) is the figure, None where a part of it was
    not measured: all[letter, title] are figures by server, here is one of its keys."""

    def __init__(self, letter, words, text, limit, what, least=False):
        self.letter, self.words, self.text, self.limit, self.what, self.least = letter, words, text, limit, what, least

    def row(self, title, value):
        limit = self.limit(title) if callable(self.limit) else self.limit
        if value is None:
            end = "not measured"
        else:
            end = "reached" if (value >= limit if self.least else value <= limit) else "**missed**"
        sign = "≥" if self.least else "≤"
        return f"| {self.letter}: {title} | {self.text} | {sign} {number(limit)} | {number(value)} | {end} |"


def own(key, who="coderoom"):
    return lambda all_of, here: all_of[here].get(who, {}).get(key)


def sum_of(*keys):
    """The first less the others, like processor time above what an empty document takes."""
    def what(all_of, here, who="coderoom"):
        values = [all_of[here].get(who, {}).get(key) for key in keys]
        return None if None in values else values[0] - sum(values[1:])
    return what


def share_of(parts, whole):
    def what(all_of, here):
        f = all_of[here].get("coderoom", {})
        return sum(f[p] for p in parts) / f[whole] if f.get(whole) else None
    return what


def times(first, second):
    """The ratio of two figures."""
    def what(all_of, here):
        a, b = first(all_of, here), second(all_of, here)
        return a / b if a is not None and b else None
    return what


def at(what, who):
    return lambda all_of, here: what(all_of, here, who)


def of_kind(letter, words, key, who="coderoom"):
    """A figure of another kind of work."""
    def what(all_of, _here):
        found = [f.get(who, {}).get(key) for (l, title), f in all_of.items() if l == letter and words in title]
        return found[0] if found else None
    return what


def less(first, second):
    def what(all_of, here):
        a, b = first(all_of, here), second(all_of, here)
        return None if a is None or b is None else a - b
    return what


def best_rival(key):
    def what(all_of, here):
        return max((f[key] for name, f in all_of[here].items()
                    if not name.startswith(("coderoom", "floor")) and f.get(key)), default=None)
    return what


def fanout_tick_ms(title):
    """How long coderoom-ws collects edits for so many readers when many write: ws/fanout.h says it."""
    with open(f"{tools.SOURCE}/ws/fanout.h", encoding="utf-8") as file:
        c = {name: int(value) for name, value in re.findall(r"#define CR_FANOUT_(\w+) (\d+)", file.read())}
    readers = int(re.search(r"([\d,]+) readers", title).group(1).replace(",", ""))
    return min(max(readers * c["DELIVERY_US"] * c["TICK_FACTOR"] / 1000, c["TICK_MIN_MS"]), c["TICK_MAX_MS"])


def pair(letter, words, text, limit, what):
    """The same of both ways to us; what(name of ours, name of the floor beside it) makes the figure."""
    return [Gate(letter, words, text, limit, what("coderoom", "floor")),
            Gate(letter, words, text + ", behind nginx", limit, what("coderoom-nginx", "floor-nginx"))]


YHUB_J2_MS = 30187 # y/hub's own figure, see docs/BENCHMARKS.md
F1_1000_20, F1_1000_50 = "1,000 clients, 20", "1,000 clients, 50"
CPU_OVER_EMPTY = sum_of("cpu", "empty")
O1_OVER_EMPTY, O2_OVER_EMPTY = sum_of("o1_cpu", "empty_cpu"), sum_of("o2_cpu", "empty_cpu")
GATES = [
    *pair("F1", "1,000", "p99, of the floor's", 1.15, lambda us, floor: times(own("p99", us), own("p99", floor))),
    *pair("F1", "1,000", "CPU a delivery, of the floor's", 1.15, lambda us, floor: times(own("cpu", us), own("cpu", floor))),
    Gate("F3", "", "CPU a delivery, of y-websocket's", 0.15, times(own("cpu"), own("cpu", "y-websocket"))),
    *pair("F3", "1,000", "ms of p99 above F1's (a tick)", fanout_tick_ms,
          lambda us, _: less(own("p99", us), of_kind("F1", F1_1000_50, "p99", us))),
    *pair("F4", "1,000", "% of a core", 30, lambda us, _: own("share", us)),
    *pair("F4", "1,000", "edits' p99, of F1's", 1.3, lambda us, _: times(own("edit_p99", us), of_kind("F1", F1_1000_20, "p99", us))),
    Gate("F7", "", "others' p99, of that with nobody slow", 1.15, times(own("p99_slow"), own("p99_calm"))),
    Gate("M1", "", "kB a connection", 2.4, own("connection")),
    Gate("M1", "", "kB a document", 1, own("room")),
    Gate("M3", "", "documents a GiB, of the best rival's", 3.5, times(own("hot_gib"), best_rival("hot_gib")), least=True),
    Gate("M4", "", "MB, of y-sweet's", 1, times(own("rss"), own("rss", "y-sweet"))),
    Gate("J1", "", "CPU a joiner, of y-websocket's", 0.1, times(own("cpu"), own("cpu", "y-websocket"))),
    Gate("J2", "", "extra memory, of the document", 2, own("extra")),
    Gate("J2", "", "p99, of y/hub's own figure", 0.1, times(own("p99"), lambda *_: YHUB_J2_MS)),
    Gate("J3", "", "CPU µs above an empty document", 50, CPU_OVER_EMPTY),
    Gate("O1", "", "CPU above an empty document (O1), of y-sweet's", 0.12, times(O1_OVER_EMPTY, at(O1_OVER_EMPTY, "y-sweet"))),
    Gate("O1", "", "CPU above an empty document (O2), of y-sweet's", 0.45, times(O2_OVER_EMPTY, at(O2_OVER_EMPTY, "y-sweet"))),
    *pair("D1", "", "p99 ms", 50, lambda us, _: own("p99", us)),
    Gate("D2", "", "the state, of the document as one update", 0.5, share_of(["state"], "raw")),
    Gate("D2", "", "the log, of the edits", 1.5, share_of(["log"], "edits")),
    Gate("D2", "", "all that was written (log, states, earlier states), of the edits", 1.4,
         share_of(["log", "heads_bytes", "history"], "edits")),
]


def gates(measured):
    """measured: (letter, title, figures by server) of each kind."""
    all_of = {(letter, title): results for letter, title, results in measured}
    lines = ["### Gates", "", "| | figure | gate | measured | |", "|---|---|--:|--:|---|"]
    for gate in GATES:
        for here in all_of:
            if here[0] == gate.letter and gate.words in here[1]:
                lines.append(gate.row(here[1], gate.what(all_of, here)))
    return "\n".join(lines) + "\n" if len(lines) > 4 else ""


def machine():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(file.readline().split()[1]) / 1048576
    with open("/proc/loadavg", encoding="ascii") as file:
        load = file.read().split()[0]
    count = subprocess.run(["nproc"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    return f"{count} × {model}, {memory:.0f} GB, Linux {platform.release()}; load average now {load}"
