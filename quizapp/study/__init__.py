"""The learner's pages over all rooms: Today, notes and hands-on questions. Has no model of its own."""
