"""What is measured, by the letters of the targets. Each piece of work takes a running server and returns figures;
KINDS says which servers it makes sense for; report.py how its table looks and which gates there are."""

import time

from . import tools


def share(result, count):
    return result["cpu_us"] / count


def percentiles(times, prefix=""):
    return {prefix + p: times[p] for p in ("p50", "p95", "p99")}


# ---- fan-out ----

def fan_figures(r):
    return {**percentiles(r["edits"]), "cpu": r["cpu_us"] / max(1, r["deliveries"]),
            "frames": r["frames"] / max(1, r["deliveries"]), "client": r["client_share"]}


def fan(context, server, clients, writers, rate, seconds, **more):
    return context.load("fan", server, context.fresh(server, 1), clients=clients, writers=writers, rate=rate, seconds=seconds,
                        warm=1, collect=server.node, **more)


def f1(clients, rate, seconds=5):
    return lambda context, server: fan_figures(fan(context, server, clients, 1, rate, 3 if context.quick else seconds))


def f3(clients):
    return lambda context, server: fan_figures(fan(context, server, clients, 50, 2, 4 if context.quick else 6))


def f4(clients):
    def work(context, server):
        r = fan(context, server, clients, 1, 20, 4 if context.quick else 6, presence=1)
        return {"share": r["cpu_share"] * 100, "edit_p50": r["edits"]["p50"], "edit_p95": r["edits"]["p95"],
                "edit_p99": r["edits"]["p99"], "state_p50": r["states"]["p50"], "state_p99": r["states"]["p99"], "client": r["client_share"]}
    return work


def f7(context, server):
    """16 KB edits to 100 readers, without and with one that does not read until the writer ends."""
    seconds = 12
    calm = fan(context, server, 100, 1, 50, seconds, chars=16384)
    server.restart()
    slow = fan(context, server, 100, 1, 50, seconds, chars=16384, slow=1)
    return {"p99_calm": calm["edits"]["p99"], "p99_slow": slow["edits"]["p99"],
            "growth_calm": (calm["rss_peak_kb"] - calm["rss_open_kb"]) / 1024,
            "growth_slow": (slow["rss_peak_kb"] - slow["rss_open_kb"]) / 1024,
            "end": f"closed with {slow['slow_code']}, came back" if slow["slow_closed"] else "read on"}


# ---- memory ----

def join(context, server, documents, clients, **more):
    return context.load("join", server, documents, clients=clients, collect=server.node, **more)


def put(context, server, documents, name, clocks, size, **more):
    return context.load("put", server, documents, updates=f"{context.documents}/{name}", expect_clocks=clocks,
                        expect_bytes=size, saved=server.saved, collect=server.node, **more)


def held(context, server, documents, clients):
    server.restart()
    return join(context, server, documents, clients, concurrency=50, hold=1)["rss_held_kb"]


def m1(context, server):
    """The slope between few and many, so that what is made once, or was free already, does not count."""
    few, many = 500, 3000
    documents = context.fresh(server, few)
    per_connection = (held(context, server, documents[:1], many) - held(context, server, documents[:1], few)) / (many - few)
    part = few // 5
    apart = (held(context, server, documents, few) - held(context, server, documents[:part], part)) / (few - part)
    return {"connection": per_connection, "room": apart - per_connection}


def m3(context, server):
    count = 10 if context.quick else 60
    documents = context.fresh(server, count)
    held = put_doc(context, server, documents, hold=3, concurrency=4)
    hot = (held["rss_held_kb"] - held["rss_before_kb"]) / count
    opened = None
    if server.stores:
        server.restart()
        read = join(context, server, documents, count, concurrency=4, hold=3, **expected(context))
        opened = (read["rss_held_kb"] - read["rss_before_kb"]) / count
    return {"hot": hot / 1024, "hot_gib": 1048576 / hot, "opened": opened and opened / 1024,
            "opened_gib": opened and 1048576 / opened}


def m4(context, server):
    """What the process has to itself, and with the pages of libraries that others map as well."""
    time.sleep(1)
    with open(f"/proc/{server.pids()[0]}/smaps_rollup", encoding="ascii") as file:
        kb = {line.split(":")[0]: int(line.split()[1]) for line in file if line.endswith("kB\n")}
    return {"rss": kb["Rss"] / 1024, "private": (kb["Private_Clean"] + kb["Private_Dirty"]) / 1024}


