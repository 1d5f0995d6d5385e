from django.db import migrations


def delete_files(apps, schema_editor):
    """The files that the rows held: nothing would lead to them any more."""
    for row in apps.get_model("network", "DirectoryImport").objects.iterator():
        row.file.delete(save=False)


class Migration(migrations.Migration):

    dependencies = [
        ("network", "0008_imports_and_duplicates"),
    ]

    operations = [
        migrations.RunPython(delete_files, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="DirectoryImport",
        ),
    ]
