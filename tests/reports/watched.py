"""A village as the wall and the weekly report watch it."""

from survey.core.watch import Watched

VILLAGE = Watched(
    village_id=1,
    code="990101100201",
    township="青柳镇",
    name="前柳屯村",
    group="第1验收组",
    answered=40,
    eligible=240,
    enough=True,
    evaluated=True,
)
