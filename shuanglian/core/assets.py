"""From node_modules to where the pages and the PDFs look: `python -m shuanglian.core.assets` (after `npm ci`).

An allow-list: each file that is used stands here by name. Style sheets and scripts lose the pointer to their source
map, which is not copied and which static files with hashed names would look for.
"""

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_MAP = re.compile(rb"/\*#\s*sourceMappingURL=[^*]*\*/\s*|//#\s*sourceMappingURL=\S*\s*$")

# file in node_modules → file below the VAR folder
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "assets/vendor/tabler.min.css",
    "dexie/dist/dexie.min.js": "assets/vendor/dexie.min.js",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "fonts/NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "fonts/LICENSE-NotoSansSC.txt",
}


def copy(modules: Path, var: Path) -> list[Path]:
    """Copy what is on the list; the files that were new or had changed. A missing one stops with what to do."""
    written = []
    for name, place in FILES.items():
        source, target = modules / name, var / place
        if not source.is_file():
            raise SystemExit(f"missing 缺少文件 {source}: run `npm ci --ignore-scripts` first 请先运行该命令")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        if target.suffix in {".css", ".js"}:
            draft.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
        else:
            shutil.copyfile(source, draft)
        draft.replace(target)
        written.append(target)
    return written


def main() -> int:
    var = Path(os.environ.get("SHUANGLIAN_VAR") or ROOT / "var")
    copy(ROOT / "node_modules", var)
    return 0


if __name__ == "__main__":
    sys.exit(main())
