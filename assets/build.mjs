// Builds assets/ into quizapp/static/dist: hashed names, and manifest.json from entry to hashed name.
// Knows nothing of pages: every file directly under js/ and css/ is an entry that a page may ask for by its name.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const dist = path.join(root, "quizapp", "static", "dist");
const fresh = `${dist}.new`;

/**
 * The entries in one folder, sorted, so that the same sources give the same manifest.
 * @param {string} folder
 * @param {string} extension
 */
async function entriesIn(folder, extension) {
  const names = await readdir(path.join(here, folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => path.join(here, folder, name));
}

/**
 * From "main.css" to its hashed file name, as templates look it up. Chunks loaded by import() find each other.
 * @param {import("esbuild").Metafile} metafile
 */
function manifestOf(metafile) {
  const asked = new Set(entryPoints.map((file) => path.relative(root, file)));
  /** @type {Record<string, string>} */
  const manifest = {};
  for (const [output, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    if (!entryPoint || !asked.has(entryPoint)) continue;
    if (cssBundle) throw new Error(`${entryPoint} imports a style sheet; make that an entry under assets/css instead`);
    manifest[path.basename(entryPoint)] = path.basename(output);
  }
  return manifest;
}

/**
 * Print the compressed size of each entry.
 * @param {Record<string, string>} manifest
 */
async function report(manifest) {
  for (const [entry, file] of Object.entries(manifest)) {
    const bytes = await readFile(path.join(fresh, file));
    console.log(`${entry}: ${(gzipSync(bytes).length / 1024).toFixed(1)} KB compressed`);
  }
}

/**
 * The names of the files that the review page needs without a connection: its entries, and whatever they load, at once or later.
 * @param {import("esbuild").Metafile} metafile
 */
function neededOffline({ outputs }) {
  const asked = OFFLINE.map((file) => path.relative(root, path.join(here, file)));
  const needed = new Set(Object.keys(outputs).filter((output) => asked.includes(outputs[output].entryPoint ?? "")));
  for (const output of needed)
    for (const { path: file, external } of outputs[output].imports) if (!external) needed.add(file);
  return [...needed].map((output) => path.basename(output)).sort();
}

/**
 * Write a file under a name that changes with its contents, as esbuild names its own.
 * @param {string} name
 * @param {string} text
 */
async function writeHashed(name, text) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  await writeFile(path.join(fresh, `${stem}-${hash}${ext}`), text);
  return `${stem}-${hash}${ext}`;
}

/** The service worker, by itself: a browser loads it as a plain script, which can import nothing. */
async function worker() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [path.join(here, "js", "worker", "worker.js")],
    format: "iife",
    write: false,
  });
  return outputFiles[0].text;
}

const OFFLINE = ["js/main.js", "js/review.js", "css/main.css"];
/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  alias: { "@codemirror/lang-html": path.join(here, "js", "parts", "no_html.js") },
  target: ["es2022", "chrome123", "firefox121", "safari17.5"], // the first with light-dark() and :has()
  minify: true,
  logLevel: "warning",
};
const entryPoints = [...(await entriesIn("js", ".js")), ...(await entriesIn("css", ".css"))];
if (entryPoints.length === 0) throw new Error("there is nothing to build under assets/js and assets/css");

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const { metafile } = await build({
  ...common,
  entryPoints,
  outdir: fresh,
  // One flat folder: what a style sheet names lies beside it, so its relative addresses hold under any prefix.
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  splitting: true,
  format: "esm",
  metafile: true,
});
const manifest = manifestOf(metafile);
manifest["offline.json"] = await writeHashed("offline.json", JSON.stringify(neededOffline(metafile)));
manifest["worker.js"] = await writeHashed("worker.js", await worker());
await writeFile(path.join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await report(manifest);

// The old build stays whole until the new one is, so that a failed build leaves a site that still works.
await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
