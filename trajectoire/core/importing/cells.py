"""What people write in the cells of a table: days, hours, telephone numbers, yes and no, words of a list."""

import datetime
import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone

from ..text import fold

MONTHS = ("janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec")
NOTHING = re.compile(r"[\W_]*(?:s\W*d|sans date|n\W*[ac]|neant|inconnue?|non (?:renseigne|communique)e?|aucune?|null)?[\W_]*")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
WORDS = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er)?\s+({'|'.join(MONTHS)})[a-z]*\.?\s+(\d{{4}})(?!\d)")
HOUR = re.compile(r"(?<!\d)([01]?\d|2[0-4])\s*(?:h|:|heures?)\s*([0-5]\d)?(?!\d)")
# A day and an hour as spreadsheets count them, when their format was lost: days since the end of 1899, and parts of a day.
SERIAL = re.compile(r"([3-5]\d{4})?(?:0?[.,](\d+))?")
FIRST_DAY = datetime.date(1899, 12, 30)
OTHER_DATE = re.compile(r"\s*(?:;|\||\bpuis\b)\s*")
FRENCH_NUMBER = re.compile(r"(?:(?:\+|00)33|0)?([1-9]\d{8})")
YES = {"oui", "o", "x", "1", "vrai", "true", "yes", "y", "present", "presente"}
NO = {"non", "n", "0", "faux", "false", "no", "absent", "absente", "excuse", "excusee"}


class Wrong(ValueError):
    """What a cell says cannot be used; the text is a French sentence."""


def day(text: str) -> datetime.date | None:
    """« 12/03/2024 », « 1er mars 2024 », « 2024-03-12 00:00:00 »; None for nothing and « s.d. ». Raises Wrong."""
    if says_nothing(text):
        return None
    said = " ".join(fold(text).split())
    found = _day(said)
    if found is None:
        raise Wrong(f"La date « {text.strip()[:60]} » n’est pas lisible : écrivez-la 31/12/2025.")
    return found


def says_nothing(text: str) -> bool:
    """« - », « s.d. », « néant », « n/a »: what people write where nothing is known."""
    return bool(NOTHING.fullmatch(" ".join(fold(text).split())))


def _day(said: str) -> datetime.date | None:
    if match := ISO.search(said):
        year, month, number = (int(part) for part in match.groups())
    elif match := NUMBERS.search(said):
        number, month, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
    elif match := WORDS.search(said):
        number, month, year = int(match[1]), MONTHS.index(match[2]) + 1, int(match[3])
    elif (match := SERIAL.fullmatch(said)) and match[1]:
        return FIRST_DAY + datetime.timedelta(days=int(match[1]))
    else:
        return None
    try:
        return datetime.date(year, month, number)
    except ValueError:
        return None


def hours(text: str) -> list[datetime.time]:
    """The hours of a text, in order: « 9 h 30 – 17 h » gives two; midnight at the end of a day is 23:59."""
    if (serial := SERIAL.fullmatch(text.strip())) and serial[2]:
        minutes = min(round(float(f"0.{serial[2]}") * 24 * 60), 24 * 60 - 1)
        return [datetime.time(minutes // 60, minutes % 60)]
    said = NUMBERS.sub(" ", ISO.sub(" ", fold(text))).replace("midi", "12 h ")
    found = [(int(match[1]), int(match[2] or 0)) for match in HOUR.finditer(said)]
    return [datetime.time(23, 59) if hour == 24 else datetime.time(hour, minute) for hour, minute in found]


def moment(text: str) -> datetime.datetime | None:
    """A day and its hour, in Paris; midnight when no hour is said. Raises Wrong."""
    found = day(text)
    at = (hours(text) or [datetime.time()])[0]
    return timezone.make_aware(datetime.datetime.combine(found, at)) if found else None


def spans(text: str) -> list[tuple[datetime.date, list[datetime.time]]]:
    """Several days with their hours: « 22 mai 2025, 13 h – 14 h ; 23 mai 2025 ». Raises Wrong."""
    found = [(day(part), hours(part)) for part in OTHER_DATE.split(text)]
    return [(date, at) for date, at in found if date]


def phone(text: str) -> str:
    """A French number by pairs, its first zero given back when a spreadsheet took it; another one as it is written."""
    digits = re.sub(r"\(0\)|[^\d+]", "", text)
    match = FRENCH_NUMBER.fullmatch(digits)
    if not match:
        return " ".join(text.split())
    number = f"0{match[1]}"
    return " ".join(number[place : place + 2] for place in range(0, 10, 2))


def email(text: str) -> str:
    """The address alone, of « Ada Lovelace <ada@example.org> » too; nothing for nothing. Raises Wrong."""
    inside = re.search(r"<([^<>]+)>", text)
    address = (inside[1] if inside else text).strip().removeprefix("mailto:").strip()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError as error:
        raise Wrong(f"L’adresse e-mail « {text.strip()[:80]} » n’est pas complète.") from error
    if len(address) > 254:
        raise Wrong("Cette adresse e-mail est trop longue.")
    return address


def website(text: str, longest: int = 200) -> str:
    """With https:// when it was left out; nothing for nothing. Raises Wrong."""
    text = text.strip()
    if not text:
        return ""
    url = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError as error:
        raise Wrong(f"« {text[:80]} » n’est pas l’adresse d’un site.") from error
    if len(url) > longest:
        raise Wrong("L’adresse du site est trop longue.")
    return url


def yes(text: str) -> bool | None:
    """« oui », « x », « présente »; None for nothing. Raises Wrong."""
    said = fold(text).strip()
    if said in YES or said in NO:
        return said in YES
    if said:
        raise Wrong(f"« {text.strip()[:60]} » n’est ni oui ni non.")
    return None


def several(text: str, known: Iterable[str] = ()) -> list[str]:
    """The words of a cell, between « ; » or « | », or commas but for those inside a known word."""
    names = sorted((fold(name) for name in known if "," in name), key=len, reverse=True)
    found: list[str] = []
    for part in re.split(r"[;|\n]", text):
        rest = part.strip()
        while rest:
            name = next((name for name in names if _begins_with(fold(rest), name)), "")
            cut = len(name) if name else rest.find(",") if "," in rest else len(rest)
            found.append(rest[:cut].strip())
            rest = rest[cut:].lstrip(" ,")
    return [word for word in dict.fromkeys(found) if word]


def _begins_with(text: str, name: str) -> bool:
    return text.startswith(name) and text[len(name) :].lstrip()[:1] in ("", ",")


def among(text: str, words: Mapping[str, str]) -> str | None:
    """The value of a word, {folded word: value}, however it is written; None when it is unknown."""
    return words.get(" ".join(re.sub(r"[\W_]+", " ", fold(text)).split()))


def worded(choices: Iterable[tuple[str, str]], more: Mapping[str, Iterable[str]] | None = None) -> dict[str, str]:
    """{folded word: value} of what a model lets choose: its labels, its values, and other words met in files."""
    told = [(word, value) for value, label in choices for word in (label, value)]
    told += [(word, value) for value, words in (more or {}).items() for word in words]
    return {" ".join(re.sub(r"[\W_]+", " ", fold(str(word))).split()): value for word, value in told}
