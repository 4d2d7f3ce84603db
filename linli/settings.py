"""Settings, from the environment; a missing or senseless one fails at once with a sentence that says what to set.

Everything has a default that runs on one machine with nothing but Python; `docs/operations.md` lists the variables.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", ""}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes"}


def _number(name: str, default: float) -> float:
    value = os.environ.get(name, "")
    try:
        return float(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from None


HOME = Path(os.environ.get("LINLI_HOME") or BASE_DIR.parent / ".linli").resolve()
DEBUG = _flag("LINLI_DEBUG")
DEMO = _flag("LINLI_DEMO")  # a city for show: sandbox codes are shown on the page, one click makes you anybody
PORT = int(_number("PORT", 8000))
BASE_URL = (os.environ.get("LINLI_BASE_URL") or f"http://127.0.0.1:{PORT}").rstrip("/")
PRODUCTION = not (DEMO or DEBUG or _flag("LINLI_TESTING")) and urlsplit(BASE_URL).hostname not in {"127.0.0.1", "localhost"}


def _secret() -> str:
    """The secret of the environment, or one made once and kept in LINLI_HOME (never in production)."""
    if value := os.environ.get("LINLI_SECRET_KEY", ""):
        if len(value) < 32:
            raise ImproperlyConfigured("LINLI_SECRET_KEY must have at least 32 characters.")
        return value
    if PRODUCTION:
        raise ImproperlyConfigured("LINLI_SECRET_KEY must be set when LINLI_BASE_URL is a public address.")
    HOME.mkdir(parents=True, exist_ok=True)
    kept = HOME / "secret"
    try:
        with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return kept.read_text()


SECRET_KEY = _secret()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "linli.platform.databases.sqlite3",
            "NAME": parts.path or str(HOME / "linli.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "cached_statements": 1024,  # there are more hot ones than the 128 that are kept by default
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
            },
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": str(HOME / f"test-{os.getpid()}.sqlite3")},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
        }
    raise ImproperlyConfigured(f"LINLI_DATABASE_URL must begin with sqlite: or postgresql:, not {parts.scheme!r}.")


DATABASES = {"default": _database(os.environ.get("LINLI_DATABASE_URL") or "sqlite:")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("LINLI_REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}


def _channel(name: str, real: str, **config: str) -> dict[str, str]:
    """The real adapter once its first setting is there, else the sandbox (in production only if LINLI_<NAME>=sandbox says so)."""
    wanted = os.environ.get(f"LINLI_{name}", "")
    if wanted not in {"", "sandbox", real}:
        raise ImproperlyConfigured(f"LINLI_{name} must be sandbox or {real}, not {wanted!r}.")
    chosen = wanted or (real if next(iter(config.values())) else "sandbox")
    if chosen == real and not all(config.values()):
        raise ImproperlyConfigured(f"LINLI_{name} needs all of: {', '.join(f'LINLI_{name}_{key.upper()}' for key in config)}.")
    if chosen == "sandbox" and name == "SMS" and PRODUCTION and not wanted:
        raise ImproperlyConfigured("LINLI_SMS_URL must be set in production: people sign in by SMS code. LINLI_SMS=sandbox to go without.")
    return {"adapter": chosen, **config}


def _of(name: str, *keys: str) -> dict[str, str]:
    return {key: os.environ.get(f"LINLI_{name}_{key.upper()}", "") for key in keys}


CHANNELS = {
    "sms": _channel("SMS", "webhook", **_of("SMS", "url", "secret")),
    "mail": _channel("MAIL", "smtp", **_of("MAIL", "url", "sender")),
    "webpush": _channel("WEBPUSH", "vapid", **_of("WEBPUSH", "private_key", "public_key", "contact")),
}
_mail = urlsplit(CHANNELS["mail"]["url"])  # smtp://user:password@host:587 or smtps://…
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = CHANNELS["mail"]["sender"] or "linli@localhost"
JOB_LEASE_S = _number("LINLI_JOB_LEASE_S", 60)  # a job whose process died is taken up again after this long
SANDBOX_PAY = _flag("LINLI_SANDBOX_PAY", default=not PRODUCTION)  # play money must not buy real food
WAYS, WAYS_URL = os.environ.get("LINLI_WAYS") or "straight", os.environ.get("LINLI_WAYS_URL", "")  # where travel times come from
if WAYS not in {"straight", "graph", "osrm", "valhalla"}:
    raise ImproperlyConfigured(f"LINLI_WAYS must be straight, graph, osrm or valhalla, not {WAYS!r}.")
if WAYS in {"osrm", "valhalla"} and urlsplit(WAYS_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured(f"LINLI_WAYS_URL must say where {WAYS} answers, such as http://127.0.0.1:5000.")
METRICS_TOKEN = os.environ.get("LINLI_METRICS_TOKEN", "")

ROOMS = [
    "accounts", "city", "merchants", "catalog", "stock", "promotions", "payments", "fulfilment", "orders", "dining", "care", "community",
    "discovery", "notices", "insight",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "linli.platform",
    *(f"linli.apps.{room}" for room in ROOMS),
    "linli.fronts.web",
    "linli.fronts.web.sign_in",
    *(f"linli.fronts.web.{front}" for front in ("consumer", "merchant", "courier", "operator", "support")),
    "linli.fronts.api",
    "linli.fronts.gateways",
    "linli.fronts.commands",
    "linli.simulator",
]
MIDDLEWARE = [
    "linli.platform.telemetry.middleware.Telemetry",
    "linli.fronts.api.lane.ApiLane",  # answers the API by itself: what follows is for pages
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "linli.fronts.web.identity.IdentityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.fronts.web.problems.ProblemMiddleware",
]
ROOT_URLCONF = "linli.urls"
CSRF_FAILURE_VIEW = "linli.fronts.web.problems.csrf_failed"
WSGI_APPLICATION = "linli.serve.wsgi"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "django.template.context_processors.csrf"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
MEDIA_URL = "/media/"
WHITENOISE_USE_FINDERS = DEBUG or _flag("LINLI_TESTING")
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

ALLOWED_HOSTS = [host for host in os.environ.get("LINLI_HOSTS", "").split(",") if host] or [
    urlsplit(BASE_URL).hostname or "", "127.0.0.1", "localhost", "[::1]", "testserver",
]  # fmt: skip
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "linli.platform.telemetry.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "linli": {"level": os.environ.get("LINLI_LOG_LEVEL", "INFO").upper()},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
