"""Somebody who can write to the database changes the box of a round: the seal stops and says so.

The attacker has everything but the key folder and the halves: the public key, every row, and
whatever an earlier backup held. Each attack also sets the counts right as far as it can.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core import box as ballot_box
from survey.core import keys
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.core.errors import Damaged
from survey.storage import boxes, intake, rounds, seal
from survey.storage.boxes import Box
from survey.storage.db import begin_write, is_sqlite
from survey.storage.tables import AccountingRow, BallotPartRow, TallyRow
from tests.storage.round import Office, draft, office, open_round

BALLOTS = 6
LEFT_OVER = 1


@dataclass
class Burglar:
    """Somebody at the database of a round: *ids* of its ballots, *codes* of its slips."""

    place: Office
    codes: list[str]
    replayed: dict[str, object]

    @property
    def session(self) -> Session:
        return self.place.session

    @property
    def box(self) -> Box:
        return boxes.of_round(self.place.round_.id)

    @property
    def villages(self) -> list[int]:
        return self.place.village_ids()

    def rows(self) -> list[dict[str, object]]:
        found = self.session.execute(sa.select(self.box.intake).order_by(self.box.intake.c.id))
        return [dict(row) for row in found.mappings()]

    def change(self, row: dict[str, object], **values: object) -> None:
        table = self.box.intake
        self.session.execute(sa.update(table).where(table.c.id == row["id"]).values(**values))

    def remove(self, row: dict[str, object]) -> None:
        table = self.box.intake
        self.session.execute(sa.delete(table).where(table.c.id == row["id"]))

    def add(self, row: dict[str, object]) -> None:
        self.session.execute(sa.insert(self.box.intake).values(**row))

    def spend_a_left_over_slip(self) -> None:
        used = sa.select(self.box.spent.c.mac)
        ticket = self.box.ticket.c.mac
        self.spend(self.session.scalars(sa.select(ticket).where(ticket.not_in(used))).first())

    def spend(self, mac: bytes) -> None:
        made_up = {"mac": mac, "tag": secrets.token_bytes(32)}
        self.session.execute(sa.insert(self.box.spent).values(**made_up))

    def unspend(self, code: str | None = None) -> None:
        spent = self.box.spent
        wanted = (
            ballot_box.ticket_mac(self.place.pepper, code)
            if code
            else sa.select(sa.func.min(spent.c.mac)).scalar_subquery()
        )
        self.session.execute(sa.delete(spent).where(spent.c.mac == wanted))

    def count(self, village: int, more: int, audience: str = "mass") -> None:
        received = self.box.received
        here = (received.c.village_id == village) & (received.c.audience == audience)
        values = {"ballots": received.c.ballots + more}
        if not self.session.execute(sa.update(received).where(here).values(values)).rowcount:
            new = {"village_id": village, "audience": audience, "access": "ticket"}
            self.session.execute(sa.insert(received).values(**new, ballots=more))


def copy_a_row(burglar: Burglar) -> None:
    row = burglar.rows()[0]
    burglar.add(row | {"id": secrets.token_bytes(16)})
    burglar.spend_a_left_over_slip()
    burglar.count(row["village_id"], 1)


def move_to_another_village(burglar: Burglar) -> None:
    burglar.change(burglar.rows()[0], village_id=burglar.villages[1])
    burglar.count(burglar.villages[0], -1)
    burglar.count(burglar.villages[1], 1)


def move_to_another_audience(burglar: Burglar) -> None:
    burglar.change(burglar.rows()[0], audience="self")
    burglar.count(burglar.villages[0], -1)
    burglar.count(burglar.villages[0], 1, "self")


def forge(burglar: Burglar) -> None:
    """Seal a ballot to the public key, as everybody can, and make its digest up."""
    round_ = burglar.place.round_
    asked = rounds.audience_of(round_, "mass")
    place = Place(round_.id, burglar.villages[0], "mass", "ticket", asked.questionnaire_digest)
    write = ballot_box.sealer(round_.public_key, secrets.token_bytes(32))
    made = write(place, Ballot((0,) * 12), asked.ballot_length, 5_900_000)
    burglar.add(vars(made) | {"village_id": place.village_id, "audience": "mass"})
    burglar.spend_a_left_over_slip()
    burglar.count(burglar.villages[0], 1)


def put_a_forged_ballot_in_place_of_one(burglar: Burglar) -> None:
    burglar.remove(burglar.rows()[0])
    burglar.unspend()
    burglar.count(burglar.villages[0], -1)
    forge(burglar)


def replay_from_another_round(burglar: Burglar) -> None:
    burglar.add(burglar.replayed)
    burglar.spend_a_left_over_slip()
    burglar.count(burglar.villages[0], 1)


def replace_by_one_from_another_round(burglar: Burglar) -> None:
    burglar.remove(burglar.rows()[0])
    burglar.add(burglar.replayed)


def cut_a_ciphertext(burglar: Burglar) -> None:
    row = burglar.rows()[0]
    burglar.change(row, ciphertext=row["ciphertext"][:-1])


def empty_a_ciphertext(burglar: Burglar) -> None:
    burglar.change(burglar.rows()[0], ciphertext=b"")


def flip_one_bit(burglar: Burglar) -> None:
    row = burglar.rows()[0]
    text = row["ciphertext"]
    burglar.change(row, ciphertext=text[:100] + bytes([text[100] ^ 1]) + text[101:])


def cut_a_digest(burglar: Burglar) -> None:
    row = burglar.rows()[0]
    burglar.change(row, row_mac=row["row_mac"][:16])


def remove_a_row(burglar: Burglar) -> None:
    burglar.remove(burglar.rows()[0])


def remove_a_row_and_what_it_spent(burglar: Burglar) -> None:
    burglar.remove(burglar.rows()[0])
    burglar.unspend()


def remove_a_row_and_its_count(burglar: Burglar) -> None:
    burglar.remove(burglar.rows()[0])
    burglar.count(burglar.villages[0], -1)


def use_a_slip_again(burglar: Burglar) -> None:
    """Make a used slip unused, use it again, and hide the missing digest behind a made-up one."""
    code = burglar.codes[0]
    burglar.unspend(code)
    burglar.session.commit()
    again = burglar.place.by_ticket(code, burglar.villages[0])
    assert intake.add(burglar.session, again) is intake.Outcome.COUNTED
    burglar.spend(secrets.token_bytes(32))


ONE = (
    copy_a_row,
    move_to_another_village,
    move_to_another_audience,
    forge,
    replay_from_another_round,
    replace_by_one_from_another_round,
    cut_a_ciphertext,
    empty_a_ciphertext,
    flip_one_bit,
    cut_a_digest,
    remove_a_row,
    remove_a_row_and_what_it_spent,
    remove_a_row_and_its_count,
    put_a_forged_ballot_in_place_of_one,
    use_a_slip_again,
)


def swap_two_ciphertexts(burglar: Burglar) -> None:
    first, second = burglar.rows()[:2]
    burglar.change(first, ciphertext=second["ciphertext"])
    burglar.change(second, ciphertext=first["ciphertext"])


def swap_two_rows_but_for_their_ids(burglar: Burglar) -> None:
    first, second = burglar.rows()[:2]
    for one, other in ((first, second), (second, first)):
        burglar.change(one, ciphertext=other["ciphertext"], row_mac=other["row_mac"])


def empty_the_box(burglar: Burglar) -> None:
    burglar.session.execute(sa.delete(burglar.box.intake))


def empty_the_box_and_what_it_spent(burglar: Burglar) -> None:
    burglar.session.execute(sa.delete(burglar.box.intake))
    burglar.session.execute(sa.delete(burglar.box.spent))


SEVERAL = {
    swap_two_ciphertexts: 2,
    swap_two_rows_but_for_their_ids: 2,
    empty_the_box: BALLOTS,
    empty_the_box_and_what_it_spent: BALLOTS,
}


@pytest.fixture
def burglar(session: Session, tmp_path: Path, quick_passwords: None) -> Burglar:
    """A round with six ballots of its first village; an older round had one of the same village."""
    place = office(session, tmp_path / "keys")
    (old,) = place.print(place.village_ids()[0], 1)
    intake.add(session, place.by_ticket(old, place.village_ids()[0]))
    session.commit()
    older = boxes.of_round(place.round_.id).intake
    replayed = dict(session.execute(sa.select(older)).mappings().one())
    begin_write(session)
    place.round_ = rounds.create(session, draft(session, slug="autumn"), "first")
    session.commit()
    open_round(place)
    codes = place.print(place.village_ids()[0], BALLOTS + LEFT_OVER)
    for code in codes[:BALLOTS]:
        intake.add(session, place.by_ticket(code, place.village_ids()[0]))
        session.commit()
    return Burglar(place, codes, replayed)


def close(place: Office) -> None:
    place.pass_deadline()
    begin_write(place.session)
    rounds.close_due(place.session)
    place.session.commit()


def do_seal(place: Office, accepted: int = 0) -> seal.Contents:
    persons = (place.first, place.second)
    contents = seal.seal(
        place.session, place.round_, place.private_key(), place.pepper, persons, accepted
    )
    place.session.commit()
    return contents


@pytest.mark.parametrize(("attack", "bad"), [*((attack, 1) for attack in ONE), *SEVERAL.items()])
def test_a_changed_box_stops_the_seal_which_says_how_many(
    burglar: Burglar, attack: Callable[[Burglar], None], bad: int
) -> None:
    attack(burglar)
    burglar.session.commit()
    close(burglar.place)
    with pytest.raises(Damaged, match=rf"^{bad} ballots in the box") as stopped:
        do_seal(burglar.place)
    burglar.session.rollback()
    assert stopped.value.sentence.values == {"bad": bad}
    assert burglar.place.round_.state == "closed"
    for table in (TallyRow, BallotPartRow):
        assert burglar.session.scalars(sa.select(table)).all() == []
    assert do_seal(burglar.place, bad).bad == burglar.place.round_.sealing["bad"] == bad


def test_an_untouched_box_is_sealed(burglar: Burglar) -> None:
    close(burglar.place)
    assert (do_seal(burglar.place).ballots, burglar.place.round_.sealing["bad"]) == (BALLOTS, 0)


def test_a_ciphertext_that_is_no_longer_bytes_stops_the_seal(burglar: Burglar) -> None:
    """SQLite keeps a text in a column of bytes; PostgreSQL refuses it."""
    if not is_sqlite(burglar.session):
        pytest.skip("a column of PostgreSQL takes nothing but bytes")
    row = burglar.rows()[0]
    table = burglar.box.intake.name
    burglar.session.execute(
        sa.text(f"UPDATE {table} SET ciphertext = 'a text', row_mac = 7 WHERE id = :id"),
        {"id": row["id"]},
    )
    burglar.session.commit()
    close(burglar.place)
    with pytest.raises(Damaged, match=r"^1 ballots"):
        do_seal(burglar.place)


def test_with_the_key_of_another_round_nothing_opens(burglar: Burglar) -> None:
    close(burglar.place)
    public, private = keys.make_pair()
    assert public != burglar.place.round_.public_key
    contents = seal.read(burglar.session, burglar.place.round_, private, burglar.place.pepper)
    assert (contents.damaged, contents.ballots) == (BALLOTS, 0)


def test_a_ballot_removed_with_everything_that_counts_it_is_noticed_by_the_slips_alone(
    burglar: Burglar,
) -> None:
    """The limit that docs/security.md states: the box agrees with itself, the bag does not."""
    code = burglar.codes[0]
    burglar.remove(burglar.rows()[0])
    burglar.unspend(code)
    burglar.count(burglar.villages[0], -1)
    burglar.session.commit()
    close(burglar.place)
    contents = do_seal(burglar.place)
    assert (contents.bad, contents.ballots) == (0, BALLOTS - 1)
    slips = burglar.session.get(
        AccountingRow, (burglar.place.round_.id, burglar.villages[0], "mass")
    )
    assert slips.printed == BALLOTS + LEFT_OVER, (
        "what was printed, handed out and came back still says it"
    )