# ---- joining ----

def expected(context):
    return {"expect_clocks": context.facts["clocks"], "expect_bytes": context.facts["bytes"] // 3}


def put_doc(context, server, documents, **more):
    return put(context, server, documents, "doc.list", context.facts["clocks"], context.facts["bytes"] // 3, **more)


def serve_blob(server, path):
    server.blob = path
    server.restart()


def with_document(context, server, name="doc"):
    """A document that was put; the floor gets it as a file."""
    documents = context.fresh(server, 1)
    if hasattr(server, "blob"):
        serve_blob(server, f"{context.documents}/doc.update")
    elif name == "big":
        put(context, server, documents, "big.list", context.facts["big_clocks"], context.facts["big_bytes"] * 9 // 10)
    else:
        put_doc(context, server, documents)
    return documents


def storm(context, server, documents, clients, **more):
    """Some come before, so that what is made once is not counted."""
    join(context, server, documents, 20, concurrency=20)
    return join(context, server, documents, clients, concurrency=clients, **more)


def join_figures(r, clients):
    return {**percentiles(r["total"]), "max": r["total"]["max"], "cpu": share(r, clients)}


def j1(context, server):
    clients = 100 if context.quick else 200
    empty = join_figures(storm(context, server, context.fresh(server, 1), clients), clients)
    full = join_figures(storm(context, server, with_document(context, server), clients, **expected(context)), clients)
    return {**full, "empty": empty["cpu"]}


J2_WITHIN_S = 30 # what y/hub says that it takes (docs/BENCHMARKS.md); who is slower gets no figures


def j2(context, server):
    size = context.facts["big_bytes"]
    documents, blank = with_document(context, server, "big"), context.fresh(server, 1)
    out = {}
    for name in ("", "cold_"): # as the writer left it; read from the store again
        if name and not server.stores:
            break
        if name:
            server.settle()
            server.restart()
            join(context, server, blank, 1) # connections to the database
        r = join(context, server, documents, 150, concurrency=150, expect_bytes=size * 9 // 10, within=J2_WITHIN_S)
        figures = {**join_figures(r, 150), "extra": (r["rss_peak_kb"] - r["rss_before_kb"]) * 1024 / size}
        out.update({name + key: value for key, value in figures.items()})
    return out


def j3(context, server):
    clients = 100 if context.quick else 300
    documents, blank = with_document(context, server), context.fresh(server, 1)
    for which in (documents, blank):
        join(context, server, which, 20, concurrency=10)
    empty = join(context, server, blank, clients, concurrency=10)
    r = join(context, server, documents, clients, concurrency=10, sv=f"{context.documents}/doc.sv")
    return {**join_figures(r, clients), "empty": share(empty, clients), "bytes": r["bytes"]}


# ---- opening what is stored ----

def o1(context, server):
    """Each document is opened once, by one client after the other; in between the server forgets them."""
    count = 10 if context.quick else 30
    documents, blank = context.fresh(server, count), context.fresh(server, count)
    put_doc(context, server, documents, concurrency=4)
    server.settle()
    out = {}
    for name, which, more in (("empty", blank, {}), ("o1", documents, expected(context)),
                              ("o2", documents, {"sv": f"{context.documents}/part.sv"})):
        server.restart()
        context.load("join", server, context.fresh(server, 1), clients=1) # connections to the database, caches
        r = context.load("join", server, which, clients=count, concurrency=1, **more)
        out.update({**percentiles(r["first"], name + "_"), name + "_cpu": share(r, count)})
    return out


# ---- storing ----

def d1(documents, rate):
    def work(context, server):
        r = context.load("fan", server, context.fresh(server, documents), clients=documents, writers=documents, rate=rate,
                         seconds=4 if context.quick else 8, warm=1, saved=True)
        return {**percentiles(r["saved"]), "max": r["saved"]["max"], "cpu": r["cpu_us"] / r["saved"]["count"]}
    return work


def d2(context, server):
    """Every edit of the document is sent on its own; the last client leaves, the server tidies up and forgets it."""
    documents = context.fresh(server, 1)
    with server.heads_of(documents[0][1]) as heads:
        r = put(context, server, documents, "edits.list", context.facts["clocks"], context.facts["bytes"] // 3)
        heads.count()
        server.restart()
        join(context, server, documents, 1, hold=5, **expected(context))
        heads.count()
    log, state, history = server.stored_bytes(documents[0][1])
    return {"seconds": r["wall_ms"] / 1000, "log": log, "state": state, "history": history, "heads": heads.written,
            "heads_bytes": heads.bytes(), "raw": context.facts["bytes"], "edits": context.facts["edit_bytes"]}


# ---- which servers ----

DIRECT = ("floor", "y-websocket", "hocuspocus3", "hocuspocus4", "coderoom", "y-sweet")


def everyone(_server):
    return True


def is_direct(server):
    return server.name in DIRECT


def also_nginx(server):
    return is_direct(server) or server.name.endswith("-nginx")


def has_document(server):
    """Of Hocuspocus only the newer one: what takes long, and memory, is the same Yjs in both."""
    return is_direct(server) and server.name not in ("floor", "hocuspocus3")


def stores(server):
    return server.stores and is_direct(server)


def coalesces(server):
    return server.name.startswith("coderoom")


def saves(server):
    return server.saved


def ours(server):
    return server.name == "coderoom"


QUICK, FULL = "quick", "full"


class Kind:
    """when: the run that it belongs to alone. repeat: how often ours and the floors are measured, in turns."""

    def __init__(self, letter, title, work, applies, when=None, repeat=1):
        self.letter, self.title, self.work, self.applies = letter, title, work, applies
        self.when, self.repeat = when, repeat

    def belongs(self, quick):
        return self.when in (None, QUICK if quick else FULL)


# What most depends on comes first: when the time is up, the rest is left out.
KINDS = [
    Kind("F1", "100 clients, 20 updates/s", f1(100, 20, 3), everyone),
    Kind("F1", "1,000 clients, 20 updates/s", f1(1000, 20), everyone),
    Kind("F1", "1,000 clients, 50 updates/s", f1(1000, 50), everyone, FULL, repeat=2),
    Kind("F3", "50 writers, 2 updates/s each, 500 readers", f3(500), also_nginx, QUICK),
    Kind("F3", "50 writers, 2 updates/s each, 1,000 readers", f3(1000), also_nginx, FULL),
    Kind("F4", "200 people present, 1 state/s each, and a writer of 20 updates/s", f4(200), also_nginx),
    Kind("F4", "1,000 people present, 1 state/s each, and a writer of 20 updates/s", f4(1000), coalesces, FULL),
    Kind("J1", "many joiners of one document at once", j1, also_nginx),
    Kind("D1", "time until an edit is reported as stored: one document, 20 edits/s", d1(1, 20), saves),
    Kind("D1", "time until an edit is reported as stored: 50 documents, 5 edits/s each", d1(50, 5), saves, FULL),
    Kind("D2", "what is stored of the document when each edit is sent on its own", d2, ours),
    Kind("M1", "memory of an idle connection, and of an empty document", m1, is_direct, FULL),
    Kind("M3", "memory of an open document", m3, has_document),
    Kind("M4", "memory after the start", m4, is_direct),
    Kind("J3", "a client comes back that has everything", j3, has_document),
    Kind("O1", "the first to open a stored document", o1, stores),
    Kind("F7", "one reader that stops reading, 16 KB edits 50 times a second to 100 clients", f7, has_document, FULL),
    Kind("J2", "150 joiners of a document of 20 MB at once", j2, has_document, FULL),
]


class NotStarted(tools.Failure):
    """The server does not start: nothing more can be had of it."""


def measure(context, kind, server):
    """The figures of one kind at one server, once."""
    try:
        try:
            server.start()
        except Exception as why:
            raise NotStarted(f"it does not start: {why}") from why
        return kind.work(context, server)
    finally:
        server.stop()
        if hasattr(server, "blob"):
            server.blob = None


def medians(rounds):
    return {key: median([r[key] for r in rounds]) for key in rounds[0]}


def median(values):
    if any(v is None or isinstance(v, str) for v in values):
        return values[0]
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def chosen(only):
    """The kinds whose letter begins with one of the words; all when there are none."""
    kinds = [k for k in KINDS if not only or any(k.letter.startswith(word.upper()) for word in only)]
    if not kinds:
        raise tools.Failure(f"there is no work {','.join(only)}; there is " + ", ".join(sorted({k.letter for k in KINDS})))
    return kinds
