"""All settings, from the environment (docs/settings.md lists every variable); secure unless told otherwise."""

import os
from pathlib import Path

import psycopg

from shuanglian import devdb

from . import env

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
VAR = Path(env.text("SHUANGLIAN_VAR", str(ROOT / "var")))
FONTS = VAR / "fonts" if (VAR / "fonts").is_dir() else ROOT / "var" / "fonts"  # where `make assets` puts them
ASSETS = VAR / "assets" if (VAR / "assets").is_dir() else ROOT / "var" / "assets"

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", VAR / "keys" / "secret_key")
DATA_KEY = env.secret("SHUANGLIAN_DATA_KEY", VAR / "keys" / "data_key")
IDENTITY_KEY = env.secret("SHUANGLIAN_IDENTITY_KEY", VAR / "keys" / "identity_key")
PROFILE = env.text("SHUANGLIAN_PROFILE", "tongwei_2015")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
DEMO = env.flag("SHUANGLIAN_DEMO")
HTTPS = env.flag("HTTPS", default=not (DEBUG or DEMO))

ROOMS = [
    "areas", "accounts", "trail", "jobs", "attachments", "notices", "procedures", "sheets", "organisation", "registry",
    "pairing", "benefits", "recognition", "exits", "adjustment", "lookback", "notifications", "plans", "fieldwork",
    "complaints", "grievances", "policywatch", "disputes", "scrutiny", "duties", "phone", "web", "demo", "core",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    *(f"shuanglian.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuanglian.core.health.HealthMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shuanglian.accounts.middleware.LanguageMiddleware",
    "shuanglian.accounts.middleware.ScopeMiddleware",
    "shuanglian.accounts.middleware.DeadlineMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "shuanglian.config.urls"
WSGI_APPLICATION = "shuanglian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "core" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shuanglian.core.context.page",
            ],
            "builtins": ["shuanglian.core.templatetags.ui"],
        },
    }
]

# --- database: one URL, or the embedded PostgreSQL in a folder of this checkout -------------------------------------
DATABASE_URL = env.text("DATABASE_URL", "")
_dsn = psycopg.conninfo.conninfo_to_dict(DATABASE_URL or devdb.conninfo(VAR / "db"))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _dsn.get("dbname", "shuanglian"),
        "USER": _dsn.get("user", ""),
        "PASSWORD": _dsn.get("password", ""),
        "HOST": _dsn.get("host", ""),
        "PORT": _dsn.get("port", ""),
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # short page queries do not pay for just-in-time compilation
            "options": "-c jit=off -c statement_timeout=" + str(env.number("STATEMENT_TIMEOUT_MS", 0)),
            **{k: v for k, v in _dsn.items() if k in {"sslmode", "sslrootcert", "sslcert", "sslkey"}},
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SCOPE_ROLE = "shuanglian_app"  # the database role that pages work under: row policies bind it, the owner they do not

# --- people who log in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "shuanglian.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS: dict[str, str] = {}  # axes throttles, by name and address together
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "双联 Shuanglian"
MFA_ADAPTER = "shuanglian.accounts.adapter.SealedMFAAdapter"
AXES_FAILURE_LIMIT = env.number("LOGIN_FAILURES", 5)
AXES_COOLOFF_TIME = env.number("LOGIN_COOLOFF_MINUTES", 15) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # else one person could lock out everybody
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_CLIENT_IP_CALLABLE = "shuanglian.accounts.adapter.client_address"
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 8) * 3600
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shuanglian.core.errors.csrf_failed"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.number("TRUSTED_PROXIES", 0) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- language, time, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [
    path for path in sorted(PACKAGE.glob("*/locale")) if path.parent.name not in ROOMS
]  # the pure rooms' sentences; rooms that are apps are found by Django
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ASSETS] if ASSETS.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = str(VAR / "tmp")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
IMPORT_MAX_MB = env.number("IMPORT_MAX_MB", 200)
UPLOAD_MAX_MB = 2 * IMPORT_MAX_MB + 1  # two rosters at once; what a page takes less than that, it says itself
UPLOAD_MAX_MB_STRANGERS = 64  # photos of an objection; without a log-in nobody sends more
FILE_UPLOAD_HANDLERS = [
    "shuanglian.core.uploads.Door",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILES_KEPT_DAYS = env.number("FILES_KEPT_DAYS", 30)

# --- ways to people's mailboxes and telephones: an apprise address each, {address} where the person's own goes -------
NOTIFY_GATEWAYS = {
    "email": env.text("NOTIFY_EMAIL_URL", ""),
    "sms": env.text("NOTIFY_SMS_URL", ""),
    "chat": env.text("NOTIFY_CHAT_URL", ""),
}
INBOX = env.text("SHUANGLIAN_INBOX", "")  # imaps://user:password@host/folder, where people write to; never logged

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
os.environ.setdefault("PGTZ", "UTC")
