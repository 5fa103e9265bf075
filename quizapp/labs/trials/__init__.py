"""A command that is graded by its effect on two hosts: the hosts, and what is kept of it."""
