"""The table: each figure beside its reference and its target."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of what was measured; ``fell_short`` if one does not reach its target."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    fell_short: bool = False

    def add(
        self,
        what: str,
        value: float,
        *,
        unit: str = "",
        most: float | None = None,
        least: float | None = None,
        stretch: float | None = None,
        reference: str = "",
    ) -> None:
        """Add a figure that may be at most, or must be at least, so much."""
        good = (most is None or value <= most) and (least is None or value >= least)
        self.fell_short |= not good
        target = ""
        if most is not None:
            target = f"≤ {most:g}{unit}"
        elif least is not None:
            target = f"≥ {least:g}{unit}"
        mark = "" if not target else "ok" if good else "SHORT"
        if (
            good
            and stretch is not None
            and (value <= stretch if most is not None else value >= stretch)
        ):
            mark = "ok, stretch"
        if stretch is not None:
            target += f" (stretch {stretch:g})"
        row = (what, f"{value:.3g}{unit}" if value < 1000 else f"{value:,.0f}{unit}")
        self.rows.append((*row, reference, target, mark))
        print("  ".join(self.rows[-1]), flush=True)

    def note(self, what: str, said: str) -> None:
        """Add a line without a target."""
        self.rows.append((what, said, "", "", ""))
        print(f"{what}  {said}", flush=True)

    def text(self) -> str:
        """Return the table."""
        head = ("what", "measured", "reference in this run", "target", "")
        rows = [head, *self.rows]
        widths = [max(len(row[n]) for row in rows) for n in range(5)]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
