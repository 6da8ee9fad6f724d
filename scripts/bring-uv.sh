#!/bin/sh
# Brings uv, pinned with its hash, into a folder of this checkout: bring-uv.sh PYTHON FOLDER
set -eu
python=$1 tools=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Python 3.11 or later is needed 需要 Python 3.11 或更高版本: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
if ! "$python" -m pip --version >/dev/null 2>&1; then
  # a Python without pip: make an environment that has it
  "$python" -m venv "$tools/pip" || { echo "this Python has neither pip nor venv 缺少 pip 与 venv: install python3-venv" >&2; exit 1; }
  python=$tools/pip/bin/python
fi
"$python" -m pip install -q --disable-pip-version-check --no-warn-script-location --require-hashes --upgrade \
  --target "$tools/uv" -r requirements/tools.txt 2>/dev/null ||
  "$python" -m pip install --disable-pip-version-check --require-hashes --upgrade --target "$tools/uv" -r requirements/tools.txt
touch "$tools/uv/bin/uv"
