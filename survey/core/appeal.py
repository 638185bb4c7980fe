"""Appeals (申诉): who brings one, how it comes, and what becomes of it, by key and in words."""

from __future__ import annotations

from survey.core.wording import N_

APPELLANTS = {
    "branch": N_("village party branch"),
    "committee": N_("villagers’ committee"),
    "supervisors": N_("village supervisory committee"),
    "representatives": N_("villagers’ representatives"),
    "villagers": N_("a group of villagers"),
    "township": N_("township, for the village"),
}
"""Who speaks for the village: by office, never by name."""

WAYS = {
    "letter": N_("in writing"),
    "in_person": N_("in person"),
    "meeting": N_("at a meeting"),
    "telephone": N_("by telephone"),
}

OUTCOMES = {
    "upheld": N_("upheld"),
    "not_upheld": N_("not upheld"),
    "withdrawn": N_("withdrawn by the village"),
}

WORDS = APPELLANTS | WAYS | OUTCOMES
