// Unpacks the browser inside the npm package: node unpack-chromium.mjs PACKAGE-FOLDER TARGET-FOLDER
import { createReadStream, createWriteStream, chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [home, target] = process.argv.slice(2).map((path) => resolve(path));
mkdirSync(join(target, "lib"), { recursive: true });
const unpack = (name, to) =>
  pipeline(createReadStream(join(home, "bin", name)), createBrotliDecompress(), createWriteStream(to));
await unpack("chromium.br", join(target, "chrome"));
chmodSync(join(target, "chrome"), 0o755);
for (const name of ["al2023", "swiftshader", "fonts"]) {
  const tar = join(target, `${name}.tar`);
  await unpack(`${name}.tar.br`, tar);
  spawnSync("tar", ["-xf", tar, "-C", name === "al2023" ? join(target, "lib") : target], { stdio: "inherit" });
  rmSync(tar);
}
// the machine's own libraries come first; the package's fill the gaps
writeFileSync(
  join(target, "chromium"),
  `#!/bin/sh\nexport LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${target}/lib/lib"\nexec "${target}/chrome" --headless --no-sandbox --disable-gpu "$@"\n`,
  { mode: 0o755 },
);
