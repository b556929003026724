"""The same application for an asynchronous web server."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
