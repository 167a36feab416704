#!/usr/bin/env python3
"""What the benchmark does with what goes wrong, and its gates: without any server."""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from bench import coderoom, report, results, servers, work  # noqa: E402

loader = importlib.machinery.SourceFileLoader("bench_run", f"{HERE}/run")
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_run", loader))
loader.exec_module(run)


class Rival(servers.Server):
    def __init__(self, name, start=None):
        self.name = self.title = name
        self.fail, self.starts, self.stops = start, 0, 0

    def is_ours(self):
        return self.name.startswith(("coderoom", "floor"))

    def start(self):
        self.starts += 1
        if self.fail:
            raise self.fail

    def stop(self):
        self.stops += 1


def memory(_context, server):
    return {"rss": float(len(server.name)), "private": 1.0}


def quietly(what, *args):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        what(*args)
    return out.getvalue()


class Course(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = results.Results(f"{folder.name}/figures.json", "a machine")

    def measure(self, kinds, all_servers):
        return quietly(run.measure, None, kinds, all_servers, False, self.out)

    def kind(self, what=memory, repeat=1):
        return work.Kind("M4", "memory after the start", what, work.everyone, repeat=repeat)

    def test_a_rival_that_does_not_start_is_named_and_the_rest_goes_on(self):
        broken = Rival("y-broken", start=OSError("no such program"))
        text = self.measure([self.kind(), self.kind()], [broken, Rival("coderoom")])
        self.assertIn("y-broken is not measured further", text)
        self.assertEqual((broken.starts, broken.stops), (1, 1))
        self.assertEqual([r["coderoom"]["rss"] for _, r in self.out.kinds], [8, 8])
        self.assertIn("no such program", self.out.kinds[0][1]["y-broken"]["failed"])
        self.assertEqual(self.out.failures, [])

    def test_a_failure_of_ours_is_told_and_the_rest_goes_on(self):
        def odd(context, server):
            if server.name == "coderoom":
                raise ZeroDivisionError("nothing was saved")
            return memory(context, server)
        self.measure([self.kind(odd)], [Rival("coderoom"), Rival("y-fine")])
        self.assertEqual(self.out.kinds[0][1]["y-fine"]["rss"], 6)
        self.assertEqual(len(self.out.failures), 1)

    def test_what_was_measured_outlives_an_interruption(self):
        def interrupted(context, server):
            if server.name == "y-second":
                sys.exit(1)
            return memory(context, server)
        second = Rival("y-second")
        with self.assertRaises(SystemExit):
            self.measure([self.kind(interrupted)], [Rival("coderoom"), second, Rival("y-third")])
        self.assertEqual(second.stops, 1)
        text = quietly(results.tell_file, self.out.path, [Rival("coderoom"), Rival("y-second")])
        self.assertIn("| coderoom | 8.00 | 1.00 |", text)

    def test_ours_is_measured_in_turns_and_the_median_is_kept(self):
        given = iter([5.0, 1.0, 3.0])
        rival = Rival("y-once")
        def counted(_context, server):
            return {"rss": next(given) if server.name == "coderoom" else 2.0, "private": 1.0}
        self.measure([self.kind(counted, repeat=3)], [Rival("coderoom"), rival])
        self.assertEqual(self.out.kinds[0][1]["coderoom"]["rss"], 3)
        self.assertEqual(rival.starts, 1)


class Chosen(unittest.TestCase):
    def test_through_nginx_as_well(self):
        def letters(server):
            return {k.letter for k in work.KINDS if k.applies(server)}
        self.assertLessEqual({"F1", "F3", "F4", "J1", "D1"}, letters(coderoom.CoderoomNginx))
        self.assertLessEqual({"F1", "F3", "F4", "J1"}, letters(servers.FloorNginx))


class Gates(unittest.TestCase):
    def row(self, words, *measured):
        return next(line for line in report.gates(measured).splitlines() if words in line)

    def test_a_tick_is_what_the_server_waits_for_so_many_readers(self):
        f1 = ("F1", "1,000 clients, 50 updates/s", {"coderoom": {"p99": 10, "cpu": 1}})
        f3 = ("F3", "50 writers, 2 updates/s each, 1,000 readers", {"coderoom": {"p99": 60, "cpu": 1}})
        tick = report.fanout_tick_ms(f3[1])
        self.assertTrue(10 <= tick <= 100)
        self.assertIn(f"≤ {report.number(tick)} | 50.0", self.row("above F1's", f1, f3))

    def test_all_that_is_written_counts_as_written(self):
        d2 = {"log": 115, "heads_bytes": 33, "history": 12, "state": 4, "raw": 10, "edits": 100}
        row = self.row("all that was written", ("D2", "stored", {"coderoom": d2}))
        self.assertIn("| ≤ 1.40 | 1.60 | **missed** |", row)

    def test_a_gate_without_figures_says_so(self):
        self.assertIn("not measured", self.row("of y-sweet's", ("M4", "memory", {"coderoom": {"rss": 5}})))


if __name__ == "__main__":
    unittest.main()
