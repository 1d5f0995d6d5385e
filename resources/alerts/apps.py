from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "resources.alerts"
    label = "alerts"
    verbose_name = "Alertes"

    def ready(self) -> None:
        from trajectoire.core import retention

        from .models import gone, unconfirmed

        retention.register(retention.deletion("Demandes d’alerte sans confirmation", unconfirmed))
        retention.register(retention.deletion("Personnes sans alerte, ou sans réponse depuis trois ans", gone))
