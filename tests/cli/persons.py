"""The two persons of an act, as a command hears of them."""

from tests.storage.round import PASSWORD

PERSONS = ["--by", "first", "--witness", "second"]
PASSWORDS = f"{PASSWORD}\n{PASSWORD}\n"
