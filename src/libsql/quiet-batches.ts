import type { Batch, Client } from "@libsql/hrana-client";

/**
 * Keeps a batch of which several statements failed from ending the process.
 *
 * `@libsql/client` waits for a batch's statements one after the other and stops at the first that failed. Whoever
 * has failed besides is waited for by nobody, and so is the `PRAGMA` around a `migrate()`: an unhandled rejection,
 * which ends the process (`migrate()` with a read-only token does). The caller is told of the first as before.
 */
export function quietBatches(client: Client): void {
  const openStream = client.openStream.bind(client);
  client.openStream = () => {
    const stream = openStream();
    const batch = stream.batch.bind(stream);
    stream.batch = (useCursor) => quietSteps(batch(useCursor));
    return stream;
  };
}

function quietSteps(batch: Batch): Batch {
  const makeStep = batch.step.bind(batch);
  batch.step = () => {
    const step = makeStep();
    const query = step.query.bind(step);
    const run = step.run.bind(step);
    step.query = (statement) => quiet(query(statement));
    step.run = (statement) => quiet(run(statement));
    return step;
  };
  return batch;
}

function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
