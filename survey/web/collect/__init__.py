"""The villager's pages: the questionnaire behind a poster or a slip, and what can be said instead.

No session, no cookie but the constant one, nothing loaded from anywhere: one response is the page.
"""

from survey.web.collect import assistance, posters, sounds, tickets
from survey.web.collect.room import blueprint
from survey.web.collect.sample import preview

__all__ = ["assistance", "blueprint", "posters", "preview", "sounds", "tickets"]
