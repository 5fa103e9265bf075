"""How web reaches sandboxd: the HTTP client and the JSON that travels."""
