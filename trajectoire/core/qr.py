"""QR codes, drawn here (segno): an address that a phone opens. Error correction M: 15 % of the drawing may be lost."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

NIGHT, WHITE = "#1d2a44", "#ffffff"  # on white in the dark scheme too: many readers refuse light codes on dark
QUIET = 4  # modules around, as ISO/IEC 18004 asks


def svg(text: str) -> SafeString:
    """An <svg> that takes the size of its box; safe in a page (the text is drawn, never written) and in a typst template."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=QUIET,
        dark=NIGHT,
        light=WHITE,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
        nl=False,
    )
    return mark_safe(drawn.getvalue().decode())
