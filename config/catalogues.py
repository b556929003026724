"""`make messages`: collects every text for translation, and compiles the catalogues.

Each app has a catalogue for its own Python; what else there is goes to the one at the top.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
APPS: Final = ("conference", "delegates", "sessions", "checkin", "demo")
NOT_OURS: Final = (".venv", "bench", "docs", "node_modules", "static", "tests", "var")


def collect() -> None:
    """Bring the catalogues up to date; Django puts a text into the nearest `locale` folder."""
    for app in APPS:
        (ROOT / app / "locale").mkdir(exist_ok=True)
    (ROOT / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans"]
    command += ["--extension", "html,txt,py", "--no-location", "--no-obsolete", "--no-wrap"]
    command += [f"--ignore={folder}/*" for folder in NOT_OURS]
    subprocess.run(command, cwd=ROOT, check=True)


def compile_all(msgfmt: str) -> None:
    """Compile every catalogue beside its source."""
    for folder in (ROOT, *(ROOT / app for app in APPS)):
        for source in sorted((folder / "locale").glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            subprocess.run([msgfmt, "--check-format", "-o", target, source], check=True)


def main() -> int:
    """Collect and compile; return 0, or 1 where gettext is missing."""
    msgfmt = shutil.which("msgfmt")
    if not msgfmt:
        print("This needs gettext: apt-get install gettext, or brew install gettext.")
        return 1
    collect()
    compile_all(msgfmt)
    return 0


if __name__ == "__main__":
    sys.exit(main())
