"""Exactly once, on the real server: killed again and again, and asked for too much at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hostile.torture import clients, ledger
from tests.hostile.torture.clients import THANKS, USED, Form, Reply
from tests.hostile.torture.ledger import Paper
from tests.hostile.torture.office import Installation, round_of
from tests.hostile.torture.server import Server
from tests.hostile.torture.trial import ACT, Blow, Plan, Trial

Install = Callable[[int], Installation]
PLANS = {
    "sqlite": Plan(
        submits=[Blow("all"), Blow("worker")],
        close=[Blow(ACT, "UPDATE round SET>COMMIT")],
        seal=[Blow(ACT, "INSERT INTO ballot_part")],
        scrub=[Blow(ACT, "DROP TABLE>DROP TABLE")],
        seed=1,
    ),
    "postgres": Plan(
        submits=[Blow("master"), Blow("workers")],
        close=[Blow("all", "UPDATE round SET>COMMIT")],
        seal=[Blow(ACT, "UPDATE round SET>COMMIT")],
        scrub=[Blow(ACT, "DROP TABLE>COMMIT>REMOVE")],
        seed=2,
    ),
}


def test_what_was_acknowledged_is_counted_once_whatever_is_killed(
    installed: Install, engine_name: str
) -> None:
    outcome = Trial(installed(200), PLANS[engine_name]).run()
    assert outcome.findings == []
    assert outcome.missed == []
    assert outcome.kills == Counter(submits=2, close=1, seal=1, scrub=1)
    assert outcome.thanked > 50
    assert outcome.seen["late forms"] and outcome.seen["broken connections"]


@pytest.fixture
def served(installed: Install) -> Iterator[tuple[Installation, Server]]:
    installation = installed(2)
    server = Server(installation.folder, installation.settings)
    try:
        server.start()
        yield installation, server
    finally:
        server.stop()


def form_of(server: Server, paper: Paper) -> Form:
    page = clients.finish(clients.begin(server.port, "GET", paper.path, None))
    return clients.fill(paper, page.page)


def post(server: Server, form: Form) -> Reply:
    return clients.finish(clients.begin(server.port, "POST", form.action, form.fields))


def all_at_once(server: Server, forms: list[Form]) -> list[Reply]:
    """Send every form on a connection of its own before the first answer is read."""
    with ThreadPoolExecutor(50) as pool:
        sent = list(
            pool.map(
                lambda form: clients.begin(server.port, "POST", form.action, form.fields), forms
            )
        )
        return list(pool.map(clients.finish, sent))


def what_the_box_lacks(installation: Installation, ballots: int) -> list[str]:
    with installation.session() as session:
        round_ = round_of(session)
        found = ledger.of_box(session, round_)
        kept = ledger.ballots(session, round_)
    return found + ([] if kept == ballots else [f"the box holds {kept} ballots, not {ballots}"])


def test_one_form_posted_500_times_at_once_is_one_ballot_and_500_equal_thanks(
    served: tuple[Installation, Server],
) -> None:
    installation, server = served
    form = form_of(server, Paper(1, *installation.slips[0]))
    replies = all_at_once(server, [form] * 500)
    assert Counter((reply.status, reply.heading) for reply in replies) == {(200, THANKS): 500}
    assert len({reply.page for reply in replies}) == 1
    assert what_the_box_lacks(installation, 1) == []
    other = post(server, form.with_another_once())
    assert (other.status, other.heading) == (409, USED)
    assert b"What was filled in now was not counted" in other.page
    assert what_the_box_lacks(installation, 1) == []
    assert server.findings() == []


def test_of_100_forms_of_one_slip_at_once_exactly_one_is_thanked(
    served: tuple[Installation, Server],
) -> None:
    installation, server = served
    form = form_of(server, Paper(1, *installation.slips[0]))
    replies = all_at_once(server, [form.with_another_once() for _ in range(100)])
    told = Counter((reply.status, reply.heading) for reply in replies)
    assert told == {(200, THANKS): 1, (409, USED): 99}
    assert what_the_box_lacks(installation, 1) == []
    assert server.findings() == []


def test_one_form_of_a_poster_posted_100_times_at_once_is_one_ballot(
    served: tuple[Installation, Server],
) -> None:
    installation, server = served
    form = form_of(server, Paper(1, *installation.posters[0]))
    replies = all_at_once(server, [form] * 100)
    assert {(reply.status, reply.page) for reply in replies} == {(200, replies[0].page)}
    assert what_the_box_lacks(installation, 1) == []
