"""For each rule of `note_lint` an example that keeps it. Pure."""

from collections.abc import Mapping

BETTER: Mapping[str, str] = {
    "one-thing-asked": "Which chain does Docker add rules to?",
    "no-bare-yes-or-no": "Why can two containers not publish the same host port?",
    "stands-alone": "Which address does the resolver of a user-defined network have?",
    "short-back": "`127.0.0.11`, inside each container.",
    "no-sets": "One card each: “Which flag mounts a volume?”, “Which flag sets a variable?”",
    "answer-not-in-question": "Which tool lists open sockets? — `ss`",
    "no-twins": "Which command lists networks? and: Which command shows the containers of one network?",
    "source-and-date": "*Source:* https://docs.docker.com/engine/network/ *As of:* 2026-11",
    "stem-is-a-question": "Which port does `-p 80:8080` open on the host?",
    "three-to-five-options": "One right option, and two to four that somebody believes",
    "no-all-of-the-above": "A choice of several: each right option is marked as such",
    "options-alike": "`80`, `8080`, `443`: all code, of about one length",
    "no-clues": "“The container restarts” in the place of “The container always restarts”",
    "negatives-in-bold": "Which of them is **not** a namespace?",
    "places-of-right-options": "The right option of this question last, of the next one first",
    "each-option-says-why": "*Why:* `EXPOSE` only documents a port; many take it for `-p`.",
    "marking-guide": "*Must:* names the bridge *Red flags:* says that ports are open by default",
}
