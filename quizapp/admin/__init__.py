"""Screens for editors over the rooms below: find a question, mend it, see who changed what. Has no model of its own."""
