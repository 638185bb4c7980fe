"""instance/demo.txt: the demonstration's passwords and tickets, made at random, for its owner."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext

from survey.config import DEMO_FILE
from survey.core.wording import N_

_SLIPS = 2
_SHOWN = {
    "admin": N_("administrator"),
    "witness": N_("a second administrator, who confirms"),
    "lead1": N_("lead of an acceptance group"),
    "member1": N_("member of the same group, who countersigns"),
    "moderator1": N_("moderator, who reads comments before anybody else"),
}


@dataclass
class Notes:
    """Passwords by user name and the codes of a few tickets of the open round."""

    passwords: dict[str, str] = field(default_factory=dict)
    tickets: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> Notes:
        """Return the notes of *folder*; none yet are empty notes."""
        notes, path = cls(), folder / DEMO_FILE
        if not path.exists():
            return notes
        for kind, *words in map(str.split, filter(None, path.read_text().splitlines())):
            if kind == "person":
                notes.passwords[words[0]] = words[1]
            elif kind == "ticket":
                notes.tickets.append(words[0])
        return notes

    def write(self, folder: Path) -> None:
        """Write the notes so that nobody but their owner can read them."""
        lines = [f"person {name} {password}" for name, password in self.passwords.items()]
        lines += [f"ticket {code}" for code in self.tickets]
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / DEMO_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")

    def tell(self, folder: Path, base: str, poster: str) -> str:
        """Return what is printed at every start: what to open, and who to be."""
        slips = [f"{base}/t/{code}" for code in self.tickets[:_SLIPS]]
        people = [(name, role) for name, role in _SHOWN.items() if name in self.passwords]
        lines = [
            gettext("Cunping: the demonstration is ready."),
            "",
            gettext("As a villager, a poster and slips:"),
            *(f"  {address}" for address in (poster, *slips)),
            "",
            gettext("As the staff:"),
            f"  {base}/staff/sign-in",
            *(f"  {name:<11}{self.passwords[name]}  {gettext(role)}" for name, role in people),
            "",
            gettext("All passwords and slips are in %(name)s.", name=folder / DEMO_FILE),
        ]
        return "\n".join(["", *lines, ""])
