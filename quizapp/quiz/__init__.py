"""Quiz sessions: which questions are asked, how answers are marked, which rating follows. Knows no run of a lab."""
