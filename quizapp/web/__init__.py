"""Flask plumbing with no domain word in it: database per request, CSRF and headers, error pages, templating."""
