"""Who may do what: every route, for every role and group, and no act of two done by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.routing import Rule

from survey.storage import accounts, acts, audit, rounds
from survey.storage.db import db
from survey.storage.tables import GroupRow
from survey.web.access import is_staff_path
from survey.web.admin import proposal
from tests import scene
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_register import choose
from tests.web.test_rounds import CSV, make, open_with_halves, open_with_server_key, shown_half

OURS = "990101100201"
THEIRS = "990102100201"
POINTS = {f"points.{name}": "86" for name in scene.DIMENSIONS}
OPEN_TO_ALL = {
    "auth.sign_in",
    "auth.enter",
    "auth.ask_code",
    "auth.enter_code",
    "auth.invitation",
    "auth.find_invitation",
    "auth.accept",
    "auth.accept_invitation",
    "auth.set_up",
    "auth.finish_set_up",
}

PAPERS = {
    "review.all_decision_sheets",
    "review.all_summaries",
    "review.export_csv",
    "review.export_schema",
    "review.report",
    "review.village_summary",
}
"""Whose villages these hold is looked at in tests/web/test_papers.py."""
NAMELESS = {
    "review.compared",  # in test_changes, with a past
    "review.papers_page",
    "review.meeting",
    "review.meeting_what_if",
    "review.meeting_what_if_panel",
}
"""Pages of many villages that need not name each of them."""

Browse = Callable[[str], Browser]


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every route of the staff that takes *method*."""
    for rule in app.url_map.iter_rules():
        if is_staff_path(rule.rule) and method in (rule.methods or set()):
            yield rule


def address(rule: Rule, **named: str) -> str:
    """Return an address of *rule*: the round spring, the first village, the first of the rest."""
    values = {
        "slug": "spring",
        "code": OURS,
        "audience": "mass",
        "holder": "1",
        "panel": "map",
    } | named
    filled = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values.get(match.group(1), "1"), filled)


def token_of(browser: Browser) -> str:
    """The guard of the browser's session."""
    page = browser.get("/staff/account").page
    return str(page.xpath("//input[@name='csrf_token']/@value")[0])


@pytest.fixture
def city(app: Flask) -> None:
    """A sealed round with ballots; a lead and a member of the second group too."""
    with app.app_context():
        kept = accounts._HASHER.hash(scene.PASSWORD)
        made = scene.city(db.session, password_hash=kept)
        for village, number in zip(made.villages, (112, 60, 40), strict=True):
            scene.answer(db.session, made, village, "mass", number)
            scene.answer(db.session, made, village, "self", 12)
        second = made.stranger.group_id
        db.session.add(scene._account("other", "member", db.session.get(GroupRow, second), kept))
        scene.begin_file(db.session, made.villages[0], app.extensions["settings"].proofs)
        db.session.commit()


@pytest.fixture
def browse(app: Flask, city: None) -> Browse:
    """Return the function that gives somebody of the city a browser, signed in."""
    return lambda username: Browser(app).sign_in(username, scene.PASSWORD)


def agree(browse: Browse) -> Browser:
    """Bring our village to its consensus, so that its scores can be seen."""
    lead = browse("lead").get(f"/review/spring/{OURS}").press("Hand in", **POINTS)
    return lead.press("Enter the consensus", **POINTS, statement="The others are away.")


def of_villages(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in rules(app, method) if "<code>" in rule.rule]


# Groups


@pytest.mark.parametrize("username", ["stranger", "other"])
def test_another_group_s_village_is_nowhere(app: Flask, browse: Browse, username: str) -> None:
    lead, stranger = agree(browse), browse(username)
    pictures = [rule for rule in of_villages(app, "GET") if rule.endpoint not in PAPERS]
    assert len(pictures) >= 3
    for rule in pictures:
        assert lead.client.get(address(rule)).status_code == 200, rule
        assert stranger.client.get(address(rule)).status_code == 404, rule
    writing = of_villages(app, "POST")
    assert len(writing) >= 5
    body = POINTS | {"csrf_token": token_of(stranger), "decision": "good", "version": "1"}
    for rule in writing:
        for act in ("hand_in", "come_back", "draft"):
            answer = stranger.client.post(address(rule), data=body | {"act": act})
            assert answer.status_code == 404, rule
    with app.app_context():
        assert not {row.actor for row in audit.listing(db.session).rows} & {username}


