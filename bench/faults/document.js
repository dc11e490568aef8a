// docs/faults.md: what was measured, how, and what each column means.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { MOST_CONNECTIONS, OPERATION_TIMEOUT } from "./contestants.js";

const lock = createRequire(import.meta.url)("../../package-lock.json");
const version = (name) => lock.packages[`node_modules/${name}`].version;
const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;
const whole = (ms) => `${ms / 1_000} s`;

const SECTIONS = [
  { scheme: "http", title: "Over HTTP" },
  { scheme: "ws", title: "Over WebSocket" },
  { scheme: "https", title: "Over HTTPS" },
  { scheme: "wss", title: "Over WebSocket with TLS" },
];

const dash = (count) => (count === 0 ? "–" : String(count));

/** One contestant's line; hung calls have no end that could be told. */
function line({ title, asked, errors, hung, wrong, longest, recoveredAfter, lost, doubled }, patience) {
  return [
    title,
    String(asked),
    dash(errors),
    dash(hung),
    hung > 0 ? `> ${(patience / 1_000).toFixed(0)} s` : seconds(longest),
    recoveredAfter === null ? "never" : seconds(recoveredAfter),
    dash(lost),
    dash(doubled),
    dash(wrong),
  ];
}

const HEAD = ["fault", "client", "calls", "errors", "hung", "longest stall", "recovered after"];
const COLUMNS = [...HEAD, "lost writes", "doubled writes", "wrong answers"];

