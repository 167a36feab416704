# shellcheck shell=bash
# What suites share: counting, and building the C programs in a folder of their own.
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

SUITE_PASSED=0 SUITE_FAILED=0

# check TEXT COMMAND...: one test.
check()
{
    local text=$1 began=$SECONDS
    shift
    if "$@"; then
        SUITE_PASSED=$((SUITE_PASSED + 1))
        echo "ok: $text ($((SECONDS - began)) s)"
    else
        SUITE_FAILED=$((SUITE_FAILED + 1))
        echo "FAIL: $text"
    fi
}

# says PATTERN COMMAND...: the command fails with one line that matches.
says()
{
    local pattern=$1 out
    shift
    if out=$("$@" 2>&1 >/dev/null); then
        echo "it did not fail"
        return 1
    fi
    [ "$(printf '%s\n' "$out" | wc -l)" = 1 ] && grep -qE "$pattern" <<<"$out" && return 0
    echo "it said: $out"
    return 1
}

suite_end()
{
    CR_SAID=1
    echo "$SUITE_PASSED passed, $SUITE_FAILED failed"
    [ "$SUITE_FAILED" = 0 ]
}

# build_in FOLDER <configure's arguments>: configures once and builds in $CR_TEST_DIR/FOLDER.
build_in()
{
    local obj=$CR_TEST_DIR/$1 src=$CR_TEST_DIR/build/src
    shift
    mkdir -p "$obj"
    { [ -e "$src/configure" ] && [ -e "$src/Makefile.in" ]; } || "$src/autogen.sh" || return 1
    # Configured anew when asked for something else, or when configure itself is newer.
    if [ "$(cat "$obj/configured" 2>/dev/null)" != "$*" ] || [ "$src/configure" -nt "$obj/config.status" ]; then
        rm -rf "${obj:?}"/*
        (cd "$obj" && "$src/configure" "$@") || return 1
        echo "$*" >"$obj/configured"
    fi
    make -C "$obj" -j"$(nproc)"
}

# unit_tests FOLDER [PATTERN]: make check there, without the tests whose names match, and counts.
unit_tests()
{
    local obj=$CR_TEST_DIR/$1 tests
    find "$obj" -name '*.trs' -delete
    tests=$(make -s -C "$obj" -f - named <<<$'include Makefile\nnamed:; @printf "%s\\n" $(TESTS)' | grep -v -- "${2:-^$}")
    make -C "$obj" -j"$(nproc)" -k check TESTS="${tests//$'\n'/ }" || true
    unit_count "$obj"
}

# unit_count FOLDER: adds up what make check left there: the single tests that cmocka reports, and
# programs that are not cmocka's as one each.
unit_count()
{
    local log ok bad
    while read -r log; do
        ok=$(sed -nE 's/^\[  PASSED  \] ([0-9]+) test.*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
        bad=$(sed -nE 's/^\[  FAILED  \] ([0-9]+) test.*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
        if grep -q ':test-result: PASS' "${log%.log}.trs"; then
            [ "$ok" -gt 0 ] || ok=1
        else
            [ "$bad" -gt 0 ] || bad=1
            echo "FAIL: $log"
            tail -n 40 "$log"
        fi
        SUITE_PASSED=$((SUITE_PASSED + ok)) SUITE_FAILED=$((SUITE_FAILED + bad))
    done < <(find "$1" -name '*.trs' | sed 's/trs$/log/' | sort)
}
