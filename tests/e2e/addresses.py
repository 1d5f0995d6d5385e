"""Every public page of the site, in each of its states: {name: (address, status)}."""

from .content import COLLECTION, DEPARTMENT, DISTRICT, FICHE, FOREIGN, NUMBER, SYNTHESIS, WITHDRAWN

READER = {
    "accueil": ("/", 200),
    "ressources": ("/ressources/", 200),
    "ressources-filtrees": ("/ressources/?theme=laicite&theme=education&territoire=25&type=synthese", 200),
    "ressources-page-2": ("/ressources/?page=2&tri=titre", 200),
    "ressources-vide": ("/ressources/?q=ornithorynque&type=synthese", 200),
    "recherche": ("/recherche/", 200),
    "recherche-resultats": ("/recherche/?q=cantine", 200),
    "recherche-corrigee": ("/recherche/?q=mediaton+sociale", 200),
    "recherche-vide": ("/recherche/?q=zzxxyy", 200),
    "synthese": (f"/ressources/{SYNTHESIS}/", 200),
    "fiche": (f"/ressources/{FICHE}/", 200),
    "numero": (f"/ressources/{NUMBER}/", 200),
    "autre-langue": (f"/ressources/{FOREIGN}/", 200),
    "collection": (f"/ressources/collections/{COLLECTION}/", 200),
    "collections": ("/ressources/collections/", 200),
    "territoires": ("/territoires/", 200),
    "territoires-recherche": ("/territoires/?q=besan", 200),
    "departement": (f"/territoires/{DEPARTMENT}/", 200),
    "quartier": (f"/territoires/{DISTRICT}/", 200),
    "contrat": ("/territoires/contrats/CN02502I/", 200),
    "structure": ("/la-structure/", 200),
    "aide": ("/aide/", 200),
    "accessibilite": ("/accessibilite/", 200),
    "mentions": ("/mentions-legales/", 200),
    "donnees": ("/donnees-personnelles/", 200),
    "selection": ("/panier/?d=1,2,3", 200),
    "selection-vide": ("/panier/", 200),
    "plan": ("/plan-du-site/", 200),
    "vrl": ("/vrl/", 200),
    "inconnue": ("/ressources/cette-page-n-existe-pas/", 404),
    "retire": (f"/ressources/{WITHDRAWN}/", 410),
}
# These have a form to send: a cookie protects it.
FORMS = {
    "accompagnement": ("/accompagnement/?lieu=Planoise", 200),
    "accompagnement-merci": ("/accompagnement/merci/", 200),
    "alertes": ("/alertes/", 200),
    "alerte-nouvelle": ("/alertes/nouvelle/?liste=ressources&theme=laicite", 200),
    "alerte-demandee": ("/alertes/nouvelle/?envoye", 200),
    "contact": ("/contact/", 200),
    "connexion": ("/compte/login/", 200),
    "mot-de-passe-oublie": ("/compte/password/reset/", 200),
}
PUBLIC = READER | FORMS
