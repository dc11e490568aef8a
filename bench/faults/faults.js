// The faults: what happens, for how long, over which transports, and what it makes unavoidable.
import {
  everyThirdTime,
  nothing,
  oneEach,
  struckWrites,
  whatIsAskedMeanwhile,
  whatIsRefusedMeanwhile,
  writesUnderWay,
  writesUnderWayUnlessLong,
} from "./unavoidable.js";

const PLAIN = ["http", "ws"];
const TLS = ["https", "wss"];

const json = (value) => JSON.stringify(value);

/** What proxies do, one after the other; `lasts` 0 for what happens at once. */
const proxied = (name, meaning, lasts, unavoidable, steps, more = {}) => ({
  name,
  meaning,
  lasts,
  unavoidable,
  schemes: PLAIN,
  strike: async ({ proxy }) => {
    for (const step of steps) await proxy.inject(step);
  },
  heal: ({ proxy }) => proxy.heal(),
  ...more,
});

/** What happens to the server itself, which is reached without a proxy. */
const ofServer = (name, meaning, lasts, unavoidable, strike, heal, more = {}) => ({
  name,
  meaning,
  lasts,
  unavoidable,
  schemes: PLAIN,
  isDirect: true,
  strike,
  heal,
  ...more,
});

/** What a request with a statement has in it, over both transports. */
const EXECUTE = '"execute"';
const dropped = { kind: "drop", scope: "open" };

