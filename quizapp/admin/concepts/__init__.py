"""The pages of concepts and of tags."""
