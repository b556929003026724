// Fetches the third-party files that the screens use and writes them beside this script.
//
//   node static/vendor/refresh.mjs
//
// Only whoever raises a version runs this (Node 20 or newer, npm); everybody else uses the committed
// files. Each run ends with MANIFEST.json: package, version, licence, and the SHA-256 of every file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ICONS } from "./icons.mjs";

const VENDOR = dirname(fileURLToPath(import.meta.url));

const PACKAGES = {
  "@tabler/core": "1.6.1",
  "@tabler/icons": "3.51.0",
  "@fontsource-variable/noto-sans-sc": "5.3.1",
  "@fontsource-variable/source-sans-3": "5.3.0",
  "@fontsource-variable/source-serif-4": "5.3.1",
  "barcode-detector": "3.2.2",
  idb: "8.0.4",
};

const workshop = mkdtempSync(join(tmpdir(), "vendor-"));
try {
  install(workshop);
  const modules = join(workshop, "node_modules");
  const manifest = [
    tabler(modules),
    icons(modules),
    notoSans(modules),
    sourceSans(modules),
    sourceSerif(modules),
    ...barcodeDetector(modules),
    idb(modules),
  ];
  writeFileSync(join(VENDOR, "MANIFEST.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const files = manifest.flatMap((entry) => Object.keys(entry.files));
  console.log(`${manifest.length} packages, ${files.length} files written to static/vendor`);
} finally {
  rmSync(workshop, { recursive: true, force: true });
}

function install(folder) {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], {
    cwd: folder,
    stdio: "inherit",
  });
}

/** Our own rules stand outside every layer, so they win over Tabler's without a fight of selectors. */
function tabler(modules) {
  const source = join(modules, "@tabler/core");
  const folder = emptied("tabler");
  const css = withoutSourceMap(readFileSync(join(source, "dist/css/tabler.min.css"), "utf8"));
  writeFileSync(join(folder, "tabler.css"), `@layer tabler{${css.replace(/@charset "[^"]*";/, "")}}\n`);
  // The package names the licence and its holders but carries no text; the icons, by the same hand, do.
  const holders = css.match(/Copyright .*/g).join("\n");
  const text = readFileSync(join(modules, "@tabler/icons/LICENSE"), "utf8");
  writeFileSync(join(folder, "LICENSE"), text.replace(/Copyright .*/, holders));
  return described(source, folder, "dist/css/tabler.min.css put into a cascade layer");
}

/** One sprite of the icons that are used: <use href="…/icons.svg#check">. */
function icons(modules) {
  const source = join(modules, "@tabler/icons");
  const folder = emptied("icons");
  const symbols = Object.entries(ICONS).map(([name, [style, file]]) => {
    const svg = readFileSync(join(source, "icons", style, `${file}.svg`), "utf8");
    const shapes = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "");
    const paint =
      style === "filled"
        ? 'fill="currentColor"'
        : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24"><g ${paint}>${shapes}</g></symbol>`;
  });
  writeFileSync(
    join(folder, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
  );
  return described(source, folder, "hand-picked icons joined into one sprite");
}

/** The Han slices, for readers whose own system has no good Han font. */
function notoSans(modules) {
  const source = join(modules, "@fontsource-variable/noto-sans-sc");
  const folder = emptied("noto-sans-sc");
  const css = faces(readFileSync(join(source, "index.css"), "utf8"))
    .filter((face) => !face.includes("-latin-"))
    .join("\n");
  writeFileSync(join(folder, "noto-sans-sc.css"), css);
  copyFontFiles(source, folder, css);
  return described(source, folder, "Latin slices left out; font files as published");
}

/**
 * Latin text, under a name of its own. Among Han the quotation marks, dashes and ellipses that both scripts
 * share are left to the Han font, where they are full-width.
 */
