"""What the site itself, and the libraries that it stands on, leave out of archives."""

from . import declarations as say


def declare() -> None:
    """Called once, when the site starts."""
    say.declare_given("core.Page", "auth.Group")
    say.take("auth.Group", "admin.LogEntry", "account.EmailAddress")
    say.secret("core.User", "password", "!")  # what Django takes for « no password »
    again = "chacun se connecte à nouveau"
    say.keep_out("sessions.Session", f"Sessions ouvertes : {again}.")
    say.keep_out("usersessions.UserSession", f"Appareils connectés : {again}.")
    say.keep_out("account.EmailConfirmation", "Adresses en attente de confirmation : la demande est à refaire.")
    say.keep_out("contenttypes.ContentType", "Chaque site a les siens : les lignes les nomment en toutes lettres.")
    say.keep_out("auth.Permission", "Chaque site a les siennes : les lignes les nomment en toutes lettres.")
    say.keep_out("core.SearchChange", "File d’attente de l’index de recherche, reconstruit après l’import.")
    say.keep_out("core.SiteVersion", "Compteur propre à chaque installation.")
    say.keep_out("core.SiteExport", "Exports demandés sur ce site, effacés au bout d’un jour.")
    say.keep_out("core.ScheduledJob", "Heures des tâches automatiques de ce site.")
    say.keep_out("core.Backup", "Sauvegardes faites par ce site, sur ses disques.")
    for model in ("core.OutgoingMail", "core.MailBody"):
        say.keep_for_backups(model, "E-mails envoyés ou en attente : deux sites les enverraient deux fois.")
    say.keep_for_backups("core.DataRequest", "Liens personnels, bons deux jours.")
    say.keep_for_backups("mfa.Authenticator", "Secrets des seconds facteurs.")
    say.keep_for_backups("django_tasks_database.DBTaskResult", "Tâches de fond : deux sites les feraient deux fois.")
