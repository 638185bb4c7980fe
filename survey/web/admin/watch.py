"""Watching a round: the wall page for the projector (挂图作战), and the same as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.core import watch
from survey.core.errors import Missing
from survey.core.round import spoken
from survey.core.watch import Block, Pace, Total, Watched
from survey.core.wording import N_
from survey.papers.watching import write_wall
from survey.storage import deadlines, rounds
from survey.storage import watch as watched
from survey.storage.db import db
from survey.storage.tables import RoundRow
from survey.web.access import current_account, overseers
from survey.web.admin.blueprint import blueprint
from survey.web.paper import reader, send_download

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TURNS = (15, 30, 60)
"""Seconds after which a projected wall turns to its next page."""


@dataclass(frozen=True)
class Asked:
    """What of a round is looked at: its villages, all or of one township, and what is expected."""

    round_: RoundRow
    villages: Sequence[Watched]
    townships: Sequence[str]
    township: str
    pace: Pace

    @property
    def percent(self) -> int:
        """The expected share in percent, as it is typed."""
        return round(100 * self.pace.expected)

    @property
    def late(self) -> list[Watched]:
        """The villages where fewer have answered than is expected by now."""
        return [village for village in self.villages if self.pace.is_late(village)]

    @property
    def query(self) -> dict[str, str | int]:
        """What leads to the same villages on another page."""
        return {"expected": self.percent} | ({"township": self.township} if self.township else {})


def asked(slug: str) -> Asked:
    """Return what this request looks at; raises `Missing`, `Invalid` and `Refused`."""
    round_ = rounds.by_slug(db.session, slug)
    found = watched.of_round(db.session, round_)
    townships = list(dict.fromkeys(map(watch.township_of, found)))
    township = request.args.get("township", "")
    if township and township not in townships:
        raise Missing(N_("This township is not in the round."))
    share = watch.expected_share(request.args.get("expected"), rounds.policy_of(round_))
    return Asked(
        round_,
        [village for village in found if township in ("", village.township)],
        townships,
        township,
        watched.pace(db.session, round_, share),
    )


@blueprint.get("/rounds/<slug>/wall", endpoint="wall")
@overseers
def show_wall(slug: str) -> ResponseReturnValue:
    """Whoever sits in no group: how far every village is, to be read from ten metres."""
    looked = asked(slug)
    pages = watch.pages(looked.villages)
    page = min(max(request.args.get("page", 1, type=int), 1), len(pages))
    every = request.args.get("every", 0, type=int)
    every = every if every in TURNS else 0
    answer = make_response(_page(looked, pages, page, every))
    if every:
        turned = _address(looked, every)(page % len(pages) + 1)
        answer.headers["Refresh"] = f"{every}; url={turned}"
    return answer


def _page(looked: Asked, pages: list[list[Block]], page: int, every: int) -> str:
    round_ = looked.round_
    until = deadlines.taken_until(round_)
    last_day = spoken(until, round_.timezone).date()
    return render_template(
        "admin/wall.html",
        round=round_,
        looked=looked,
        whole=watch.total("", looked.villages, looked.pace),
        blocks=pages[page - 1],
        totals=_totals(looked, pages[page - 1]),
        page=page,
        pages=len(pages),
        every=every,
        turns=TURNS,
        address=_address(looked, every),
        until=until,
        days_left=(last_day - watched.today(db.session, round_)).days,
        audiences=[row.audience for row in round_.audiences],
        tens=watched.in_tens(round_),
        may_manage=current_account().role == "administrator",
    )


def _totals(looked: Asked, blocks: list[Block]) -> dict[str, Total]:
    """Return the totals of the townships of *blocks*, whole even where a page cuts one."""
    of_township = watch.gather(looked.villages, watch.township_of)
    return {name: watch.total(name, of_township[name], looked.pace) for name, _part in blocks}


def _address(looked: Asked, every: int) -> Callable[[int], str]:
    query = looked.query | ({"every": every} if every else {})
    return lambda page: url_for("admin.wall", slug=looked.round_.slug, page=page, **query)


@blueprint.get("/rounds/<slug>/wall.xlsx")
@overseers
def wall_file(slug: str) -> Response:
    """The same readers: the same villages as a workbook."""
    looked = asked(slug)
    content = write_wall(db.session, looked.round_, looked.villages, looked.pace, reader())
    return send_download(content, WORKBOOK, f"{slug}-wall.xlsx")
