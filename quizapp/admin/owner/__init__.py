"""The owner's pages: people and their roles, lists of accounts, the provider, and what runs."""
