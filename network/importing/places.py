"""Places as tables write them: a department's number or name, a commune, a postal code, a code of contrat or quartier."""

import re
from collections import defaultdict

from ..models import Contract, Territory, TerritoryKind
from ..naming import search_words


class Places:
    """Every territory, read once to recognise the places of many lines."""

    def __init__(self) -> None:
        rows = Territory.objects.order_by("path").values_list("pk", "code", "kind", "name", "path", "postal_codes", "generation")
        self.by_code: dict[str, int] = {}
        self.path: dict[int, str] = {}
        self.words: dict[int, str] = {}  # {key: its name, folded}
        self.names: dict[str, list[int]] = defaultdict(list)
        self.postal: dict[str, list[int]] = defaultdict(list)
        for pk, code, kind, name, path, postal_codes, generation in rows:
            self.by_code[code], self.path[pk], self.words[pk] = pk, path, self.words_of(name)
            if kind != TerritoryKind.QPV or generation != 2015:
                self.names[self.words[pk]].append(pk)
            for postal_code in postal_codes.split() if kind == TerritoryKind.COMMUNE else ():
                self.postal[postal_code].append(pk)
        carriers = Contract.objects.exclude(carrier=None).order_by("pk").values_list("code", "carrier")
        self.contracts: dict[str, int] = dict(carriers)  # type: ignore[arg-type]

    @staticmethod
    def words_of(name: str) -> str:
        return " ".join(search_words(name))

    def department(self, text: str) -> int | None:
        """« 25 », « 25000 », « Doubs », « Côte d'Or »."""
        number = text.strip().zfill(2) if text.strip().isdigit() else ""
        number = number.zfill(5)[:2] if len(number) > 3 else number
        if number in self.by_code:
            return self.by_code[number]
        found = [pk for pk in self.names.get(self.words_of(text), ()) if self.path[pk].count("/") == 1]
        return found[0] if found else None

    def place(self, text: str, department: int | None) -> int | None:
        """A commune or a quartier, of the department when it is known; None when unknown or when two answer."""
        text = text.strip()
        words = self.words_of(re.sub(r"\b\d{5}\b|\bcedex\b", "", text, flags=re.IGNORECASE))
        found = self.names.get(words, []) if words else self.postal.get(text, [])
        if text in self.by_code and text not in self.postal:
            found = [self.by_code[text]]
        if department is not None:
            found = [pk for pk in found if self.path[pk].startswith(f"{self.path[department]}/")]
        communes = [pk for pk in found if self.path[pk].count("/") <= 3]
        chosen = communes or found
        return chosen[0] if len(chosen) == 1 else None

    def carriers(self, text: str) -> list[int]:
        """The territories that carry the contrats of a list of codes: « CN02101M|CV066 »."""
        codes = re.split(r"[|,;\s]+", text)
        return list(dict.fromkeys(self.contracts[code] for code in codes if code in self.contracts))

    def departments_of(self, pks: list[int]) -> frozenset[str]:
        return frozenset(code for pk in pks for code in self.path[pk].split("/")[1:2])
