"""Organisations known before the directory: their territory, their address, the moment they appeared."""

from django.db import migrations
from django.db.models import F


def enter(apps, schema_editor):
    organisation = apps.get_model("network", "Organisation")
    address = apps.get_model("network", "DirectoryAddress")
    through = organisation.territories.through
    known = organisation.objects.order_by("pk")
    through.objects.bulk_create(
        through(organisation_id=pk, territory_id=territory)
        for pk, territory in known.exclude(territory=None).values_list("pk", "territory")
    )
    address.objects.bulk_create(address(slug=slug, organisation_id=pk) for pk, slug in known.values_list("pk", "slug"))
    known.update(published_at=F("created_at"))


def leave(apps, schema_editor):
    organisation = apps.get_model("network", "Organisation")
    for made in organisation.objects.order_by("pk"):
        made.territory = made.territories.order_by("-path").first()
        made.save()


class Migration(migrations.Migration):
    dependencies = [("network", "0002_directory")]
    operations = [migrations.RunPython(enter, leave, elidable=True)]
