import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_attestations_and_questionnaires'),
    ]

    operations = [
        migrations.AddField(
            model_name='registration',
            name='confirmed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='confirmée le'),
        ),
        migrations.AddField(
            model_name='registration',
            name='form_key',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='SentNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=25, verbose_name='message')),
                ('about', models.CharField(max_length=60, verbose_name='à propos de')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='events.registration', verbose_name='inscription')),
            ],
            options={
                'verbose_name': 'message écrit',
                'verbose_name_plural': 'messages écrits',
                'ordering': ['written_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('registration', 'kind', 'about'), name='notice_once')],
            },
        ),
    ]
