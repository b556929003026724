"""What a printed document says: read with Poppler's tools, where the machine has them."""

import os
import shutil
import subprocess
from pathlib import Path

TOOLS = ("pdftotext", "pdftoppm")


class Printed:
    """A PDF, page by page."""

    def __init__(self, document: bytes, folder: Path) -> None:
        assert document.startswith(b"%PDF-")
        self._path = folder / "printed.pdf"
        self._path.write_bytes(document)

    @staticmethod
    def can_be_read() -> bool:
        """Return whether the tools are there. In CI they must be; elsewhere it is said aloud."""
        if all(shutil.which(tool) for tool in TOOLS):
            return True
        assert os.environ.get("CI") != "true", "CI must have poppler-utils"
        print("The badges' PDF was not read: install poppler-utils.")
        return False

    def pages(self) -> list[str]:
        """Return the words of each page, without the spaces between them."""
        text = self._run("pdftotext", "-layout", str(self._path), "-").decode()
        return ["".join(page.split()) for page in text.split("\f")[:-1]]

    def picture(self, page: int) -> bytes:
        """Return a page (the first is 1) as a PNG."""
        number = str(page)
        where = ("-f", number, "-l", number, "-r", "200", "-png", str(self._path))
        return self._run("pdftoppm", *where)

    def _run(self, tool: str, *arguments: str) -> bytes:
        return subprocess.run([tool, *arguments], check=True, capture_output=True).stdout
