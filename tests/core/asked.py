"""Any questionnaire there can be: what the properties of files and drafts go through."""

from hypothesis import strategies as st

from survey.core.questionnaire import CHOICES, DIMENSIONS, Questionnaire, from_dict

SIGNS = st.characters(
    blacklist_categories=("Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp"), whitelist_characters="好村_"
)
LINES = st.text(SIGNS, min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z")
TEXTS = st.fixed_dictionaries({"zh": LINES, "en": LINES})
WORDINGS = st.fixed_dictionaries(dict.fromkeys(CHOICES, TEXTS))


@st.composite
def options(draw):
    keys = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    return [{"key": key, "text": draw(TEXTS)} for key in keys]


@st.composite
def extra(draw, key):
    kind = draw(st.sampled_from(("choice", "choices", "number", "text")))
    found = {"key": key, "kind": kind, "text": draw(TEXTS)}
    if kind in {"choice", "choices"}:
        found["options"] = draw(options())
    elif kind == "number":
        found["least"] = draw(st.integers(-1_000_000, 999_999))
        found["most"] = draw(st.integers(found["least"] + 1, 1_000_000))
    elif draw(st.booleans()):
        found["maximum"] = draw(st.integers(1, 300))
    return found


@st.composite
def item(draw, key):
    found = {"key": key, "text": draw(TEXTS)}
    if draw(st.booleans()):
        found["wording"] = draw(WORDINGS)
    return found


@st.composite
def dimension(draw, key):
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    graded = draw(st.integers(1, len(names)))
    keys = [f"{key}.{name}" for name in names]
    found = {
        "key": key,
        "title": draw(TEXTS),
        "items": [draw(item(one)) for one in keys[:graded]],
        "extras": [draw(extra(one)) for one in keys[graded:]],
    }
    if draw(st.booleans()):
        found["lead"] = draw(TEXTS)
    return found


@st.composite
def questionnaires(draw) -> Questionnaire:
    """Any questionnaire that can be used."""
    found = {
        "key": draw(st.from_regex(r"\A[a-z][a-z0-9-]{0,12}\Z")),
        "version": draw(st.integers(1, 99)),
        "audience": draw(st.sampled_from(("mass", "self"))),
        "title": draw(TEXTS),
        "wording": draw(WORDINGS),
        "dimensions": [draw(dimension(key)) for key in DIMENSIONS],
    }
    if draw(st.booleans()):
        found["comment"] = {"text": draw(TEXTS), "maximum": draw(st.integers(1, 2000))}
    return from_dict(found)
