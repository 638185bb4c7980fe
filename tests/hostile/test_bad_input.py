"""Everything that can be sent to the service, wrong: never a fault, nothing lost, a clear sentence.

Forms are found on the pages themselves, so that a new one is attacked without being named here; the
routes that take a POST are found in the map. On both engines, because each refuses other things.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.storage import seal
from survey.storage.db import db
from survey.storage.questionnaires import defaults
from tests.conftest import TEMPLATE, command, text
from tests.hostile.forms import Form, Sender, check, check_nothing_lost, forms_of
from tests.hostile.house import House, build, office_of

MEGABYTE = 1024 * 1024
WRONG = {
    "NUL": b"a\x00b",
    "NULs": b"\x00" * 100,
    "half a surrogate": b"\xed\xa0\x80",
    "not UTF-8": b"\xff\xfe\xfd",
    "cut off": "好".encode()[:2],
    "control signs": bytes(range(1, 32)),
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈".encode(),
    "bidi": "\u202eevil\u202c\u2066x\u2069\u200f".encode(),
    "combining": ("e" + "\u0301" * 300).encode(),
    "not a sign": "\uffff\ufffe\U0010ffff".encode(),
    "markup": b"\"'><xss a=1>{{7*7}}",
    "formats": b"%(name)s %s %d {0} ${x}",
    "SQL": b"'; DROP TABLE round; --",
    "path": b"../../../../etc/passwd",
    "huge number": b"9" * 40,
    "negative": b"-1",
    "not a number": b"NaN",
    "infinite": b"1e999",
    "a fraction": b"0.1",
    "digits of others": "１２３٣".encode(),
    "far date": b"99999-99-99T99:99",
    "early date": b"0001-01-01T00:00",
    "late date": b"9999-12-31T23:59",
    "empty": b"",
    "blank": "\u3000 \u00a0".encode(),
    "long": b"x" * 20_000,
    "lines": b"\r\n\r\n" * 50,
}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house of this module's own on each engine."""
    folder = tmp_path_factory.mktemp("instance")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "sqlite":
            template: Path = request.getfixturevalue("sqlite_template")
            yield from _kept(build(folder, str(template), patch))
            return
        server: sa.URL = request.getfixturevalue("postgres_server")
        name = f"hostile_{uuid4().hex}"
        command(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield from _kept(build(folder, text(server.set(database=name)), patch))
        command(server, f"DROP DATABASE {name} WITH (FORCE)")


def _kept(house: House) -> Iterator[House]:
    """Forms without a fault in them are ballots like any other: none is lost, all are whole."""
    house.answer(house.print(7))
    yield house
    with house.app.app_context():
        office = office_of(house.app, db.session, "summer")
        contents = seal.read(db.session, office.round_, office.private_key(), office.pepper)
        db.session.close()
        db.engine.dispose()
    assert contents.bad == 0
    assert contents.ballots >= 7


def wrong_for(form: Form, name: str) -> list[tuple[str, bytes]]:
    """A few of the wrong values, other ones for each field; all of them where TORTURE=1."""
    if os.environ.get("TORTURE"):
        return list(WRONG.items())
    drawn = random.Random(f"{form.action} {name}").sample(sorted(WRONG), 6)
    return [(what, WRONG[what]) for what in ("NUL", "half a surrogate", *drawn)]


COMES_BACK = ("emoji", "bidi", "markup", "formats", "SQL", "huge number", "not a number", "path")


@pytest.mark.parametrize("who", [None, "anna", "lead", "stranger", "mira"])
def test_no_wrong_value_in_any_field_of_any_form_is_a_fault(house: House, who: str | None) -> None:
    sender, fields = Sender(house), 0
    for form in forms_of(house, who):
        for name in form.names:
            fields += 1
            for what, value in wrong_for(form, name):
                answer = sender.send(form, [(name, value)])
                page = check(answer, f"{form.action}: {name} is {what}")
                if what in COMES_BACK and answer.status_code in {400, 422, 503}:
                    check_nothing_lost(page, form, name, value)
            twice = [(name, WRONG["markup"]), (name, WRONG["NUL"]), (name, b"")]
            check(sender.send(form, twice), f"{form.action}: {name} three times")
    assert fields > {None: 20, "anna": 60, "lead": 40, "stranger": 20, "mira": 5}[who]


@pytest.mark.parametrize("who", [None, "anna", "lead"])
def test_a_field_of_a_megabyte_is_too_large_and_no_fault(house: House, who: str | None) -> None:
    sender = Sender(house)
    for form in forms_of(house, who):
        for name in (form.names[0], form.names[-1]):
            answer = sender.send(form, [(name, b"x" * MEGABYTE)])
            check(answer, f"{form.action}: {name} of a megabyte")
            assert answer.status_code in {400, 404, 413, 422}, form.action


NO_TEXT = st.binary(max_size=60)
SIGNS = st.text(max_size=60).map(lambda signs: signs.encode("utf-8", "surrogatepass"))
PIECES = st.lists(st.sampled_from(list(WRONG.values())), max_size=3).map(b"".join)


@pytest.mark.parametrize("who", [None, "anna", "lead"])
def test_no_wrong_form_at_all_is_a_fault(house: House, who: str | None) -> None:
    sender, forms = Sender(house), forms_of(house, who)

    @settings(
        max_examples=80,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.data())
    def send_anything(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        names = st.sampled_from([*form.names, "unknown"]) | st.text(max_size=5)
        change = st.tuples(names, st.one_of(NO_TEXT, SIGNS, PIECES))
        changes = data.draw(st.lists(change, min_size=1, max_size=5))
        changes = [(name.encode("utf-8", "replace").decode(), value) for name, value in changes]
        check(sender.send(form, changes), f"{form.action}: {changes}")

    send_anything()


BODIES = {
    "nothing": (b"", "application/x-www-form-urlencoded"),
    "JSON": (b'{"half": {"$gt": ""}, "name": [1, null]}', "application/json"),
    "text": (b"hello", "text/plain"),
    "no type": (b"a=b", ""),
    "a type that is none": (b"a=b", "\xff/;;;"),
    "no parts": (b"hello", "multipart/form-data"),
    "parts without an end": (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nhello',
        "multipart/form-data; boundary=x",
    ),
    "a part without a name": (
        b"--x\r\nContent-Disposition: form-data\r\n\r\nhello\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "a part of a strange kind": (
        b'--x\r\nContent-Disposition: form-data; name="\xff\x00"; filename="../x"\r\n'
        b"Content-Transfer-Encoding: base64\r\nContent-Type: a;b;c\r\n\r\n\xff\x00\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "files where text belongs": (
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\nx\r\n' % name
            for name in (b"once", b"code", b"nonce", b"title", b"half", b"reason", b"username")
        )
        + b"--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "a thousand fields": (
        "&".join(f"field{number}=1" for number in range(3000)).encode(),
        "application/x-www-form-urlencoded",
    ),
    "broken percent": (b"title=%&%zz=%ff&=&&&;;", "application/x-www-form-urlencoded"),
}
CHANGING = ("propose", "close", "scrub", "cancel", "disable", "sign-out", "password", "withdraw")
"""Acts without a field: they are done whatever the body says, which is right."""


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("who", [None, "anna", "lead"])
def test_no_wrong_body_to_any_route_is_a_fault(house: House, who: str | None, what: str) -> None:
    sender = Sender(house)
    body, kind = BODIES[what]
    tried = 0
    for _rule, address in house.addresses("POST"):
        if who and any(word in address for word in CHANGING):
            continue
        guard = {"X-CSRFToken": sender.token(who)} if who else {}
        answer = sender.browser(who).client.post(
            address, data=body, content_type=kind, headers=guard
        )
        check(answer, f"{address}: {what}")
        tried += 1
    assert tried > 40


STRANGE = (
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%f0%9f%91%a9", "%e2%80%ae", "%27%22%3e", "%25s",
    "..%2f..%2fetc", "x" * 3000, "9" * 40, "-1", "1e9", "%20", "None",
)  # fmt: skip


@pytest.mark.parametrize("who", [None, "anna", "lead"])
def test_no_wrong_address_is_a_fault(house: House, who: str | None) -> None:
    client = house.browse(who).client
    tried = 0
    for rule, address in house.addresses("GET"):
        for known in {"summer", house.poster, house.slips[-1], "990101100201", "mass"}:
            if f"/{known}" not in address:
                continue
            for strange in STRANGE:
                with client.get(address.replace(known, strange)) as answer:
                    check(answer, f"{rule.rule} with {strange[:20]}")
                tried += 1
    assert tried > 100


ASKED = (
    *("lang", "next", "q", "search", "township", "group"),
    *("page", "person", "act", "theme", "width"),
)


@pytest.mark.parametrize("who", [None, "anna", "lead"])
def test_no_wrong_query_is_a_fault(house: House, who: str | None) -> None:
    """Every name that a page asks for, each with the same strange value, twice."""
    client = house.browse(who).client
    for _rule, address in house.addresses("GET"):
        for strange in STRANGE[::2]:
            query = "&".join(f"{name}={strange}&{name}=" for name in ASKED)
            with client.get(f"{address}?{query}") as answer:
                check(answer, f"{address} with {strange[:20]}")


@pytest.mark.parametrize("number", ["0", "2147483648", "9223372036854775808", "9" * 40])
def test_no_number_in_an_address_is_too_large(house: House, number: str) -> None:
    sender = Sender(house)
    for rule, address in [*house.addresses("GET"), *house.addresses("POST")]:
        if "<int:" not in rule.rule:
            continue
        strange = address
        for part in ("/1/", f"/{house.village_id}/"):
            strange = strange.replace(part, f"/{number}/")
        strange = strange.removesuffix("/1") + (f"/{number}" if address.endswith("/1") else "")
        assert strange != address, address
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = sender.browser("anna").client.open(
            strange, method=method, headers={"X-CSRFToken": sender.token("anna")}
        )
        check(answer, strange)
        # where another method has the same address, the map calls a wrong number a wrong method
        assert answer.status_code in {400, 404, 405, 409, 302}, strange


def test_a_villager_loses_nothing_when_an_answer_cannot_be_read(house: House) -> None:
    """A choice that is none is pointed out on the form, and every other answer is still there."""
    phone = house.browse()
    phone.get(f"/v/{house.poster}")
    form = next(one for one in forms_of(house, None) if "nonce" in one.names)
    keys = [item.key for item in defaults()["mass"].items if item.key in form.names]
    kept = [(key, b"good") for key in keys[1:]]
    sent = [*kept, (keys[0], b"excellent"), ("comment", "路修好了 👍".encode())]
    answer = Sender(house).send(form, sent)
    page = check(answer, "a choice that is none")
    assert page is not None
    assert answer.status_code in {400, 422}
    assert len(page.xpath("//input[@checked and @value='good']")) == len(kept)
    assert page.xpath("//textarea[@name='comment']")[0].text == "路修好了 👍"
