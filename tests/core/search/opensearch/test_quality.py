"""The quality of the embedded engine, kept by a server: the same floors on the same set, plain form."""

import pytest

from tests.core.retrieval.test_quality import FLOORS, load, scores  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def test_quality_stays_above_its_floor(load):  # noqa: F811
    found, _ = scores(load("records.jsonl"))
    for measure, floor in FLOORS.items():
        assert found[measure] >= floor, found
    assert found["empty"] <= 0.01
