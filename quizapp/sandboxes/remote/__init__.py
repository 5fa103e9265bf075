"""How web reaches sandboxd: the HTTP client, and the JSON of requests and answers."""
