"""What Flask needs in any application: database sessions, migrations, CSRF, headers, error pages. Knows no domain."""
