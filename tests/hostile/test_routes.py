"""Every route of the app, found in its own map: headers by audience, and respondents left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.storage.db import db
from survey.storage.questionnaires import defaults
from tests.hostile.house import House, build
from tests.web.browser import Browser

RESPONDENT = {
    "collect.help_others",
    "collect.poster",
    "collect.send_poster",
    "collect.ticket",
    "collect.send_ticket",
    "collect.type_ticket",
    "collect.sounds",
    "collect.sound",
}
PUBLIC = {"home.show", "static"}
STAFF_ROOMS = {"auth": "/staff/", "admin": "/admin/", "review": "/review/"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BUT_FOR_VILLAGERS = {
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
OWN_FILES = f"{NOTHING}; style-src 'self'; script-src 'self'; img-src 'self'"
SENDING_TOO = f"{OWN_FILES}; connect-src 'self'"
DIGEST = r"'sha256-[A-Za-z0-9+/]{43}='"
OWN_STYLE = re.compile(
    re.escape(NOTHING)
    + rf"; style-src {DIGEST}; script-src {DIGEST} 'self'; img-src data:; connect-src 'self'; "
    + "media-src 'self'"
)
VIEWER = f"{NOTHING}; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'"

GOOD = {item.key: "good" for item in defaults()["mass"].items}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        made = build(tmp_path_factory.mktemp("instance"), str(sqlite_template), patch)
        yield made
        with made.app.app_context():
            db.engine.dispose()


def audience(rule: Rule) -> str:
    """Whose *rule* it is; one that nobody has thought of fails here."""
    if rule.endpoint in RESPONDENT:
        return "respondent"
    if rule.endpoint in PUBLIC:
        return "public"
    room = rule.endpoint.split(".")[0]
    assert room in STAFF_ROOMS, f"{rule.endpoint}: say in this test whose page it is"
    assert rule.rule.startswith(STAFF_ROOMS[room]), f"{rule.rule} is outside the staff's session"
    return "staff"


def check(answer: TestResponse, whose: str) -> None:
    where = f"{answer.request.method} {answer.request.path} ({answer.status_code})"
    more = {} if whose == "respondent" else BUT_FOR_VILLAGERS
    for name, value in (EVERYWHERE | more).items():
        assert answer.headers.getlist(name) == [value], f"{where}: {name}"
    referrer = "same-origin" if whose == "staff" else "no-referrer"
    assert answer.headers.getlist("Referrer-Policy") == [referrer], where
    kept = "no-cache" if answer.request.path.startswith("/static/") else "no-store"
    if whose == "staff" and answer.mimetype == "image/svg+xml" and "ETag" in answer.headers:
        kept = "private, no-cache"  # a picture of released figures, asked for again each time
    assert answer.headers.getlist("Cache-Control") == [kept], where
    (said,) = answer.headers.getlist("Content-Security-Policy")
    if answer.mimetype == "application/pdf":
        assert said == VIEWER, where
    elif whose == "respondent" and said != OWN_FILES:
        assert OWN_STYLE.fullmatch(said), f"{where}: {said}"
    elif may_send(answer):
        assert said == SENDING_TOO, f"{where}: {said}"
    else:
        assert said == OWN_FILES, f"{where}: {said}"
    assert not re.search(r"Werkzeug|Python|gunicorn", answer.headers.get("Server", "")), where
    if whose != "staff":
        check_untouched(answer, where)


def may_send(answer: TestResponse) -> bool:
    """Say whether it is a page that posts: keyed from paper, a questionnaire's parts, a draft."""
    request = answer.request
    if answer.mimetype == "text/html" and 'data-draft="/review/' in answer.text:
        return request.path.startswith("/review/")
    draft = re.fullmatch(r"/admin/questionnaires/drafts/\d+(/parts/.*|/finish)?", request.path)
    if answer.mimetype == "text/html" and draft and answer.status_code in {200, 409, 422}:
        return request.method in {"GET", "HEAD", "POST"}
    shown = request.method in {"GET", "HEAD"} and answer.status_code == 200
    return shown and request.path.endswith("/paper")


def check_untouched(answer: TestResponse, where: str) -> None:
    """No session, no cookie but the constant one, and a page that is the same for everybody."""
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert re.fullmatch(
            r"answered=summer; Expires=[^;]+; Max-Age=5184000; HttpOnly; Path=/v/; SameSite=Lax",
            cookie,
        ), f"{where}: {cookie}"
    assert "cookie" not in answer.headers.get("Vary", "").lower(), where
    assert answer.headers.get("ETag") is None or answer.request.path.startswith("/static/"), where


