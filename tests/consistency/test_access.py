"""Every address is on docs/access.md and answers each person as written there."""

import pytest
from django.contrib import admin

from tests.factories import accounts
from trajectoire.core.rereading.places import LinkPlace, NamePlace
from trajectoire.core.roles import ROLES

from .addresses import Line, addresses, line_of, lines

LOGGED_OUT = {"visitor", "deactivated"}
STAFF = {"powerless", "documentalist", "administrator"}
# « stranger »: an account without a role; « former_trainer »: the account of a trainer on leave; « partner »: not staff.
ACTORS = ["visitor", "deactivated", "stranger", "former_trainer", "partner", "trainer", *sorted(STAFF)]
# What everyone may open is opened by these: nobody, somebody, somebody with every right. The others walk what is reserved.
EVERYWHERE = {"visitor", "trainer", "administrator"}
LIKE_A_STRANGER = {"former_trainer", "partner"}  # for the administration, which « stranger » walks whole
ALLOWED = {
    "everyone": set(ACTORS),
    "account": set(ACTORS) - LOGGED_OUT,
    "area": {"trainer", "administrator"},
    "editors": {"documentalist", "administrator"},
    "hosts": {"administrator"},
    "figures": {"partner", *STAFF},
    "staff": STAFF,
    "permission": STAFF,
}
NOT_KNOWN_TO_EXIST = {"area", "editors", "hosts", "figures"}
# Open to whoever may correct one of the texts that they list: tests/core/rereading/test_texts.py has them refused.
BY_WHAT_THEY_CORRECT = {LinkPlace, NamePlace}


def test_every_address_is_listed():
    assert [address for address in addresses() if line_of(address) is None] == []


def test_every_line_is_an_address():
    known = addresses()
    stale = [n for n in lines() if n not in known and not (n.endswith("…") and any(a.startswith(n[:-1]) for a in known))]
    assert stale == []


def test_every_line_names_a_known_public():
    assert {line.who for line in lines().values()} <= set(ALLOWED)
    assert len(lines()) > 50


def test_new_address_would_be_seen():
    assert line_of("/une-adresse-nouvelle/") is None


@pytest.mark.parametrize("actor", ACTORS)
def test_each_address_answers_each_person(request, concrete, actor):
    client = request.getfixturevalue(actor)
    client.raise_request_exception = False
    wrong = []
    for pattern in addresses():
        line = line_of(pattern)
        if "GET" not in line.methods or pattern == "/admin/autocomplete/":
            continue
        if (actor not in EVERYWHERE and line.who == "everyone") or (actor in LIKE_A_STRANGER and line.who == "permission"):
            continue
        response = client.get(concrete(pattern))
        if not agrees(line, actor, response):
            wrong.append((pattern, response.status_code, response.headers.get("Location")))
        if actor not in LOGGED_OUT and may_be_stored(response):
            wrong.append((pattern, response.headers["Cache-Control"]))
    assert wrong == []


def may_be_stored(response) -> bool:
    """Whether a browser or a proxy may keep this page for the next person: never what somebody logged in was given."""
    kept = response.headers.get("Cache-Control", "")
    return response.status_code == 200 and "no-store" not in kept and "immutable" not in kept


def to_login(response) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(("/compte/login/", "/admin/login/"))


def agrees(line: Line, actor: str, response) -> bool:
    """Whether an answer is what the line says for this person."""
    status = response.status_code
    if actor in ALLOWED[line.who]:
        refused = status in (401, 403) if line.who != "permission" else False
        return status < 500 and not refused and not (to_login(response) and line.who != "everyone")
    if line.who == "area":
        return status == 404  # the way to the login page would tell that there is something there
    if actor in LOGGED_OUT:
        return to_login(response)
    if line.who in NOT_KNOWN_TO_EXIST:
        return status == 404
    return status in (403, 404) or to_login(response)


def test_methods_that_are_not_listed_are_refused(visitor, administrator, concrete):
    wrong = []
    for client in (visitor, administrator):
        for pattern in addresses():
            line = line_of(pattern)
            for method in {"POST", "OPTIONS"} - line.methods:
                if pattern.startswith(("/admin/", "/compte/")):
                    continue
                response = client.generic(method, concrete(pattern))
                if response.status_code not in (404, 405) and not to_login(response):
                    wrong.append((method, pattern, response.status_code))
    assert wrong == []


def test_unknown_methods_are_refused_everywhere(visitor, administrator, concrete):
    wrong = [
        (method, pattern)
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "XYZ")
        for client in (visitor, administrator)
        for pattern in addresses()
        if client.generic(method, concrete(pattern)).status_code != 405
    ]
    assert wrong == []


def test_token_changed_by_one_character_opens_nothing(visitor, concrete):
    """P1: personal links, one character away from a good one; a page made for everyone shows nothing of anybody."""
    wrong = []
    for pattern in addresses():
        if "<str:token>" not in pattern or line_of(pattern).who != "everyone":
            continue
        good = concrete(pattern)
        token = next(part for part in good.split("/") if part and part not in pattern.split("/"))
        spoilt = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
        if (status := visitor.get(good.replace(token, spoilt)).status_code) != 404:
            wrong.append((pattern, status))
    assert wrong == []


@pytest.mark.parametrize("role", [name for name, models in ROLES.items() if models])
def test_each_role_opens_its_screens_and_no_other(db, browser, role):
    """P2, P3: what a role may not see answers 403 to GET and to POST, the form to add included."""
    client = browser(accounts.in_role(role))
    wrong = []
    for model in admin.site._registry.keys() - BY_WHAT_THEY_CORRECT:
        name = f"{model._meta.app_label}.{{}}_{model._meta.model_name}"
        base = f"/admin/{name.split('.', maxsplit=1)[0]}/{model._meta.model_name}/"
        if not any(client.user.has_perm(name.format(action)) for action in ("view", "change")):
            wrong += [base for answer in (client.get(base), client.post(base)) if answer.status_code != 403]
        if not client.user.has_perm(name.format("add")):
            wrong += [
                f"{base}add/" for answer in (client.get(f"{base}add/"), client.post(f"{base}add/")) if answer.status_code != 403
            ]
    assert wrong == []
