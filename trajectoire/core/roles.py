"""Who may do what in the admin: one group a role. Permissions are added when missing; what staff adds is kept."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from .models import PARTNERS, TRAINERS

LIBRARIAN, NETWORK, VRL, ADMINISTRATION = "documentaliste", "animation du réseau", "coordination VRL", "administration"
# Their people enter the administration, by password and second factor; the other groups never do.
STAFF_ROLES = {LIBRARIAN, NETWORK, VRL, ADMINISTRATION}

# « app.model »: actions (v view, a add, c change, d delete).
LIBRARY = {
    "resources.document": "vacd",
    "resources.documentfile": "vacd",
    "resources.collection": "vacd",
    "resources.documenttype": "vac",
    "resources.documentpair": "vcd",
    "core.oldaddress": "vacd",
    "core.missedpath": "vcd",
    "core.importrun": "vacd",
    "resources.wordpresschoice": "vcd",
    "letters.letter": "vacd",
    "letters.item": "vacd",
    "letters.link": "v",
    "letters.subscription": "vcd",
}
WRITING = {
    "resources.document": "vac",
    "resources.documentfile": "vacd",
    "resources.collection": "v",
    "resources.documenttype": "v",
}
VOCABULARIES = {
    "network.theme": "vac",
    "network.audience": "vac",
    "network.glossaryentry": "vacd",
    "network.offer": "vac",
    "network.organisation": "vac",
    "network.territory": "vc",
    "network.contract": "vac",
}
READING_VOCABULARIES = dict.fromkeys(VOCABULARIES, "v")
SITE = {
    "core.page": "vc",
    "core.searchmiss": "vc",
    "core.contactmessage": "vc",
    "core.outgoingmail": "v",
    "alerts.subscriber": "v",
    "alerts.alert": "v",
}
ACCOUNTS = {
    "core.user": "vacd",
    "core.invitation": "va",
    "core.actionlog": "v",
    "core.erasure": "va",
    "core.siteexport": "va",
    "core.backup": "v",
    "core.scheduledjob": "v",
    "auth.group": "v",
    "core.page": "vac",
    "core.searchmiss": "vcd",
    "core.contactmessage": "vcd",
    "core.outgoingmail": "vcd",
    "alerts.subscriber": "vd",
    "alerts.alert": "vd",
}
DIRECTORY = {
    "network.person": "vacd",
    "network.initiative": "vacd",
    "network.proposal": "vcd",
    "core.importrun": "vacd",
    "network.duplicatepair": "vcd",
}
HELP = {"network.helprequest": "vacd", "network.helpnote": "vacd", "resources.givendocument": "vacd"}
AGENDA = {
    "events.event": "vacd",
    "events.eventdate": "vacd",
    "events.programmeitem": "vacd",
    "events.question": "vacd",
    "events.series": "vacd",
    "events.registration": "vc",
    "events.eventmessage": "va",
    "events.noticetext": "vac",
}
READING_AGENDA = {"events.event": "v", "events.series": "v"}
PRESENCE = {
    "events.presence": "vac",
    "events.attestation": "v",
    "events.bankquestion": "vacd",
    "events.survey": "vacd",
    "events.surveyitem": "vacd",
}
PLAN = {
    "core.importrun": "vacd",
    "vrl.session": "vac",
    "vrl.sessionmodel": "vacd",
    "vrl.sessionchange": "v",
    "vrl.teammember": "vac",
    "vrl.trainer": "vac",
    "vrl.habilitation": "vac",
    "vrl.availability": "v",
    "vrl.report": "vc",
    "vrl.situationmet": "vc",
    "vrl.trainingrequest": "vac",
    "vrl.volunteer": "v",
    "vrl.candidacy": "vc",
    "vrl.situation": "vacd",
    "vrl.legalsource": "vacd",
    "vrl.kitpart": "vacd",
    "vrl.kitreading": "v",
    "vrl.topic": "vcd",
    "vrl.reply": "vcd",
}
BILAN = {"vrl.bilanyear": "vac", "vrl.bilancorrection": "va", "vrl.bilantarget": "vacd"}
READING_BILAN = dict.fromkeys(BILAN, "v")

ROLES: dict[str, dict[str, str]] = {
    LIBRARIAN: LIBRARY | VOCABULARIES | SITE | READING_AGENDA | READING_BILAN | {"network.initiative": "vac"},
    NETWORK: WRITING
    | READING_VOCABULARIES
    | {"network.organisation": "vacd", "network.contract": "vac", "core.contactmessage": "vc"}
    | DIRECTORY
    | HELP
    | AGENDA
    | PRESENCE
    | BILAN,
    # Invites trainers and partners; who may not add accounts invites nobody to the team (accounts_admin.py).
    VRL: WRITING
    | READING_VOCABULARIES
    | {"core.page": "vc", "core.contactmessage": "vc", "core.invitation": "va"}
    | AGENDA
    | PRESENCE
    | PLAN
    | BILAN,
    ADMINISTRATION: LIBRARY
    | dict.fromkeys(VOCABULARIES, "vacd")
    | ACCOUNTS
    | DIRECTORY
    | HELP
    | AGENDA
    | PRESENCE
    | PLAN
    | BILAN,
    TRAINERS: {},  # being in the group opens the reserved area, nothing in the admin
    PARTNERS: {},  # read the figures, nothing in the admin
}
Held = Group.permissions.through  # a permission that a group holds
ACTIONS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


@transaction.atomic
def load_roles() -> int:
    """Create the groups and add the permissions they lack; how many were added. In a few queries."""
    rows = Permission.objects.order_by("pk").values_list("content_type__app_label", "codename", "pk")
    known = {f"{app}.{codename}": pk for app, codename, pk in rows}
    Group.objects.bulk_create([Group(name=name) for name in ROLES], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
    held = set(Held.objects.filter(group__in=groups.values()).values_list("group", "permission"))
    wanted = {(groups[name], known[code]) for name, models in ROLES.items() for code in codes(models)}
    missing = sorted(wanted - held)
    Held.objects.bulk_create([Held(group_id=group, permission_id=permission) for group, permission in missing])
    return len(missing)


def codes(models: dict[str, str]) -> list[str]:
    """« resources.document » and « va » → resources.view_document, resources.add_document."""
    pairs = [(*name.split("."), letter) for name, letters in models.items() for letter in letters]
    return [f"{app}.{ACTIONS[letter]}_{model}" for app, model, letter in pairs]
