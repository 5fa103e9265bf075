"""A Docker host for a while: asked for, used by a terminal and by checks, ended. Knows no learner and no lab."""
