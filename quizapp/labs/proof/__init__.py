"""Proves a lab before it is offered: it must fail untouched and after wrong attempts, and pass after each solution."""
