"""One machine: the demo, and everyone who works on Plenary. Needs nothing from the environment."""

import secrets

from config.settings import env
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR
from config.settings.keeping import kept_secret

SECRET_KEY = env.text("DJANGO_SECRET_KEY", "") or kept_secret(DATA_DIR / "secret-key")
# Any 32 random bytes are a private key of the curve.
PUSH_PRIVATE_KEY = env.text("PLENARY_PUSH_PRIVATE_KEY", "") or kept_secret(
    DATA_DIR / "push-key", lambda: secrets.token_urlsafe(32)
)
PLENARY_DEMO = env.flag("PLENARY_DEMO", default=True)
# Served straight from the sources, asked for anew each time: what was edited is what is seen.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
