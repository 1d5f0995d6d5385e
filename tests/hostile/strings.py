"""Awkward strings, after the Big List of Naughty Strings (https://github.com/minimaxir/big-list-of-naughty-strings, MIT)."""

MARK = "zqj9"  # to find the string again in a page
SCRIPTS = [
    f"<script>alert('{MARK}')</script>",
    f"\"><img src=x onerror=alert('{MARK}')>",
    f"'><svg/onload=alert('{MARK}')>",
    f"<a href=\"javascript:alert('{MARK}')\">lien</a>",
    f"</textarea></title></style><script>alert('{MARK}')</script>",
    f"<iframe srcdoc='<script>{MARK}</script>'>",
    f"{{{{7*7}}}} ${{7*7}} <%= 7*7 %> {MARK}",
]
NAUGHTY = [
    *("undefined", "null", "NaN", "true", "0", "-1", "1e1000", "999999999999999999999999", "0x7fffffff", "1/0", "½", "١٢٣"),
    *(
        "'; DROP TABLE core_user; --",
        "1 OR 1=1",
        "admin' --",
        "*)(uid=*))(|(uid=*",
        "$(id)",
        "`id`",
        "; ls -la",
        "| cat /etc/passwd",
    ),
    *(
        "../../../../etc/passwd",
        "%2e%2e%2f",
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "//evil.example",
        "\\\\evil\\share",
    ),
    *(
        "a\r\nBcc: victime@example.org",
        "a\r\nSet-Cookie: x=y",
        "a\x00b",
        "\x00",
        "\x7f\x1b[31m",
        "a\u2028b\u2029c",
        "\ufeff\u200b\u00ad",
    ),
    *(
        "\u202eexe.pdf",
        "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "田中さんにあげて",
        "مُنَاقَشَةُ",
        "ﷺ" * 50,
        "\ud7ff\ue000",
        "=HYPERLINK(0)",
        "@SUM(1)",
    ),
    *("a" * 5_000, "(" * 500, '"' * 501, "%s%n%d", "{0.__class__}", "[[1]](javascript:1)", "   ", "\t", "AND OR NOT NEAR"),
    *SCRIPTS,
]
# For each form, when the whole list would take long: cut headers, NUL, formulas, lengths, directions of writing.
ODD = ["a\r\nBcc: victime@example.org", "a\x00b", "=HYPERLINK(0)", "a" * 5_000, "\u202eexe.pdf", "999999999999999999999999"]
