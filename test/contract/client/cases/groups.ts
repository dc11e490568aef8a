import type { Case } from "../case.js";
import { ARGUMENT_CASES } from "./arguments.js";
import { BATCH_CASES, MIGRATE_CASES } from "./batches.js";
import { CAPACITY_CASES } from "./capacity.js";
import { ERROR_CASES } from "./errors.js";
import { ISOLATION_CASES } from "./isolation.js";
import { LIFECYCLE_CASES } from "./lifecycle.js";
import { RESULT_CASES } from "./results.js";
import { SCRIPT_CASES } from "./scripts.js";
import { TRANSACTION_CASES } from "./transactions.js";
import { VALUE_CASES } from "./values.js";

/** All cases that a client can play on any database, by what they are about. */
export const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  values: VALUE_CASES,
  arguments: ARGUMENT_CASES,
  results: RESULT_CASES,
  batches: BATCH_CASES,
  migrations: MIGRATE_CASES,
  transactions: TRANSACTION_CASES,
  isolation: ISOLATION_CASES,
  scripts: SCRIPT_CASES,
  errors: ERROR_CASES,
  lifecycle: LIFECYCLE_CASES,
  capacity: CAPACITY_CASES,
};
