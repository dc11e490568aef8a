import { CLIENTS } from "./fixed/clients.js";
import type { FixedDefect } from "./fixed/defect.js";
import { ENDED_TRANSACTIONS } from "./fixed/ended-transactions.js";
import { FAILURES } from "./fixed/failures.js";
import { OPTIONS } from "./fixed/options.js";

/** Everything in which the pooled client is not as the plain one. */
export const FIXED_DEFECTS: readonly FixedDefect[] = [
  ...CLIENTS,
  ...ENDED_TRANSACTIONS,
  ...OPTIONS,
  ...FAILURES,
];
