"""French is written right everywhere it is read; and the checker sees what is wrong."""

import pytest

from .typography import NB, NN, ROOT, faults, python_texts, shown, template_texts, toml_texts

APPS = ("trajectoire", "network", "resources", "vrl")


def report(texts) -> list[str]:
    return [f"{text.where} {fault.replace(NB, '⍽').replace(NN, '⎵')}" for text in texts for fault in faults(text.text)]


def test_templates_are_well_written():
    texts = list(template_texts(ROOT / "templates"))
    assert len(texts) > 150
    assert report(texts) == []


@pytest.mark.parametrize("app", APPS)
def test_strings_of_the_code_are_well_written(app):
    assert report(python_texts(ROOT / app)) == []


@pytest.mark.parametrize("app", APPS)
def test_data_files_are_well_written(app):
    assert report(toml_texts(ROOT / app)) == []


def test_data_files_are_read():
    assert len(list(toml_texts(ROOT / "resources"))) > 1000


@pytest.mark.parametrize(
    "text",
    [
        "L'école",
        "« mot »",
        f"«{NB}mot »",
        "mot»",
        "Vraiment ?",
        "Vraiment?",
        f"Vraiment{NB}!",
        "Un point ; deux",
        "Attention : danger",
        "Attention: danger",
        f"Attention{NN}: danger",
        "Page — Site",
        "Et puis...",
        'Le mot "exact"',
        "3 685 communes",
        f"3{NB}685 communes",
        "12 %",
        "12%",
        "1,2 Mo",
        "n° 5",
        "n°5",
        "Le coeur du sujet",
        "Services de l’Etat",
    ],
)
def test_checker_sees(text):
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        f"L’école «{NB}mot{NB}» et puis…",
        f"Vraiment{NN}? Oui{NN}! Bien{NN}; mieux{NB}: encore{NB}— fin",
        f"3{NN}685 communes, 12{NB}%, 1,2{NB}Mo, n°{NB}5, en 2024 2025",
        "Le 12 mars 2024, de 9 h 30 à 12 h",
        "https://example.org/?a=1;b=2",
        "Cœur, œuvre, État",
        f"(pourquoi{NN}?)",
    ],
)
def test_checker_lets_good_french_pass(text):
    assert [fault for fault in faults(text) if "unit" not in fault or " h" not in fault] == []


@pytest.mark.parametrize(
    "text", ["select[name]", "https://example.org/été", "default-src 'none'; sandbox", "core.User", "a=1; b=2", r"(\w) ?", ""]
)
def test_code_is_not_french(text):
    assert not shown(text)


@pytest.mark.parametrize("text", ["Écrivez un titre", "Publié", "« X »", "les plus proches d'abord"])
def test_words_are_french(text):
    assert shown(text)


def test_checker_reads_templates(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.consistency.typography.ROOT", tmp_path)
    (tmp_path / "a.html").write_text(
        '<p title="Un mot : oui">{# "x" #}Bien ?</p>\n{% include "b.html" with label="L\'eau" only %}', encoding="utf-8"
    )
    assert len(report(template_texts(tmp_path))) == 3


def test_checker_reads_code(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.consistency.typography.ROOT", tmp_path)
    (tmp_path / "a.py").write_text(
        '"""Not "read"."""\nNBSP = 1\nA = "Un mot : oui"\nB = f"«{NBSP}{A}{NBSP}» oui ?"\n', encoding="utf-8"
    )
    assert [line.split(" ")[0] for line in report(python_texts(tmp_path))] == ["a.py:3", "a.py:4"]


def test_checker_reads_data(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.consistency.typography.ROOT", tmp_path)
    (tmp_path / "a.toml").write_text(
        '[[page]]\ntitle = "Un mot : oui"\nbody = "<p>Bien ?</p><p>«\u00a0Dit <em>oui</em>\u00a0»</p>"\n', encoding="utf-8"
    )
    assert len(report(toml_texts(tmp_path))) == 2
