"""What every page must be, whoever asks for it: checked on each page that a `Browser` fetches."""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement
from werkzeug.test import TestResponse

STAFF = ("/staff/", "/admin/", "/review/")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def check(document: HtmlElement, response: TestResponse) -> None:
    """Fail with a sentence on the first thing that is wrong with a page."""
    where = response.request.path
    staff = where.startswith(STAFF)
    check_headers(response, staff)
    check_structure(document, where)
    check_forms(document, where, staff)
    if staff:
        check_nothing_inline(document, where)


def check_headers(response: TestResponse, staff: bool) -> None:
    """Every header that docs/security.md promises."""
    where = response.request.path
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, f"{where}: {name} is not {value}"
    wanted = "same-origin" if staff else "no-referrer"
    assert response.headers["Referrer-Policy"] == wanted, f"{where}: Referrer-Policy"
    policy = response.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy, f"{where}: the policy lacks {part}"
    assert "unsafe" not in policy, f"{where}: the policy allows something unsafe"
    if not staff:
        assert "Cookie" not in response.headers.get("Vary", ""), f"{where} varies by cookie"
        assert "staff=" not in "".join(response.headers.getlist("Set-Cookie")), where


def check_structure(document: HtmlElement, where: str) -> None:
    """Language, title, one heading of the first level, ids that are there once."""
    assert document.get("lang") in {"zh-Hans", "zh-CN", "zh", "en"}, f"{where} has no language"
    assert _words(document.find(".//title")), f"{where} has no title"
    assert len(document.findall(".//h1")) == 1, f"{where} has not exactly one h1"
    assert len(document.findall(".//main")) == 1, f"{where} has not exactly one main"
    ids = Counter(document.xpath("//@id"))
    twice = [name for name, count in ids.items() if count > 1]
    assert not twice, f"{where} has the ids {twice} more than once"
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for value in document.xpath(f"//@{attribute}"):
            assert set(value.split()) <= set(ids), f"{where}: {attribute} {value} points nowhere"
    for address in document.xpath("//a/@href[starts-with(., '#')]"):
        assert address[1:] in ids, f"{where}: {address} points nowhere"
    for image in document.findall(".//img"):
        assert image.get("alt") is not None, f"{where} has an image without alt"
    for spoken in document.xpath("//a | //button | //th | //caption | //legend | //label"):
        assert _words(spoken) or spoken.xpath(".//img[@alt!='']"), (
            f"{where} has an empty {spoken.tag} {dict(spoken.attrib)}"
        )


def check_forms(document: HtmlElement, where: str, staff: bool) -> None:
    """Each input is named for the eye and the ear; each staff form is guarded."""
    labelled = set(document.xpath("//label/@for"))
    for part in document.xpath("//input | //select | //textarea"):
        if part.get("type") in {"hidden", "submit", "button"}:
            continue
        named = (
            part.get("id") in labelled or part.get("aria-label") or part.xpath("ancestor::label")
        )
        assert named, f"{where}: the input {part.get('name')} has no label"
    for radio in document.xpath("//input[@type='radio']"):
        assert radio.xpath("ancestor::fieldset/legend"), f"{where}: {radio.get('name')}: no legend"
    if staff:
        for form in document.xpath("//form[translate(@method,'POST','post')='post']"):
            assert form.xpath(".//input[@name='csrf_token']"), f"{where}: an unguarded form"


def check_nothing_inline(document: HtmlElement, where: str) -> None:
    """Scripts and styles come from files, so that the policy can forbid all others."""
    assert not document.xpath("//style | //@style"), f"{where} has an inline style"
    assert not document.xpath("//script[not(@src)]"), f"{where} has an inline script"
    handlers = document.xpath("//@*[starts-with(name(), 'on')]")
    assert not handlers, f"{where} has an inline handler"


def _words(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())
