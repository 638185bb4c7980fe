"""What a reminder tells a village: how far it is, until when, where help is. It presses none."""

from __future__ import annotations

from dataclasses import dataclass

from survey.core.wording import N_, Sentence, say


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One village and its round; times and days as they are written. No village: one for all.

    *answered* is in full tens. *help_on* is empty once the day is over. *access* is that of the
    mass evaluation: ``ticket``, ``poster`` or ``both``.
    """

    village: str
    answered: int
    eligible: int | None
    deadline: str
    help_on: str
    help_place: str
    phone: str
    access: str


def heading(reminder: Reminder) -> Sentence:
    """Return whom the reminder greets."""
    if not reminder.village:
        return say(N_("The evaluation of your village is still open"))
    return say(N_("%(village)s: the evaluation is still open"), village=reminder.village)


def sentences(reminder: Reminder) -> tuple[Sentence, ...]:
    """Return what the reminder says below its heading, one sentence a line."""
    return (
        *_so_far(reminder),
        say(_WAYS[reminder.access], deadline=reminder.deadline),
        _help(reminder),
        say(N_("Answering or not is your own choice, and no name is asked.")),
        say(N_("Questions, or somebody presses you? Call %(phone)s."), phone=reminder.phone),
    )


_WAYS = {
    "ticket": N_("With the slip that you drew you can answer until %(deadline)s: two minutes."),
    "poster": N_("By the code on the poster you can answer until %(deadline)s: two minutes."),
    "both": N_(
        "With your slip, or by the code on the poster, you can answer until %(deadline)s:"
        " two minutes."
    ),
}


def _so_far(reminder: Reminder) -> tuple[Sentence, ...]:
    if not reminder.village or reminder.eligible is None:
        return ()
    if reminder.answered < 10:
        few = N_("So far fewer than 10 of %(eligible)d have answered.")
        return (say(few, eligible=reminder.eligible),)
    return (
        say(
            N_("%(tens)d or more of %(eligible)d have answered. Thank you!"),
            tens=reminder.answered,
            eligible=reminder.eligible,
        ),
    )


def _help(reminder: Reminder) -> Sentence:
    if not reminder.help_on:
        return say(N_("Somebody to help you fill it in: call %(phone)s."), phone=reminder.phone)
    return say(
        N_("People from another township help you fill it in: %(day)s, %(place)s."),
        day=reminder.help_on,
        place=reminder.help_place,
    )
