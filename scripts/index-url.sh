#!/bin/sh
# Prints UV_INDEX_URL=… where pip is configured with an index of its own; nothing otherwise.
url=$("$1" -m pip config get global.index-url 2>/dev/null || true)
[ -n "${PIP_INDEX_URL:-$url}" ] && printf 'UV_INDEX_URL=%s' "${PIP_INDEX_URL:-$url}"
exit 0
