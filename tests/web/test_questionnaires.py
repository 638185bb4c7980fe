"""Writing questionnaires on the pages, as a person does who has no script."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from flask import Flask

from survey.core import questionnaire as questions
from survey.core.drafting import draft as forms
from survey.reports import xlsform
from survey.storage import audit, drafts, questionnaires
from survey.storage.db import db
from survey.storage.questionnaires import defaults
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_register import choose
from tests.web.test_rounds import CSV, make, shown_half

MASS = defaults()["mass"]


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    return sign_in()


def begin(anna: Browser, source: str = MASS.digest) -> Browser:
    return anna.get("/admin/questionnaires/new").press("Begin to write", source=source)


def draft_of(app: Flask) -> forms.Draft:
    """The only draft there is."""
    with app.app_context():
        ((row, _name),) = drafts.listing(db.session)
        return drafts.read(row)


def form(anna: Browser, place: str) -> dict[str, str]:
    """What the form of a part holds."""
    fields = anna.page.xpath(f"//form[contains(@action, '/parts/{place}')]//*[@name]")
    return {
        field.get("name"): field.text or "" if field.tag == "textarea" else field.get("value", "")
        for field in fields
        if field.get("type") != "checkbox" or field.get("checked") is not None
    }


def save(anna: Browser, place: str, status: int = 200, **typed: str) -> Browser:
    """Change the form of a part and press its button."""
    body = form(anna, place) | {name.replace("_", "."): value for name, value in typed.items()}
    address = anna.page.xpath(f"//form[contains(@action, '/parts/{place}')]/@action")[0]
    answer = anna.client.post(address, data=body, headers=anna.headers, follow_redirects=True)
    return anna._take(answer, status)


def test_both_questionnaires_of_the_service_can_be_asked(anna: Browser) -> None:
    anna.get("/admin/").follow("Questionnaires")
    assert anna.says("Nothing is being written just now.")
    assert [row[0] for row in anna.rows()] == [
        "Mass evaluation, version 1 village-mass",
        "Self-evaluation, version 1 village-self",
    ]
    assert "Take away" not in anna.buttons()


def test_a_questionnaire_is_written_from_a_copy_and_asked_in_a_round(
    app: Flask, anna: Browser
) -> None:
    begin(anna)
    assert anna.says("Nothing is lacking")
    save(anna, "title", title_zh="我村测评", title_en="Our village")
    assert anna.says("Saved.")
    assert anna.heading == "Our village"
    save(anna, "effects.service", text_zh="办事快不快？", text_en="How quick is the office?")
    anna.press("Finish it")
    assert anna.says("“我村测评”, version 1, can now be asked.")
    choose(anna, "register.csv", CSV.encode()).press("Import")
    with app.app_context():
        (kept,) = (row for row in questionnaires.listing(db.session) if row.key == "mass-1")
        digest = kept.digest
        assert questionnaires.read(kept.document).items[7].text.zh == "办事快不快？"
    make(anna, **{"mass-questionnaire": digest})
    assert anna.says("Our village, version 1")


def test_what_is_lacking_is_told_and_keeps_it_from_being_finished(
    app: Flask, anna: Browser
) -> None:
    begin(anna, "empty-mass")
    assert anna.says("Before it can be asked", "There is no graded question yet")
    assert "Finish it" not in anna.buttons()
    add(anna, "effects", "choice")
    save(anna, "effects.q1", options_zh="路\n灯", options_en="Roads")
    assert anna.says("The Chinese is missing.", "Answer 2 is missing in English.")
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = anna.client.post(
        f"{anna.path}/finish", data={"csrf_token": token}, headers=anna.headers
    )
    assert answer.status_code == 422
    assert draft_of(app).questions[0][1].key == "effects.q1"


def add(anna: Browser, dimension: str, kind: str) -> None:
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    body = {"csrf_token": token, "dimension": dimension, "kind": kind}
    answer = anna.client.post(
        f"{anna.path}/questions", data=body, headers=anna.headers, follow_redirects=True
    )
    anna._take(answer, 200)


def test_every_kind_of_question_can_be_added_and_filled_in(app: Flask, anna: Browser) -> None:
    begin(anna)
    for kind in ("choice", "choices", "number", "text", "grades"):
        add(anna, "measures", kind)
    both = {"text_zh": "问什么？", "text_en": "What?"}
    save(anna, "measures.q1", **both, options_zh="甲\n乙", options_en="A\nB")
    save(anna, "measures.q2", **both, options_zh="甲\n乙\n\n丙", options_en="A\nB\n\nC")
    save(anna, "measures.q3", **both, least="-5", most="12")
    save(anna, "measures.q4", **both, maximum="60")
    names = ("good", "fairly_good", "average", "poor", "unknown")
    address = "measures.q5"
    body = form(anna, address) | {"text.zh": "问", "text.en": "Ask"}
    body |= {f"{name}.{tongue}": f"{name} {tongue}" for name in names for tongue in ("zh", "en")}
    target = anna.page.xpath(f"//form[contains(@action, '/parts/{address}')]/@action")[0]
    anna._take(
        anna.client.post(target, data=body, headers=anna.headers, follow_redirects=True), 200
    )
    made = forms.finish(draft_of(app))
    assert [extra.kind for extra in made.extras] == ["choice", "choices", "number", "text"]
    assert [len(extra.options) for extra in made.extras[:2]] == [2, 3]
    assert (made.extras[2].least, made.extras[2].most, made.extras[3].maximum) == (-5, 12, 60)
    assert made.items[6].wording.poor.en == "poor en"


def test_questions_go_up_and_down_and_away(app: Flask, anna: Browser) -> None:
    def press(words: str, key: str) -> None:
        form_ = anna.page.xpath(f"//li[@id='{key}']//button[.='{words}']/ancestor::form")[0]
        fields = dict(form_.xpath(".//input/@name") and [
            (one.get("name"), one.get("value")) for one in form_.findall(".//input")
        ])  # fmt: skip
        button = form_.find(".//button")
        if button.get("name"):
            fields[button.get("name")] = button.get("value")
        anna._take(
            anna.client.post(
                form_.get("action"), data=fields, headers=anna.headers, follow_redirects=True
            ),
            200,
        )

    begin(anna)
    press("Up", "effects.service")
    press("Down", "effects.disputes")
    press("Take away", "measures.done")
    draft = draft_of(app)
    assert [item.key for item in draft.dimensions[2].items] == [
        "effects.service",
        "effects.remaining",
        "effects.disputes",
    ]
    assert len(draft.dimensions[1].items) == 2


def test_two_who_change_the_same_part_do_not_overwrite_one_another(
    app: Flask, anna: Browser, sign_in: SignIn
) -> None:
    begin(anna)
    berta = sign_in("berta").get(anna.path)
    save(anna, "effects.service", text_zh="甲写的", text_en="Anna's")
    save(berta, "effects.service", 409, text_zh="乙也写了", text_en="Berta's too")
    assert berta.says("Somebody else has changed this part", "Kept now: 甲写的", "Kept now: Anna's")
    assert form(berta, "effects.service")["text.zh"] == "乙也写了"
    save(berta, "effects.disputes", text_zh="乙写的", text_en="Berta's")
    texts = {question.key: question.text.zh for _, question in draft_of(app).questions}
    assert (texts["effects.service"], texts["effects.disputes"]) == ("甲写的", "乙写的")
    save(berta, "effects.service", text_zh="乙也写了")
    assert draft_of(app).questions[7][1].text.zh == "乙也写了"


@pytest.mark.parametrize(
    ("place", "typed", "told"),
    [
        ("title", {"title_zh": "长" * 301}, "longer than 300 characters"),
        ("comment", {"maximum": "many"}, "“many” is no whole number"),
    ],
)
def test_what_cannot_be_kept_stays_in_its_form(
    app: Flask, anna: Browser, place: str, typed: dict[str, str], told: str
) -> None:
    begin(anna)
    before = draft_of(app)
    save(anna, place, 422, **typed)
    assert anna.says(told)
    (name, value), = typed.items()  # fmt: skip
    assert form(anna, place)[name.replace("_", ".")] == value
    assert draft_of(app) == before


def test_the_comment_can_be_left_out(app: Flask, anna: Browser) -> None:
    begin(anna)
    body = form(anna, "comment")
    del body["asked"]
    target = anna.page.xpath("//form[contains(@action, '/parts/comment')]/@action")[0]
    anna._take(
        anna.client.post(target, data=body, headers=anna.headers, follow_redirects=True), 200
    )
    assert draft_of(app).comment is None


def test_the_next_version_is_a_copy_and_the_first_stays(app: Flask, anna: Browser) -> None:
    anna.get("/admin/questionnaires").press("Write the next version")
    assert anna.says("version 2")
    save(anna, "measures.done", text_zh="答应的事，办得怎么样？")
    anna.press("Finish it")
    with app.app_context():
        versions = [(row.key, row.version) for row in questionnaires.listing(db.session)]
        assert versions[:2] == [("village-mass", 1), ("village-mass", 2)]
        assert questionnaires.of_digest(db.session, MASS.digest) == MASS


def test_what_a_round_asks_cannot_be_taken_away(app: Flask, anna: Browser) -> None:
    begin(anna)
    save(anna, "title", title_en="Ours")
    anna.press("Finish it")
    with app.app_context():
        (row,) = (row for row in questionnaires.listing(db.session) if row.key == "mass-1")
        digest = row.digest
    choose(anna, "register.csv", CSV.encode()).press("Import")
    make(anna, **{"mass-questionnaire": digest})
    anna.get("/admin/questionnaires")
    assert "Take away" not in anna.buttons()
    token = anna.page.xpath("//input[@name='csrf_token']/@value")[0]
    for name in (digest, MASS.digest):
        answer = anna.client.post(
            f"/admin/questionnaires/kept/{name}/remove", data={"csrf_token": token}
        )
        assert answer.status_code == 409
    begin(anna, "empty-self")
    anna.get("/admin/questionnaires").press("Write the next version")
    anna.press("Throw this draft away")


def test_what_no_round_asks_can_be_taken_away(app: Flask, anna: Browser) -> None:
    begin(anna)
    anna.press("Finish it").press("Take away")
    assert anna.says("The questionnaire is taken away.")
    with app.app_context():
        assert {row.key for row in questionnaires.listing(db.session)} == {
            "village-mass",
            "village-self",
        }
        acts = [row.act for row in audit.listing(db.session).rows if "questionnaire" in row.act]
        assert acts == ["questionnaire.delete", "questionnaire.finish", "questionnaire.draft"]


def test_a_round_in_preparation_is_given_another_version(app: Flask, anna: Browser) -> None:
    choose(anna, "register.csv", CSV.encode()).press("Import")
    make(anna)
    begin(anna)
    save(anna, "title", title_en="Ours")
    anna.press("Finish it")
    anna.get("/admin/rounds/spring").follow("Choose other questionnaires")
    (digest,) = anna.page.xpath("//select[@name='mass']/option[contains(., 'Ours')]/@value")
    anna.press("Ask these", mass=digest)
    assert anna.says("The questionnaires are chosen.", "Ours, version 1")
    anna.get("/admin/rounds/spring/questionnaires").press("Ask these", 422, mass="0" * 32)
    anna.get("/admin/rounds/spring/open").press("Show me half number 1")
    anna.press("I hold this half; propose to open", half=shown_half(anna))
    anna.get("/admin/rounds/spring/questionnaires", 409)
    assert anna.says("Please take the proposal back first.")


# Files


def test_what_is_saved_as_a_file_is_read_back_the_same(app: Flask, anna: Browser) -> None:
    for kind in ("JSON", "XLSForm"):
        begin(anna)
        before = draft_of(app)
        answer = anna.download(f"Save as {kind}")
        anna.press("Throw this draft away")
        anna.get("/admin/questionnaires/new")
        name = f"form.{kind}"
        anna.press("Read the file", file=(BytesIO(answer.data), name))
        assert draft_of(app) == before
        anna.press("Throw this draft away")


def test_a_kept_questionnaire_is_a_file_that_a_round_on_the_command_line_takes(
    anna: Browser,
) -> None:
    answer = anna.get("/admin/questionnaires").download("JSON")
    assert questions.from_json(answer.text) == MASS
    assert "village-mass-1.json" in answer.headers["Content-Disposition"]
    answer = anna.download("XLSForm")
    found = xlsform.read(BytesIO(answer.data), "x.xlsx", forms.of(defaults()["self"]))
    assert forms.finish(found.draft) == MASS


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"nothing", "neither a questionnaire"),
        (b"[" * 100_000, "neither a questionnaire"),
        (b"[]", "must be an object"),
        (b'{"version": ' + b"9" * 5000 + b"}", "neither a questionnaire"),
        (b'{"key": "\\ud800"}', "questionnaire that can be edited"),
        (json.dumps({"surprise": 1}).encode(), "surprise: is not known here"),
        (xlsform.write(forms.of(MASS)).replace(b"PK", b"XX"), "neither a questionnaire"),
    ],
)
def test_a_file_that_asks_nothing_is_refused_in_a_sentence(
    app: Flask, anna: Browser, data: bytes, told: str
) -> None:
    anna.get("/admin/questionnaires/new")
    anna.press("Read the file", 422, file=(BytesIO(data), "form.json"))
    assert anna.says(told)
    with app.app_context():
        assert drafts.listing(db.session) == []


# Looking at it


def test_the_preview_is_the_villagers_page_and_cannot_send(anna: Browser) -> None:
    begin(anna, "empty-mass")
    add(anna, "effects", "choice")
    anna.get(f"{anna.path}/preview?in=zh")
    assert anna.page.get("lang") == "zh-Hans"
    assert anna.says("预览", "……")
    assert len(anna.page.xpath("//fieldset")) == 5
    assert anna.page.xpath("//fieldset[@data-key='effects.q1']//input[@type='radio']")
    assert not anna.page.xpath("//form/@action | //form/@method | //script")
    assert len(anna.page.xpath("//button")) == len(anna.page.xpath("//button[@disabled]")) > 0
    anna.get("/admin/questionnaires")
    assert anna.page.get("lang") == "en", "a look in another language is a look"


def test_the_preview_asks_what_the_form_asks(anna: Browser) -> None:
    anna.get(f"/admin/questionnaires/kept/{MASS.digest}?in=zh")
    legends = [" ".join(one.text_content().split()) for one in anna.page.iterfind(".//legend")]
    assert legends == [item.text.zh for item in MASS.items]
