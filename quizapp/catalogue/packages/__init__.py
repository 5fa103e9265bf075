"""Packages of other tools: archives with a database or files in them. Nothing of one is ever run or unpacked whole."""
