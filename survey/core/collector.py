"""Letting Python's collector of cycles rest while a round is reckoned."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the collector: thousands of frozen values are made, and none is in a cycle.

    It would walk through all of them again and again, a third of the whole time. Usable as a
    decorator. Who found it resting leaves it so; who stopped it starts it again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
