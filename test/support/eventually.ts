import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `condition` holds; fails after `timeout` ms with the last value it saw. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeout = 10_000,
): Promise<void> {
  const end = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so within ${timeout} ms: ${condition.toString()}`);
    await sleep(20);
  }
}
