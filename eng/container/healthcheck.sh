#!/usr/bin/env bash
# Whether the server in this container is well, for HEALTHCHECK: the image has no program that asks by HTTP, and bash can.
# The server's own names may be the only ones that it answers to (AllowedHosts), so any answer but a failure of its own is a good one.
exec 3<>"/dev/tcp/127.0.0.1/${ASPNETCORE_HTTP_PORTS:-5080}" || exit 1
printf 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 5 _ status _ <&3
[ "${status:-500}" -lt 500 ]
