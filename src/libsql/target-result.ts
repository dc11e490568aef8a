/** One database, as every result tells it. */
export interface TargetResult {
  /** Without token and password. */
  readonly url: string;
  readonly transport: "http" | "ws" | "file" | "memory";
  readonly tls: boolean;
  readonly embedded: boolean;
  /** The network that was emulated in front of the embedded server; `null` when there was none. */
  readonly network: Readonly<Record<string, number | boolean | null>> | null;
}
