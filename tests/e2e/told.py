"""What the journey of the bilan needs: a year that everyone reads, a partner."""

YEAR = 2025
PARTNER = "partenaire@example.org"
STORY = "Une année de formations, département par département."


def make() -> None:
    from dataclasses import asdict

    from django.contrib.auth.models import Group
    from django.utils import timezone

    from tests.factories import accounts
    from trajectoire.core.models import PARTNERS
    from vrl.bilan import parts
    from vrl.bilan.year import BilanYear
    from vrl.vocabulary import BILAN_PARTS

    accounts.user(PARTNER, name="Alix Partenaire").groups.add(Group.objects.get_or_create(name=PARTNERS)[0])
    BilanYear.objects.create(
        year=YEAR,
        vrl=f"<p>{STORY}</p>",
        public_parts=list(BILAN_PARTS),
        closed_at=timezone.now(),
        figures={"": [asdict(part) for part in parts.compute(parts.of_year(YEAR))]},
    )
