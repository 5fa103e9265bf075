"""The pages under /practice, and their forms."""
