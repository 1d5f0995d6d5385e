"""Languages as catalogues write them (ISO 639-2, both families; ISO 639-1; names; « fr-FR ») to two letters."""

from trajectoire.core.text import fold

LANGUAGES: dict[str, tuple[str, ...]] = {
    "fr": ("fre", "fra", "francais", "french", "fro", "frm"),
    "en": ("eng", "anglais", "english"),
    "de": ("ger", "deu", "allemand", "german", "deutsch"),
    "es": ("spa", "espagnol", "spanish", "castillan"),
    "it": ("ita", "italien", "italian"),
    "pt": ("por", "portugais", "portuguese"),
    "nl": ("dut", "nld", "neerlandais", "dutch"),
    "ar": ("ara", "arabe", "arabic"),
    "tr": ("tur", "turc", "turkish"),
    "ru": ("rus", "russe", "russian"),
    "pl": ("pol", "polonais", "polish"),
    "ro": ("rum", "ron", "roumain", "romanian"),
    "uk": ("ukr", "ukrainien", "ukrainian"),
    "zh": ("chi", "zho", "chinois", "chinese"),
    "ca": ("cat", "catalan"),
    "oc": ("oci", "occitan"),
    "br": ("bre", "breton"),
    "eu": ("baq", "eus", "basque"),
    "la": ("lat", "latin"),
    "sv": ("swe", "suedois", "swedish"),
    "da": ("dan", "danois", "danish"),
    "el": ("gre", "ell", "grec"),
    "sq": ("alb", "sqi", "albanais"),
    "sr": ("srp", "scc", "serbe"),
    "fa": ("per", "fas", "persan"),
    "ja": ("jpn", "japonais"),
    "vi": ("vie", "vietnamien"),
}
BY_WORD = {word: code for code, words in LANGUAGES.items() for word in (code, *words)}
NO_LANGUAGE = {"und", "mul", "zxx", "mis", ""}


def read(text: str) -> tuple[str, str]:
    """(two letters or nothing, note)."""
    word = fold(text).strip().replace("_", "-").split("-")[0].split(" ")[0].strip(".;,")
    if word in NO_LANGUAGE or not any(map(str.isalpha, word)):
        return "", ""
    if code := BY_WORD.get(word) or BY_WORD.get(word[:3] if len(word) % 3 == 0 else ""):  # « freeng »: several in one field
        return code, ""
    return "", f"Langue « {text.strip()[:30]} » inconnue : laissée de côté."
