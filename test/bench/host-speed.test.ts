import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";
import { expect, it } from "vitest";

const SOURCE = fileURLToPath(new URL("../../src/bench/host-speed.ts", import.meta.url));

it("a host is as fast at a process's first look as it is later", async () => {
  const { code } = await transformWithOxc(readFileSync(SOURCE, "utf8"), SOURCE);
  const program = `${code}\nconsole.log(JSON.stringify(Array.from({ length: 20 }, hostSpeed)));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  const [first = 0, ...later] = JSON.parse(output) as number[];
  expect(Math.max(...later) / first).toBeLessThan(2);
});
