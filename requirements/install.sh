#!/bin/sh
# Brings .venv in line with a lock and with this checkout: requirements/install.sh contract|dev
# What the benchmarks need goes into .venv-bench: requirements/install.sh bench
# The Makefile calls it before every target; where nothing changed it returns at once. PYTHON chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
name=$1
lock=requirements/$name.txt
venv=.venv
[ "$name" != bench ] || venv=.venv-bench
# Settings that would send packages elsewhere, or take modules from elsewhere.
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_CONSTRAINT PIP_REQUIREMENT
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
# What the environment was made from. The place counts because scripts in it hold its absolute path.
state_of() {
    { cat "requirements/$1.txt" pyproject.toml contract_tests/pyproject.toml requirements/install.sh && pwd -P; } | cksum
}
is_current() {
    [ -x $venv/bin/python ] && [ "$(cat "$venv/installed-$name" 2>/dev/null)" = "$(state_of "$name")" ] &&
        { [ -z "${PYTHON:-}" ] || [ "$(version_of "$PYTHON")" = "$(version_of $venv/bin/python)" ]; }
}

choose_python() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_new_enough "$python"; then
            "$python" -c 'import ensurepip, venv' 2>/dev/null ||
                fail "$python cannot make environments: its modules venv and ensurepip are missing." \
                    "On Debian and Ubuntu install them with: apt install python3-venv"
            return
        fi
    done
    python=${PYTHON:-python3}
    found=$(version_of "$python") || fail "$python was not found or does not run. Install Python 3.11 or newer," \
        "or name one that is there: make PYTHON=/path/to/python3.11 ..."
    fail "$python is Python $found; 3.11 or newer is needed. Install it," \
        "or name one that is there: make PYTHON=/path/to/python3.11 ..."
}

# One set-up at a time in a checkout; a lock left by a process that is gone does not count.
wait_for_turn() {
    turn=$venv.lock
    waiting=
    until mkdir $turn 2>/dev/null; do
        holder=$(cat $turn/pid 2>/dev/null) || holder=
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf $turn
            continue
        fi
        [ -n "$waiting" ] || say "Waiting for another set-up of $venv (process ${holder:-starting}; remove $turn/ if there is none)."
        waiting=yes
        sleep 1
    done
    echo $$ >$turn/pid
    trap 'rm -rf $turn' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

is_whole() {
    [ ! -e $venv/installing ] && is_new_enough $venv/bin/python &&
        grep -qF "$(pwd -P)/$venv/" $venv/bin/pip 2>/dev/null &&
        { [ -z "${PYTHON:-}" ] || [ "$(version_of "$PYTHON")" = "$(version_of $venv/bin/python)" ]; }
}

explain() {
    if grep -q 'DO NOT MATCH THE HASHES' "$1"; then
        say "A package that the index sent is not the one that $lock names. Nothing of it was installed." \
            "Try again; if it stays so, the index or a cache on the way alters packages."
    elif grep -qE 'Retrying|Max retries|ConnectionError|NewConnectionError|ProxyError|SSLError|timed out' "$1"; then
        say "The package index cannot be reached. Check the network, or a proxy (HTTPS_PROXY)," \
            "or name a mirror (PIP_INDEX_URL), then run the same command again."
    elif grep -qE 'No matching distribution|No space left' "$1"; then
        say "$(grep -E 'No matching distribution|No space left' "$1" | tail -n 1)"
    else
        tail -n 5 "$1" >&2
        say "Installing failed; the lines above are pip's. Its whole output is in $1"
    fi
}

# pip's own output goes to a file; on a terminal one line shows how far it is.
pip_install() {
    log=$venv/pip.log
    total=$(grep -c '^[a-z].*==' "$lock")
    rm -f $venv/failed
    { $venv/bin/python -m pip install "$@" 2>&1 || echo "$?" >$venv/failed; } | tee $log |
        if [ -t 2 ]; then
            awk -v total="$total" '
                /^(Collecting|Ignoring|Processing|Requirement already)/ { n++; printf "\r  found %d of %d packages \033[K", n, total; fflush() }
                /^Installing collected/ { printf "\r  installing them \033[K"; fflush() }
                END { printf "\r\033[K" }' >&2
        else
            cat >/dev/null
        fi
    [ ! -e $venv/failed ] || { explain $log; exit 1; }
}

is_current && exit 0
choose_python
wait_for_turn
is_current && exit 0

begun=$(date +%s)
if is_whole; then
    say "Bringing $venv up to date with $lock ..."
else
    say "Setting up $venv with $python $(version_of "$python") (once; half a minute to two, as the network allows) ..."
    "$python" -m venv --clear $venv || fail "$python could not make $venv; its message stands above."
fi
: >$venv/installing
say "  downloading and installing the packages of $lock"
pip_install --require-hashes -r "$lock"
say "  installing this checkout"
pip_install --no-deps --no-build-isolation --editable . --editable ./contract_tests
rm $venv/installing
state_of "$name" >"$venv/installed-$name"
# The lock of dev holds all of contract's, in the same versions.
[ "$name" != dev ] || state_of contract >$venv/installed-contract
say "$venv is ready after $(($(date +%s) - begun)) s."
