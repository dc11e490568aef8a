import type { PingResult } from "../../ping/result.js";

/** What was agreed on and who answered, a line for each layer; none of a local database. */
export function wireLines({ wire, target, received }: PingResult): string[] {
  if (received === 0 || target.transport === "file" || target.transport === "memory") return [];
  const tls = [
    wire.tls_version?.replace("v", " ") ?? "no TLS",
    ...(wire.alpn === null ? [] : [`ALPN ${wire.alpn}`]),
    ...(wire.certificate_expires === null
      ? []
      : [`certificate good until ${wire.certificate_expires.slice(0, 10)}`]),
    `${wire.ip_family ?? "IP"} ${wire.address ?? "address unknown"}`,
  ];
  const server =
    wire.server_version === null
      ? `server version unknown: ${wire.null_reasons.server_version ?? ""}`
      : `server ${wire.server_version}`;
  return [tls.join(" · "), `Hrana ${wire.hrana ?? "unknown"} · ${server}`];
}