export const FAULTS = [
  proxied("refused", "nobody listens for 1.5 s, and open connections are reset", 1_500, writesUnderWay, [
    { kind: "refuse" },
  ]),
  proxied("reset", "open connections are reset (RST)", 0, writesUnderWay, [{ kind: "reset", scope: "open" }]),
  proxied("reset, and reset again", "open and new connections are reset for 1.5 s", 1_500, writesUnderWay, [
    { kind: "reset" },
  ]),
  proxied("dropped", "open connections end without a close frame (FIN)", 0, writesUnderWay, [dropped]),
  proxied("outage", "nothing goes through for 2 s, then what was sent arrives", 2_000, nothing, [
    { kind: "black-hole", resumes: true },
  ]),
  proxied(
    "black hole",
    "nothing goes through for 4 s, and connections that have met it stay dead",
    4_000,
    whatIsAskedMeanwhile,
    [{ kind: "black-hole" }],
    { quick: 4_000 },
  ),
  proxied("half-open", "a middlebox forgets the open connections, and tells nobody", 0, oneEach, [
    { kind: "half-open" },
  ]),
  proxied("slow", "everything takes 200 ms longer each way, for 3 s", 3_000, nothing, [
    { kind: "slow", delayMs: 200 },
  ]),
  proxied("trickle", "answers come 32 bytes at a time, every 10 ms, for 3 s", 3_000, nothing, [
    { kind: "trickle", bytes: 32, everyMs: 10 },
  ]),
  proxied(
    "answer cut",
    "one request in 10 arrives, and 40 bytes of its answer, then a RST, for 3 s",
    3_000,
    struckWrites,
    [{ kind: "cut-answer", bytes: 40, probability: 0.1, matching: EXECUTE }],
  ),
  proxied("request cut", "one request in 10 is lost with its connection, for 3 s", 3_000, struckWrites, [
    { kind: "cut-request", probability: 0.1, matching: EXECUTE },
  ]),
  proxied(
    "corrupt",
    "one byte in 64 of the answers is another, for 2 s",
    2_000,
    whatIsAskedMeanwhile,
    [{ kind: "corrupt", oneIn: 64 }],
    { isWrongExcused: true },
  ),
  proxied(
    "closed after 2,000 bytes",
    "each connection is reset after 2,000 bytes of answers, for 3 s",
    3_000,
    struckWrites,
    [{ kind: "close-after", bytes: 2_000 }],
  ),
  proxied(
    "not TLS",
    "what answers for 1.5 s does not speak TLS",
    1_500,
    whatIsRefusedMeanwhile,
    [{ kind: "not-tls" }],
    { schemes: TLS },
  ),
  proxied(
    "certificate expired",
    "what answers for 1.5 s has a certificate that has expired",
    1_500,
    whatIsRefusedMeanwhile,
    [{ kind: "expired-certificate" }],
    { schemes: TLS },
  ),
  proxied(
    "status 429",
    "the server has too much to do for 1 s: status 429, Retry-After 1 s",
    1_000,
    nothing,
    [
      {
        kind: "answer",
        status: 429,
        headers: { "retry-after": "1" },
        body: json({ error: "too many requests" }),
      },
    ],
    { schemes: ["http"] },
  ),
  proxied(
    "upgrade refused, 429",
    "connections are dropped, and new ones get status 429, Retry-After 1 s, for 1 s",
    1_000,
    writesUnderWay,
    [dropped, { kind: "answer", status: 429, headers: { "retry-after": "1" } }],
    { schemes: ["ws"] },
  ),
  proxied(
    "status 500",
    "one request in 10 is answered with status 500, for 3 s",
    3_000,
    struckWrites,
    [{ kind: "answer", status: 500, probability: 0.1, body: json({ error: "internal error" }) }],
    { schemes: ["http"] },
  ),
  proxied(
    "upgrade refused, 500",
    "connections are dropped, and new ones get status 500 for 1.5 s",
    1_500,
    writesUnderWay,
    [dropped, { kind: "answer", status: 500 }],
    { schemes: ["ws"] },
  ),
  proxied(
    "STREAM_EXPIRED",
    "one request in 10 is answered with STREAM_EXPIRED, for 3 s",
    3_000,
    everyThirdTime,
    [
      {
        kind: "answer",
        status: 400,
        probability: 0.1,
        body: json({ message: "The stream has expired due to inactivity", code: "STREAM_EXPIRED" }),
      },
    ],
    { schemes: ["http"] },
  ),
  proxied(
    "invalid baton",
    "one request in 10 is answered with status 400, invalid baton, for 3 s",
    3_000,
    everyThirdTime,
    [
      {
        kind: "answer",
        status: 400,
        probability: 0.1,
        headers: { "content-type": "text/plain" },
        body: "Received an invalid baton",
      },
    ],
    { schemes: ["http"] },
  ),
  proxied(
    "hello refused",
    "connections are dropped, and new ones are refused at their hello for 1.5 s",
    1_500,
    whatIsRefusedMeanwhile,
    [dropped, { kind: "refuse-hello", message: "Authentication failed", code: "AUTH_JWT_INVALID" }],
    { schemes: ["ws"] },
  ),
  ofServer(
    "killed and restarted",
    "the server is killed, and starts again after half a second on the same port and file",
    500,
    writesUnderWayUnlessLong,
    (stage) => stage.kill(),
    (stage) => stage.start(),
  ),
  ofServer(
    "frozen 2 s",
    "the server is stopped (SIGSTOP) and goes on after 2 s",
    2_000,
    nothing,
    (stage) => stage.freeze(),
    (stage) => stage.thaw(),
  ),
  ofServer(
    "frozen 8 s",
    "the server is stopped (SIGSTOP) and goes on after 8 s",
    8_000,
    whatIsAskedMeanwhile,
    (stage) => stage.freeze(),
    (stage) => stage.thaw(),
  ),
  ofServer(
    "idle 15 s",
    "nobody asks for 15 s; the server closes connections that are unused for 5 s",
    15_000,
    nothing,
    () => undefined,
    () => undefined,
    { isIdle: true, schemes: ["http"], server: { httpKeepAliveMs: 5_000 }, quick: 6_000 },
  ),
  ofServer(
    "idle 15 s",
    "nobody asks for 15 s; the server closes connections that are unused for 5 s",
    15_000,
    nothing,
    () => undefined,
    () => undefined,
    { isIdle: true, schemes: ["ws"], server: { idleTimeoutMs: 5_000 }, quick: 6_000 },
  ),
  proxied(
    "idle 15 s, forgotten",
    "nobody asks for 15 s; a middlebox forgets what is unused for 5 s",
    15_000,
    nothing,
    [{ kind: "half-open", idleMs: 5_000 }],
    { isIdle: true, healsAfter: true, quick: 6_000 },
  ),
];
