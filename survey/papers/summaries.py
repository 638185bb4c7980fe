"""The notice of a village's result for its notice board, once the rating is locked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from survey.core.errors import Refused
from survey.core.finding import Finding
from survey.core.release import ReleasedSource
from survey.core.wording import N_, Translate
from survey.papers.findings import asked
from survey.papers.reader import File, Reader
from survey.printing.archive import file_name
from survey.printing.summary import SummaryText, Told, summary
from survey.reports.figures import RATINGS
from survey.storage import rounds
from survey.storage.tables import RoundRow

_MEANING = {
    "good": N_("The village was put right well. It stays under the usual attention."),
    "fairly_good": N_("Most was put right. What is still open goes on."),
    "average": N_("Part was put right. The village goes on working at the rest."),
    "poor": N_("Much is still to be put right. The work is taken up again."),
}
_TITLE = N_("Notice of the result")


def summaries(round_: RoundRow, findings: Sequence[Finding], reader: Reader) -> list[File]:
    """Return name and maker of the notice of each village whose rating is locked.

    Raises `Refused` where there is none.
    """
    ready = [finding for finding in findings if finding.decided and finding.shown]
    if not ready:
        raise Refused(N_("No rating is signed by two yet, so there is nothing to hang up."))
    return [
        (summary_name(finding, reader), partial(print_summary, round_, finding, reader))
        for finding in ready
    ]


def summary_name(finding: Finding, reader: Reader) -> str:
    """Return a name that every system takes."""
    return file_name(finding.code, finding.name, reader.translate(_TITLE))


def print_summary(round_: RoundRow, finding: Finding, reader: Reader) -> bytes:
    """Return the notice of *finding* as PDF; raises `Refused` while its rating is not locked."""
    if finding.decided is None or finding.shown is None:
        raise Refused(N_("The notice is there once the rating is locked."))
    text = SummaryText(
        village=finding.name,
        round_title=round_.title,
        office=round_.office,
        result=reader.translate(RATINGS[finding.decided]),
        parts=tuple(_parts(round_, finding.decided, finding.shown.mass, reader)),
        mark=reader.mark(round_),
    )
    return summary(text, reader.language, reader.translate)


def _parts(
    round_: RoundRow, decided: str, mass: ReleasedSource | None, reader: Reader
) -> Iterator[Told]:
    _ = reader.translate
    questionnaire = asked(round_).get("mass")
    if questionnaire is not None and mass is not None:
        number = len(questionnaire.items)
        yield Told(
            _("What was asked"),
            (
                _(
                    "Villagers were asked %(number)d short questions: were the real problems found,"
                    " were the right things done, did the village get better, did those responsible"
                    " do their part?"
                )
                % {"number": number},
            ),
        )
        yield Told(_("How many answered"), (_answered(mass, _),))
        yield Told(_("What villagers said"), tuple(_said(mass, round_, _)))
    yield Told(
        _("What came of it"),
        (
            _(
                "After reading the answers, hearing people and checking the papers, the group rates"
                " the work: %(rating)s."
            )
            % {"rating": _(RATINGS[decided])},
            _(_MEANING[decided]),
        ),
    )
    yield Told(
        _("Nobody can see who answered what"),
        (_("No name or phone was kept. The answers were mixed; only totals were counted."),),
    )
    yield Told(_("Questions?"), (_("Call %(phone)s.") % {"phone": round_.phone},))


def _answered(mass: ReleasedSource, translate: Translate) -> str:
    _ = translate
    if mass.eligible is None:
        return _("%(number)d villagers answered.") % {"number": mass.received}
    return _("%(number)d of %(eligible)d villagers answered.") % {
        "number": mass.received,
        "eligible": mass.eligible,
    }


def _said(mass: ReleasedSource, round_: RoundRow, translate: Translate) -> Iterator[str]:
    _ = translate
    if mass.source is None:
        yield _("Too few answered to show a result without showing single answers.")
        return
    highest = f"{rounds.policy_of(round_).value_good:g}"
    yield _("All answers together give %(score)s of %(highest)s points.") % {
        "score": mass.source.text,
        "highest": highest,
    }
    if "positive" in mass.share_texts:
        yield _("Of the grades given, %(share)s are good or fairly good.") % {
            "share": mass.share_texts["positive"]
        }
