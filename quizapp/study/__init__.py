"""The learner's pages that use several rooms: Today, notes and every page under /labs. Has no table of its own."""
