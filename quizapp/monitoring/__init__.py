"""What an operator is told: figures for Prometheus, and what is kept of faults, disks and backups."""
