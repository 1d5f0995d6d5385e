"""Writers on SQLite wait for one another in order; elsewhere, and within a transaction, nobody waits."""

import threading

import pytest
from django.db import connection, transaction

from trajectoire.core.turns import in_turn


@pytest.mark.django_db(transaction=True)
def test_second_writer_waits_for_the_first_on_sqlite():
    entered, order = threading.Event(), []

    def second() -> None:
        entered.set()
        with in_turn():
            order.append("second")
        connection.close()

    other = threading.Thread(target=second)
    with in_turn():
        other.start()
        entered.wait(5)
        other.join(0.1 if connection.vendor == "sqlite" else 5)
        order.append("first")
    other.join(5)
    assert order == (["first", "second"] if connection.vendor == "sqlite" else ["second", "first"])


@pytest.mark.django_db(transaction=True)
def test_transaction_already_begun_waits_for_nobody():
    with in_turn(), transaction.atomic(), in_turn():
        assert connection.in_atomic_block
