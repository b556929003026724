"""The event: nothing is guessed; what is missing from the environment stops the start."""

from config.logs import logging_settings
from config.settings import env

# Read before the base settings, whose own defaults are for one machine only.
env.text("DATABASE_URL")
env.text("REDIS_URL")

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import INSTALLED_APPS, MIDDLEWARE, STORAGES, TRUSTED_PROXIES  # noqa: E402

SECRET_KEY = env.secret("DJANGO_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.words("DJANGO_ALLOWED_HOSTS")
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"

# --- HTTPS ---------------------------------------------------------------------------------------
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("PLENARY_HTTPS_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.integer("PLENARY_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("PLENARY_HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("PLENARY_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

# --- Logs, error reports, metrics ----------------------------------------------------------------
LOGGING = logging_settings(level=env.text("DJANGO_LOG_LEVEL", "INFO").upper(), as_json=True)

SENTRY_DSN = env.text("SENTRY_DSN", "")
if SENTRY_DSN:
    import sentry_sdk

    # No values of variables either: names of people and tokens of links would be among them.
    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, include_local_variables=False)

PLENARY_METRICS = env.flag("PLENARY_METRICS", default=False)
if PLENARY_METRICS:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
