"""Templates and routes, compiled once in a process of tests and not once for each service in it.

Half of the time of a test that opens a page went there. What is compiled hangs on the source
alone; a service of a test's own uses it as it would its own.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """The code of each template, by its name and the checksum of its source."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give *bucket* the code of its template, where the same source was compiled before."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of *bucket*."""
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Templates()
BUILDERS: dict[tuple[object, ...], Callable[..., Any]] = {}


class CompiledTemplates(Environment):
    """An environment that takes what another one has compiled."""

    def __init__(self, app: Flask, **options: Any) -> None:
        """Read and keep the code of templates in `TEMPLATES`."""
        super().__init__(app, bytecode_cache=TEMPLATES, **options)


class CompiledRule(Rule):
    """A rule that takes the builder of addresses which another one of the same words has made."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        words = (self.rule, self.is_leaf, repr(self.defaults), append_unknown)
        if words not in BUILDERS:
            BUILDERS[words] = super()._compile_builder(append_unknown)
        return BUILDERS[words]
