// What happens to the clients, drawn by seed.

const between = (random, low, high) => Math.round(low + random() * (high - low));
const oneOf = (random, choices) => choices[Math.floor(random() * choices.length)];

/** Everything that the proxy can do, over TCP. */
const KINDS = [
  () => ({ kind: "refuse" }),
  (random) => ({ kind: "reset", scope: oneOf(random, ["open", "new", "all"]), probability: 0.3 + random() }),
  (random) => ({ kind: "drop", scope: oneOf(random, ["open", "new", "all"]), probability: 0.3 + random() }),
  (random) => ({ kind: "black-hole", resumes: random() < 0.5, scope: oneOf(random, ["open", "new", "all"]) }),
  () => ({ kind: "half-open" }),
  (random) => ({ kind: "half-open", idleMs: between(random, 50, 600) }),
  (random) => ({ kind: "slow", delayMs: between(random, 20, 1_500) }),
  (random) => ({ kind: "trickle", bytes: between(random, 1, 64), everyMs: between(random, 5, 60) }),
  (random) => ({
    ...{ kind: "cut-answer", bytes: oneOf(random, [0, 0, between(random, 1, 300)]) },
    ...{ how: oneOf(random, ["reset", "end"]), probability: 0.05 + random() / 2 },
  }),
  () => ({ kind: "cut-answer", matching: "COMMIT", probability: 0.7 }),
  (random) => ({ kind: "cut-request", probability: 0.05 + random() / 2 }),
  (random) => ({ kind: "corrupt", oneIn: between(random, 64, 2_000) }),
  (random) => ({
    kind: "close-after",
    bytes: between(random, 1, 5_000),
    how: oneOf(random, ["reset", "end"]),
  }),
  () => ({ kind: "not-tls" }),
  () => ({ kind: "expired-certificate" }),
  (random) => ({ kind: "answer", status: 429, headers: { "retry-after": "1" }, probability: 0.2 + random() }),
  (random) => ({ kind: "answer", status: oneOf(random, [500, 502, 503]), probability: 0.2 + random() }),
  (random) => ({
    ...{ kind: "answer", status: 400, probability: 0.2 + random() },
    body: JSON.stringify({ message: "The stream has expired due to inactivity", code: "STREAM_EXPIRED" }),
  }),
  (random) => ({
    kind: "answer",
    status: 400,
    body: '{"message":"Invalid baton"}',
    probability: 0.2 + random(),
  }),
  (random) => ({ kind: "answer", status: oneOf(random, [401, 404]), probability: 0.2 + random() }),
  (random) => ({
    kind: "answer",
    status: 200,
    body: "<html>Welcome to this network</html>",
    probability: random(),
  }),
  () => ({ kind: "refuse-hello" }),
];

/** How likely a spell has a fault between each client and the server, and one of the server itself. */
const PROXY_FAULT = 0.7;
const SERVER_FAULT = 0.25;

/** The next spell of bad weather: a fault for each lane or `undefined`, perhaps one of the server, and how long. */
export function spell(random, names) {
  const proxies = names.map((name) => {
    const fault = oneOf(random, KINDS)(random);
    if ("probability" in fault) fault.probability = Math.min(1, fault.probability);
    return [name, random() < PROXY_FAULT ? fault : undefined];
  });
  const draw = random();
  const server = draw < SERVER_FAULT ? oneOf(random, ["killed", "killed", "frozen"]) : undefined;
  // Most are short; some outlast every deadline.
  const lasts = random() < 0.7 ? between(random, 100, 1_500) : between(random, 1_500, 5_000);
  return { proxies, server, lasts, quiet: between(random, 300, 2_500) };
}
