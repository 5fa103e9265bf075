"""A lab proved before it is offered: untouched and with wrong attempts it fails, with each solution it passes."""
