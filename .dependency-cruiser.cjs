/**
 * Imports point one way: commands → cli → tune → bench → pool → libsql → core;
 * server and stats see only core; report sees result types and stats.
 */
const mayImport = {
  core: [],
  stats: ["core"],
  server: ["core"],
  libsql: ["core"],
  pool: ["libsql", "core"],
  monitor: ["pool", "libsql", "core"],
  watch: ["monitor", "bench", "pool", "libsql", "stats", "core"],
  rehearse: ["monitor", "pool", "libsql", "stats", "core"],
  ping: ["libsql", "stats", "core"],
  bench: ["pool", "libsql", "stats", "core"],
  tune: ["watch", "monitor", "bench", "pool", "libsql", "stats", "core"],
  report: ["stats", "core"],
  cli: [
    "tune",
    "rehearse",
    "watch",
    "monitor",
    "bench",
    "ping",
    "pool",
    "libsql",
    "server",
    "report",
    "stats",
    "core",
  ],
  commands: [
    "cli",
    "tune",
    "rehearse",
    "watch",
    "monitor",
    "bench",
    "ping",
    "pool",
    "libsql",
    "server",
    "report",
    "stats",
    "core",
  ],
};

const direction = Object.entries(mayImport).map(([room, allowed]) => ({
  name: `${room}-imports-only-${allowed.join("-") || "nothing"}`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: { path: "^src/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
}));

module.exports = {
  forbidden: [
    // A report may name the shape of a result, never run anything that makes one.
    ...direction.map((rule) =>
      rule.name.startsWith("report-")
        ? { ...rule, to: { ...rule.to, pathNot: "^src/(report|stats|core)/|/result\\.ts$" } }
        : rule,
    ),
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "^src/commands/" },
      to: {},
    },
    {
      name: "oclif-only-in-commands-and-cli",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(commands|cli)/" },
      to: { path: "node_modules/(@oclif|chalk)/" },
    },
    {
      name: "the-pool-never-parses-a-url",
      severity: "error",
      from: { path: "^src/pool/" },
      to: { path: "^src/libsql/target\\.ts$" },
    },
    {
      name: "no-dev-dependencies-in-src",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "types"] },
  },
};
