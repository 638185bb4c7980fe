"""The villager's pages: the questionnaire behind a poster or a slip, and what can be said instead.

No session, no cookie but the constant one, nothing loaded from anywhere: one response is the page.
"""

from survey.web.collect import posters, tickets
from survey.web.collect.room import blueprint

__all__ = ["blueprint", "posters", "tickets"]
