"""flask --app survey round: made, opened, watched, closed, sealed, each for scripts too."""

from survey.cli.rounds import drafting, opening, sealing, standing
from survey.cli.rounds.group import round_

__all__ = ["drafting", "opening", "round_", "sealing", "standing"]
