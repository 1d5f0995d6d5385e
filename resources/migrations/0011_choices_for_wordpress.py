import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_undone_lines_of_imports"),
        ("network", "0008_imports_and_duplicates"),
        ("resources", "0010_old_addresses_belong_to_the_site"),
    ]

    operations = [
        migrations.CreateModel(
            name="WordPressChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(editable=False, max_length=64, verbose_name="sorte")),
                ("slug", models.CharField(editable=False, max_length=200, verbose_name="nom court dans WordPress")),
                ("name", models.CharField(editable=False, max_length=200, verbose_name="nom")),
                ("uses", models.PositiveIntegerField(default=0, editable=False, verbose_name="contenus")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("document", "Devient un document"),
                            ("page", "Devient le texte d’une page du site"),
                            ("adresse", "Son adresse mène ailleurs, son texte n’est pas repris"),
                            ("aside", "Laissé de côté"),
                        ],
                        default="document",
                        max_length=8,
                        verbose_name="ce que ces contenus deviennent",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, help_text="Sur ce site, par exemple /contact/.", max_length=300, verbose_name="adresse"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.page",
                        verbose_name="page du site",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(blank=True, related_name="+", to="network.theme", verbose_name="thèmes à donner"),
                ),
                (
                    "type",
                    models.ForeignKey(
                        blank=True,
                        help_text="À défaut\u00a0: celui que disent les autres lignes, du plus précis au plus général.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="resources.documenttype",
                        verbose_name="type de document",
                    ),
                ),
            ],
            options={
                "verbose_name": "choix pour WordPress",
                "verbose_name_plural": "choix pour WordPress",
                "ordering": ["kind", "-uses", "name"],
                "constraints": [models.UniqueConstraint(fields=("kind", "slug"), name="wordpress_choice_once")],
            },
        ),
    ]
