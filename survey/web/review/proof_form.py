"""The form by which a proof is uploaded."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from survey.web.fields import StaffForm


class ProofForm(StaffForm):
    """One file that shows that a measure was taken."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx"},
    )
