"""Short-lived Docker hosts: given to an owner, used through terminals and commands, removed. Knows no lab."""
