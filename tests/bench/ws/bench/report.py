"""Tables in Markdown."""

import platform
import subprocess


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
FAN = [("p50 ms", "p50", PLAIN), ("p95 ms", "p95", PLAIN), ("p99 ms", "p99", PLAIN), ("p99 ÷ floor", "p99", RATIO),
       ("CPU µs a delivery", "cpu", PLAIN), ("CPU ÷ floor", "cpu", RATIO), ("frames a delivery", "frames", PLAIN),
       ("client's core", "client", PLAIN)]
COLUMNS = {
    "F1": FAN,
    "F3": FAN,
    "F4": [("server's core, %", "share", PLAIN), ("÷ floor", "share", RATIO), ("edit p50 ms", "edit_p50", PLAIN),
           ("edit p99 ms", "edit_p99", PLAIN), ("state p50 ms", "state_p50", PLAIN), ("state p99 ms", "state_p99", PLAIN),
           ("client's core", "client", PLAIN)],
    "F7": [("others' p99 ms, nobody slow", "p99_calm", PLAIN), ("with the slow one", "p99_slow", PLAIN),
           ("server grew by MB, nobody slow", "growth_calm", PLAIN), ("with the slow one", "growth_slow", PLAIN),
           ("the slow one", "end", PLAIN)],
    "M1": [("kB a connection", "connection", PLAIN), ("kB a document besides", "room", PLAIN)],
    "M3": [("MB, edited", "hot", PLAIN), ("documents a GiB", "hot_gib", PLAIN), ("MB, opened to read", "opened", PLAIN),
           ("documents a GiB", "opened_gib", PLAIN)],
    "M4": [("MB", "rss", PLAIN), ("MB of its own", "private", PLAIN)],
    "J1": [("p50 ms", "p50", PLAIN), ("p95 ms", "p95", PLAIN), ("longest ms", "max", PLAIN), ("CPU µs a joiner", "cpu", PLAIN),
           ("of an empty document", "empty", PLAIN)],
    "J2": [("p50 ms", "p50", PLAIN), ("p95 ms", "p95", PLAIN), ("longest ms", "max", PLAIN), ("CPU µs a joiner", "cpu", PLAIN),
           ("extra memory ÷ document", "extra", PLAIN)],
    "J3": [("p50 ms", "p50", PLAIN), ("p95 ms", "p95", PLAIN), ("CPU µs", "cpu", PLAIN), ("of an empty document", "empty", PLAIN),
           ("bytes of the answer", "bytes", PLAIN)],
    "O1": [("joiner with nothing (O1): p50 ms", "o1_p50", PLAIN), ("CPU µs", "o1_cpu", PLAIN),
           ("with nine tenths (O2): p50 ms", "o2_p50", PLAIN), ("CPU µs", "o2_cpu", PLAIN),
           ("an empty document: p50 ms", "empty_p50", PLAIN), ("CPU µs", "empty_cpu", PLAIN)],
    "D1": [("p50 ms", "p50", PLAIN), ("p95 ms", "p95", PLAIN), ("p99 ms", "p99", PLAIN), ("longest ms", "max", PLAIN),
           ("CPU µs an edit", "cpu", PLAIN)],
    "D2": [("seconds", "seconds", PLAIN), ("bytes of the log", "log", PLAIN), ("all its edits, raw", "edits", PLAIN),
           ("bytes of the state", "state", PLAIN), ("earlier states", "history", PLAIN), ("the document as one update", "raw", PLAIN)],
}

# Gate: letter, words that the title must have, figure, most (least when negative) and, for ratios, what it is taken to.
GATES = [
    ("F1", "1,000", "p99", 1.15, "floor"), ("F1", "1,000", "cpu", 1.15, "floor"),
    ("F1", "1,000", "p99", 1.15, "floor-nginx"), ("F1", "1,000", "cpu", 1.15, "floor-nginx"), ("F3", "", "cpu", 0.15, "y-websocket"),
    ("F4", "1,000", "share", 30, None), ("M1", "", "connection", 2.4, None), ("M1", "", "room", 1, None),
    ("M3", "", "hot_gib", -3.5, "best"), ("M4", "", "rss", 1, "y-sweet"), ("J1", "", "cpu", 0.1, "y-websocket"),
    ("J2", "", "extra", 2, None), ("J3", "", "over_empty", 50, None), ("O1", "", "o1_over_empty", 0.12, "y-sweet"),
    ("O1", "", "o2_over_empty", 0.45, "y-sweet"), ("D1", "", "p99", 50, None), ("D2", "", "state_share", 0.5, None), ("D2", "", "log_share", 1.5, None),
]


def derive(figures):
    """Figures that gates ask for and tables do not show."""
    out = dict(figures)
    if "empty" in figures:
        out["over_empty"] = figures["cpu"] - figures["empty"]
    for name in ("o1", "o2"):
        if name + "_cpu" in figures:
            out[name + "_over_empty"] = figures[name + "_cpu"] - figures["empty_cpu"]
    if "log" in figures:
        out["state_share"] = figures["state"] / figures["raw"]
        out["log_share"] = figures["log"] / figures["edits"]
    return out


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


def gate_value(key, to, results):
    """(value, words): the figure of ours, or its ratio to what the gate names; None where that was not measured."""
    all_of = {name: derive(figures) for name, figures in results.items()}
    own = all_of.get("coderoom-nginx" if to == "floor-nginx" else "coderoom", {}).get(key)
    if own is None:
        return None, ""
    if to is None:
        return own, ""
    if to == "best":
        others = [f[key] for name, f in all_of.items() if not name.startswith("coderoom") and f.get(key)]
        return (own / max(others), "times the best rival") if others else (None, "")
    base = all_of.get(to, {}).get(key)
    return (own / base, f"of {to}") if base else (None, "")


def gates(measured):
    lines = ["### Gates", "", "| | figure | gate | measured | |", "|---|---|--:|--:|---|"]
    for letter, words, key, limit, to in GATES:
        for kind, results in measured:
            if kind.letter != letter or words not in kind.title:
                continue
            value, unit = gate_value(key, to, results)
            if value is None:
                continue
            good = value <= limit if limit > 0 else value >= -limit
            sign = "≤" if limit > 0 else "≥"
            lines.append(f"| {letter}: {kind.title} | {key.replace('_', ' ')} {unit} | {sign} {number(abs(limit))} | {number(value)} | "
                         + ("reached |" if good else "**missed** |"))
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
