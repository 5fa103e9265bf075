"""Every page under /labs: the list, a lab, a run, its host and its terminal, trials, predictions."""
