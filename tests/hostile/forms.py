"""Every form that a page has, found on the pages themselves, and a browser that sends any bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urljoin

from lxml.html import HtmlElement, document_fromstring
from werkzeug.test import TestResponse

from tests.hostile.house import House
from tests.web.browser import Browser

TYPED = {"text", "tel", "number", "date", "datetime-local", "search", "email", None}


@dataclass(frozen=True)
class Form:
    """One form on one page, as *who* has it: where it goes and what it holds untouched."""

    who: str | None
    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*(name for name, _ in self.fields), *self.typed]))


def forms_of(house: House, who: str | None) -> list[Form]:
    """Every form with a field that *who* meets, once for each view that takes these fields."""
    browser = house.browse(who)
    views = house.app.url_map.bind("localhost")
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for _rule, address in house.addresses("GET"):
        with browser.client.get(f"{address}?lang=en", follow_redirects=True) as answer:
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page, path = document_fromstring(answer.get_data(as_text=True)), answer.request.path
        for form in page.xpath("//form[translate(@method,'POST','post')='post']"):
            action = urljoin(path, form.get("action") or path)
            one = Form(who, path, action, tuple(_fields(form)), tuple(_typed(form)))
            key = (views.match(action.split("?")[0], "POST")[0], tuple(one.names))
            if set(one.names) - {"csrf_token"}:
                found.setdefault(key, one)
    return list(found.values())


def _fields(form: HtmlElement) -> Iterator[tuple[str, str]]:
    """What the form sends when nobody touches it; of radio buttons the first."""
    chosen = set()
    for part in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = part.get("name"), part.get("type")
        if kind in {"submit", "file"} or (kind == "radio" and name in chosen):
            continue
        if kind == "checkbox" and part.get("checked") is None:
            continue
        chosen.add(name)
        if part.tag == "select":
            values = [option.get("value", "") for option in part.findall(".//option")][:1]
        else:
            values = [(part.text or "") if part.tag == "textarea" else part.get("value", "on")]
        yield from ((name, value or "") for value in values)


def _typed(form: HtmlElement) -> Iterator[str]:
    """The fields whose text must come back."""
    for part in form.xpath(".//input[@name] | .//textarea[@name]"):
        if part.tag == "textarea" or part.get("type") in TYPED:
            yield part.get("name")


class Sender:
    """A browser that sends any bytes."""

    def __init__(self, house: House) -> None:
        self.house, self.browsers = house, {}
        self.tokens: dict[tuple[str | None, str], str] = {}

    def browser(self, who: str | None) -> Browser:
        if who not in self.browsers:
            self.browsers[who] = self.house.browse(who)
        return self.browsers[who]

    def token(self, who: str | None) -> str:
        """The guard that goes with the session of *who*, asked for once in a session."""
        browser = self.browser(who)
        cookie = browser.client.get_cookie(self.house.app.config["SESSION_COOKIE_NAME"])
        session = (who, cookie.value if cookie else "")
        if session not in self.tokens:
            answer = browser.client.get("/staff/account?lang=en")
            if answer.status_code != 200:  # signed out by what was sent before
                del self.browsers[who]
                return self.token(who)
            page = document_fromstring(answer.get_data(as_text=True))
            self.tokens[session] = str(page.xpath("//input[@name='csrf_token']/@value")[0])
        return self.tokens[session]

    def send(self, form: Form, changes: list[tuple[str, bytes]]) -> TestResponse:
        """Send *form* with *changes*, each instead of what the form holds under its name."""
        names = {name for name, _ in changes}
        sent = [(name, value.encode()) for name, value in form.fields if name not in names]
        if form.who and "csrf_token" not in names:
            sent = [(name, value) for name, value in sent if name != "csrf_token"]
            sent.append(("csrf_token", self.token(form.who).encode()))
        body = "&".join(
            f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}"
            for name, value in [*sent, *changes]
        )
        answer = self.browser(form.who).client.post(
            form.action,
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers={"Accept-Language": "en"},
        )
        if "/staff/sign-in" in answer.headers.get("Location", ""):
            self.browsers.pop(form.who, None)
        return answer


def check(answer: TestResponse, what: str) -> HtmlElement | None:
    """Fail unless *answer* is a page with a sentence, a file, or a way on."""
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    if answer.status_code in {302, 303}:
        return None
    if answer.mimetype != "text/html":
        assert answer.status_code == 200, what
        return None
    page = document_fromstring(answer.get_data(as_text=True))
    words = " ".join(page.find(".//main").text_content().split())
    assert len(page.findall(".//h1")) == 1, what
    assert "Traceback" not in words, what
    assert len(words) > 30, f"{what}: says only {words!r}"
    return page


def check_nothing_lost(page: HtmlElement | None, form: Form, name: str, sent: bytes) -> None:
    """Where the same form is shown again, what was typed stands in it."""
    if page is None or name not in form.typed:
        return
    again = page.xpath("//form//*[@name=$name]", name=name)
    fields = [one for one in again if one.tag == "textarea" or one.get("type") in TYPED]
    if not fields or len(again) != 1:
        return
    if fields[0].tag == "textarea":  # a line break right after the tag is not part of the text
        shown = (fields[0].text or "").removeprefix("\n")
    else:
        shown = fields[0].get("value") or ""
    assert shown == sent.decode(), f"{form.action}: {name} has lost {sent!r}"
