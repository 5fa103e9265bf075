"""Question banks of other tools: GIFT, Moodle XML, Aiken, QTI, text2qti, and JSON or YAML. Pure."""