function sourceSans(modules) {
  const source = join(modules, "@fontsource-variable/source-sans-3");
  const folder = emptied("source-sans-3");
  const latin = faces(readFileSync(join(source, "index.css"), "utf8")).filter((face) =>
    /-latin-(ext-)?wght-normal/.test(face),
  );
  const named = (name) => latin.map((face) => face.replace("'Source Sans 3 Variable'", `'${name}'`));
  const amongHan = named("Plenary Latin among Han").map((face) =>
    face.replace("U+2000-206F", "U+2000-2013,U+2015-2017,U+201A-201B,U+201E-2025,U+2027-206F"),
  );
  const css = [...named("Plenary Latin"), ...amongHan].join("\n");
  writeFileSync(join(folder, "source-sans-3.css"), css);
  copyFontFiles(source, folder, css);
  return described(source, folder, "Latin and Latin Extended only, under two names; font files as published");
}

function sourceSerif(modules) {
  const source = join(modules, "@fontsource-variable/source-serif-4");
  const folder = emptied("source-serif-4");
  const css = faces(readFileSync(join(source, "index.css"), "utf8"))
    .filter((face) => /-latin-(ext-)?wght-normal/.test(face))
    .join("\n");
  writeFileSync(join(folder, "source-serif-4.css"), css);
  copyFontFiles(source, folder, css);
  return described(source, folder, "Latin and Latin Extended only; font files as published");
}

/** The decoder looks for its wasm beside itself; as published it would ask a public host for it. */
function barcodeDetector(modules) {
  const source = join(modules, "barcode-detector");
  const folder = emptied("barcode-detector");
  cpSync(join(source, "dist/es/ponyfill.js"), join(folder, "ponyfill.js"));
  const code = readFileSync(join(source, "dist/es/zxing-exported.js"), "utf8");
  const foreign = /`https:\/\/[^`]*zxing-wasm@[^`]*`/g;
  if (code.match(foreign)?.length !== 1) throw new Error("barcode-detector: expected one foreign address");
  writeFileSync(
    join(folder, "zxing-exported.js"),
    code.replace(foreign, "new URL(`../zxing-wasm/${e}`, import.meta.url).href"),
  );
  const zxing = nested(modules, "barcode-detector", "zxing-wasm");
  const wasmFolder = emptied("zxing-wasm");
  cpSync(join(zxing, "dist/reader/zxing_reader.wasm"), join(wasmFolder, "zxing_reader.wasm"));
  return [
    described(source, folder, "default address of the wasm file made local"),
    described(zxing, wasmFolder, "reader only, the version that barcode-detector was built with"),
  ];
}

function idb(modules) {
  const source = join(modules, "idb");
  const folder = emptied("idb");
  cpSync(join(source, "build/index.js"), join(folder, "idb.js"));
  return described(source, folder, "as published");
}

function nested(modules, parent, name) {
  const own = join(modules, parent, "node_modules", name);
  return readdirSync(join(modules, parent)).includes("node_modules") ? own : join(modules, name);
}

function emptied(name) {
  const folder = join(VENDOR, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function faces(css) {
  return css.match(/@font-face \{[^}]*\}/g).map((face) => face.replace(/\s+/g, " "));
}

function copyFontFiles(source, folder, css) {
  for (const [, name] of css.matchAll(/url\(\.\/files\/([^)]+)\)/g)) {
    cpSync(join(source, "files", name), join(folder, "files", name));
  }
}

function withoutSourceMap(text) {
  return text.replace(/\/\*# sourceMappingURL=.*?\*\//g, "").trimEnd();
}

function described(source, folder, change) {
  const { name, version, license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  if (!existsSync(join(folder, "LICENSE"))) cpSync(join(source, "LICENSE"), join(folder, "LICENSE"));
  const files = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    files[relative(VENDOR, path)] = createHash("sha256").update(readFileSync(path)).digest("hex");
  }
  const inOrder = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { package: name, version, license, change, files: inOrder };
}