def test_each_route_belongs_to_an_audience(house: House) -> None:
    whose = {audience(rule) for rule in house.app.url_map.iter_rules()}
    assert whose == {"respondent", "public", "staff"}
    there = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    assert there >= RESPONDENT | PUBLIC, "this test names a route that is no more"


@pytest.mark.parametrize("who", [None, "anna", "lead", "mira"])
def test_every_answer_of_every_route_has_the_headers_of_its_audience(
    house: House, who: str | None
) -> None:
    client = house.browse(who).client
    tried = 0
    for method in METHODS:
        for rule, address in house.addresses(method):
            with client.open(address, method=method) as answer:
                check(answer, audience(rule))
            tried += 1
    assert tried > 500


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("/nowhere", "public"),
        ("/t/1234123412341234", "respondent"),
        ("/v/NOWHERE", "respondent"),
        ("/static/nowhere.css", "public"),
        ("/admin/nowhere", "staff"),
        ("/review/nowhere/", "staff"),
        ("/staff/nowhere", "staff"),
        ("/admin", "public"),
    ],
)
def test_what_is_not_there_has_the_headers_too(house: House, address: str, whose: str) -> None:
    check(house.browse("anna").client.get(address), whose)


def test_faults_have_the_headers_too(house: House) -> None:
    client = house.browse().client
    check(client.post("/t/", data=b"x" * 100_000, content_type="text/plain"), "respondent")
    check(
        client.post("/t/", data={"code": "x" * 70_000}),
        "respondent",
    )
    check(client.post("/t/", data=b"broken", content_type="multipart/form-data"), "respondent")


def without_numbers_of_its_own(answer: TestResponse) -> bytes:
    return re.sub(rb'name="(nonce|once)" value="[^"]+"', b"", answer.data)


def test_a_respondent_s_page_is_the_same_whoever_asks(house: House) -> None:
    """A session, a stranger's cookies, a referrer: nothing of it changes a byte."""
    staff, nobody = house.browse("anna").client, house.browse().client
    staff.set_cookie("left", "over")
    asked = 0
    for rule, address in house.addresses("GET"):
        if audience(rule) != "respondent":
            continue
        plain = nobody.get(address)
        cookies = staff.get(address, headers={"Referer": "https://elsewhere.example/"})
        assert cookies.status_code == plain.status_code
        assert without_numbers_of_its_own(cookies) == without_numbers_of_its_own(plain)
        assert dict(cookies.headers) | {"Content-Length": ""} == dict(plain.headers) | {
            "Content-Length": ""
        }
        asked += 1
    assert asked == 11


class Bare(Browser):
    """A browser that keeps no cookie, runs no script and sends no referrer."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.client = app.test_client(use_cookies=False)


def test_nothing_of_a_respondent_s_needs_cookies_scripts_or_a_referrer(house: House) -> None:
    phone = Bare(house.app).get(f"/v/{house.poster}")
    assert not phone.page.xpath("//*[@src] | //link[@rel!='icon'] | //iframe | //object")
    assert phone.press("Send", **GOOD).says("Your answer is counted")
    phone.get("/t/").press("Go on", code=house.slips[0])
    first = next(iter(GOOD))
    phone.press("Send", 422, **{key: value for key, value in GOOD.items() if key != first})
    phone.press("中文")
    assert phone.page.get("lang") == "zh-Hans"
    assert phone.page.xpath("//input[@checked]/@value").count("good") == len(GOOD) - 1
    phone.press("English")
    assert phone.press("Send", **{first: "poor"}).says("Your answer is counted")
    assert phone.get(f"/t/{house.slips[0]}", 410).says("used")


def test_the_constant_cookie_is_the_same_for_everybody(house: House) -> None:
    said = set()
    for _ in range(2):
        answer = Browser(house.app).get(f"/v/{house.poster}").send("Send", **GOOD)
        (cookie,) = answer.headers.getlist("Set-Cookie")
        said.add(re.sub("Expires=[^;]+", "", cookie))
    assert len(said) == 1
    slip = Browser(house.app).get(f"/t/{house.slips[1]}").send("Send", **GOOD)
    assert not slip.headers.getlist("Set-Cookie")
