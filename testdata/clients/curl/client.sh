#!/bin/sh
# A user's attempt by curl: authorize, then the upgrade by hand.
answer=$(curl -sS --fail-with-body -m 5 -H "Authorization: Bearer $UPSTOX_ACCESS_TOKEN" -H 'Accept: application/json' https://api.upstox.com/v3/feed/market-data-feed/authorize) ||
  { status=$?; echo "$answer"; exit $status; }
feed=$(echo "$answer" | sed -n 's/.*"authorized_redirect_uri" *: *"\([^"]*\)".*/\1/p' | sed 's/\\u0026/\&/g; s/^wss:/https:/')
[ -n "$feed" ] || { echo "no authorized_redirect_uri in $answer"; exit 1; }
curl -sSv --http1.1 --no-buffer -m 5 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "$feed" 2>&1 | tr -cd '\11\12\40-\176' | head -c 6000
