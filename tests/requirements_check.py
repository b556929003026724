"""Tells, without a network, whether requirements/*.txt still answer what requirements/*.in ask."""

import re
import sys
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER: Final = Path(__file__).resolve().parents[1] / "requirements"
PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")


def asked(name: str) -> list[Requirement]:
    """Return what a .in file asks for, with the files that it includes."""
    found: list[Requirement] = []
    for raw in (FOLDER / f"{name}.in").read_text().splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("-r "):
            found += asked(line.removeprefix("-r ").removesuffix(".in"))
        elif line and not line.startswith("-"):
            found.append(Requirement(line))
    return found


def pinned(name: str) -> dict[str, str]:
    """Return the versions that a .txt file pins."""
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()
    pins = [match for line in lines if (match := PIN.match(line))]
    return {canonicalize_name(pin["name"]): pin["version"] for pin in pins}


def faults() -> list[str]:
    """Return a sentence for each thing that is wrong."""
    found: list[str] = []
    base = pinned("base")
    for name in ("base", "dev", "production"):
        pins = pinned(name)
        for requirement in asked(name):
            version = pins.get(canonicalize_name(requirement.name))
            if version is None or not requirement.specifier.contains(version, prereleases=True):
                found.append(f"{name}.txt has {version or 'nothing'} for {requirement}")
        found += [
            f"{name}.txt has {package} {version}, base.txt has {base[package]}"
            for package, version in pins.items()
            if base.get(package, version) != version
        ]
        blocks = re.split(r"\n(?=\S)", (FOLDER / f"{name}.txt").read_text().strip())
        found += [
            f"{name}.txt: no hash for {block.split()[0]}"
            for block in blocks
            if "--hash=sha256:" not in block
        ]
    return found


def main() -> int:
    """Print what is wrong; return 0 if nothing is."""
    wrong = faults()
    print("\n".join([*wrong, "Run `make requirements`."] if wrong else ["requirements compiled"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
