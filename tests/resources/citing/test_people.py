"""A line of the authors is a person or an organisation."""

import pytest

from resources.citing.people import name


@pytest.mark.parametrize(
    ("line", "family", "given"),
    [
        ("Ana Vauthier", "Vauthier", "Ana"),
        ("Vauthier, Ana", "Vauthier", "Ana"),
        ("Fédération, Ana", "Fédération", "Ana"),
        ("VAUTHIER Ana", "VAUTHIER", "Ana"),
        ("Jeanne-Marie Thévillon", "Thévillon", "Jeanne-Marie"),
        ("Charles de Gaulle", "de Gaulle", "Charles"),
        ("J. M. Petit", "Petit", "J. M."),
        ("Aïcha Nour D’Albret", "D’Albret", "Aïcha Nour"),
    ],
)
def test_person(line, family, given):
    assert name(line) == {"family": family, "given": given}


@pytest.mark.parametrize(
    "line",
    [
        "Trajectoire Ressources",
        "Réseau régional des formateurs",
        "CAF du Doubs",
        "INSEE",
        "La Cimade",
        "FRMJC Bourgogne-Franche-Comté",
        "Éditions de la Tour carrée",
        "Un, deux, trois",
        ", Ana",
        "Les amis du quartier",
        "Ana de",
        "ABC DEF",
        "Ligue 1901 Doubs",
    ],
)
def test_organisation(line):
    assert name(line) == {"literal": line}
