"""One line on the state of the index, for staff and for monitoring."""

from trajectoire.core.text import plural

from . import backends, changes, matching, storage
from .declarations import Health


def health() -> Health:
    """Looks without touching: nothing is applied nor rebuilt."""
    try:
        with storage.guarded():
            opened = backends.current().opened()
            found = changes.pending(opened.state)
            documents = backends.current().total(opened.searcher, matching.objects())
    except storage.Unavailable as error:
        return Health(False, 0, 0, f"{error} La recherche passe par la base de données ; lancez rebuild_index.")
    if found.lost:
        return Health(False, documents, 0, "L’index ne suit plus cette base de données : lancez rebuild_index.")
    behind = len(found.rows)
    if behind:
        return Health(
            True,
            documents,
            behind,
            f"L’index suit la base de données, avec {plural(behind, 'changement', 'changements')} en attente.",
        )
    return Health(True, documents, 0, "L’index de recherche est à jour.")
