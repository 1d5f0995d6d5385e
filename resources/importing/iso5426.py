"""ISO 5426:1983, the accents of UNIMARC before Unicode: a diacritic comes before its letter, as one byte.

Close to the ANSEL of MARC21 but not the same: the tilde is C4 here, E4 there. Bytes: the right half of the 8-bit code, as in the
registration ISO-IR 53; 88 and 89 are the marks around an article that is not sorted (ISO 6630), which nobody reads.
"""

import unicodedata

COMBINING = dict(
    zip(
        [*range(0xC0, 0xDC), 0xDD, 0xDE, 0xDF],
        "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0312\u030b\u031b\u030c"
        "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d\ufe20\ufe21\ufe23",
        strict=True,
    )
)
PLAIN = {
    **dict(zip(range(0xA1, 0xB0), "¡„£$¥†§′‘“«♭©℗®", strict=True)),
    **dict(zip([0xB0, 0xB1, 0xB2, *range(0xB6, 0xBB), *range(0xBC, 0xC0)], "ʻʼ‚‡·″’”♯ʹʺ¿", strict=True)),
    **dict(zip([0xE1, 0xE2, 0xE6, 0xE8, 0xE9, 0xEA, 0xEC], "ÆĐĲŁØŒÞ", strict=True)),
    **dict(zip([0xF1, 0xF2, 0xF3, 0xF5, 0xF6, *range(0xF8, 0xFD)], "æđðıĳłøœßþ", strict=True)),
    0xA0: "\u00a0",
    0xBB: chr(0xBB),  # a closing quote, in both
    0x88: "",
    0x89: "",
}
UNKNOWN = "\ufffd"


def decode(data: bytes) -> str:
    """The text, composed (NFC); U+FFFD for a byte that the standard leaves empty."""
    text: list[str] = []
    waiting: list[str] = []
    for byte in data:
        if byte in COMBINING:
            waiting.append(COMBINING[byte])
            continue
        text.append(chr(byte) if byte < 0x80 else PLAIN.get(byte, UNKNOWN))
        text.extend(waiting)
        waiting = []
    return unicodedata.normalize("NFC", "".join(text))
