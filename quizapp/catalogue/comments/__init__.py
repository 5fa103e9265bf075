"""What editors say to each other about questions, labs and notes."""
