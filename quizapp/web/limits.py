"""How often an address may try. Counters live in the process: with several web processes the proxy should count too."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)
