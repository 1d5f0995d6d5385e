"""Only the name: the table is the one that core.OldAddress now reads."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("resources", "0009_count_of_readings"),
        ("core", "0010_old_addresses_and_missed_paths"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="OldAddress")]),
    ]
