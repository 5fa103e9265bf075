"""Which questions a quiz session draws: wished for, narrowed down, timed, selected."""
