// To be imported by a process before anything else (NODE_OPTIONS=--import …): writes down when its HTTP requests were
// made and when their answers were whole, as undici's own diagnostics tell, to the file that REQUEST_TIMES names.
// A second opinion from within the process that measures, and from none of the code that does.
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";

const sent = new WeakMap();
const times = [];

subscribe("undici:request:create", ({ request }) => sent.set(request, performance.now()));
subscribe("undici:request:trailers", ({ request }) => {
  const at = performance.now();
  times.push({ origin: String(request.origin), sentAt: sent.get(request), doneAt: at });
});
process.on("exit", () => {
  if (times.length > 0) writeFileSync(process.env.REQUEST_TIMES, JSON.stringify(times));
});
