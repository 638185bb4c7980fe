"""A village's file on its pages: entered, read, closed out by a second person, out and in again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from PIL import Image

from survey.storage import accounts, audit
from survey.storage.db import db
from tests import scene
from tests.web.browser import Browser
from tests.web.test_scoping import token_of

OURS, THEIRS = "990101100201", "990102100201"
FILE = f"/review/villages/{OURS}/file"
PDF = b"%PDF-1.7 minutes"
CALL_BACK = {
    "problem": "1",
    "on": "2026-03-01",
    "way": "phone",
    "raised": "satisfied",
    "other_party": "committee",
    "other": "fairly",
}

Browse = Callable[[str], Browser]


@pytest.fixture
def city(app: Flask) -> None:
    with app.app_context():
        kept = accounts._HASHER.hash(scene.PASSWORD)
        made = scene.city(db.session, password_hash=kept)
        db.session.add(scene._account("berta", "administrator", None, kept))
        for village in made.villages:
            scene.answer(db.session, made, village, "mass", 20)
        db.session.commit()


@pytest.fixture
def admin(browse: Browse) -> Browser:
    return browse("admin")


@pytest.fixture
def begun(admin: Browser) -> Browser:
    """The administrator, who has written a problem with a measure."""
    admin.get(f"{FILE}?new=problem")
    admin.press("Save", text="The well's accounts", cause="No board", petition="yes")
    admin.get(f"{FILE}?new=measure").press("Save", problem="1", text="Disclose them")
    return admin


def upload(admin: Browser, content: bytes, name: str, status: int = 200) -> Browser:
    admin.get(f"{FILE}/measure/1")
    return admin.upload(f"/review/villages/{OURS}/measures/1/proofs", content, name, status)


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return [row.act for row in reversed(audit.listing(db.session).rows) if "file" in row.act]


def test_an_empty_file_says_where_to_begin(admin: Browser) -> None:
    admin.get("/admin/register").follow("Village files")
    assert admin.rows()[0][2:] == ["0%", "—", "—", "the file is empty"]
    admin.follow("Clear Water")
    assert admin.says("The file is 0% complete", "The list of problems is still empty.")
    assert admin.says("Begin with the problems that were found")
    links = [link.text_content().strip() for link in admin.page.iterfind(".//a")]
    assert "Add a problem" in links
    assert "Add a measure" not in links


def test_an_entry_is_written_changed_and_removed(app: Flask, begun: Browser) -> None:
    assert begun.rows(0) == [["1", "The well's accounts", "No board", "yes"]]
    assert begun.rows(1)[0][:5] == ["1", "1", "Disclose them", "not yet", "not yet"]
    begun.get(f"{FILE}/measure/1")
    begun.press("Save", office="Township finance office", deadline="2020-01-31")
    office, deadline, state = begun.rows(1)[0][3:6]
    assert (office, deadline) == ("Township finance office", "31 January 2020")
    assert state == "under way overdue"
    begun.get(f"{FILE}?new=meeting")
    begun.press("Save", occasion="party_day", on="2026-03-08", topic="Accounts", present="12")
    assert begun.rows(2) == [["1", "8 March 2026", "party day", "Accounts", "12"]]
    assert begun.says("Petitioned problems without a call-back: 1.")
    begun.get(f"{FILE}/meeting/1").press("Remove it")
    assert begun.says("The entry is removed.", "No party day is recorded.")
    assert acts(app) == ["file.add"] * 2 + ["file.change", "file.add", "file.remove"]
    begun.get("/admin/audit")
    assert begun.says("entry of a village file changed")


def test_what_lacks_or_is_wrong_is_asked_for_at_its_field(begun: Browser) -> None:
    begun.get(f"{FILE}?new=call_back").press("Save", 400, problem="1", on="2026-13-01", note="n")
    assert begun.says("Please fill this in.", "is no date such as")
    (typed,) = begun.page.xpath("//textarea[@name='note']")
    assert typed.text_content().strip() == "n"
    assert begun.get(FILE).says("Call-backs after petitions (0)")


def test_what_looks_personal_is_pointed_out_before_it_is_saved(app: Flask, admin: Browser) -> None:
    admin.get(f"{FILE}?new=problem")
    admin.press("Save", 400, text="王书记不公开账目，电话13800138000")
    assert admin.says("“王书记” looks like the name of a person", "“13800138000” looks like a tele")
    assert acts(app) == []
    admin.press("Save", text="村书记不公开账目")
    assert admin.says("村书记不公开账目")
    admin.get(f"{FILE}?new=problem").press("Save", 400, text="向王书记反映")
    admin.press("Save", kept="yes")
    assert admin.says("向王书记反映")


def test_a_change_in_between_is_not_written_over(begun: Browser, browse: Browse) -> None:
    berta = browse("berta").get(f"{FILE}/measure/1")
    begun.get(f"{FILE}/measure/1").press("Save", office="Land")
    berta.press("Save", 409, office="Finance")
    assert berta.says("Somebody else changed this entry meanwhile")
    assert begun.get(FILE).says("Land")


def test_a_second_person_closes_out(app: Flask, begun: Browser, browse: Browse) -> None:
    begun.get(f"{FILE}/measure/1").press("Report it done")
    assert begun.says("reported done by Admin", "A second person")
    assert not {"Close it out", "Save"} & set(begun.buttons())
    token = token_of(begun)
    state = f"/review/villages/{OURS}/measures/1/state"
    answer = begun.client.post(state, data={"csrf_token": token, "act": "close_out"})
    assert answer.status_code == 409
    lead = browse("lead").get(f"{FILE}/measure/1").press("Close it out")
    assert lead.says("reported done by Admin", "closed out by Lead")
    assert begun.get(FILE).rows(1)[0][5] == "closed out"
    begun.get(f"{FILE}/measure/1").press("Take this back")
    assert begun.get(FILE).rows(1)[0][5] == "under way"
    assert acts(app)[-3:] == ["file.report", "file.close_out", "file.take_back"]


def test_a_lead_enters_call_backs_and_nothing_that_they_judge(
    begun: Browser, browse: Browse
) -> None:
    lead = browse("lead").get(f"{FILE}?new=call_back").press("Save", **CALL_BACK)
    assert lead.rows(2)[0][2:6] == [
        "1 March 2026",
        "by telephone",
        "satisfied",
        "fairly satisfied the village's officials",
    ]
    assert lead.get(f"{FILE}/problem/1").buttons() == ["Sign out"]
    body = {"csrf_token": token_of(lead), "text": "x", "act": "report", "problem": "1"}
    for path in (
        f"{FILE}/problem",
        f"{FILE}/problem/1",
        f"{FILE}/problem/1/remove",
        f"{FILE}/measure/1",
        f"/review/villages/{OURS}/measures/1/state",
        f"/review/villages/{OURS}/measures/1/proofs",
    ):
        assert lead.client.post(path, data=body).status_code == 409, path
    assert lead.client.get(f"{FILE}?new=measure").status_code == 409


def test_a_member_reads_and_writes_nothing(app: Flask, begun: Browser, browse: Browse) -> None:
    before = acts(app)
    member = browse("member").get(FILE)
    assert member.says("The well's accounts")
    assert not any("new=" in link for link in member.page.xpath("//main//a/@href"))
    body = {"csrf_token": token_of(member), "act": "close_out", **CALL_BACK}
    for path in (f"{FILE}/call_back", f"/review/villages/{OURS}/measures/1/state"):
        assert member.client.post(path, data=body).status_code == 409
    assert acts(app) == before


def test_who_stands_back_from_a_village_does_not_read_its_file(
    begun: Browser, browse: Browse
) -> None:
    member = browse("member").get(f"/review/spring/{OURS}")
    assert member.get(FILE).says("The well's accounts")
    member.get(f"/review/spring/{OURS}").press("Stand back", reason="My unit is paired with it.")
    member.get(FILE, 404)
    assert FILE not in member.get("/review/spring/").response.get_data(as_text=True)


# Proof


def test_a_proof_is_saved_by_whoever_may_read_the_file_and_by_nobody_else(
    app: Flask, begun: Browser, browse: Browse
) -> None:
    upload(begun, PDF, "会议记录.pdf")
    assert begun.says("The file is kept.", "会议记录.pdf")
    (where,) = [one for one in begun.page.xpath("//a/@href") if "/proofs/" in one]
    answer = browse("member").client.get(where)
    assert (answer.status_code, answer.data) == (200, PDF)
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; sandbox"
    )
    assert browse("stranger").client.get(where).status_code == 404
    theirs = where.replace(OURS, THEIRS)
    assert begun.client.get(theirs).status_code == 404
    assert app.test_client().get(where).status_code == 302
    folder = app.extensions["settings"].proofs
    assert len(list(folder.iterdir())) == 1
    begun.get(f"{FILE}/measure/1").press("Remove")
    assert begun.says("There is no proof yet.")
    assert list(folder.iterdir()) == []


def test_a_picture_loses_what_the_phone_wrote_and_a_personal_name_is_replaced(
    app: Flask, begun: Browser
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    file = BytesIO()
    Image.new("RGB", (40, 30)).save(file, "JPEG", exif=exif)
    upload(begun, file.getvalue(), "王某某签字.jpg")
    assert begun.says("got a plain one", "proof.jpg")
    (kept,) = app.extensions["settings"].proofs.iterdir()
    assert b"PhoneMaker" not in kept.read_bytes()


def test_what_is_no_proof_is_refused_and_leaves_nothing(app: Flask, begun: Browser) -> None:
    upload(begun, b"<html><script>", "a.pdf", 400)
    assert begun.says("This file is none of those that can be kept.")
    most = app.extensions["settings"].proof_limit
    upload(begun, b"%PDF-" + bytes(most), "a.pdf", 400)
    assert begun.says("larger than 10 MB")
    upload(begun, PDF, "a.pdf")
    upload(begun, PDF, "b.pdf", 400)
    assert begun.says("with the measure already")
    assert len(list(app.extensions["settings"].proofs.iterdir())) == 1


def test_a_file_that_is_gone_from_the_disk_is_told_so(app: Flask, begun: Browser) -> None:
    upload(begun, PDF, "a.pdf")
    (kept,) = app.extensions["settings"].proofs.iterdir()
    kept.unlink()
    begun.get(f"/review/villages/{OURS}/proofs/1", 404)
    assert begun.says("is not in the server's folder")


# Where the figure stands


def test_the_figure_stands_on_desk_village_page_and_checklist(
    begun: Browser, browse: Browse
) -> None:
    lead = browse("lead").get("/review/spring/")
    assert "file 30%, open measures: 1" in lead.rows()[0][0]
    assert "file empty" in lead.rows()[1][0]
    lead.get(f"/review/spring/{OURS}")
    assert lead.says("The file is 30% complete", "1 measure is not closed out.")
    anchors = [one for one in lead.page.xpath("//form//a/@href") if one.startswith(FILE)]
    assert {one.partition("#")[2] for one in anchors} == {
        "problem",
        "measure",
        "meeting",
        "call_back",
    }
    lead.follow("Read the file")
    assert lead.heading == "Clear Water"


def test_the_wall_has_it_once_a_village_has_begun(begun: Browser) -> None:
    begun.get("/admin/rounds/spring/wall")
    assert begun.says("file 30%", "file 0%", "no part of any score")


# The workbook


def workbook(browser: Browser, path: str = "/admin/files.xlsx") -> bytes:
    answer = browser.client.get(path, headers=browser.headers)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return bytes(answer.data)


def choose(browser: Browser, content: bytes, status: int = 200) -> Browser:
    return browser.get("/admin/files/import").upload(
        "/admin/files/import", content, "files.xlsx", status
    )


def altered(content: bytes, sheet: str, **cells: str | int) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for place, value in cells.items():
        book[sheet][place] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_same_workbook_changes_nothing(begun: Browser) -> None:
    choose(begun, workbook(begun))
    assert begun.says("0 added, 0 changed, 2 unchanged", "Nothing in it differs")
    assert "Import" not in begun.buttons()


def test_a_workbook_is_shown_before_it_is_imported(app: Flask, begun: Browser) -> None:
    content = altered(
        workbook(begun), "Problems", E2="The well's and the road's accounts", A3=THEIRS, E3="Roof"
    )
    choose(begun, content)
    assert begun.says("1 added, 1 changed, 1 unchanged", "was: The well's accounts")
    assert begun.client.get(f"/review/villages/{THEIRS}/file").text.count("Roof") == 0
    begun.press("Import")
    assert begun.says("Imported: 1 added, 1 changed.")
    assert begun.get(FILE).says("The well's and the road's accounts")
    assert begun.get(f"/review/villages/{THEIRS}/file").says("Roof")
    assert acts(app)[-1] == "file.import"


def test_every_fault_of_a_workbook_is_named_and_nothing_changes(begun: Browser) -> None:
    content = altered(workbook(begun), "Problems", A2="12", A3=OURS, F3="no text")
    content = altered(content, "Measures", H2="soon")
    choose(begun, content, 422)
    assert begun.says("3 places in files.xlsx need a look. Nothing was imported.")
    assert [row[:3] for row in begun.rows()] == [
        ["Problems", "2", "A"],
        ["Measures", "2", "H"],
        ["Problems", "3", "E"],
    ]


def test_a_workbook_of_one_township_and_of_one_village(begun: Browser, browse: Browse) -> None:
    begun.get(f"/review/villages/{THEIRS}/file?new=problem").press("Save", text="Roof")
    for path, texts in (
        ("/admin/files.xlsx", ["The well's accounts", "Roof"]),
        ("/admin/files.xlsx?township=West+Ferry", ["Roof"]),
        (f"/review/villages/{OURS}/file.xlsx", ["The well's accounts"]),
    ):
        sheet = openpyxl.load_workbook(BytesIO(workbook(begun, path)))["Problems"]
        assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == texts
    assert browse("stranger").client.get(f"/review/villages/{OURS}/file.xlsx").status_code == 404
