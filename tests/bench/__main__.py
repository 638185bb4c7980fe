"""make bench: how long the service takes for its work, how much memory, how many bytes.

docs/benchmarks.md says what each line is and how to read it. This process imports nothing but the
standard library: the peak of a child counts from the size of its parent.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import page, start, table, work


def main() -> None:
    """Measure everything and print it."""
    began, before = time.monotonic(), os.getloadavg()[0]
    with TemporaryDirectory(prefix="bench") as folder:
        instance = Path(folder) / "instance"
        addresses, first = start.first(instance)
        table.print_pages(page.measure(instance, addresses))
        table.print_slow_phone(page.slow_phone(instance, addresses))
        for group in work.GROUPS:
            table.print_costs(group.title, work.measure(group))
        table.print_costs("Start", start.measure(instance, addresses, first))
    print(
        f"\nload {before:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores; "
        f"measured in {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
