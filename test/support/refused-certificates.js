// Connects to each URL that it is given, in every way that the package has, and prints what came of it as JSON.
import { connector } from "../../dist/index.js";
import { parseTarget } from "../../dist/libsql/target.js";
import { askVersion } from "../../dist/ping/server-version.js";
import { fetchStatistics } from "../../dist/watch/endpoint.js";

const signal = () => AbortSignal.timeout(10_000);
const code = (promise) =>
  promise.then(
    () => "let in",
    (error) => error.code,
  );
const { port, authToken } = JSON.parse(process.argv[2]);
const at = (scheme) => `${scheme}://localhost:${port}`;
const statistics = new URL(at("https"));

console.log(
  JSON.stringify({
    https: await code(connector({ url: at("https"), authToken })(signal())),
    wss: await code(connector({ url: at("wss"), authToken })(signal())),
    libsql: await code(connector({ url: at("libsql"), authToken })(signal())),
    version: (await askVersion(parseTarget(at("https"), authToken), {}, signal())).version,
    statistics: await code(
      fetchStatistics({ kind: "url", url: statistics, address: statistics.href }, signal()),
    ),
  }),
);
