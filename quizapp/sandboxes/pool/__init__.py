"""All sandboxes of an installation: which owner has which, and until when."""
