"""One round from its first answer to its seal, with a plan of what is killed and when."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.hostile.torture import act, clients, ledger
from tests.hostile.torture.act import Act
from tests.hostile.torture.clients import Crowd
from tests.hostile.torture.ledger import Ledger
from tests.hostile.torture.office import Installation, round_of
from tests.hostile.torture.server import Server

VILLAGERS = 12
ACT = "act"
LATER = "act later"
_SECONDS = 900
_MOST_TRIES = 5
_STATES = {"close": ("open",), "seal": ("closed",), "scrub": ("closed", "scrubbing")}
"""In which states of the round a stage can be struck."""


@dataclass(frozen=True)
class Blow:
    """One SIGKILL: *whom* (`server.WHOM`, ``act``, or ``act later``: up to 30 ms further on).

    *point* is where the act of the office stands meanwhile (`act`); none while ballots come in.
    """

    whom: str
    point: str = ""


@dataclass(frozen=True)
class Plan:
    """The blows of one round, stage by stage, in their order; *seed* for everything at random."""

    submits: Sequence[Blow] = ()
    close: Sequence[Blow] = ()
    seal: Sequence[Blow] = ()
    scrub: Sequence[Blow] = ()
    seed: int = 0


@dataclass
class Outcome:
    """What came of a trial: *kills* by stage, *missed* points, and *findings*: must be empty."""

    kills: Counter[str] = field(default_factory=Counter)
    missed: list[Blow] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    sent: int = 0
    thanked: int = 0
    seen: Counter[str] = field(default_factory=Counter)


class Trial:
    """A served installation with villagers at work."""

    def __init__(self, installation: Installation, plan: Plan) -> None:
        self.installation, self.plan = installation, plan
        self.random = random.Random(plan.seed)
        self.ledger = Ledger(_SECONDS)
        self.server = Server(installation.folder, installation.settings, plan.seed)
        papers = clients.papers(installation.slips, installation.posters)
        self.crowd = Crowd(self.server.port, papers, self.ledger, VILLAGERS)
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Carry the plan out; return what came of it."""
        try:
            self.server.start()
            self.crowd.start()
            self._take_answers()
            self._close()
            self._seal()
        finally:
            self.crowd.stop()
            self.server.stop()
        self._compare()
        return self.outcome

    def _take_answers(self) -> None:
        for blow in self.plan.submits:
            self.crowd.wait_for_thanks(self.random.randint(5, 40))
            self.server.kill(blow.whom)
            self.outcome.kills["submits"] += 1
        self.crowd.wait_for_thanks(40)

    def _close(self) -> None:
        for blow in self.plan.close:
            self._strike("close", blow)
            self.crowd.wait_for_thanks(5) if self.installation.state() == "open" else None
        self._bring_from("open")
        self.ledger.phase = "closed"
        self.crowd.wait_for_visits()
        with self.installation.session() as session:
            self.outcome.findings += ledger.of_box(session, round_of(session))

    def _seal(self) -> None:
        self.ledger.phase = "sealing"
        for stage, blows in (("seal", self.plan.seal), ("scrub", self.plan.scrub)):
            for blow in blows:
                self._strike(stage, blow)
        self._bring_from("closed")
        self._bring_from("scrubbing")
        self.ledger.phase = "sealed"
        self.crowd.wait_for_visits()

    def _strike(self, stage: str, blow: Blow) -> None:
        state = self.installation.state()
        if state not in _STATES[stage]:
            self.outcome.missed.append(blow)
            return
        running = Act(self.installation.words(state), self.installation.settings, blow.point)
        struck = running.wait_until_stopped()
        if not struck:
            running.finish()
        elif blow.whom == ACT:
            running.kill()
        elif blow.whom == LATER:
            struck = running.kill_within(act.moment(self.random))
        else:
            self.server.kill(blow.whom)
            running.finish()
        if struck:
            self.outcome.kills[stage] += 1
        else:
            self.outcome.missed.append(blow)

    def _bring_from(self, state: str) -> None:
        """Say the command that takes the round on from *state* until it has left it."""
        said = []
        while self.installation.state() == state:
            running = Act(self.installation.words(state), self.installation.settings)
            said.append(running.finish())
            if len(said) == _MOST_TRIES:
                raise RuntimeError(f"the round stays {state}: {said[-1]}")

    def _compare(self) -> None:
        outcome = self.outcome
        outcome.findings += self.ledger.findings() + self.server.findings()
        with self.installation.session() as session:
            outcome.findings += ledger.of_seal(session, round_of(session), self.ledger)
        outcome.sent, outcome.thanked = len(self.ledger.sent), len(self.ledger.thanked)
        outcome.seen = self.ledger.seen
