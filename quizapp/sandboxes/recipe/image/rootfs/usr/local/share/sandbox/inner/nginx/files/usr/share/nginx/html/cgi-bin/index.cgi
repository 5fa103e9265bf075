#!/bin/sh
# The page for /, unless an index.html is put beside cgi-bin: it names the container that answers and who called.
caller=${REMOTE_ADDR##*:}  # an IPv4 caller is written [::ffff:192.0.2.1]
printf 'Content-Type: text/html\r\n\r\n'
printf '<h1>Welcome to nginx</h1>\n<p>Container %s answers %s.</p>\n' "$(hostname)" "${caller%]}"
