// Builds static/frontend/ from assets/: one style sheet, one script, one typeface (for pages and for paper), our mark;
// and for instructors alone their script and the service worker (Workbox), for halls without signal.
// `node build.js` builds; `node build.js --weigh` also tells what a first visit downloads.
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "static", "frontend");
const typeface = "@fontsource-variable/atkinson-hyperlegible-next";
const onPaper = "@expo-google-fonts/atkinson-hyperlegible-next";
const LIMIT = 60_000; // bytes of a first visit's style, script, type and mark, compressed

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });

const { css } = sass.compile(join(here, "assets/sass/safefit.scss"), {
  loadPaths: [join(here, "node_modules")],
  quietDeps: true,
  silenceDeprecations: ["if-function"],
  style: "compressed",
});
if (/https?:|frutiger/i.test(css)) throw new Error("The style sheet names an outside address or a typeface that is not ours.");
writeFileSync(join(out, "safefit.css"), css);

for (const [from, to, format] of [
  ["safefit.js", "safefit.js", "esm"],
  ["teach.js", "teach.js", "esm"],
  ["rehearsal.js", "rehearsal.js", "esm"],
  ["passkeys.js", "passkeys.js", "esm"],
  ["service_worker.js", "service-worker.js", "iife"],
]) {
  await build({
    entryPoints: [join(here, "assets/js", from)],
    outfile: join(out, to),
    bundle: true,
    format,
    target: "es2020",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    minify: true,
    logLevel: "warning",
  });
}
copyFileSync(
  join(here, "node_modules", typeface, "files/atkinson-hyperlegible-next-latin-wght-normal.woff2"),
  join(out, "fonts/atkinson.woff2"),
);
copyFileSync(join(here, "node_modules", typeface, "LICENSE"), join(out, "fonts/LICENSE.txt"));
// The same typeface for letters on paper (frontend/letters.py), which no browser asks for.
for (const weight of ["400Regular", "700Bold"]) {
  const name = `AtkinsonHyperlegibleNext_${weight}.ttf`;
  copyFileSync(join(here, "node_modules", onPaper, weight, name), join(out, "fonts", name));
}
cpSync(join(here, "assets/images"), join(out, "images"), { recursive: true });

const weights = ["safefit.css", "safefit.js", "images/mark.svg", "images/wave.svg"].map((name) => [
  name,
  brotliCompressSync(readFileSync(join(out, name))).length,
]);
weights.push(["fonts/atkinson.woff2", readFileSync(join(out, "fonts/atkinson.woff2")).length]);
const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);
if (process.argv.includes("--weigh")) console.table(Object.fromEntries([...weights, ["first visit", total]]));
if (total > LIMIT) throw new Error(`A first visit weighs ${total} bytes; the limit is ${LIMIT}.`);
