// Bundles the frontend into ../dist: main.js, main.css and the licences of all that is inside.
import { existsSync } from "node:fs";
import { readFile, writeFile, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "..", "dist");
const modules = path.join(here, "node_modules");
const common = {
  absWorkingDir: here, // so that a build started elsewhere gives the same bytes
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none", // THIRD-PARTY.txt carries the full texts
  write: false,
};

// MapLibre runs a worker, which wants an address of its own; inlined as text it becomes a Blob.
const worker = await esbuild.build({
  ...common,
  entryPoints: [path.join(modules, "maplibre-gl/dist/maplibre-gl-worker.mjs")],
});
const inlineWorker = {
  name: "inline-worker",
  setup(build) {
    build.onResolve({ filter: /^maplibre-worker-source$/ }, () => ({
      path: "worker",
      namespace: "worker",
    }));
    build.onLoad({ filter: /.*/, namespace: "worker" }, () => ({
      contents: worker.outputFiles[0].text,
      loader: "text",
    }));
  },
};
const main = await esbuild.build({
  ...common,
  entryPoints: ["src/main.js"],
  plugins: [inlineWorker],
});
const css = await esbuild.build({
  ...common,
  entryPoints: ["src/main.css"],
  loader: { ".svg": "dataurl", ".png": "dataurl" },
});

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await writeFile(path.join(dist, "main.js"), main.outputFiles[0].contents);
await writeFile(path.join(dist, "main.css"), css.outputFiles[0].contents);
await writeFile(path.join(dist, "THIRD-PARTY.txt"), await thirdParty());

/** Licence texts of every installed package but the tools that only build. */
async function thirdParty() {
  const lock = JSON.parse(await readFile(path.join(here, "package-lock.json"), "utf8"));
  const parts = [];
  for (const [place, entry] of Object.entries(lock.packages).sort()) {
    if (!place || entry.dev || entry.optional) continue;
    const folder = path.join(here, place);
    const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const names = (await readdir(folder)).filter((n) => /^(licen[cs]e|copying|notice)/i.test(n));
    const files = names.sort().map((name) => path.join(folder, name));
    // Of packages that leave theirs out, ours are those of their repositories.
    const own = path.join(here, "licences", `${about.name}.txt`);
    if (!files.length && existsSync(own)) files.push(own);
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    parts.push(
      `${about.name} ${about.version} (${about.license ?? "see below"})`,
      texts.length
        ? texts.join("\n").trim()
        : `No licence file in the package; by ${author(about)}.`,
      "-".repeat(80),
    );
  }
  return `The map bundle contains the following software.\n\n${parts.join("\n\n")}\n`;
}

function author({ author: by, contributors = [], repository }) {
  const named = by ?? contributors[0] ?? repository;
  return typeof named === "string" ? named : (named?.name ?? named?.url ?? "unnamed");
}
