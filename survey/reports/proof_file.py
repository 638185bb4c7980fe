"""Proof files as they are kept: a picture is written anew, so that nothing beside it is kept.

A phone writes place, time and device into a picture (EXIF, XMP); villagers who are helped must not
be found by it. Documents are kept as they are.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from survey.core.errors import Invalid
from survey.core.proof import PICTURES, kind_of
from survey.core.wording import N_

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 50_000_000
"""More than a phone's camera gives; a picture that unpacks to more is refused unread."""
LONGEST_SIDE = 3000
"""Pixels of the longer side that are kept: a page of A4 at 250 dots an inch."""
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_QUALITY = 85


def clean(content: bytes) -> tuple[str, bytes]:
    """Return the kind of *content* and what is kept of it; raises `Invalid` for what cannot be."""
    kind = kind_of(content)
    return kind, _without_asides(content, kind) if kind in PICTURES else content


def _without_asides(content: bytes, kind: str) -> bytes:
    from PIL import Image, UnidentifiedImageError  # only who uploads needs it

    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[kind]]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Invalid(N_("This picture is too large. Please save it with fewer pixels."))
            return _written(picture, kind)
    except Image.DecompressionBombError as error:
        raise Invalid(N_("This picture is too large. Please save it with fewer pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Invalid(N_("This picture cannot be read. Please save it anew.")) from error


def _written(picture: Image, kind: str) -> bytes:
    """Return the picture alone: upright, no larger than needed, sRGB or grey."""
    from PIL import Image, ImageOps

    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    see_through = kind != "jpg" and upright.has_transparency_data
    plain = upright.convert("RGBA" if see_through else "L" if upright.mode == "L" else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    file = BytesIO()
    bare.save(file, _FORMATS[kind], quality=_QUALITY)
    return file.getvalue()
