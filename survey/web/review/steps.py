"""What is to be done next for a village, and whether the reader is the one to do it."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.wording import N_, Sentence, say
from survey.storage import ratings
from survey.storage.standings import Standing
from survey.storage.tables import AccountRow, RatingRow, RoundRow
from survey.web.i18n import listed


@dataclass(frozen=True)
class Step:
    """One thing to do: its short name, the sentence on the desk, and whether it is the reader's."""

    key: str
    sentence: Sentence
    mine: bool = False


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
        return Step("decide", say(N_("Decide and sign (the lead).")), standing.i_lead)
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
    return Step("agree", say(N_("Enter the consensus (the lead).")), standing.i_lead)


def _to_countersign(standing: Standing, rating: RatingRow, reader: AccountRow) -> Step:
    if standing.agreed and rating.evidence.get("consensus_version") != standing.agreed.version:
        return Step(
            "decide", say(N_("The consensus was changed: sign anew (the lead).")), standing.i_lead
        )
    another = standing.mine is not None and rating.signed_by != reader.id
    return Step("countersign", say(N_("Countersign (another member).")), another)
