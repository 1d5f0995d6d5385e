"""Documents that may be one: found, proposed, made one."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from network.models import HelpRequest
from resources import merging
from resources.answers import GivenDocument
from resources.counts import DocumentCount
from resources.letters.models import Letter
from resources.models import Collection, Document
from resources.pairs import DocumentPair
from tests.factories.documents import document, file
from tests.factories.vrl import situation, trainer
from trajectoire.core import redirects
from vrl.models import Favourite

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 3, 5)


@pytest.fixture
def two(world) -> tuple[Document, Document]:
    kept = document("Les conseils citoyens", date=datetime.date(2016, 1, 1), date_precision="annee", publisher="")
    removed = document(
        "Les conseils citoyens",
        themes=("mobilites",),
        territories=("25",),
        date=datetime.date(2016, 5, 12),
        authors="Vauthier, Ana",
        isbn="978-2-906164-28-4",
        publisher="",
        collection="cetavou",
        number=4,
    )
    return kept, removed


def test_pairs_are_found_once_and_those_that_differ_are_not_proposed_again(two):
    document("Tout autre chose")
    assert merging.find_pairs() == 1
    pair = DocumentPair.objects.get()
    assert (pair.first, pair.second, pair.reason) == (*two, "même titre et même année")
    assert str(pair) == "Les conseils citoyens / Les conseils citoyens"
    pair.different = True
    pair.save()
    assert merging.find_pairs() == 0


def test_merging_keeps_everything(two):
    kept, removed = two
    attached = file(removed)
    replaced = document("Un ancien document", replaced_by=removed)
    address = removed.get_absolute_url()
    redirects.keep("/publication/conseils/", address)
    merging.find_pairs()
    merged = merging.merge(kept, removed)
    attached.refresh_from_db()
    replaced.refresh_from_db()
    assert not Document.objects.filter(pk=removed.pk).exists()
    assert not DocumentPair.objects.exists()
    assert (attached.document, replaced.replaced_by) == (kept, kept)
    assert (merged.authors, merged.isbn, merged.date) == ("Vauthier, Ana", "978-2-906164-28-4", datetime.date(2016, 5, 12))
    assert (merged.collection, merged.number) == (Collection.objects.get(slug="cetavou"), 4)
    assert {theme.slug for theme in merged.themes.all()} == {"education", "mobilites"}
    assert [territory.code for territory in merged.territories.all()] == ["25"]
    assert redirects.target_of(address, "") == redirects.target_of("/publication/conseils/", "") == kept.get_absolute_url()


def test_merging_leaves_what_the_kept_one_says(two):
    kept, removed = two
    Document.objects.filter(pk=kept.pk).update(isbn="978-2-7073-0307-3", date=datetime.date(2015, 1, 1), date_precision="jour")
    merged = merging.merge(kept, removed)
    assert (merged.isbn, merged.date) == ("978-2-7073-0307-3", datetime.date(2015, 1, 1))


def test_merging_a_published_document_into_a_draft_publishes_it(two):
    kept, removed = two
    Document.objects.filter(pk=kept.pk).update(status="draft", publish_at=None, replaced_by=removed)
    merged = merging.merge(kept, removed)
    assert merged.is_published
    assert merged.replaced_by is None


def test_merging_adds_the_readings_of_a_day(two):
    kept, removed = two
    for row, day, count in ((kept, DAY, 3), (removed, DAY, 4), (removed, DAY.replace(day=6), 5)):
        DocumentCount.objects.create(document=row, day=day, kind="view", count=count)
    merging.merge(kept, removed)
    assert list(kept.counts.order_by("day").values_list("count", flat=True)) == [7, 5]


def test_merging_gives_an_answer_once(two):
    kept, removed = two
    asked = [HelpRequest.objects.create() for _ in range(2)]
    for request, row in ((asked[0], kept), (asked[0], removed), (asked[1], removed)):
        GivenDocument.objects.create(request=request, document=row)
    merging.merge(kept, removed)
    assert list(GivenDocument.objects.order_by("request").values_list("request", "document")) == [(r.pk, kept.pk) for r in asked]


def test_merging_is_refused_when_both_are_a_letter(two):
    for number, row in enumerate(two, 1):
        Letter.objects.create(document=row, number=number)
    with pytest.raises(ValidationError, match="Chacun des deux est déjà le document"):
        merging.merge(*two)


def test_letter_follows_its_document(two):
    kept, removed = two
    letter = Letter.objects.create(document=removed, number=1)
    merging.merge(kept, removed)
    letter.refresh_from_db()
    assert letter.document == kept


def test_cover_goes_to_the_kept_one(two):
    kept, removed = two
    Document.objects.filter(pk=removed.pk).update(cover_renditions=[{"name": "couvertures/a.webp"}], cover_alt="Une place")
    merged = merging.merge(kept, removed)
    assert (merged.cover_renditions, merged.cover_alt) == ([{"name": "couvertures/a.webp"}], "Une place")


def test_cover_and_collection_of_the_kept_one_stay(two):
    kept, removed = two
    cover = [{"name": "couvertures/b.webp"}]
    series = Collection.objects.get(slug="cetavou")
    Document.objects.filter(pk=removed.pk).update(cover_renditions=[{"name": "couvertures/a.webp"}])
    Document.objects.filter(pk=kept.pk).update(cover_renditions=cover, collection=series, number=5)
    merged = merging.merge(kept, removed)
    assert (merged.cover_renditions, merged.collection, merged.number) == (cover, series, 5)


def test_situation_that_names_the_removed_one_names_the_kept_one(two):
    kept, removed = two
    named = situation("Peut-on prier ici ?")
    named.kit.add(removed)
    merging.merge(kept, removed)
    assert list(named.kit.all()) == [kept]


def test_document_that_a_trainer_keeps_at_hand_is_the_kept_one(two):
    kept, removed = two
    first, second = trainer(), trainer()
    for someone, row in ((first, removed), (second, kept), (second, removed)):
        Favourite.objects.create(trainer=someone, document=row)
    merging.merge(kept, removed)
    assert list(Favourite.objects.order_by("trainer").values_list("trainer", "document")) == [
        (first.pk, kept.pk),
        (second.pk, kept.pk),
    ]


class TestScreen:
    URL = "/admin/resources/documentpair/"

    def test_two_documents_are_compared_then_joined(self, documentalist, two):
        assert documentalist.post(f"{self.URL}chercher/").status_code == 302
        pair = DocumentPair.objects.get()
        page = documentalist.get(f"{self.URL}{pair.pk}/change/").text
        assert "Garder le premier, y réunir le second" in page
        assert "Même titre et même année." in page
        assert "Chercher les doublons dans toutes les ressources" in documentalist.get(self.URL).text
        old = two[1].get_absolute_url()
        documentalist.post(f"{self.URL}{pair.pk}/decider/", {"keep": "premiere"})
        assert Document.objects.get() == two[0]
        assert documentalist.get(old).headers["Location"] == two[0].get_absolute_url()

    def test_two_documents_are_said_different(self, documentalist, two):
        merging.find_pairs()
        pair = DocumentPair.objects.get()
        documentalist.post(f"{self.URL}{pair.pk}/decider/", {"keep": "deux"})
        pair.refresh_from_db()
        assert pair.different

    def test_refusal_is_said(self, documentalist, two):
        for number, row in enumerate(two, 1):
            Letter.objects.create(document=row, number=number)
        merging.find_pairs()
        answer = documentalist.post(f"{self.URL}{DocumentPair.objects.get().pk}/decider/", {"keep": "seconde"}, follow=True)
        assert "Chacun des deux est déjà le document" in answer.text
