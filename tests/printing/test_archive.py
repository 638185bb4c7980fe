from io import BytesIO
from zipfile import ZipFile

from survey.printing import archive


def test_the_archive_opens_and_holds_every_file():
    files = {f"99010110020{number}-前柳屯村.pdf": bytes([number]) * 5000 for number in range(4)}
    made = archive.stream(
        (name, lambda content=content: content) for name, content in files.items()
    )
    with ZipFile(BytesIO(b"".join(made))) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == files


def test_a_file_is_made_only_when_the_one_before_has_been_sent():
    made = []

    def make(name):
        made.append(name)
        return b"x" * 100_000

    stream = archive.stream((name, lambda name=name: make(name)) for name in "abc")
    first = next(stream)
    assert made == ["a"]
    assert len(first) < 101_000
    next(stream)
    assert made == ["a", "b"]
    assert all(len(rest) < 101_000 for rest in stream)


def test_an_archive_of_nothing_is_still_an_archive():
    with ZipFile(BytesIO(b"".join(archive.stream([])))) as opened:
        assert opened.namelist() == []


def test_a_file_name_leads_nowhere_else():
    assert archive.file_name("990101100201", "前柳屯村", "群众测评") == (
        "990101100201-前柳屯村-群众测评.pdf"
    )
    assert archive.file_name("../../etc", "a/b\\c:d\n", "") == "etc-a_b_c_d.pdf"
