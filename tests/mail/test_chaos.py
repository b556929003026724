"""Mail under blows, in its smaller form: `make chaos-mail` tells the whole of it."""

import os
import subprocess
import sys

import pytest

from config.run.commands import ROOT


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_letter_is_lost_or_doubled_when_workers_die_and_the_broker_forgets():
    smaller = {
        "recipients": 50,
        "kills": 2,
        "outage": 2,
        "pause": 40,
        "lease": 4,
        "attach": "ics",
        "only": "resend,hold,broker",
    }
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER"}
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.mail",
            *(f"--{name}={value}" for name, value in smaller.items()),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=360,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "workers killed, hold: kills in the middle" in done.stdout
    assert "broker gone: without their file" in done.stdout