function tableOf(rows, patience) {
  const lines = rows.flatMap(({ fault, figures }) =>
    figures.map((one, index) => [index === 0 ? fault.name : "", ...line(one, patience)]),
  );
  const align = COLUMNS.map((_, index) => (index < 2 ? "---" : "---:"));
  return [COLUMNS, align, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function faultsOf(rows) {
  const met = new Map();
  for (const { fault, scheme } of rows) {
    const key = `${fault.name}: ${fault.meaning}`;
    met.set(key, { fault, schemes: [...(met.get(key)?.schemes ?? []), scheme] });
  }
  return [
    "| fault | over | what happens | errors that it makes unavoidable |",
    "| --- | --- | --- | --- |",
    ...[...met.values()].map(
      ({ fault, schemes }) =>
        `| ${fault.name} | ${schemes.join(", ")} | ${fault.meaning} | ${fault.unavoidable.words} |`,
    ),
  ].join("\n");
}

function verdictOf(broken) {
  if (broken.length === 0) {
    return "In this run `createPool()` kept every promise below, in every row.";
  }
  return `In this run \`createPool()\` broke promises:\n\n${broken.map((what) => `- ${what}`).join("\n")}`;
}

/** The sum over all rows, of one contestant. */
function sums(rows, name) {
  const of = rows.map(({ figures }) => figures.find((one) => one.name === name));
  const sum = (what) => of.reduce((total, one) => total + one[what], 0);
  const never = of.filter(({ recoveredAfter }) => recoveredAfter === null).length;
  return [of[0].title, sum("errors"), sum("hung"), never, sum("lost"), sum("doubled"), sum("wrong")];
}

export async function documentOf({ rows, broken, plan, seed, took }) {
  const names = rows[0].figures.map(({ name }) => name);
  const { callers, pause, patience, recoveryLimit } = plan;
  const text = `# What faults do to callers

Made by \`npm run bench:faults\`, which breaks the network and the server in many ways while callers use a database, and
counts what reached the callers and what became of their writes. It fails when \`createPool()\` breaks a promise.

| client | errors | hung | never recovered | lost writes | doubled writes | wrong answers |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${names.map((name) => `| ${sums(rows, name).join(" | ")} |`).join("\n")}

That is over all ${rows.length} rows below. ${verdictOf(broken)}

Errors are told here and there for want of an answer, so fewer are not better in each row. generic-pool has few where its
\`validate\` is repeated without a pause until something answers, up to thousands of connections a second against a server in
trouble, whatever the trouble is, and where its callers wait instead; it hangs where nothing says no. \`createPool()\` tells at once what waiting
does not mend (a token or a certificate that is refused), and at its deadline whatever has no answer by then.

## Who takes part

- **plain client**: one \`createClient({ url })\` for all callers, as it comes.
- **generic-pool**: \`createClient({ url })\` in [generic-pool](https://www.npmjs.com/package/generic-pool), as one would write
  it: \`max: ${MOST_CONNECTIONS}\`, \`testOnBorrow\` with a \`SELECT 1\` as its \`validate\`, \`acquireTimeoutMillis: 5000\`, and a client whose call
  failed is destroyed (\`pool.use()\`).
- **createPool**: \`createPool({ url, maxConnections: ${MOST_CONNECTIONS}, operationTimeout: ${OPERATION_TIMEOUT} })\`: its defaults otherwise. The
  deadline is shorter than its default of 30 s to show it within the time of a fault. The others have none.

## How it is measured

Each fault is played to the three at the same time, each with a process, an embedded server, a fault proxy and a database of
its own, so that what one does to a server is no other's fault. Each has ${callers} callers. A caller asks, waits for the answer, pauses
for ${pause.join(" to ")} ms (drawn from seed ${seed}, the same for all three), and asks again: as often a read (\`SELECT\` of a known row) as a write (one
\`INSERT\` with a key that nobody else uses, into a table without any unique constraint, so that a write that is executed twice shows
as two rows). A statement takes the server 10 ms. Right before the fault all who pause are told to ask, so that calls are under
way when it strikes. Callers never retry. After the fault they go on until all are well, at most for ${whole(recoveryLimit)}, and a second longer; then
everything is closed, and the database is counted, past the proxy.

Faults of the server itself (killed, frozen, idle) have no proxy in between.

- **errors**: calls that were rejected. What a client retried by itself, and with success, is none.
- **hung**: calls that had not ended ${whole(patience)} after they began. Their callers gave them up and went on.
- **longest stall**: the longest call.
- **recovered after**: from the end of the fault until every single caller has had an answer to something that it asked since; of a
  fault that happens at once, from when it happened. "never": not as long as one waited.
- **lost writes**: acknowledged, and not in the database. **doubled writes**: in it more than once.
- **wrong answers**: reads that gave something other than what is in the database, without an error. A byte that is changed on
  the way can do that to anybody who uses neither TLS nor a checksum.

Durations depend on the machine; what is an error, hung, lost or doubled does not, but for chance in what was under way.

## What is held against createPool

- No call ends later than its deadline of ${whole(OPERATION_TIMEOUT)} (and 1 s for a busy machine).
- No acknowledged write is lost, and none is doubled. Of no write that was executed does the error say \`outcome: "not executed"\`.
- Every error has a \`code\`. No answer is wrong, but where bytes are changed without TLS.
- It recovers, with the same pool, and leaves no socket open when it is closed. There are never more than ${MOST_CONNECTIONS} sockets.
- No more errors than the fault makes unavoidable, and no error at another time. A write that was on its way when its connection
  broke may have been executed: nobody can know, and sending it again might double it, so its caller has to be told. A read is
  sent again, twice at most. While nobody listens, callers wait; within their deadline that is no error.

${faultsOf(rows)}

${SECTIONS.map(({ scheme, title }) => ({ title, of: rows.filter((row) => row.scheme === scheme) }))
  .filter(({ of }) => of.length > 0)
  .map(({ title, of }) => `## ${title}\n\n${tableOf(of, patience)}`)
  .join("\n\n")}

## Which run this was

Seed ${seed}, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node} on ${process.platform}, @libsql/client ${version("@libsql/client")}, generic-pool ${version("generic-pool")}, ${rows.length} rows in
${Math.round(took / 60)} minutes. \`npm run bench:faults -- --seed 2\` draws other chances, \`--quick\` gives each fault a few seconds and writes nothing,
\`--only ws/reset\` plays what begins so.
`;
  const file = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
  return format(text, { ...(await resolveConfig(file)), parser: "markdown" });
}
