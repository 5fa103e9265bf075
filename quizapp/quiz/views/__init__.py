"""The pages of a sitting and those that lead to one: Today, notes, practice and hands-on questions."""
