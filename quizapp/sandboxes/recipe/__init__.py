"""What a sandbox is made of: its template, its system calls, its image. Knows no engine."""
