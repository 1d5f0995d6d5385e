from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("network", "0003_organisations_in_the_directory")]
    operations = [migrations.RemoveField(model_name="organisation", name="territory")]
