"""Who may see which page: asked of every staff route that there is."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import Rule

from survey.web.access import is_staff_path
from tests.web.browser import Browser
from tests.web.conftest import SignIn

OPEN_TO_ALL = {
    "auth.sign_in",
    "auth.enter",
    "auth.invitation",
    "auth.find_invitation",
    "auth.accept",
    "auth.accept_invitation",
    "auth.set_up",
    "auth.finish_set_up",
}


def staff_rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if is_staff_path(rule.rule)
        and method in (rule.methods or ())
        and rule.endpoint not in OPEN_TO_ALL
    ]


def address(rule: Rule) -> str:
    filled = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    filled = re.sub(r"<int:[^>]*>", "1", filled)
    return re.sub(r"<[^>]*>", "mass", filled)


def test_every_staff_page_asks_strangers_to_sign_in(app: Flask, sign_in: SignIn) -> None:
    sign_in()
    client = app.test_client()
    rules = staff_rules(app, "GET")
    assert len(rules) > 20
    for rule in rules:
        answer = client.get(address(rule))
        assert answer.status_code == 302, rule
        assert answer.location.startswith("/staff/sign-in"), rule


def test_no_administrators_page_is_there_for_a_lead(app: Flask, sign_in: SignIn) -> None:
    lead = sign_in("lena", "lead", "Group 1")
    token = lead.page.xpath("//input[@name='csrf_token']/@value")[0]
    for rule in staff_rules(app, "GET"):
        if rule.endpoint.startswith("admin."):
            assert lead.client.get(address(rule)).status_code == 404, rule
    for rule in staff_rules(app, "POST"):
        if rule.endpoint.startswith("admin."):
            answer = lead.client.post(address(rule), data={"csrf_token": token})
            assert answer.status_code == 404, rule


def test_no_staff_form_is_taken_without_its_guard(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    open_too = ("/staff/sign-in", "/staff/invitation", "/staff/invitation/x", "/staff/set-up")
    for rule in [*staff_rules(app, "POST"), *open_too]:
        path = rule if isinstance(rule, str) else address(rule)
        answer = anna.client.post(path)
        assert answer.status_code == 400, path
        assert "This form is too old" in answer.text, path


def test_a_guard_of_another_session_is_not_taken(app: Flask, sign_in: SignIn) -> None:
    anna, berta = sign_in(), sign_in("berta")
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    assert berta.client.post("/staff/sign-out", data={"csrf_token": token}).status_code == 400


def test_only_staff_pages_have_a_session(app: Flask, sign_in: SignIn) -> None:
    anna = sign_in()
    for path in ("/", "/t/", "/v/ABCDEFGHJK", "/nowhere", "/static/staff.css"):
        with anna.client.get(path) as answer:
            assert "Set-Cookie" not in answer.headers, path
            assert "Cookie" not in answer.headers.get("Vary", ""), path


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    app: Flask, sign_in: SignIn
) -> None:
    sign_in()
    visitor = Browser(app)
    cookie = visitor.client.get("/staff/sign-in").headers["Set-Cookie"]
    for part in ("HttpOnly", "Secure", "SameSite=Lax"):
        assert part in cookie
