"""Benchmarks: each measures one thing of ours beside the barest thing that does the same job, in one run."""
