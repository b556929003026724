#!/bin/sh
# Makes .venv and installs one file of pinned and hashed requirements into it; says what is missing.
set -eu

requirements=$1

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    say "Plenary needs Python 3.11 or newer, and there is none on this machine."
    say "Debian, Ubuntu: apt-get install python3 python3-venv.   macOS: brew install python"
    exit 1
}

make_venv() {
    python=$(find_python)
    # Debian and Ubuntu ship Python without the part that makes environments.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            say "Installing python$version-venv with apt-get …"
            export DEBIAN_FRONTEND=noninteractive
            { apt-get update -qq && apt-get install -y -qq "python$version-venv"; } >/dev/null || true
        fi
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            say "This Python cannot make an environment. Run this once, then try again:"
            say "    sudo apt-get install python$version-venv"
            exit 1
        fi
    fi
    "$python" -m venv .venv
}

# An environment that was copied, moved or half made is made anew.
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    rm -rf .venv
    make_venv
fi

say "Installing $requirements into .venv (once, about a minute) …"
# The files name every package with its hashes, so there is nothing to resolve; what is imported is
# compiled then, which is a small part of it all.
exec .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --no-deps --no-compile --require-hashes --requirement "$requirements"
