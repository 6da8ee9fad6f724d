"""Where the web server takes hold."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings")
application = get_wsgi_application()
