"""Brings up both installations of the operator guide from nothing, with containers and as services, and uses them."""
