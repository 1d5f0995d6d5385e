"""What the three journeys of the plan need: a session on now, one held yesterday, one to close, a trainer invited, a request."""

TRAINER = "nadia@example.org"  # invited: her account is made by the journey
COTRAINER = "Inès Duval"
LEADER = "leila@example.org"
PLANNER = "plan@example.org"  # staff whose role follows the plan
TODAY = "Laïcité : se former aujourd’hui à Besançon"
HELD = "session-tenue-hier"
TO_CLOSE = "session-a-cloturer"
INVITATION = 900_001


def make() -> None:
    import datetime

    from django.contrib.auth.models import Group
    from django.utils import timezone

    from network.events import questionnaires
    from tests.factories import accounts, events, vrl
    from trajectoire.core.invitation import Invitation
    from trajectoire.core.models import TRAINERS
    from trajectoire.core.roles import VRL
    from vrl import creating
    from vrl.demo import situations

    situations.load()
    vrl.kit_part("Déroulé de la session d’essai")
    creating.load_models()
    questionnaires.load_bank()
    accounts.user(PLANNER, is_staff=True, name="Camille Plan").groups.add(Group.objects.get(name=VRL))
    leader_account = accounts.user(LEADER, name="Leïla Morel")
    leader_account.groups.add(Group.objects.get(name=TRAINERS))
    leader = vrl.trainer(user=leader_account, name="Leïla Morel", departments=("25",))
    vrl.trainer("n1", user=False, name=COTRAINER, departments=("25",))
    invited = vrl.trainer(user=False, name="Nadia Carré", email=TRAINER, departments=("25",))
    group = Group.objects.get(name=TRAINERS)
    Invitation.objects.create(pk=INVITATION, email=TRAINER, name="Nadia Carré", group=group)
    now = timezone.now()
    besancon = vrl.department("25")
    on = vrl.session(title=TODAY, days=(), trainers=[leader], department=besancon, closes_at=now + datetime.timedelta(hours=5))
    hours = {"starts_at": now - datetime.timedelta(minutes=30), "ends_at": now + datetime.timedelta(hours=6)}
    events.add_date(on.event, 0, morning=False, **hours)
    for slug, state, owner in ((HELD, "realisee", invited), (TO_CLOSE, "a-cloturer", leader)):
        held = vrl.session(slug=slug, title=f"Session {slug}", days=(-1,), state=state, trainers=[owner], department=besancon)
        for name in ("Amina Petit", "Bruno Garnier"):
            events.registration(held.event, name=name, email=f"{slug}.{name[:5].lower()}@example.org")
    vrl.report(held, met={"restauration": 2})


def invitation_path() -> str:
    """The page where the trainer invited chooses her password."""
    from trajectoire.core import tokens

    return f"/compte/invitation/{tokens.sign('core.invitation', [INVITATION, 1])}/"
