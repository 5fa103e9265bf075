"""How long keys, titles and fingerprints in the catalogue's tables may be."""

KEY_MAX_CHARS = 64
TITLE_MAX_CHARS = 300
FINGERPRINT_CHARS = 64  # SHA-256 in hex
