"""What holds everywhere. The environment moves it; `dev`, `test` and `production` complete it."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.broker import EmbeddedBroker
from config.logs import logging_settings
from config.settings import env, services, texts

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env.folder("PLENARY_DATA_DIR", BASE_DIR / "var")

# --- What the product asks for -------------------------------------------------------------------
PORT = env.integer("PORT", default=8000, least=1)
#: Where links in mails and documents lead.
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
#: The demo's own pages (outbox, ready-to-click sign-ins) exist only where this is on.
PLENARY_DEMO = env.flag("PLENARY_DEMO", default=False)
#: How often beat looks for what is due, in seconds.
SWEEP_SECONDS = env.integer("PLENARY_SWEEP_SECONDS", default=30, least=1)

# --- Django --------------------------------------------------------------------------------------
DEBUG = env.flag("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = env.words("DJANGO_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("DJANGO_CSRF_TRUSTED_ORIGINS", [])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "conference.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "demo.apps.DemoConfig",
    "checkin.apps.CheckinConfig",
    "sessions.apps.SessionsConfig",
    "delegates.apps.DelegatesConfig",
    "conference.apps.ConferenceConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.doors.ShortWay",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
            ],
        },
    },
]
# Forms are drawn by templates/django/forms, in the look of the house.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database, broker, cache, mail ---------------------------------------------------------------
DATABASES = {
    "default": services.database(
        env.text("DATABASE_URL", services.sqlite_url(DATA_DIR / "plenary.sqlite3")),
        pool_size=env.integer("PLENARY_DATABASE_POOL", default=10),
    ),
}

REDIS_URL = env.text("REDIS_URL", "") or EmbeddedBroker(DATA_DIR / "valkey").url
REDIS = services.Redis.at(REDIS_URL)
#: Begins every key that the program itself keeps there.
REDIS_KEY_PREFIX = env.text("REDIS_KEY_PREFIX", "plenary:")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.cache.ForgettingRedisCache",
        "LOCATION": env.text("REDIS_CACHE_URL", REDIS.cache),
        "KEY_PREFIX": f"{REDIS_KEY_PREFIX}cache",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2} | (REDIS.ssl or {}),
    },
}

EMAIL_URL = env.text("EMAIL_URL", "")
EMAIL_BACKEND = "conference.mail_backends.OutboxBackend"
EMAIL_TIMEOUT = 20
if EMAIL_URL:
    globals().update(services.mail(EMAIL_URL))
#: The bare address that every mail comes from; each conference puts its own name before it.
DEFAULT_FROM_ADDRESS = env.text("PLENARY_MAIL_ADDRESS", "noreply@plenary.example")
#: What stands behind the @ of every Message-ID.
MAIL_DOMAIN = env.text("PLENARY_MAIL_DOMAIN", DEFAULT_FROM_ADDRESS.rpartition("@")[2])
#: For how long a worker holds a letter: longer than its SMTP transaction can take.
MAIL_LEASE_SECONDS = env.integer("PLENARY_MAIL_LEASE_SECONDS", default=120, least=1)
#: So many workers are woken when there is much to send; those without work return at once.
MAIL_LANES = env.integer("PLENARY_MAIL_LANES", default=4, least=1)
_RELAY_ELSEWHERE = bool(EMAIL_URL) and not services.is_on_this_machine(EMAIL_URL)
#: Workers that send to one domain at once, and letters a minute for one domain; 0 is no limit.
#: A relay on this machine paces by itself.
MAIL_DOMAIN_CONCURRENCY = env.integer(
    "PLENARY_MAIL_DOMAIN_CONCURRENCY", default=2 if _RELAY_ELSEWHERE else 0
)
MAIL_DOMAIN_RATE = env.integer("PLENARY_MAIL_DOMAIN_RATE", default=300 if _RELAY_ELSEWHERE else 0)
#: Bounces go to this address with a mark of the letter after a plus sign; "" is the sender.
BOUNCE_ADDRESS = env.text("PLENARY_BOUNCE_ADDRESS", "")
_BOUNCE_MAILBOX_URL = env.text("PLENARY_BOUNCE_MAILBOX", "")
#: Where they are read by IMAP; None reads none.
BOUNCE_MAILBOX = services.mailbox(_BOUNCE_MAILBOX_URL) if _BOUNCE_MAILBOX_URL else None
#: So many letters that came back for passing reasons block an address.
MAIL_SOFT_BOUNCES = env.integer("PLENARY_MAIL_SOFT_BOUNCES", default=3, least=1)
#: Mail providers that post what became of letters to addresses of ours (docs/mail-intake.md).
MAIL_PROVIDERS = services.providers(env.words("PLENARY_MAIL_PROVIDERS", []))
ANYMAIL: dict[str, Any] = {}
if MAIL_PROVIDERS:
    ANYMAIL = services.webhooks(
        MAIL_PROVIDERS,
        secret=env.text("PLENARY_MAIL_PROVIDERS_SECRET"),
        mailgun_key=env.text("PLENARY_MAILGUN_SIGNING_KEY", ""),
        sendgrid_key=env.text("PLENARY_SENDGRID_VERIFICATION_KEY", ""),
    )
#: Keys with which the relay signs: selectors of the sender's domain, or full names of theirs.
DKIM_SELECTORS = env.words("PLENARY_DKIM_SELECTORS", [])
#: What the relay's provider asks to be included in SPF; "" if nobody said.
SPF_INCLUDE = env.text("PLENARY_SPF_INCLUDE", "").lower().rstrip(".")
#: Servers that are asked what the DNS says of the sender's domain; none are those of the system.
DNS_SERVERS = services.dns_servers(env.words("PLENARY_DNS_SERVERS", []))
DEFAULT_FROM_EMAIL = f"Plenary <{DEFAULT_FROM_ADDRESS}>"
SERVER_EMAIL = DEFAULT_FROM_ADDRESS

# --- Second ways to a person ---------------------------------------------------------------------
#: `manage.py make_push_key` makes one; without it nobody is offered push notices.
PUSH_PRIVATE_KEY = env.text("PLENARY_PUSH_PRIVATE_KEY", "")
#: Whom a push service writes to if our pushes are at fault.
PUSH_CONTACT = env.text("PLENARY_PUSH_CONTACT", f"mailto:{DEFAULT_FROM_ADDRESS}")
#: The services of browsers that pushes go to. Visitors name the address, so no other is asked.
PUSH_SERVICES = env.words(
    "PLENARY_PUSH_SERVICES",
    [
        "https://fcm.googleapis.com",
        "https://updates.push.services.mozilla.com",
        "https://*.push.apple.com",
        "https://*.notify.windows.com",
    ],
)
#: Who takes short texts, by channel; without one nobody is offered them (docs/channels.md).
TEXT_ADAPTERS = texts.adapters("sms", "wechat")
#: Whether gateways may stand in a network of our own, and be spoken to without TLS.
TEXT_PRIVATE_ALLOWED = env.flag("PLENARY_TEXT_PRIVATE", default=False)
#: The official account whose followers get notices by WeChat, as people find it there.
WECHAT_ACCOUNT = env.text("PLENARY_WECHAT_ACCOUNT", "")

# --- Celery --------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS.broker
CELERY_BROKER_USE_SSL = REDIS.ssl
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    # Longer than the longest task, as nothing is scheduled by ETA: what is due is a row.
    "visibility_timeout": 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 4,
    "socket_keepalive": True,
    # A page that enqueues must not wait for a broker that is gone: the sweep sends what it missed.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker whose broker is gone ends the letter that it is handing over: to be killed in the middle
# leaves a doubt, and to be asked twice does no harm.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 540
CELERY_TASK_SOFT_TIME_LIMIT = 500
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES: dict[str, Any] = {"default": {}, "mail": {}, "documents": {}}
CELERY_TASK_ROUTES = {
    "conference.deliver_message": {"queue": "mail"},
    "conference.send_due_messages": {"queue": "mail"},
    "conference.render_*": {"queue": "documents"},
    "delegates.render_*": {"queue": "documents"},
    "programme.render_*": {"queue": "documents"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.schedule.TickingScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 3
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# --- Languages and time --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Who comes in --------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/start/"
ACCOUNT_ADAPTER = "config.accounts.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Plenary"
#: How many proxies of our own stand in front; 0 trusts no forwarded address.
TRUSTED_PROXIES = env.integer("PLENARY_TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- What a browser may do -----------------------------------------------------------------------
# The scanner's page alone adds 'wasm-unsafe-eval' to script-src, with csp.decorators.csp_update.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- The interface for other programs ------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "conference.api.errors.exception_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plenary",
    "DESCRIPTION": (
        "Conferences, delegations, sessions and check-in, for other programs.\n\n"
        "**Who you are.** Send `Authorization: Bearer plenary_…` with a token that the organiser "
        "made under *Programs*, or use the session of a browser that is signed in. Phones at the "
        "door have tokens of their own (see *check-in*).\n\n"
        '**Texts** are `{"en": …, "zh": …}`; either may be empty. **Instants** are ISO 8601 in '
        "UTC; `timezone` names the zone of the venue, and days are calendar days there.\n\n"
        "**Lists** come in pages: `page`, `page_size` up to 200, `count`. Each list stands twice: "
        "under `conferences/{slug}/` for one conference, and by itself for all that you may see. "
        "To keep a copy up to date, ask with `updated_since`.\n\n"
        '**Errors** are `{"code": …, "detail": …}`. What you may not see does not exist: 404.'
    ),
    "VERSION": "1",
    "TAGS": [
        {"name": "start", "description": "Where things are."},
        {"name": "conferences", "description": "Editions, their hosts, venues and rooms."},
        {"name": "sessions", "description": "The programme."},
        {"name": "delegations", "description": "Parties and how far each is."},
        {"name": "delegates", "description": "The people of the delegations."},
        {"name": "check-in", "description": "The door: phones that scan, judge and report."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "AccreditationState": "delegates.models.Accreditation.State",
        "DelegateRole": "delegates.models.Delegate.Role",
        "HostRole": "conference.models.Host.Role",
        "PlaceKind": "delegates.models.Locality.Kind",
        "SessionKind": "sessions.models.Session.Kind",
        "TeamRole": "conference.models.Role",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Without `validatorUrl` the page would ask another host about every published description.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# --- Logs ----------------------------------------------------------------------------------------
LOG_LEVEL = env.text("DJANGO_LOG_LEVEL", "WARNING").upper()
LOGGING = logging_settings(level=LOG_LEVEL, as_json=False)
