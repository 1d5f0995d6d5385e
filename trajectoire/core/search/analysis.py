"""French analysis: one chain of tantivy's own filters, used for what is indexed and for what is asked alike.

Text is cleaned here (tags, entities, decomposed accents, soft hyphens), then tantivy splits it at everything that is not a
letter or a digit (so elisions and hyphens separate), folds case and accents, drops grammatical words and stems.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import tantivy

WORD = r"[\p{L}\p{M}\p{N}]+"
LONGEST_WORD = 60
STEMMED, PLAIN, RAW = "french", "plain", "raw"
ELISIONS = "c d j l m n s t qu jusqu lorsqu puisqu quoiqu"
# Grammatical words of French, folded. « sans », « non », « vers » and « contre » carry meaning here (non-recours, aller-vers).
GRAMMAR = """a afin ai ainsi alors au aucun aucune aussi autre autres aux avait avec avoir ayant c ca car ce ceci cela celle celles
celui ces cet cette ceux chaque chez ci comme comment d dans de depuis des dont du elle elles en encore entre es est et etaient
etait etant etre eu eux font il ils j je l la le les leur leurs lors lorsque lui ma mais me meme memes mes moi mon ne ni nos
notre nous on ont ou par parce pendant peu peut peuvent plus pour pourquoi puis qu quand que quel quelle quelles quels qui quoi
s sa se sera seront ses si soit son sont sous sur t ta tandis te tes toi ton tous tout toute toutes tres tu un une vos votre vous y"""
STOP_WORDS = sorted({*GRAMMAR.split(), *ELISIONS.split()})
# What people put around what they look for (« comment faire pour… », « articles sur… »): never compulsory beside other words.
AROUND = """aide aider aller article articles attendre avoir besoin cause cherche chercher chose choses comprendre connaitre definir
defini definition devenir deviennent devient devoir doit doivent document documents eviter exemple exemples existe existent
exister expliquer facon faire faites fait falloir faudrait faut fonctionne fonctionner font gens info information informations
infos lancer maniere mener mettre mise monter moyen moyens obtenir œuvre pas permet permettre peux place pourrait pouvoir
publication publications question questions quelqu recherche ressource ressources sait savent savoir sert servir
signifie sujet texte textes trouver utilise utiliser va vais venir vient viennent veulent veut veux voir voudrais vouloir"""
EMPTY_WORDS = frozenset(AROUND.replace("œ", "oe").split())
# Endings of one word that the stemmer keeps apart: isolé / isolée, sportif / sportive, formateur / formatrice, public / publique.
_ENDINGS = (("ee", "e"), ("ive", "if"), ("trice", "teur"), ("euse", "eur"), ("ere", "er"), ("que", "c"), ("elle", "eau"))
SHORTEST_INFLECTED = 4
# Endings of stems that make families of words (Snowball's French stemmer keeps demolit / demol, decrochag / decrocheur apart).
SHORTEST_ROOT = 5
_FAMILY = re.compile(
    r"(.{5,}?)(?:isation|isateur|atric|ateur|ation|ition|ement|ment|iqu|ist|ism|ienn|anc|enc|eus|tric|teur|tion|itud"
    r"|it|ag|eur|eux|ant|ent|ien|if|iv|is|at|al|el|er|ir|re|i|s)"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0000"), None)
_LOOKALIKES = str.maketrans({"º": "°", "ᵉ": "e", "ʳ": "r", "ª": "a"})
_TAG = re.compile(r"<(?:!--.*?--|/?[a-zA-Z][^<>]{0,2000})>", re.S)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query: as searched (`stem`), as typed (`start:end` in the cleaned text), its place among all words."""

    stem: str
    word: str
    position: int
    start: int
    end: int


def clean(text: str) -> str:
    """Text without tags, entities, invisible characters, in composed form; typographic signs stay, for excerpts."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()  # lone surrogates
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE)).translate(_LOOKALIKES)


def _builder() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(WORD))
    builder = builder.filter(tantivy.Filter.remove_long(LONGEST_WORD))
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


@cache
def analyser(name: str) -> tantivy.TextAnalyzer:
    """STEMMED for what is searched, PLAIN (whole words, folded) for suggestions and corrections."""
    builder = _builder()
    if name == STEMMED:
        builder = builder.filter(tantivy.Filter.custom_stopword(STOP_WORDS)).filter(tantivy.Filter.stemmer("french"))
    return builder.build()


def install(index: tantivy.Index) -> None:
    for name in (STEMMED, PLAIN):
        index.register_tokenizer(name, analyser(name))


def tokens(text: str) -> list[Token]:
    """The meaningful words of a cleaned text."""
    words = {word.position: word.text for word in analyser(PLAIN).pre_tokenize(text).tokens}
    found = analyser(STEMMED).pre_tokenize(text).tokens
    return [Token(t.text, words[t.position], t.position, t.char_offset_from, t.char_offset_to) for t in found]


def plain_words(text: str) -> list[str]:
    """Every word, folded, not stemmed: « L’École » → l, ecole."""
    return analyser(PLAIN).analyze(clean(text))


def fold(text: str) -> str:
    return " ".join(plain_words(text))


@lru_cache(maxsize=4096)
def inflections(word: str) -> tuple[str, ...]:
    """The stems of a folded word and of its other forms, plural and feminine, where they differ: its own first."""
    forms = {word: None}
    if len(word) >= SHORTEST_INFLECTED:
        single = _singular(word)
        for ending, other in (pair for ends in _ENDINGS for pair in (ends, ends[::-1])):
            if single.endswith(ending):
                forms |= dict.fromkeys((single.removesuffix(ending) + other, f"{single.removesuffix(ending)}{other}s"))
        forms |= dict.fromkeys((single, f"{single}s"))
    return tuple(dict.fromkeys(analyser(STEMMED).analyze(" ".join(forms))))


@lru_cache(maxsize=4096)
def canonical(word: str) -> str:
    """One stem for every form of a folded word: that of its masculine singular."""
    single = _singular(word)
    for feminine, masculine in _ENDINGS:
        if single.endswith(feminine) and len(single) > len(feminine) + 2:
            single = single.removesuffix(feminine) + masculine
            break
    return " ".join(analyser(STEMMED).analyze(single))


def numbers(word: str) -> tuple[str, ...]:
    """A folded word in the singular and in the plural."""
    single = _singular(word)
    return tuple(dict.fromkeys((word, single, f"{single}s"))) if len(word) >= SHORTEST_INFLECTED else (word,)


def _singular(word: str) -> str:
    return word[:-1] if len(word) >= SHORTEST_INFLECTED and word[-1] in "sx" and word[-2] != "s" else word


def root(stem: str) -> str:
    """What a family of words shares: demolit, demol → demol. Roots shorter than five letters say too little: no family."""
    found = _FAMILY.fullmatch(stem)
    return found[1] if found else stem
