"""Numbers as text, and the page that they are written into."""

from dataclasses import dataclass
from pathlib import Path

BEGIN = "<!-- bench/run writes from here -->"
END = "<!-- to here -->"


@dataclass
class Row:
    what: str
    budget: str
    measured: str
    beside: str

    def line(self):
        return f"| {self.what} | {self.budget} | {self.measured} | {self.beside} |"


def seconds(value):
    if value >= 1:
        return f"{value:.2f} s"
    if value >= 1e-3:
        return f"{value * 1e3:.3g} ms"
    return f"{value * 1e6:.3g} µs"


def size(value):
    if value >= 1e6:
        return f"{value / 1e6:.1f} MB"
    return f"{value / 1024:.2f} KiB"


def ratio(ours, theirs):
    value = ours / theirs
    return f"{value:.2f} ×" if value < 10 else f"{value:.0f} ×"


def table(rows):
    head = ["| what | budget | measured | beside it |", "|---|---|---|---|"]
    return "\n".join([*head, *(row.line() for row in rows)])


def write(path, text, machine):
    """Replaces the generated part of a page."""
    page = Path(path).read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    Path(path).write_text(f"{before}{BEGIN}\nMeasured on {machine}.\n\n{text}\n{END}{after}", encoding="utf-8")
