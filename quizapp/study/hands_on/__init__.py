"""Every page under /labs: the list, a lab and its run, the host and its terminal, one command's trial, predictions."""
