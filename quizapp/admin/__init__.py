"""The editors' pages: find a question, edit it, see who changed what. Has no table of its own."""
