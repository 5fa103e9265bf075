"""Limits on requests by client address. Each process counts its own: with several, the proxy should limit too."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)
