"""What a lab's host shows, judged: checks, typed answers, effects of commands. Pure: no run and no sandbox."""
