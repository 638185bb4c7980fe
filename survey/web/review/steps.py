"""What is to be done next for a village, and whether the reader is the one to do it."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.wording import N_, Sentence, say
from survey.storage import ratings
from survey.storage.standings import Seat, Standing
from survey.storage.tables import AccountRow, RatingRow, RoundRow
from survey.web.i18n import listed


@dataclass(frozen=True)
class Step:
    """One thing to do: its short name, the sentence on the desk, and whether it is the reader's.

    *who*: the names of those who can do it, where the sentence names none.
    """

    key: str
    sentence: Sentence
    mine: bool = False
    who: tuple[str, ...] = ()


def next_step(
    round_: RoundRow, standing: Standing, rating: RatingRow | None, reader: AccountRow
) -> Step:
    """Return the next step on the way from evaluation to the locked rating."""
    if ratings.is_locked(rating):
        return Step("locked", say(N_("Done: the rating is signed twice and locked.")))
    if standing.agreed is None:
        return _to_agree(standing)
    if round_.state != "sealed":
        return Step("unsealed", say(N_("Consensus entered. Scores come once the round is sealed.")))
    if rating is None:
        decide = say(N_("Decide and sign (the lead)."))
        return Step("decide", decide, standing.i_lead, _leads(standing))
    return _to_countersign(standing, rating, reader)


def _to_agree(standing: Standing) -> Step:
    mine = standing.mine
    if mine is not None and mine.waited_for:
        return Step("evaluate", say(N_("Write and hand in your own evaluation.")), mine=True)
    if standing.waiting:
        names = listed(seat.name for seat in standing.waiting)
        return Step("wait", say(N_("Waiting for the evaluation of %(names)s."), names=names))
    if not standing.seats:
        return Step("nobody", say(N_("Nobody is in the acceptance group of this village yet.")))
    agree = say(N_("Enter the consensus (the lead)."))
    return Step("agree", agree, standing.i_lead, _leads(standing))


def _to_countersign(standing: Standing, rating: RatingRow, reader: AccountRow) -> Step:
    if standing.agreed and rating.evidence.get("consensus_version") != standing.agreed.version:
        anew = say(N_("The consensus was changed: sign anew (the lead)."))
        return Step("decide", anew, standing.i_lead, _leads(standing))
    another = standing.mine is not None and rating.signed_by != reader.id
    others = [seat for seat in _seated(standing) if seat.account_id != rating.signed_by]
    sentence = say(N_("Countersign (another member)."))
    return Step("countersign", sentence, another, tuple(seat.name for seat in others))


def _leads(standing: Standing) -> tuple[str, ...]:
    """Return who speaks for the group: its lead, or anyone where the lead stands back."""
    seated = _seated(standing)
    return tuple(seat.name for seat in [one for one in seated if one.lead] or seated)


def _seated(standing: Standing) -> list[Seat]:
    return [seat for seat in standing.seats if not seat.recused]
