import type { Milliseconds } from "../../core/duration.js";
import type { LayerName } from "../result.js";

/** Opens what idles in one layer. */
export interface Prober {
  readonly layer: LayerName;
  /**
   * It idles until the answer comes, not only until it is asked: for what is idle at the server, where the question arrives
   * half a round trip before its answer, as the answer before had left it half a round trip earlier.
   */
  readonly idlesUntilAnswered?: boolean | undefined;
  /**
   * Asks the database over another connection: where opening one proves nothing, that tells a connection that was lost from a
   * database that answers nobody. It has been closed by then, so there is one at a time.
   */
  readonly confirm?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Opens one, which idles from then on. Rejects with the signal's reason soon after it aborts. */
  open(signal: AbortSignal): Promise<Idler>;
}

/** Something open that nobody uses. */
export interface Idler {
  /** How long its last answer took, where it idles until the next comes: it is asked so much sooner. */
  readonly lead?: Milliseconds | undefined;
  /** Sends a statement over it, and waits for the answer. Rejects with the signal's reason soon after it aborts. */
  ask(signal: AbortSignal): Promise<void>;
  /** Calls `listener` once when it closes, at once when it is closed already. */
  onClose(listener: () => void): void;
  /** Closes it; afterwards nothing of it is open. Idempotent; never rejects. */
  close(): Promise<void>;
}
