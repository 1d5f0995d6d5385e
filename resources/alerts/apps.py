from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "resources.alerts"
    label = "alerts"
    verbose_name = "Alertes"

    def ready(self) -> None:
        from trajectoire.core import clock, retention

        from .models import gone, unconfirmed

        clock.register(clock.Job("send_alerts", "Alertes par e-mail", clock.HOUR))
        retention.register(retention.deletion("Demandes d’alerte sans confirmation", unconfirmed))
        retention.register(retention.deletion("Personnes sans alerte, ou sans réponse depuis trois ans", gone))
