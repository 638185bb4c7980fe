"""The command group of rounds, and the option that several of its commands take."""

from __future__ import annotations

from pathlib import Path

import click

key_file_option = click.option(
    "--key-file",
    "key_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File (0600) of a key half; give it twice, once for each half.",
)


@click.group("round")
def round_() -> None:
    """The rounds of evaluation."""
