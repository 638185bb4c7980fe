"""The calibration meeting: all groups side by side, for leads too while it lasts."""

from survey.web.review.meeting import heat_map, hold, page, projector, what_if

__all__ = ["heat_map", "hold", "page", "projector", "what_if"]
