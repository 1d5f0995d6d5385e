"""Nothing of the site is forgotten: each model leaves with it, or it is written why not."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from trajectoire.core.models import Page, User
from trajectoire.core.moving import declarations
from trajectoire.core.moving.tables import BY_NAME, all_models, is_taken, tables

# Columns whose name speaks of secrets, looked at one by one: keys of lists, fingerprints that open nothing.
HARMLESS = {
    *("core.ImportLine.key", "core.Origin.key", "letters.Departure.digest", "letters.Link.token", "core.Erasure.digest"),
    *("events.Registration.email_key", "events.Registration.form_key", "resources.DocumentFile.digest", "core.Origin.digest"),
    *("vrl.Trainer.digest", "letters.Item.key", "resources.Document.key_figures", "resources.HistoricalDocument.key_figures"),
}
SECRET_WORDS = ("password", "secret", "token", "key", "digest", "signature")


def owner(model):
    return (model._meta.auto_created or model)._meta.label


def test_every_model_leaves_or_says_why_not():
    taken = {table.model for table in tables(complete=True)}
    left = {owner(model) for model in all_models() if model not in taken}
    assert left == set(declarations.left_out)
    ordinary = {table.model for table in tables(complete=False)}
    assert {owner(model) for model in taken - ordinary} == set(declarations.backups_only)
    assert all(reason.endswith(".") for reason in (declarations.left_out | declarations.backups_only).values())


def test_every_name_declared_exists():
    known = {model._meta.label for model in all_models()}
    columns = {(model._meta.label, field.attname) for model in all_models() for field in model._meta.concrete_fields}
    assert declarations.given | declarations.taken <= known
    assert declarations.secrets.keys() | declarations.file_columns.keys() <= columns


def test_no_column_with_the_name_of_a_secret_leaves_unseen():
    ordinary = tables(complete=False)
    named = {
        f"{table.label}.{column}"
        for table in ordinary
        for column in table.columns
        if any(word in column.split("_") for word in SECRET_WORDS) and (table.label, column) not in declarations.secrets
    }
    assert named <= HARMLESS


def test_link_to_what_stays_behind_may_be_empty():
    for complete in (False, True):
        for table in tables(complete=complete):
            for field in table.fields:
                target = field.remote_field and field.remote_field.model
                assert not target or target in BY_NAME or is_taken(target, complete=complete) or field.null, field


def test_table_comes_after_those_it_needs():
    order = [table.model for table in tables(complete=True)]
    assert order.index(User) < order.index(Page.history.model)
    assert not {ContentType, Permission} & set(order)


def test_reference_data_is_what_prepare_loads_with_its_links_and_versions():
    given = {table.label for table in tables(complete=True) if table.is_given}
    assert {"core.Page", "core.HistoricalPage", "auth.Group_permissions", "network.Territory_communes"} <= given
    assert not {"resources.Document", "core.User", "core.User_groups"} & given
