"""Signing in by an OpenID provider: what it says of a person, how it is asked, and which account that is."""
