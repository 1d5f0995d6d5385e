"""The e-mail that forwards a message of the contact form."""

from django.core import mail

from trajectoire.core.mail import forward_contact
from trajectoire.core.models import ContactMessage


def test_message_is_forwarded_whole_after_commit(db, django_capture_on_commit_callbacks, settings):
    message = ContactMessage.objects.create(
        name="Ana d’Arc & fils", email="ana@example.org", subject="Une <question>", message="Bonjour,\nl’école & la cour ?"
    )
    with django_capture_on_commit_callbacks(execute=True):
        forward_contact(message)
        assert mail.outbox == []
    sent = mail.outbox[0]
    assert sent.to == [settings.CONTACT_EMAIL]
    assert sent.reply_to == ["ana@example.org"]
    assert "Ana d’Arc & fils <ana@example.org>" in sent.body
    assert "Une <question>" in sent.body
    assert "Bonjour,\nl’école & la cour ?" in sent.body
    html = sent.alternatives[0][0]
    assert "Bonjour,\nl’école &amp; la cour ?" in html
    assert "Une &lt;question&gt;" in html
    message.refresh_from_db()
    assert message.mail.status == "sent"


def test_without_a_server_mails_go_to_the_folder_of_the_site(settings):
    """A path that lost its slash would put them, and what people write, in the working folder."""
    assert str(settings.VAR_DIR / "mails") == settings.EMAIL_FILE_PATH
