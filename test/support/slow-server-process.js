// A Hrana server over HTTP that answers one statement after delays drawn from a known distribution, and all others at
// once. In a process of its own, so that what measures and what is measured do not wait for each other.
// It records what it really did: when each request had come, and when its answer was written.
import { createServer } from "node:http";

/** Timers are late by up to a millisecond, so the last stretch is polled. */
const POLLED_MS = 1.5;
/** Between two blocks there is a pause at least as long; within one there may be too, on a busy host. */
const BETWEEN_BLOCKS_MS = 40;
/** So long is a block at least: they are of 1 s where stalls are planted. */
const BLOCK_MS = 900;

const { sql, delay, seed, stall } = JSON.parse(process.argv[2]);

/** What became of each request, in the order in which they came. */
const served = [];
/** Requests that wait for their time: when it is, and what to do then. */
const waiting = new Set();
let polling = false;
let block = 0;
let blockAt = 0;
let lastAt = -Infinity;
let stalledFrom = Infinity;

/** mulberry32, as in src/core/random.ts. */
function seeded(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = seeded(seed);

function drawn() {
  if (delay.kind === "uniform") return delay.low + random() * (delay.high - delay.low);
  if (delay.kind === "two") return random() < delay.share ? delay.slow : delay.fast;
  return 0;
}

function poll() {
  const now = performance.now();
  let next = Infinity;
  for (const one of waiting) {
    if (one.due <= now) {
      waiting.delete(one);
      one.answer();
    } else next = Math.min(next, one.due);
  }
  polling = next < Infinity;
  if (!polling) return;
  const left = next - performance.now();
  // Others may come with less to wait than a timer's length.
  if (left > POLLED_MS) setTimeout(poll, Math.min(2, Math.max(1, Math.floor(left - 1))));
  else setImmediate(poll);
}

function answerAt(due, answer) {
  waiting.add({ due, answer });
  if (!polling) poll();
}

/** The statement that is measured has come: it takes its delay, or what is left of a stall. */
function slowly(now, answer) {
  if (block === 0 || (now - lastAt >= BETWEEN_BLOCKS_MS && now - blockAt >= BLOCK_MS)) {
    block++;
    blockAt = now;
  }
  lastAt = now;
  if (block === stall?.block) stalledFrom = blockAt + stall.offset;
  const wanted = drawn();
  const one = { block, readAt: now, drawn: wanted, writtenAt: null };
  served.push(one);
  const reply = () => {
    answer();
    one.writtenAt = performance.now();
  };
  // What would be over within a stall is over with it.
  const stalledUntil = stalledFrom + (stall?.length ?? 0);
  const isStalled = now + wanted >= stalledFrom && now + wanted < stalledUntil;
  const due = isStalled ? stalledUntil : now + wanted;
  if (due <= now) reply();
  else answerAt(due, reply);
}

const RESULT = {
  cols: [{ name: "1", decltype: null }],
  rows: [[{ type: "integer", value: "1" }]],
  affected_row_count: 0,
  last_insert_rowid: null,
};

function resultsOf(requests) {
  return requests.map(({ type }) => ({
    type: "ok",
    response: type === "execute" ? { type, result: RESULT } : { type },
  }));
}

const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (request, response) => {
  let text = "";
  request.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    const now = performance.now();
    if (request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const { requests } = JSON.parse(text);
    const body = JSON.stringify({ baton: null, base_url: null, results: resultsOf(requests) });
    const answer = () => response.writeHead(200, { "content-type": "application/json" }).end(body);
    if (requests.some(({ stmt }) => stmt?.sql === sql)) slowly(now, answer);
    else answer();
  });
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => process.send({ served }));
process.on("disconnect", () => process.exit());
