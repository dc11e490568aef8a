import { connectTo } from "../libsql/connector.js";
import type { Connect } from "../libsql/connection.js";
import type { ConnectionOptions, LibsqlConnection } from "../libsql/libsql-connection.js";
import type { Seats } from "./seats.js";
import type { Way } from "./site.js";

/** Opens connections over a way, each of which has a seat for as long as it is open. */
export function seated(
  { target, ca }: Way,
  seats: Seats,
  options: Pick<ConnectionOptions, "heedKeepAliveHint"> = {},
): Connect<LibsqlConnection> {
  const open = connectTo(target, { ca, ...options });
  return async (signal) => {
    seats.take();
    try {
      const connection = await open(signal);
      connection.onClose(() => seats.leave());
      return connection;
    } catch (error) {
      seats.leave();
      throw error;
    }
  };
}
