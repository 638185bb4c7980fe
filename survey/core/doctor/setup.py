"""How the service is set up: what a setting takes away from the promises."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from survey.core.doctor.facts import SettingFacts
from survey.core.doctor.finding import Finding, judge
from survey.core.round import is_local
from survey.core.wording import N_, say

SHORTEST_SECRET = 32


def setup(settings: SettingFacts) -> Iterator[Finding]:
    """The settings, one after another."""
    yield from _address(settings)
    yield from judge(
        N_("Production"),
        N_("SURVEY_PRODUCTION is on: what is only good for trying out is refused."),
        (
            not settings.production,
            "weak",
            say(N_("SURVEY_PRODUCTION is off: what is only good for trying out is allowed.")),
            say(N_("Set SURVEY_PRODUCTION=1 before anything real is asked.")),
        ),
    )
    yield from judge(
        N_("Debugging"),
        N_("Debugging is off."),
        (
            settings.debug,
            "broken",
            say(N_("Debugging is on: a fault shows answers, and lets others run programs.")),
            say(N_("Leave --debug away, and unset FLASK_DEBUG.")),
        ),
    )
    yield from judge(
        N_("Two persons"),
        N_("Acts that matter need two persons."),
        (
            not settings.two_person,
            "weak",
            say(N_("One person may do alone what needs two; every paper says so.")),
            say(N_("Set SURVEY_TWO_PERSON=1, or leave it away.")),
        ),
    )
    length = settings.secret_length
    yield from judge(
        N_("Secret key"),
        N_("The secret key that signs the sessions of staff is long enough."),
        (
            length is not None and length < SHORTEST_SECRET,
            "broken",
            say(
                N_("The secret key has %(length)d signs: who guesses it signs in as anybody."),
                length=length,
            ),
            say(
                N_("Set SURVEY_SECRET_KEY to %(least)d random characters, or leave it away."),
                least=SHORTEST_SECRET,
            ),
        ),
    )
    yield from judge(
        N_("Key halves"),
        N_("A guess at a key half is slow."),
        (
            settings.key_cost != "moderate",
            "weak",
            say(N_("A guess at a key half is fast: SURVEY_KEY_COST is for tests.")),
            say(N_("Leave SURVEY_KEY_COST away before a round is opened.")),
        ),
    )
    yield from judge(
        N_("Access log"),
        N_("The service is not told to keep an access log."),
        (
            "access-log" in settings.server_arguments,
            "broken",
            say(N_("GUNICORN_CMD_ARGS asks for an access log, in which every slip's code is.")),
            say(N_("Take it out of GUNICORN_CMD_ARGS, and destroy the logs that are there.")),
        ),
    )


def _address(settings: SettingFacts) -> Iterator[Finding]:
    address = settings.base_address
    insecure = urlsplit(address).scheme != "https"
    yield from judge(
        N_("Public address"),
        N_("The public address begins with https://."),
        (
            insecure and not is_local(address),
            "broken",
            say(
                N_("Answers travel unprotected: %(address)s does not begin with https://."),
                address=address,
            ),
            say(N_("Get a certificate, and set SURVEY_BASE_ADDRESS to the https:// address.")),
        ),
        (
            is_local(address),
            "weak",
            say(N_("No phone can reach the public address; no round can be opened.")),
            say(N_("Set SURVEY_BASE_ADDRESS to the https:// address that villagers will open.")),
        ),
    )
