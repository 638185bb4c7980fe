"""One ballot in the box: of one length, bound to its place, and nothing else opens it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import ballot, box, keys
from survey.core.ballot import Ballot
from survey.core.box import Place
from survey.core.cleaning import clean
from survey.core.errors import Damaged, Invalid
from survey.storage.questionnaires import defaults

MASS = defaults()["mass"]
PUBLIC, PRIVATE = keys.make_pair()
PEPPER = box.make_pepper()
PLACE = Place(7, 41, "mass", "ticket", MASS.digest)
LENGTH = box.ballot_length(MASS)
seal = box.sealer(PUBLIC, PEPPER)

grades = st.integers(ballot.BLANK, 3)
all_answers = st.tuples(*[grades] * len(MASS.items))
comments = st.text(max_size=400).map(lambda text: clean(text)[: MASS.comment.maximum])


def opener(round_id=7, digest=MASS.digest, length=LENGTH, private=PRIVATE, pepper=PEPPER):
    return box.opener(
        private,
        pepper,
        round_id,
        {"mass": digest, "self": digest},
        {"mass": length, "self": length},
    )


def put(cast=None, place=PLACE, bucket=123):
    return seal(place, cast or Ballot((0,) * len(MASS.items)), LENGTH, bucket)


@given(all_answers, comments)
def test_what_goes_in_comes_out(answers, comment):
    cast = Ballot(answers, comment)
    row = put(cast)
    opened = opener()(row.id, 41, "mass", row.ciphertext, row.row_mac)
    assert opened == box.OpenedBallot("ticket", cast, 123)


@given(all_answers, comments)
def test_every_ciphertext_has_one_length(answers, comment):
    assert len(put(Ballot(answers, comment)).ciphertext) == len(put().ciphertext)


@pytest.mark.parametrize("comment", ["😀" * 300, '"' * 300, "\\" * 300, "<" * 300, "\u2028" * 300])
def test_the_longest_comments_fit(comment):
    widest = dataclasses.replace(PLACE, round_id=10**18, village_id=10**18)
    put(Ballot((ballot.UNKNOWN,) * 12, comment), widest, 10**18)


def test_the_same_answer_twice_looks_different():
    first, second = put(), put()
    assert first.ciphertext != second.ciphertext
    assert first.id != second.id


@pytest.mark.parametrize(
    ("village", "audience", "change"),
    [
        (42, "mass", {}),
        (41, "self", {}),
        (41, "mass", {"round_id": 8}),
        (41, "mass", {"digest": "0" * 32}),
        (41, "mass", {"length": LENGTH + 64}),
        (41, "mass", {"private": keys.make_pair()[1]}),
        (41, "mass", {"pepper": box.make_pepper()}),
    ],
)
def test_a_ballot_opens_in_its_own_place_only(village, audience, change):
    row = put()
    with pytest.raises(Damaged):
        opener(**change)(row.id, village, audience, row.ciphertext, row.row_mac)


def test_a_row_signed_for_one_village_but_sealed_for_another_is_damaged():
    row = put()
    moved = box.row_mac(PEPPER, row.id, 42, "mass", row.ciphertext)
    with pytest.raises(Damaged):
        opener()(row.id, 42, "mass", row.ciphertext, moved)


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place, change):
    row = put()
    spoilt = bytearray(row.ciphertext)
    spoilt[place % len(spoilt)] ^= change
    with pytest.raises(Damaged):
        opener()(row.id, 41, "mass", bytes(spoilt), row.row_mac)


def test_a_nonce_gives_back_its_place_and_differs_each_time():
    first, second = (box.make_nonce(PEPPER, 41, "self") for _ in range(2))
    village, audience, spends = box.read_nonce(PEPPER, first)
    assert (village, audience) == (41, "self")
    assert spends != box.read_nonce(PEPPER, second)[2]
    assert spends == box.read_nonce(PEPPER, first)[2]


@given(st.text(max_size=80))
def test_an_invented_nonce_is_refused(text):
    with pytest.raises(Invalid):
        box.read_nonce(PEPPER, text)


@given(st.integers(0, 400), st.integers(1, 63))
def test_a_changed_nonce_is_refused(place, shift):
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    nonce = box.make_nonce(PEPPER, 41, "mass")
    place %= len(nonce) - 1
    sign = signs[(signs.index(nonce[place]) + shift) % 64]
    with pytest.raises(Invalid):
        box.read_nonce(PEPPER, nonce[:place] + sign + nonce[place + 1 :])


def test_the_nonce_of_another_round_is_refused():
    with pytest.raises(Invalid):
        box.read_nonce(box.make_pepper(), box.make_nonce(PEPPER, 41, "mass"))


def test_digests_differ_by_code_by_form_and_by_round():
    code = "0000000000000000"
    mac = box.ticket_mac(PEPPER, code)
    assert mac != box.ticket_mac(box.make_pepper(), code)
    once, other = box.make_once(), box.make_once()
    assert box.tag(PEPPER, mac, once) != box.tag(PEPPER, mac, other)
    assert box.tag(PEPPER, mac, once) == box.tag(PEPPER, mac, once)
    assert box.is_once(once)
    assert not box.is_once("x" * 32)


def test_the_mark_of_helpers_is_short_constant_and_of_one_round():
    mark = box.make_mark(PEPPER)
    assert mark == box.make_mark(PEPPER)
    assert len(mark) == 16
    assert set(mark) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert box.is_mark(PEPPER, mark)
    assert box.is_mark(PEPPER, mark.lower()), "somebody typed the link"
    assert not box.is_mark(box.make_pepper(), mark)


@given(st.text(max_size=20))
def test_an_invented_mark_is_none(text):
    assert not box.is_mark(PEPPER, text)


@given(st.integers(0, 15), st.integers(1, 31))
def test_a_changed_mark_is_none(place, shift):
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    mark = box.make_mark(PEPPER)
    sign = signs[(signs.index(mark[place]) + shift) % 32]
    assert not box.is_mark(PEPPER, mark[:place] + sign + mark[place + 1 :])