@pytest.mark.parametrize(
    ("username", "seen", "hidden"),
    [
        ("lead", ["Clear Water", "Stone Bridge"], ["Long Meadow", THEIRS, "Group 2"]),
        ("member", ["Clear Water", "Stone Bridge"], ["Long Meadow", THEIRS, "Group 2"]),
        ("stranger", ["Long Meadow"], ["Clear Water", "Stone Bridge", OURS, "Group 1"]),
        ("other", ["Long Meadow"], ["Clear Water", "Stone Bridge", OURS, "Group 1"]),
        ("admin", ["Clear Water", "Stone Bridge", "Long Meadow"], []),
    ],
)
def test_pages_of_many_villages_hold_those_of_one_s_group(
    app: Flask, browse: Browse, username: str, seen: list[str], hidden: list[str]
) -> None:
    agree(browse)
    browser = browse(username)
    pages = [
        rule
        for rule in rules(app, "GET")
        if rule.endpoint.startswith("review.")
        and "<code>" not in rule.rule
        and "/texts" not in rule.rule  # moderators' alone: tests/web/test_moderation.py
        and rule.endpoint not in PAPERS
    ]
    assert {rule.endpoint for rule in pages} == {
        "review.desk",
        "review.round_desk",
        "review.ledger_page",
        "review.ledger_file",
        "review.export_json",
        "review.compared",
        "review.papers_page",
        "review.meeting",
        "review.meeting_map",
        "review.meeting_panel",
        "review.meeting_what_if",
        "review.meeting_what_if_panel",
    }, "a new page of many villages: look whose it shows, then name it here"
    for rule in pages:
        text = words(browser.client.get(address(rule), headers=browser.headers).data)
        listed = [] if rule.endpoint in NAMELESS else seen
        for name in listed:
            assert name in text, (rule, name)
        for name in hidden:
            assert name not in text, (rule, name)


def words(data: bytes) -> str:
    """What a page says, or the cells of a workbook."""
    if not data.startswith(b"PK"):
        return data.decode()
    sheets = load_workbook(BytesIO(data)).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)


def test_somebody_without_a_group_sees_no_village(app: Flask, browse: Browse) -> None:
    with app.app_context():
        account = accounts.by_username(db.session, "third")
        assert account is not None
        account.group_id = None
        db.session.commit()
    third = browse("third")
    assert "Clear Water" not in third.client.get("/review/spring/").text
    for rule in of_villages(app, "GET"):
        assert third.client.get(address(rule)).status_code == 404, rule


# Roles


@pytest.mark.parametrize("username", ["lead", "member", "stranger", "other"])
def test_no_page_of_administrators_is_there_for_a_group(
    app: Flask, browse: Browse, username: str
) -> None:
    browser = browse(username)
    token = token_of(browser)
    tried = 0
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if rule.endpoint.startswith("admin."):
                answer = browser.client.open(
                    address(rule), method=method, data={"csrf_token": token}
                )
                assert answer.status_code == 404, rule
                tried += 1
    assert tried > 45


def test_strangers_are_asked_to_sign_in_and_change_nothing(app: Flask, city: None) -> None:
    visitor = Browser(app).get("/staff/sign-in")
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if rule.endpoint not in OPEN_TO_ALL:
                answer = visitor.client.open(
                    address(rule), method=method, data={"csrf_token": token}
                )
                assert answer.status_code == 302, rule
                assert answer.location.startswith("/staff/sign-in"), rule
    with app.app_context():
        assert audit.listing(db.session).total == 0


def test_an_administrator_evaluates_and_signs_nothing(app: Flask, browse: Browse) -> None:
    agree(browse)
    admin = browse("admin")
    body = POINTS | {"csrf_token": token_of(admin), "decision": "good", "reason": "x"}
    of_rounds = [rule for rule in of_villages(app, "POST") if "<slug>" in rule.rule]
    assert len(of_rounds) >= 5, "the village's file, of no round, is the administrators' to write"
    for rule in of_rounds:
        for act in ("hand_in", "draft", "come_back", ""):
            answer = admin.client.post(address(rule), data=body | {"act": act, "version": "1"})
            assert answer.status_code in {400, 404, 409}, (rule, act)
    with app.app_context():
        assert "admin" not in {row.actor for row in audit.listing(db.session).rows}


