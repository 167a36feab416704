"""What an installation has logged: logs.py DATA. Each line of our daemons is a JSON object with the same first fields;
so is each of nginx's, but for its own errors."""

import glob
import json
import os
import re
import sys

FIELDS = ("ts", "level", "program", "msg")
NGINX_ERROR = re.compile(rb"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(warn|error|crit|alert|emerg)\] |nginx: \[")


def lines(data, name):
    """Whole lines; the last may be in writing."""
    for path in glob.glob(os.path.join(data, "log", name, "*")):
        if os.path.basename(path).startswith(("current", "@")):
            with open(path, "rb") as log:
                yield from (line for line in log if line.endswith(b"\n"))


def wrong(name, line):
    if name == "nginx" and NGINX_ERROR.match(line):
        return False
    try:
        fields = json.loads(line)
    except ValueError:
        return True
    program = "nginx" if name == "nginx" else "coderoom-" + name
    return not all(isinstance(fields.get(f), str) for f in FIELDS) or fields["program"] != program


def main():
    failed = False
    for name in ("api", "ws", "runner", "nginx"):
        found = list(lines(sys.argv[1], name))
        bad = [line for line in found if wrong(name, line)]
        print(f"{name}: {len(found)} lines")
        for line in bad[:5]:
            print(f"  no JSON line: {line[:300]!r}")
        failed = failed or bool(bad) or not found
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
