"""The session on the page for developers of other clients, done as it stands there."""

import doctest
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "checkin-client.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def session():
    """Give the commands of the page, each with what it prints; … stands for anything."""
    told = "".join(BLOCK.findall(PAGE))
    for step in told.split("$ ")[1:]:
        command, _, printed = step.partition("\n")
        yield command, printed.replace("…", "...")


def assert_prints(printed, expected):
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(expected, printed, flags), printed


def run(command, known, state):
    arguments = [known.get(each, each) for each in shlex.split(command)]
    assert arguments[:3] == ["python", "-m", "docs.cp1_client"], command
    done = subprocess.run(
        [sys.executable, *arguments[1:3], "--state", str(state), *arguments[3:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def test_the_session_goes_as_it_is_told(conference, line, settings, tmp_path, capsys):
    settings.PUBLIC_BASE_URL = line.url
    conference.slug = "china-us-rehearsal"
    conference.save()
    conference.gates.filter(name_en="North door").update(name_en="Main entrance")
    known = {}
    for command, printed in session():
        if command.startswith("python manage.py"):
            call_command(*shlex.split(command)[2:])
            told = capsys.readouterr().out
        else:
            told = run(command, known, tmp_path / "state.json")
        assert_prints(told, printed)
        body = json.loads(told)
        known |= {f"${name.upper()}": body[name] for name in ("address", "qr") if name in body}
    assert known.keys() == {"$ADDRESS", "$QR"}
