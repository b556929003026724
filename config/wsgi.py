"""What the web server calls; DJANGO_SETTINGS_MODULE must say with which settings."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
