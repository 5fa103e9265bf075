"""What people, sites and programs write in their own way, as the Markdown that it stands for. Pure."""
