"""The pages under /review, their forms, and what they say."""
