// Makes the outlines that delegates/documents/pair_map.py draws: two countries, their first-level regions.
//
//   node static/vendor/maps.mjs
//
// Sources: us-atlas (ISC; from the U.S. Census Bureau, already projected) and the province map that
// Apache ECharts 4.9.0 carried (Apache-2.0). Borders are shared, so simplifying leaves no gaps.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "../../delegates/documents/maps");
const PACKAGES = {
  "us-atlas": "3.0.1",
  echarts: "4.9.0",
  "topojson-client": "3.1.0",
  "topojson-server": "3.0.1",
  "topojson-simplify": "3.0.3",
};

const WIDTH = 600;
const HEIGHT = 460;
const MARGIN = 6;
const COARSENESS = 0.55; // smallest triangle kept, in square units of the drawing
const SMALLEST_ISLAND = 1.2; // square units; smaller ones are dots nobody sees
const SMALL_REGION = 45; // square units; below this a dot is drawn as well, to see and to touch

// GB/T 2260 → ISO 3166-2
const CHINA = {
  11: "BJ", 12: "TJ", 13: "HE", 14: "SX", 15: "NM", 21: "LN", 22: "JL", 23: "HL", 31: "SH", 32: "JS", 33: "ZJ", 34: "AH",
  35: "FJ", 36: "JX", 37: "SD", 41: "HA", 42: "HB", 43: "HN", 44: "GD", 45: "GX", 46: "HI", 50: "CQ", 51: "SC", 52: "GZ",
  53: "YN", 54: "XZ", 61: "SN", 62: "GS", 63: "QH", 64: "NX", 65: "XJ", 71: "TW", 81: "HK", 82: "MO",
};
// FIPS 6-4 → ISO 3166-2
const UNITED_STATES = {
  "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", 10: "DE", 11: "DC", 12: "FL",
  13: "GA", 15: "HI", 16: "ID", 17: "IL", 18: "IN", 19: "IA", 20: "KS", 21: "KY", 22: "LA", 23: "ME", 24: "MD", 25: "MA",
  26: "MI", 27: "MN", 28: "MS", 29: "MO", 30: "MT", 31: "NE", 32: "NV", 33: "NH", 34: "NJ", 35: "NM", 36: "NY", 37: "NC",
  38: "ND", 39: "OH", 40: "OK", 41: "OR", 42: "PA", 44: "RI", 45: "SC", 46: "SD", 47: "TN", 48: "TX", 49: "UT", 50: "VT",
  51: "VA", 53: "WA", 54: "WV", 55: "WI", 56: "WY",
};

const workshop = mkdtempSync(join(tmpdir(), "maps-"));
try {
  writeFileSync(join(workshop, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], {
    cwd: workshop,
    stdio: "inherit",
  });
  const modules = join(workshop, "node_modules");
  const require = createRequire(join(workshop, "package.json"));
  const topojson = {
    ...require("topojson-client"),
    ...require("topojson-server"),
    ...require("topojson-simplify"),
  };
  mkdirSync(TARGET, { recursive: true });
  write("us", "us-atlas 3.0.1, ISC", unitedStates(modules, topojson), topojson);
  write("cn", "ECharts 4.9.0, Apache-2.0", china(modules), topojson);
  cpSync(join(modules, "us-atlas/LICENSE"), join(TARGET, "LICENSE.us-atlas"));
  cpSync(join(modules, "echarts/LICENSE"), join(TARGET, "LICENSE.echarts"));
} finally {
  rmSync(workshop, { recursive: true, force: true });
}

function unitedStates(modules, topojson) {
  const atlas = JSON.parse(readFileSync(join(modules, "us-atlas/states-albers-10m.json"), "utf8"));
  return topojson.feature(atlas, atlas.objects.states).features.map((state) => ({
    code: `US-${UNITED_STATES[state.id]}`,
    polygons: state.geometry.type === "Polygon" ? [state.geometry.coordinates] : state.geometry.coordinates,
  }));
}

function china(modules) {
  const map = JSON.parse(readFileSync(join(modules, "echarts/map/json/china.json"), "utf8"));
  return map.features.map(({ id, geometry: { type, coordinates, encodeOffsets } }) => {
    const polygons = type === "Polygon" ? [coordinates] : coordinates;
    const offsets = type === "Polygon" ? [encodeOffsets] : encodeOffsets;
    return {
      code: `CN-${CHINA[String(id).slice(0, 2)]}`,
      polygons: polygons.map((rings, p) => rings.map((ring, r) => decoded(ring, offsets[p][r]).map(albers))),
    };
  });
}

/** ECharts packs a ring as zigzag differences, one character each, in 1024ths of a degree. */
function decoded(text, [x, y]) {
  const points = [];
  for (let i = 0; i < text.length; i += 2) {
    x += zigzag(text.charCodeAt(i) - 64);
    y += zigzag(text.charCodeAt(i + 1) - 64);
    points.push([x / 1024, y / 1024]);
  }
  const [first, last] = [points[0], points.at(-1)];
  if (first[0] !== last[0] || first[1] !== last[1]) points.push(first);
  return points;
}

