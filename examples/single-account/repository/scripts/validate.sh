#!/bin/sh
# A server takes a page only when it is whole, and a server that is frozen at a commit takes no other.
# INSTANCE_ROOT is the server's directory in the local cloud, and empty on a real server.
set -e
page="$INSTANCE_ROOT/var/www/shop/index.html"
frozen="$INSTANCE_ROOT/etc/frozen"
grep -q '</h1>' "$page"
test ! -e "$frozen" || grep -q "$(cat "$frozen")" "$page"
