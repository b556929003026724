"""Gets a browser for the tests: the machine's own, else by apt, else Playwright's download.

Run it as a program before the suite; it says plainly what it found or could not get.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser() -> str | None:
    """Return the path of a browser that starts, or None."""
    named = os.environ.get("PLENARY_BROWSER", "")
    found = [named, *(shutil.which(name) or "" for name in NAMES), *APPLICATIONS, _downloaded()]
    return next((path for path in found if path and Path(path).exists() and _starts(path)), None)


def main() -> int:
    """Make sure of a browser; return 0 with one, and without one 1 in CI, else 0."""
    path = find_browser() or (_by_apt() and find_browser()) or (_by_download() and find_browser())
    if path:
        print(f"Browser for the tests: {path}")
        return 0
    print(
        "No browser for the tests: neither Chromium nor Chrome is installed, and it could be got "
        "neither by apt nor by Playwright's download. Install Chromium and run this again. "
        "The browser tests are skipped until then."
    )
    return 1 if os.environ.get("CI") == "true" else 0


def _starts(path: str) -> bool:
    # Ubuntu's `chromium-browser` may be a stub that only says to install a snap.
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _downloaded() -> str:
    asked = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    try:
        answer = subprocess.run(
            [sys.executable, "-c", asked], check=True, capture_output=True, timeout=60, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()


def _by_apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Chromium with apt-get …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return (
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False).returncode == 0
        and subprocess.run(install, env=environment, check=False).returncode == 0
    )


def _by_download() -> bool:
    print("Downloading Chromium with Playwright …", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False, timeout=600).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
