"""The workers of the web server begin with connections of their own."""

import os
import subprocess
import sys

import pytest

from config.run.commands import ROOT
from tests.support.running import url_of_test_database

#: Does what the web server does before it forks, then asks from two processes who answers them.
TWO_WORKERS = """
import os
import django
django.setup()
from django.db import connection
from config.run import web
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
web.close_connections()
for _ in range(2):
    if not os.fork():
        who = "pg_backend_pid()" if connection.vendor == "postgresql" else os.getpid()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {who}")
            print(cursor.fetchone()[0], flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_share_a_connection():
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    told = subprocess.run(
        [sys.executable, "-c", TWO_WORKERS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.split()
    assert len(set(told)) == 2, told
