"""A browser without pictures: follows links and forms like a person, audits each page it gets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from flask import Flask
from lxml.html import HtmlElement, document_fromstring
from werkzeug.test import TestResponse

from tests.web import audit


class Browser:
    """One person's browser, with cookies of its own."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}
        self.response: TestResponse
        self.page: HtmlElement

    def get(self, address: str, status: int = 200) -> Browser:
        """Open *address*, follow where it leads, expect *status*."""
        return self._take(
            self.client.get(address, headers=self.headers, follow_redirects=True), status
        )

    def follow(self, words: str, status: int = 200) -> Browser:
        """Click the link that says *words*."""
        links = [link for link in self.page.iterfind(".//a") if words in _words(link)]
        assert links, f"{self.path} has no link {words!r}; it says: {self.text}"
        return self.get(urljoin(self.path, links[0].get("href")), status)

    def press(self, button: str, status: int = 200, **typed: Any) -> Browser:
        """Fill the form that has *button* with *typed* (by name) and press the button.

        A list ticks several boxes, None unticks, a pair (stream, name) chooses a file.
        """
        return self._take(self.send(button, **typed), status)

    def send(self, button: str, **typed: Any) -> TestResponse:
        """Press *button* as `press` does and return whatever comes: a page or a file."""
        form, pressed = self._form(button)
        fields = _filled(form, typed)
        if pressed.get("name"):
            fields[pressed.get("name")] = pressed.get("value", "")
        action = pressed.get("formaction") or form.get("action") or self.path_and_query
        address = urljoin(self.path, action)
        if (form.get("method") or "get").lower() == "get":
            return self.client.get(
                address, query_string=fields, headers=self.headers, follow_redirects=True
            )
        return self.client.post(address, data=fields, headers=self.headers, follow_redirects=True)

    def upload(self, address: str, content: bytes, name: str, status: int = 200) -> Browser:
        """Send *content* as the file of the form on this page, to *address*.

        The parts are written by hand: werkzeug's client leaves large files open.
        """
        token = self.page.xpath("//input[@name='csrf_token']/@value")[0]
        disposition = b"--x\r\nContent-Disposition: form-data; name="
        parts = [
            disposition + b'"csrf_token"\r\n\r\n' + token.encode(),
            disposition + b'"file"; filename="%b"\r\n\r\n' % name.encode() + content,
            b"--x--\r\n",
        ]
        answer = self.client.post(
            address,
            data=b"\r\n".join(parts),
            content_type="multipart/form-data; boundary=x",
            headers=self.headers,
            follow_redirects=True,
        )
        return self._take(answer, status)

    def download(self, words: str) -> TestResponse:
        """Fetch the file behind the link that says *words*."""
        links = [link for link in self.page.iterfind(".//a") if words in _words(link)]
        assert links, f"{self.path} has no link {words!r}"
        return self.client.get(urljoin(self.path, links[0].get("href")), headers=self.headers)

    def sign_in(self, username: str, password: str) -> Browser:
        """Sign in through the page for it."""
        self.get("/staff/sign-in?lang=en")
        return self.press("Sign in", username=username, password=password)

    @property
    def path(self) -> str:
        """The address of the page, without its query."""
        return self.response.request.path

    @property
    def path_and_query(self) -> str:
        """The address of the page."""
        return self.response.request.full_path.rstrip("?")

    @property
    def text(self) -> str:
        """Everything the page says, spaces folded."""
        return _words(self.page.find(".//body"))

    @property
    def heading(self) -> str:
        """What the first heading says."""
        return _words(self.page.find(".//h1"))

    def says(self, *words: str) -> bool:
        """Say whether all of *words* are on the page."""
        return all(one in self.text for one in words)

    def rows(self, number: int = 0) -> list[list[str]]:
        """Return the body of a table, cell by cell."""
        table = self.page.findall(".//table")[number]
        return [
            [_words(cell) for cell in row if cell.tag in {"td", "th"}]
            for row in table.iterfind(".//tbody/tr")
        ]

    def buttons(self) -> list[str]:
        """Return what the buttons say."""
        return [_words(button) for button in self.page.iterfind(".//button")]

    def _take(self, response: TestResponse, status: int) -> Browser:
        self.response = response
        assert response.mimetype == "text/html", f"{response.request.path}: {response.mimetype}"
        self.page = document_fromstring(response.get_data(as_text=True))
        assert response.status_code == status, (
            f"{self.path} gave {response.status_code}: {self.text}"
        )
        audit.check(self.page, response)
        return self

    def _form(self, words: str) -> tuple[HtmlElement, HtmlElement]:
        for button in self.page.iterfind(".//button"):
            if words == _words(button):
                return next(button.iterancestors("form")), button
        raise AssertionError(f"{self.path} has no button {words!r}, only {self.buttons()}")


def _filled(form: HtmlElement, typed: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for part in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        _add(fields, part.get("name"), _standing(part))
    unknown = set(typed) - {part.get("name") for part in form.xpath(".//*[@name]")}
    assert not unknown, f"the form has no {sorted(unknown)}"
    for name, value in typed.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value
    return fields


def _standing(part: HtmlElement) -> list[str]:
    """Return what *part* of a form sends when nobody touches it."""
    if part.tag == "textarea":
        return [part.text or ""]
    if part.tag == "select":
        options = part.findall(".//option")
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and part.get("multiple") is None:
            chosen = options[:1]
        return [option.get("value", _words(option)) for option in chosen]
    if part.get("type") in {"checkbox", "radio"}:
        return [part.get("value", "on")] if part.get("checked") is not None else []
    return [] if part.get("type") in {"file", "submit"} else [part.get("value", "")]


def _add(fields: dict[str, Any], name: str, values: list[str]) -> None:
    if values:
        fields[name] = [*fields.get(name, []), *values]


def _words(element: HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())