# Forged forms


@pytest.mark.parametrize("given", [None, "", "forged"])
def test_no_form_of_the_staff_is_taken_without_its_guard(
    app: Flask, browse: Browse, given: str | None
) -> None:
    for username in ("admin", "lead"):
        browser = browse(username)
        tried = 0
        for rule in rules(app, "POST"):
            body = {} if given is None else {"csrf_token": given}
            answer = browser.client.post(address(rule), data=body)
            assert answer.status_code == 400, rule
            assert "This form is too old" in answer.text, rule
            tried += 1
        assert tried > 40
    with app.app_context():
        assert audit.listing(db.session).total == 0


def test_nothing_but_a_post_changes_anything(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


# Acts of two


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator with three villages in the register."""
    return choose(sign_in(), "register.csv", CSV.encode()).press("Import")


@pytest.fixture
def berta(sign_in: SignIn) -> Browser:
    """A second administrator."""
    return sign_in("berta")


def the_state(app: Flask) -> tuple[str, set[tuple[str, str]], datetime]:
    """State, what waits for a second person, and deadline of the round."""
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        waiting = {(row.act, row.subject) for row in acts.pending(db.session, round_)}
        return round_.state, waiting, round_.closes_at


CONFIRMING = {
    "cancel": "round.cancel",
    "extend": "round.extend",
    "tickets/print": "tickets.print",
    "seal": "round.seal",
}
"""The forms that say which proposal their page showed, by the end of their address."""


def seen(app: Flask, path: str) -> dict[str, str]:
    """What the form that goes to *path* has in it of the proposal that its page showed."""
    act = CONFIRMING.get(path.removeprefix("/admin/rounds/spring/"))
    with app.app_context():
        row = acts.find(db.session, rounds.by_slug(db.session, "spring"), act) if act else None
        return {proposal.FIELD: proposal.stamp(row)} if row else {}


def try_everything(app: Flask, anna: Browser, **typed: str) -> None:
    """Let Anna send every form that there is about the round; what she proposed must stand."""
    before = the_state(app)
    assert before[1], "nothing is proposed, so nothing would be shown"
    number = newest(app)
    token = token_of(anna)
    with app.app_context():
        village = str(
            rounds.villages(db.session, rounds.by_slug(db.session, "spring"))[0].village_id
        )
    for rule in rules(app, "POST"):
        if "<slug>" not in rule.rule or rule.endpoint == "admin.withdraw":
            continue
        for holder in ("1", "2"):
            path = address(rule, village_id=village, holder=holder)
            answer = anna.client.post(path, data=typed | seen(app, path) | {"csrf_token": token})
            answer.get_data()
            state, waiting, deadline = the_state(app)
            assert (state, deadline) == (before[0], before[2]), rule
            assert before[1] <= waiting, f"{rule.endpoint} took away what was proposed"
    done = {act for act, _subject in before[1]}
    with app.app_context():
        entries = [row for row in audit.listing(db.session).rows if row.id > number]
        assert not {row.act for row in entries} & done


def newest(app: Flask) -> int:
    with app.app_context():
        return audit.listing(db.session).total


def test_one_person_does_not_open_with_the_server_s_key(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna, key_holding="server")
    anna.get("/admin/rounds/spring/open").press("Propose to open")
    try_everything(app, anna)
    berta.get("/admin/rounds/spring/open").press("Open the round now")
    assert the_state(app)[0] == "open"


def test_one_person_does_not_open_with_both_halves(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    anna.press("I hold this half; propose to open", half=shown_half(anna))
    page = "/admin/rounds/spring/open/half/2"
    token = token_of(anna)
    anna._take(anna.client.post(page, data={"csrf_token": token}, headers=anna.headers), 200)
    second = shown_half(anna)
    proof = str(anna.page.xpath("//input[@name='proof']/@value")[0])
    try_everything(app, anna, half=second, proof=proof)
    berta.get("/admin/rounds/spring/open").press("Show me half number 2")
    berta.press("I hold this half; open the round", half=shown_half(berta))
    assert the_state(app)[0] == "open"


def propose_close(anna: Browser) -> None:
    anna.get("/admin/rounds/spring/close").press("Propose to close now")


def propose_cancel(anna: Browser) -> None:
    post(anna, "/admin/rounds/spring/cancel/propose", reason="a wrong poster")


def propose_extend(anna: Browser) -> None:
    later = (datetime.now() + timedelta(days=12)).strftime("%Y-%m-%dT%H:%M")
    post(anna, "/admin/rounds/spring/extend/propose", until=later)


def propose_print(anna: Browser) -> None:
    anna.get("/admin/rounds/spring/tickets")
    anna.press("Propose to print", audience="mass", how="each", each="40", spare="0")


def post(browser: Browser, path: str, **typed: str) -> None:
    answer = browser.client.post(path, data=typed | {"csrf_token": token_of(browser)})
    assert answer.status_code == 302, answer.text


PROPOSALS = {
    "close": propose_close,
    "cancel": propose_cancel,
    "extend": propose_extend,
    "tickets/print": propose_print,
}


@pytest.mark.parametrize("act", PROPOSALS)
def test_one_person_does_no_act_of_two_on_an_open_round(
    app: Flask, anna: Browser, berta: Browser, act: str
) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    PROPOSALS[act](anna)
    try_everything(app, anna)
    before = the_state(app)
    path = f"/admin/rounds/spring/{act}"
    answer = berta.client.post(path, data=seen(app, path) | {"csrf_token": token_of(berta)})
    answer.get_data()
    assert answer.status_code in {200, 302}
    assert the_state(app) != before, "a second person does it"


@pytest.mark.parametrize(
    ("page", "first", "then", "confirms"),
    [
        (
            "cancel",
            {"reason": "a misprint"},
            {"reason": "no reason"},
            "Cancel the round and destroy its box",
        ),
        ("extend", {"until": 2}, {"until": 9}, "Take answers until then"),
        ("tickets", {"each": "40"}, {"each": "50"}, "Confirm and fetch the sheets"),
    ],
)
def test_nobody_confirms_what_was_put_in_place_of_what_they_saw(
    app: Flask,
    anna: Browser,
    berta: Browser,
    page: str,
    first: dict[str, object],
    then: dict[str, object],
    confirms: str,
) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    here = f"/admin/rounds/spring/{page}"
    propose(anna, here, first)
    berta.get(here)
    propose(anna, here, then)
    before = the_state(app)
    berta.press(confirms, 409)
    assert berta.says("The proposal has changed meanwhile")
    assert the_state(app) == before
    berta.get(here).send(confirms).get_data()
    assert the_state(app) != before


def propose(anna: Browser, here: str, typed: dict[str, object]) -> None:
    """Propose what *typed* says, a number of days as a date."""
    words = {"audience": "mass", "how": "each", "spare": "0", "language": "zh", "township": ""}
    for name, value in typed.items():
        if isinstance(value, int):
            value = (datetime.now() + timedelta(days=10 + value)).strftime("%Y-%m-%dT%H:%M")
        words[name] = str(value)
    path = here if here.endswith("tickets") else f"{here}/propose"
    post(anna, path, **words)


def test_one_person_does_not_postpone_a_village(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    with app.app_context():
        village = rounds.villages(db.session, rounds.by_slug(db.session, "spring"))[0].village_id
    later = (datetime.now() + timedelta(days=12)).strftime("%Y-%m-%dT%H:%M")
    post(anna, "/admin/rounds/spring/postpone/propose", village=str(village), until=later)
    try_everything(app, anna)
    anna.get("/admin/rounds/spring/postpone")
    assert "Take answers until then" not in anna.buttons()
    berta.get("/admin/rounds/spring/postpone").press("Take answers until then")
    assert berta.says("清水村 has more time now")
    assert not {act for act, _village in the_state(app)[1]} & {"round.postpone"}


def test_one_person_does_not_delete_a_round(app: Flask, anna: Browser, berta: Browser) -> None:
    make(anna, key_holding="server", **{"policy-seal_delay_minutes": "0"})
    open_with_server_key(anna, berta)
    propose_close(anna)
    post(berta, "/admin/rounds/spring/close")
    post(anna, "/admin/rounds/spring/seal/propose", accepted="0")
    berta.get("/admin/rounds/spring/seal").press("Seal the round now")
    refused = anna.client.post(
        "/admin/rounds/spring/remove/propose", data={"csrf_token": token_of(anna)}
    )
    assert refused.status_code == 409, "its period is not over"
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        assert round_.sealed_at is not None
        round_.sealed_at -= timedelta(days=4 * 366)
        db.session.commit()
    post(anna, "/admin/rounds/spring/remove/propose")
    try_everything(app, anna)
    anna.get("/admin/rounds/spring/keeping")
    assert "Delete the round" not in anna.buttons()
    berta.get("/admin/rounds/spring/keeping").press("Delete the round")
    assert berta.says("The round is deleted.")
    assert berta.get("/admin/retention").says("Spring round", "Anna, Berta")
    berta.get("/admin/rounds/spring", 404)


def test_one_person_neither_voids_nor_reprints_a_sheet(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna, key_holding="server")
    open_with_server_key(anna, berta)
    propose_print(anna)
    berta.get("/admin/rounds/spring/tickets").send("Confirm and fetch the sheets").get_data()
    with app.app_context():
        village = rounds.villages(db.session, rounds.by_slug(db.session, "spring"))[0].village_id
    for number, act in enumerate(("reprint", "void"), start=1):
        sheet = f"/admin/rounds/spring/slips/{village}/mass/sheets/{number}"
        post(anna, f"{sheet}/propose", act=f"sheet.{act}")
        try_everything(app, anna)
        waiting = the_state(app)[1]
        berta.client.post(f"{sheet}/{act}", data={"csrf_token": token_of(berta)}).get_data()
        assert the_state(app)[1] < waiting, "a second person does it"


def test_one_person_does_not_seal_with_both_halves(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna, **{"policy-seal_delay_minutes": "0"})
    first, second = open_with_halves(anna, berta)
    propose_close(anna)
    post(berta, "/admin/rounds/spring/close")
    post(anna, "/admin/rounds/spring/seal/propose", accepted="0")
    try_everything(app, anna, first=first, second=second)
    berta.get("/admin/rounds/spring/seal").press("Seal the round now", first=first, second=second)
    assert the_state(app)[0] == "sealed"


def test_whoever_signed_a_rating_does_not_countersign_it(app: Flask, browse: Browse) -> None:
    lead = agree(browse)
    lead.press("Sign", decision="fairly_good", reason="We are of one mind.")
    token = token_of(lead)
    for version in ("1", "2", ""):
        answer = lead.client.post(
            f"/review/spring/{OURS}/countersignature",
            data={"csrf_token": token, "version": version},
        )
        assert answer.status_code == 400
    with app.app_context():
        assert audit.listing(db.session, act="rating.lock").total == 0
    browse("member").get(f"/review/spring/{OURS}").press("Countersign and lock")
    with app.app_context():
        assert audit.listing(db.session, act="rating.lock").total == 1


def test_a_round_of_two_halves_is_not_opened_with_a_key_of_the_server(
    app: Flask, anna: Browser, berta: Browser
) -> None:
    make(anna)
    for browser, path in ((anna, "open/propose"), (berta, "open")):
        token = token_of(browser)
        answer = browser.client.post(f"/admin/rounds/spring/{path}", data={"csrf_token": token})
        assert answer.status_code == 409
    assert the_state(app)[:2] == ("draft", set())


def test_every_route_of_an_act_of_two_is_tried(app: Flask) -> None:
    proposing = {
        rule.endpoint.split(".")[1] for rule in rules(app, "POST") if "propose" in rule.endpoint
    }
    assert proposing == {
        "propose_opening",
        "propose_closing",
        "propose_cancelling",
        "propose_extending",
        "propose_postponing",
        "propose_removal",
        "propose_sealing",
        "propose_voiding",
    }, "a new act of two: let one person try it above, then name it here"
