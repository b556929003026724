"""The suite: a database and a broker of its own, on whichever engines the environment names."""

import os
import tempfile
from pathlib import Path

from config.broker import free_port
from config.settings import env

#: True where no REDIS_URL names a server and the suite starts the embedded one by itself.
EMBEDDED_BROKER = env.flag("PLENARY_TEST_EMBEDDED", default=not env.text("REDIS_URL", ""))
# Left in the environment for the suite's other processes, which must find the same server.
os.environ["PLENARY_TEST_EMBEDDED"] = str(int(EMBEDDED_BROKER))
os.environ.setdefault("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
if "PYTEST_XDIST_WORKER" in os.environ or "REDIS_KEY_PREFIX" not in os.environ:
    os.environ["REDIS_KEY_PREFIX"] = f"plenary-test-{os.getpid()}:"

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import (  # noqa: E402
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    REDIS_KEY_PREFIX,
)

SECRET_KEY = "only for the suite: it signs nothing that leaves this machine"  # noqa: S105
PLENARY_DEMO = env.flag("PLENARY_DEMO", default=True)
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# A crowd of test runs may share one server: each keeps its keys, and its queues, to itself.
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = REDIS_KEY_PREFIX

_database = DATABASES["default"]
_database["OPTIONS"].pop("pool", None)
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: web server, worker and beat of a journey open it beside the test.
    if env.text("DATABASE_URL", ""):
        _named = Path(_database["NAME"])
        _file = _named.with_name(f"test_{_named.name}")
    else:
        _file = Path(tempfile.gettempdir()) / f"plenary-test-{os.getpid()}.sqlite3"
    _database["TEST"] = {"NAME": str(_file)}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
