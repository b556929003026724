"""Production's settings, with one view more: the bare one that a scan is compared with."""

from config.settings.production import *  # noqa: F403
from config.settings.production import INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
# The bare view, too, is answered without what only pages need.
MIDDLEWARE = [
    "bench.bare.ShortWay" if name == "config.doors.ShortWay" else name for name in MIDDLEWARE
]
# Static files are not collected for this.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = False
