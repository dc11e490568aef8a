/** What nobody waited for, or caught, while something was done: each would have ended the process. */
export async function unhandled(work: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const see = (reason: unknown): unknown => seen.push(reason);
  process.on("unhandledRejection", see).on("uncaughtException", see);
  try {
    await work();
    // Node tells of them when the turn is over.
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.off("unhandledRejection", see).off("uncaughtException", see);
  }
  return seen;
}
