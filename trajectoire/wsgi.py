"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from trajectoire.core.starting import refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trajectoire.settings")
application = get_wsgi_application()
refuse_unsafe()
