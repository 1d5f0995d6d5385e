"""Old addresses belong to every app: the table stays where it is, its model and its permissions come here."""

import django.utils.timezone
from django.db import migrations, models


def move_kind(from_app, to_app):
    def move(apps, schema_editor):
        kinds = apps.get_model("contenttypes", "ContentType").objects
        if not kinds.filter(app_label=to_app, model="oldaddress").exists():
            kinds.filter(app_label=from_app, model="oldaddress").update(app_label=to_app)

    return move


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0009_undone_lines_of_imports"),
        ("resources", "0009_count_of_readings"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="OldAddress",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "path",
                            models.CharField(
                                help_text="Commence par une barre : /publication/…/ ou /?p=12",
                                max_length=300,
                                unique=True,
                                verbose_name="ancienne adresse",
                            ),
                        ),
                        (
                            "target",
                            models.CharField(
                                help_text="Une page de ce site, sans son nom : /ressources/le-titre/",
                                max_length=300,
                                verbose_name="nouvelle adresse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ancienne adresse",
                        "verbose_name_plural": "anciennes adresses",
                        "ordering": ["path"],
                        "db_table": "resources_oldaddress",
                    },
                ),
            ],
        ),
        migrations.RunPython(move_kind("resources", "core"), move_kind("core", "resources"), elidable=True),
        migrations.CreateModel(
            name="MissedPath",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=300, unique=True, verbose_name="adresse demandée")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="fois")),
                (
                    "last_day",
                    models.DateField(db_index=True, default=django.utils.timezone.localdate, verbose_name="dernière fois"),
                ),
                ("ignored", models.BooleanField(default=False, verbose_name="ignorée")),
            ],
            options={
                "verbose_name": "adresse introuvable",
                "verbose_name_plural": "adresses introuvables",
                "ordering": ["-count", "path"],
            },
        ),
    ]
