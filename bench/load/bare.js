// The least that can drive a load: callers of one plain client, and a count. Prints operations per second.
import process from "node:process";
import { createClient } from "@libsql/client";

const [url, callers, milliseconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = createClient({ url });

async function run(time) {
  const startedAt = performance.now();
  const until = startedAt + time;
  let operations = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await client.execute("SELECT 1");
      operations++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return operations / ((performance.now() - startedAt) / 1_000);
}

await run(milliseconds / 4);
console.log(await run(milliseconds));
client.close();
