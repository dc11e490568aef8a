/** What a server has counted since it started, and what it holds now. */
export interface ServerMetrics {
  /** TCP connections accepted, TLS or not, whatever was sent over them. */
  socketsAccepted: number;
  socketsOpen: number;
  /** TCP connections closed at once because of `limits.maxSockets`. */
  socketsRefused: number;
  webSocketsAccepted: number;
  webSocketsOpen: number;
  httpRequests: number;
  streamsOpened: number;
  streamsOpen: number;
  /** HTTP streams closed because nobody used them. */
  streamsExpired: number;
  /** Statements handed to the engine, those that failed included. */
  statements: number;
  statementErrors: number;
  /** Engine handles opened, and open now: in use or kept for the next stream. */
  handlesOpened: number;
  handlesOpen: number;
  /** Transactions taken from a client that did nothing while another one waited to write. */
  transactionsTimedOut: number;
}

/** A set of counters that stand at zero. */
export function newMetrics(): ServerMetrics {
  return {
    socketsAccepted: 0,
    socketsOpen: 0,
    socketsRefused: 0,
    webSocketsAccepted: 0,
    webSocketsOpen: 0,
    httpRequests: 0,
    streamsOpened: 0,
    streamsOpen: 0,
    streamsExpired: 0,
    statements: 0,
    statementErrors: 0,
    handlesOpened: 0,
    handlesOpen: 0,
    transactionsTimedOut: 0,
  };
}

const DESCRIPTIONS: Readonly<Record<keyof ServerMetrics, readonly [name: string, help: string]>> = {
  socketsAccepted: ["sockets_accepted_total", "TCP connections accepted."],
  socketsOpen: ["sockets_open", "TCP connections open now."],
  socketsRefused: ["sockets_refused_total", "TCP connections closed at once: too many were open."],
  webSocketsAccepted: ["web_sockets_accepted_total", "WebSocket handshakes completed."],
  webSocketsOpen: ["web_sockets_open", "WebSockets open now."],
  httpRequests: ["http_requests_total", "HTTP requests received, WebSocket handshakes not included."],
  streamsOpened: ["streams_opened_total", "SQL streams opened."],
  streamsOpen: ["streams_open", "SQL streams open now."],
  streamsExpired: ["streams_expired_total", "HTTP streams closed because nobody used them."],
  statements: ["statements_total", "SQL statements handed to the engine."],
  statementErrors: ["statement_errors_total", "SQL statements that failed."],
  handlesOpened: ["engine_handles_opened_total", "Engine handles opened."],
  handlesOpen: ["engine_handles_open", "Engine handles open now, idle ones included."],
  transactionsTimedOut: [
    "transactions_timed_out_total",
    "Idle write transactions rolled back for a waiting writer.",
  ],
};

/** The counters in Prometheus' text format, version 0.0.4. */
export function formatMetrics(metrics: Readonly<ServerMetrics>): string {
  let text = "";
  for (const [key, [name, help]] of Object.entries(DESCRIPTIONS)) {
    const metric = `turso_pool_server_${name}`;
    const type = name.endsWith("_total") ? "counter" : "gauge";
    const value = metrics[key as keyof ServerMetrics];
    text += `# HELP ${metric} ${help}\n# TYPE ${metric} ${type}\n${metric} ${value}\n`;
  }
  return text;
}
