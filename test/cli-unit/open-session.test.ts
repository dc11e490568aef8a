import { expect, it } from "vitest";
import { openSession, openSessionUnlessStopped } from "../../src/cli/open-session.js";

it("whoever stops the start of the embedded server is not told of it", async () => {
  const stopped = AbortSignal.abort();
  await expect(openSession({ url: undefined }, stopped)).rejects.toThrow(/aborted/);
  expect(await openSessionUnlessStopped({ url: undefined }, stopped)).toBeUndefined();
});