function zigzag(value) {
  return (value >> 1) ^ -(value & 1);
}

/** Albers' equal-area projection, standard parallels 25° and 47° N, centred on 105° E. */
function albers([longitude, latitude]) {
  const radians = Math.PI / 180;
  const [south, north, middle] = [25 * radians, 47 * radians, 105 * radians];
  const n = (Math.sin(south) + Math.sin(north)) / 2;
  const c = Math.cos(south) ** 2 + 2 * n * Math.sin(south);
  const rho = Math.sqrt(c - 2 * n * Math.sin(latitude * radians)) / n;
  const theta = n * (longitude * radians - middle);
  return [rho * Math.sin(theta), rho * Math.cos(theta)];
}

function write(name, source, regions, topojson) {
  const geometry = fitted(regions).map(({ code, polygons }) => ({
    type: "Feature",
    id: code,
    properties: {},
    geometry: { type: "MultiPolygon", coordinates: polygons },
  }));
  const shared = topojson.topology({ regions: { type: "FeatureCollection", features: geometry } }, 1e5);
  const simple = topojson.simplify(topojson.presimplify(shared), COARSENESS);
  const drawn = topojson
    .feature(simple, simple.objects.regions)
    .features.map(({ id, geometry: { coordinates } }) => drawing(id, coordinates))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const text = JSON.stringify({ source, width: WIDTH, height: HEIGHT, regions: drawn }, null, 1);
  writeFileSync(join(TARGET, `${name}.json`), `${text}\n`);
  console.log(`${name}: ${drawn.length} regions, ${text.length} bytes`);
}

/** Scales all regions to the drawing, upright, in its middle. */
function fitted(regions) {
  const points = regions.flatMap(({ polygons }) => polygons.flat(2));
  const [left, right] = extent(points.map(([x]) => x));
  const [top, bottom] = extent(points.map(([, y]) => y));
  const scale = Math.min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top));
  const [x0, y0] = [(WIDTH - scale * (right - left)) / 2, (HEIGHT - scale * (bottom - top)) / 2];
  const place = ([x, y]) => [x0 + scale * (x - left), y0 + scale * (y - top)];
  return regions.map(({ code, polygons }) => ({
    code,
    polygons: polygons.map((rings) => rings.map((ring) => ring.map(place))),
  }));
}

function extent(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function drawing(code, polygons) {
  const inOrder = polygons.toSorted((a, b) => area(b[0]) - area(a[0]));
  const kept = inOrder.filter((rings, place) => place === 0 || area(rings[0]) >= SMALLEST_ISLAND);
  const path = kept.flatMap((rings) => rings.map(line)).join(""); // a region shrunk to a point is its dot alone
  const size = kept.reduce((sum, rings) => sum + area(rings[0]), 0);
  const { at, room } = middle(kept[0]);
  return { code, at: at.map(Math.round), room: Math.max(0, Math.floor(room)), small: size < SMALL_REGION, path };
}

function line(ring) {
  const points = ring.slice(0, -1).map(([x, y]) => [Math.round(x * 10), Math.round(y * 10)]);
  let [px, py] = points[0];
  const start = `M${px / 10} ${py / 10}l`;
  const steps = [];
  for (const [x, y] of points.slice(1)) {
    if (x === px && y === py) continue;
    steps.push(`${(x - px) / 10} ${(y - py) / 10}`);
    [px, py] = [x, y];
  }
  if (steps.length === 0) return "";
  return `${start}${steps.join(" ").replaceAll(" -", "-").replaceAll(/(?<!\d)0\./g, ".")}z`;
}

function area(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length - 1; i += 1) sum += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  return Math.abs(sum / 2);
}

/** The point inside that is farthest from every edge, and how far: where a number stands best. */
function middle(rings) {
  const [left, right] = extent(rings[0].map(([x]) => x));
  const [top, bottom] = extent(rings[0].map(([, y]) => y));
  const step = Math.max(right - left, bottom - top, 1) / 60; // the smallest region has shrunk to a point
  let best = { room: -Infinity, at: rings[0][0] };
  for (let x = left; x <= right; x += step) {
    for (let y = top; y <= bottom; y += step) {
      const room = inside(rings, x, y) * distance(rings, x, y);
      if (room > best.room) best = { room, at: [x, y] };
    }
  }
  return best;
}

function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0; i < ring.length - 1; i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    }
  }
  return odd ? 1 : -1;
}

function distance(rings, x, y) {
  let least = Infinity;
  for (const ring of rings) {
    for (let i = 0; i < ring.length - 1; i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
      const length = (bx - ax) ** 2 + (by - ay) ** 2;
      const t = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
      least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
    }
  }
  return least;
}
