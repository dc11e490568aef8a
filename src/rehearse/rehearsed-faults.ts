import type { RemoteTarget } from "../libsql/target.js";
import type { Fault } from "./proxy/fault.js";
import type { SkippedFault } from "./result.js";

/** Something that happens to the server itself. */
export interface ServerFault {
  begin(): void | Promise<void>;
  end(): void | Promise<void>;
}

/** All that can be rehearsed, somewhere. */
export const FAULT_NAMES = [
  "refuse",
  "reset",
  "black-hole",
  "half-open",
  "slow",
  "trickle",
  "cut-answer",
  "corrupt",
  "close-after",
  "not-tls",
  "expired-certificate",
  "status-429",
  "status-500",
  "stream-expired",
  "hello-refused",
  "frozen",
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** A fault to rehearse: what the proxies do one after the other, or what happens to the server. */
export interface Rehearsed {
  readonly fault: FaultName;
  /** What happens, as a sentence. */
  readonly meaning: string;
  readonly how:
    | { readonly kind: "proxy"; readonly steps: readonly Fault[] }
    | { readonly kind: "server"; readonly server: ServerFault };
}

const proxied = (fault: FaultName, meaning: string, ...steps: Fault[]): Rehearsed => ({
  fault,
  meaning,
  how: { kind: "proxy", steps },
});

/** Of the network: nothing of it can alter a statement, and what is asked only reads. */
const OF_THE_NETWORK: readonly Rehearsed[] = [
  proxied("refuse", "nobody listens, and open connections are reset", { kind: "refuse" }),
  proxied("reset", "open and new connections are reset", { kind: "reset" }),
  proxied("black-hole", "nothing goes through, and nothing is closed", { kind: "black-hole" }),
  proxied("half-open", "a middlebox has forgotten the open connections, and tells nobody", {
    kind: "half-open",
  }),
  proxied("slow", "everything takes 250 ms longer, each way", { kind: "slow", delayMs: 250 }),
  proxied("trickle", "answers come 64 bytes at a time, every 20 ms", {
    ...{ kind: "trickle", bytes: 64, everyMs: 20 },
  }),
  proxied("cut-answer", "a request arrives, and its connection is reset before its answer", {
    kind: "cut-answer",
  }),
  proxied("corrupt", "one byte in 256 of the answers is another", { kind: "corrupt", oneIn: 256 }),
  proxied("close-after", "connections are reset after 1,000 bytes of answers", {
    kind: "close-after",
    bytes: 1_000,
  }),
];

const OF_TLS: readonly Rehearsed[] = [
  proxied("not-tls", "what answers does not speak TLS", { kind: "not-tls" }),
  proxied("expired-certificate", "what answers has a certificate that has expired", {
    kind: "expired-certificate",
  }),
];

/** What a server may say. Open connections end first: a WebSocket is refused only when it is opened. */
const OF_THE_SERVER: readonly Rehearsed[] = [
  proxied(
    "status-429",
    "the server has too much to do: status 429, Retry-After 1 s",
    { kind: "drop", scope: "open" },
    {
      ...{ kind: "answer", status: 429, headers: { "retry-after": "1" } },
      body: JSON.stringify({ message: "too many requests", code: "TOO_MANY_REQUESTS" }),
    },
  ),
  proxied(
    "status-500",
    "the server answers with status 500",
    { kind: "drop", scope: "open" },
    { ...{ kind: "answer", status: 500 }, body: JSON.stringify({ error: "internal error" }) },
  ),
];

/** Not all, as another stream works where one is lost. */
const STREAM_EXPIRED = proxied("stream-expired", "one request in 10 is answered with STREAM_EXPIRED", {
  ...{ kind: "answer", status: 400, probability: 0.1 },
  body: JSON.stringify({ message: "The stream has expired due to inactivity", code: "STREAM_EXPIRED" }),
});

const HELLO_REFUSED = proxied(
  "hello-refused",
  "the server takes WebSockets and refuses the token",
  { kind: "drop", scope: "open" },
  { kind: "refuse-hello", message: "Authentication failed", code: "AUTH_JWT_INVALID" },
);

export interface RehearsalList {
  readonly faults: readonly Rehearsed[];
  readonly skipped: readonly SkippedFault[];
}

export interface Rehearsable {
  readonly target: Pick<RemoteTarget, "tls" | "transport">;
  /** What can be done to the server itself; empty where it is somebody else's, which is not made to misbehave either. */
  readonly ofServer: readonly Rehearsed[] | undefined;
  /** Only these; `undefined` for all. */
  readonly only: readonly FaultName[] | undefined;
}

/** What can be rehearsed of what is asked for, and what cannot, and why. */
export function rehearsedFaults({ target, ofServer, only }: Rehearsable): RehearsalList {
  const { tls, transport } = target;
  const isAsked = ({ fault }: { readonly fault: FaultName }): boolean => only?.includes(fault) ?? true;
  const answered = [...OF_THE_SERVER, transport === "http" ? STREAM_EXPIRED : HELLO_REFUSED];
  const faults = [
    ...OF_THE_NETWORK,
    ...(tls ? OF_TLS : []),
    ...(ofServer && !tls ? answered : []),
    ...(ofServer ?? []),
  ].filter(isAsked);
  const skip = (list: readonly Rehearsed[], reason: string): SkippedFault[] =>
    list.filter(isAsked).map(({ fault }) => ({ fault, reason }));
  const skipped = [
    ...(tls ? [] : skip(OF_TLS, "the target has no TLS")),
    ...(ofServer && tls ? skip(answered, "a proxy cannot answer for the server over TLS") : []),
  ];
  const known = new Set([...faults, ...skipped].map(({ fault }) => fault));
  // Whoever names one wants to know what became of it.
  const others = (only ?? []).filter((fault) => !known.has(fault));
  const reason = ofServer ? `there is none over ${transport}` : "it is rehearsed on an embedded server only";
  return { faults, skipped: [...skipped, ...others.map((fault) => ({ fault, reason }))] };
}
