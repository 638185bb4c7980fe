"""make simulate: how well the method keeps what it promises, into docs/method-evidence.md."""

from pathlib import Path

from tests.simulate.document import write
from tests.simulate.size import FULL

SEED = 20260
DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Simulate at full size and write the page."""
    page = write(DOCS, FULL, SEED, lambda title: print(f"{title} …", flush=True))
    print(f"Written: {page.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
