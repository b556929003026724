"""Where the house is put together: settings, addresses, worker, schedule. Imported by no app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
