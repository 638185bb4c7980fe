"""flask --app survey round: made, opened, watched, closed, sealed, each for scripts too."""

from survey.cli.rounds import cancelling, drafting, opening, sealing, standing
from survey.cli.rounds.group import round_

__all__ = ["cancelling", "drafting", "opening", "round_", "sealing", "standing"]
