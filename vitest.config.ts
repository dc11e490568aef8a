import { defineConfig } from "vitest/config";

/** Tests that start processes or sockets; everything else under test/ is a unit test on the manual clock. */
const integration = ["test/contract/**/*.test.ts", "test/cli/**/*.test.ts", "test/faults/**/*.test.ts"];

/** Tests of what a clock says, which need the processors to themselves: they run when all others are done. */
const alone = ["test/faults/truth.test.ts"];

export default defineConfig({
  test: {
    // The native engine aborts its process when a worker thread is torn down in mid-query.
    pool: "forks",
    // Much of the time goes into waiting: for sockets to idle, for processes to start and end.
    maxWorkers: 3,
    projects: [
      {
        extends: true, // Modules have no state of their own, so files can share a process.
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: integration,
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: integration,
          exclude: alone,
          testTimeout: 60_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "alone",
          include: alone,
          testTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
