import { isIPv4 } from "node:net";

/** Whether a host, by name or address, is this machine as only its own programs reach it. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  const address = name.replace(/^::ffff:/, "");
  return ["localhost", "::1", "[::1]"].includes(name) || (isIPv4(address) && address.startsWith("127."));
}

/** The host of a `Host` header, without the port. */
export function hostOf(header: string | undefined): string {
  return (header ?? "").replace(/:\d+$/, "");
}
