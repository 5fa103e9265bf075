"""Benchmarks: each measures one thing of the product beside the simplest thing that does the same, in one run."""
