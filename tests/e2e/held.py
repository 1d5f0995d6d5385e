"""An event held until yesterday, out of the lists, with what follows it: presence, attestations, answers.

Keys are fixed, links are made anew. It ended, so that at any hour the page of presence opens on its last half-day.
"""

SLUG = "rencontre-tenue-hier"
PEOPLE = {900_001: "Amina Martin", 900_002: "Éloïse Bœuf", 900_003: "Jean-Paul Durand", 900_004: "Sékou Diallo"}
ATTESTED, COMING, ASKED = 900_001, 900_002, 900_003
CODE, REPLACED, REVOKED = "HE1DT0DAY0000001", "HE1DT0DAY0000002", "HE1DT0DAY0000003"


def make() -> None:
    from django.utils import timezone

    from network.events import attestations, presence, questionnaires
    from network.events.models import Attestation, SurveyAnswer
    from tests.factories import events

    questionnaires.load_bank()
    held = events.event("Rencontre tenue hier", days=(-2, -1), published=False, slug=SLUG, threshold=50)
    for pk, name in PEOPLE.items():
        events.registration(held, pk=pk, name=name, email=f"tenue{pk}@example.org")
    for slot in presence.slots(held)[:2]:
        presence.mark_everyone(held, slot, None)
    made = attestations.issue(held)
    for one, code in zip(made, (CODE, REPLACED, REVOKED), strict=False):
        Attestation.objects.filter(pk=one.pk).update(code=code)
        one.code = code
    attestations.correct(made[1], "nom mal écrit")
    attestations.revoke(made[2], "erreur de personne")
    survey = questionnaires.prepare(held, "chaud")
    replies = {str(item.pk): (item.options or [("Les échanges.", "")])[0][0] for item in survey.items.all()}
    SurveyAnswer.objects.bulk_create(SurveyAnswer(survey=survey, day=timezone.localdate(), replies=replies) for _ in range(6))


def door_path(pk: int) -> str:
    from trajectoire.core import tokens

    return f"/presence/{tokens.sign('presence', [pk, 0])}/"


def own_path(pk: int) -> str:
    from trajectoire.core import tokens

    return f"/inscription/{tokens.sign('inscription', [pk, 0])}/"


def questionnaire_path(pk: int) -> str:
    from trajectoire.core import tokens

    return f"/questionnaire/{tokens.sign('questionnaire', [pk, 0, 'chaud'])}/"
