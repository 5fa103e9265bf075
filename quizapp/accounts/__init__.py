"""People, their roles, and how they sign in and out. Knows no question and no card."""
