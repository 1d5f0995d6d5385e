from django.apps import AppConfig


class VrlConfig(AppConfig):
    name = "vrl"
    verbose_name = "Valeurs de la République et laïcité"
