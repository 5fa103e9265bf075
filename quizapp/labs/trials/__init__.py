"""Trials: commands that are graded by their effect, on two hosts; and the forms of commands that were right before."""
