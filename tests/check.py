"""`make check`: everything that a commit must pass, side by side; one line of figures at the end."""

import concurrent.futures
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BIN: Final = Path(sys.executable).parent
AT_ONCE: Final = 2
PRODUCTION: Final = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "DJANGO_SECRET_KEY": "Only-to-look-at-the-settings-0123456789-abcdefghij-KLMNOPQRST",
    "DJANGO_ALLOWED_HOSTS": "plenary.example",
    "DATABASE_URL": "postgres://plenary@127.0.0.1:5432/plenary",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://relay.example:587?tls=starttls",
}
TEST: Final = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass(frozen=True)
class Check:
    """One command that must end with 0."""

    name: str
    command: list[str]
    environment: dict[str, str]

    def run(self) -> tuple[bool, str]:
        """Return whether it passed, and what it said."""
        done = subprocess.run(
            self.command,
            cwd=ROOT,
            env=os.environ | self.environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode == 0, done.stdout.strip()


def tool(name: str, *arguments: str) -> list[str]:
    """Return the command line of a tool of the environment."""
    return [str(BIN / name), *arguments]


def manage(*arguments: str) -> list[str]:
    """Return the command line of a Django command."""
    return [sys.executable, "manage.py", *arguments]


def checks() -> list[Check]:
    """Return all checks, the slowest first."""
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    found = [
        Check("types (mypy)", tool("mypy", "."), TEST),
        Check("doors between modules (import-linter)", tool("lint-imports"), {}),
        Check("style (ruff check)", tool("ruff", "check", "."), {}),
        Check("format (ruff format)", tool("ruff", "format", "--check", "."), {}),
        Check("migrations complete", manage("makemigrations", "--check", "--dry-run"), TEST),
        Check(
            "production settings (check --deploy)",
            manage("check", "--deploy", "--fail-level", "WARNING"),
            PRODUCTION,
        ),
        Check("requirements compiled", [sys.executable, "tests/requirements_check.py"], {}),
        Check(
            "template format (djade)",
            tool("djade", "--check", "--target-version", "5.2", *templates),
            {},
        ),
        Check("template lint (djlint)", tool("djlint", "--lint", "--quiet", "templates"), {}),
    ]
    scripts = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").glob("*.test.*js"))
    if shutil.which("node"):
        found.append(Check("scanner (node --test)", ["node", "--test", *scripts], {}))
    elif os.environ.get("CI") == "true":
        found.append(Check("scanner (node --test)", ["sh", "-c", "echo no node; exit 1"], {}))
    else:
        print("skipped: the scanner's own tests, as this machine has no Node")
    return found


def main() -> int:
    """Run all checks; return 0 if every one passed."""
    started = time.monotonic()
    failed = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(check.run): check for check in checks()}
        for done in concurrent.futures.as_completed(running):
            passed, said = done.result()
            check = running[done]
            print(f"{'ok  ' if passed else 'FAIL'}  {check.name}", flush=True)
            if not passed:
                failed.append(check.name)
                print(said, flush=True)
    print(
        f"check: {len(running) - len(failed)} of {len(running)} passed, "
        f"{time.monotonic() - started:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
