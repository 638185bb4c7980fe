"""The table: one width for all, numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bench.cost import Cost
from tests.bench.page import Page

_TEXT = 56


def print_pages(pages: Iterable[Page]) -> None:
    """Print bytes and requests of each page."""
    _line("Answer page", "wire bytes", "of headers", "unpacked", "× floor", "requests")
    for page in pages:
        ratio = page.wire / page.floor
        _line(
            page.text,
            f"{page.wire:,}",
            f"{page.headers:,}",
            f"{page.unpacked:,}",
            f"{ratio:.2f}",
            page.requests,
        )
        _line("  floor: its words alone, gzip", f"{page.floor:,}")


def print_slow_phone(found: dict[str, float] | None) -> None:
    """Print when the first words are there on a slow phone, and what the whole way takes."""
    print()
    _line("A slow phone, 400 kbit/s, 400 ms, processor ÷ 6", "ms", "", "", "× floor", "requests")
    if found is None:
        _line("no Chromium")
        return
    ratio = found["page"] / found["floor"]
    _line(
        "poster, Chinese, to the first words", f"{found['page']:.0f}", "", "", f"{ratio:.2f}", "1"
    )
    _line("  floor: a page of one word", f"{found['floor']:.0f}")
    _line("from scanning to thanks", f"{found['way']:.0f}", "", "", "", f"{found['requests']:.0f}")


def print_costs(title: str, lines: Iterable[tuple[str, Cost, Cost | None]]) -> None:
    """Print the cost of each line and its ratios to its floor: of CPU (else wall), of memory."""
    print()
    _line(title, "wall s", "CPU s", "peak MB", "× floor", "× its MB", "runs")
    for text, cost, floor in lines:
        _line(
            text,
            _seconds(cost.wall),
            _seconds(cost.cpu),
            f"{cost.peak:.0f}" if cost.peak else "",
            _ratio(cost, floor),
            _memory(cost, floor),
            str(cost.runs),
        )


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.2f}"


def _ratio(cost: Cost, floor: Cost | None) -> str:
    if floor is None:
        return ""
    ratio = cost.cpu / floor.cpu if cost.cpu and floor.cpu else cost.wall / floor.wall
    return f"{ratio:.1f}"


def _memory(cost: Cost, floor: Cost | None) -> str:
    if floor is None or not cost.peak or not floor.peak:
        return ""
    return f"{cost.peak / floor.peak:.1f}"


def _line(text: str, *figures: str) -> None:
    line = f"{text:<{_TEXT}}" + "".join(f"{figure:>12}" for figure in figures)
    print(line.rstrip(), flush=True)
