"""What the site itself knows of people: accounts, messages of the contact form, mails, the team's own traces."""

from .. import retention
from . import copies, erasures, histories
from .traces import Trace, fields, hold
from .treatments import SIGNED, Treatment, register, signed

SECURITY = "Intérêt légitime : la sécurité du site (RGPD, article 6.1.f)."
OUR_MISSION = "Mission d’intérêt public du centre de ressources (RGPD, article 6.1.e)."
AGREED = "Consentement de la personne (RGPD, article 6.1.a)."


def declare() -> None:
    """Called once, when the site starts."""
    _keep()
    _register_public()
    _register_moves()
    _register_team()
    _sign()
    _hold()


def _keep() -> None:
    retention.register(retention.deletion("Demandes d’accès aux données", erasures.asked_long_ago))
    retention.register(retention.Rule("Empreintes des personnes effacées", erasures.old, erasures.forget))
    retention.register(retention.Rule("Noms dans l’historique des versions", histories.signed_long_ago, histories.unsign))
    retention.register(retention.deletion("Journal de l’administration", histories.old_entries))
    retention.register(retention.deletion("Tâches de fond terminées", histories.old_tasks))


def _register_public() -> None:
    register(
        Treatment(
            title="Messages du formulaire de contact",
            purpose="Répondre aux questions envoyées par le site.",
            basis=OUR_MISSION,
            people="Les personnes qui écrivent au centre.",
            kept="Un an après la réception.",
            holds={"core.ContactMessage": ("name", "email", "subject", "message", "sent_at")},
            rules=("Messages du formulaire de contact",),
        )
    )
    register(
        Treatment(
            title="E-mails envoyés par le site",
            purpose="Envoyer les confirmations, les réponses et les lettres, et réessayer quand un serveur refuse.",
            basis=OUR_MISSION,
            people="Les personnes à qui le site écrit.",
            kept="Le texte trente jours, l’adresse quatre-vingt-dix jours ; un an quand l’envoi a échoué.",
            holds={"core.OutgoingMail": ("recipient", "reply_to", "subject"), "core.MailBody": ("text", "html")},
            rules=("E-mails envoyés ou abandonnés", "Textes des e-mails envoyés"),
            recipients="L’équipe du centre ; le service d’envoi d’e-mails qu’il emploie.",
        )
    )


def _register_moves() -> None:
    register(
        Treatment(
            title="Imports",
            purpose="Reprendre ce que contenaient d’anciens sites, des catalogues et des tableaux.",
            basis=OUR_MISSION,
            people="Les personnes nommées dans les fichiers apportés.",
            kept="Le fichier et son compte rendu, douze mois.",
            holds={"core.ImportRun": ("file", "name", "attachments"), "core.ImportLine": ("label", "words")},
            rules=("Fichiers et comptes rendus d’import",),
        )
    )
    register(
        Treatment(
            title="Exports du site",
            purpose="Emporter tout le contenu du site, pour changer d’outil ou d’hébergement.",
            basis=OUR_MISSION,
            people="Toutes les personnes que nomme le site ; ni mots de passe, ni seconds facteurs.",
            kept="Un jour.",
            holds={"core.SiteExport": ("file", "by")},
            rules=("Exports du site",),
        )
    )


def _register_team() -> None:
    register(
        Treatment(
            title="Comptes",
            purpose="Ouvrir l’administration à l’équipe et l’espace réservé aux formatrices, formateurs et partenaires.",
            basis="Intérêt légitime : ne laisser entrer que les personnes invitées (RGPD, article 6.1.f).",
            people="L’équipe, les formatrices et formateurs, les partenaires.",
            kept="Tant que le compte est utile ; une invitation, six mois ; une session, jusqu’à sa fin.",
            holds={
                "core.User": ("email", "name", "date_joined", "last_login"),
                "account.EmailAddress": ("user", "email"),
                "mfa.Authenticator": ("user",),
                "core.Invitation": ("email", "name", "invited_by"),
                "usersessions.UserSession": ("user", "ip", "user_agent"),
                "sessions.Session": ("session_data",),
            },
            rules=("Invitations", "Sessions terminées", "Appareils déconnectés"),
        )
    )
    register(
        Treatment(
            title="Travail de l’équipe",
            purpose="Savoir qui a fait quoi : retrouver une erreur, expliquer une décision, voir un abus.",
            basis=SECURITY,
            people="Les personnes de l’équipe.",
            kept="Douze mois pour les journaux et les historiques ; le nom disparaît avec le compte.",
            holds=SIGNED,
            rules=("Journal des actions sensibles", "Journal de l’administration", "Noms dans l’historique des versions"),
        )
    )
    register(
        Treatment(
            title="Droits des personnes",
            purpose="Donner à chacun la copie de ses données, les effacer, et ne pas les faire revenir avec une sauvegarde.",
            basis="Obligation légale (RGPD, articles 12 à 17).",
            people="Les personnes qui demandent leurs données ou leur effacement.",
            kept="L’adresse quarante-huit heures ; après un effacement, une empreinte illisible pendant deux ans.",
            holds={"core.DataRequest": ("email", "asked_at"), "core.Erasure": ("digest", "erased_at")},
            rules=("Demandes d’accès aux données", "Empreintes des personnes effacées"),
        )
    )


def _sign() -> None:
    signed("core.ActionLog", "user", "action", "about")
    signed("admin.LogEntry", "user")
    signed("core.ImportRun", "by")
    signed("core.SiteExport", "by")
    signed("core.HistoricalPage", "history_user")


def _hold() -> None:
    from ..importing import holding  # has models, and reads what is declared here

    message = fields("name", "email", "subject", "message", "sent_at")
    hold(Trace("Messages du formulaire de contact", copies.contact_messages, message))
    invitation = fields("email", "name", "sent_at", "accepted_at")
    hold(Trace("Invitations à ouvrir un compte", copies.invitations, invitation))
    hold(
        Trace(
            "Demandes d’accès aux données",
            copies.data_requests,
            fields("email", "asked_at"),
            order=80,
        )
    )
    hold(Trace("E-mails envoyés par le site", copies.mails, copies.mail_copy, copies.erase_mail, order=80))
    hold(
        Trace(
            "Compte",
            copies.accounts,
            copies.account_copy,
            copies.erase_account,
            keeps="les actions de l’équipe restent au journal, sans nom",
            refusal=copies.account_refusal,
            order=90,
        )
    )
    hold(Trace("Fichiers d’import", holding.files_with, fields("name", "created_at"), holding.erase_file))
    hold(Trace("Sessions", copies.sessions, copies.session_copy, order=85))
    hold(Trace("Fichiers de la boîte d’envoi d’essai", copies.mail_files, copies.file_copy, copies.erase_file, order=95))
