import { realClock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Connect } from "../libsql/connection.js";
import { connectTo } from "../libsql/connector.js";
import type { DialOptions } from "../libsql/dial.js";
import { parseTarget, type Target } from "../libsql/target.js";
import type { WireListener } from "../libsql/wire.js";
import { Herald } from "./herald.js";
import { NameLookup } from "./name-lookup.js";
import { Probe, type ConnectionUse } from "./probe.js";
import { Rehearsal } from "./rehearsal.js";
import { askVersion, type ServerVersion } from "./server-version.js";

export interface InstrumentOptions extends Pick<DialOptions, "ca" | "tcpRoundTrip"> {
  readonly target: Target;
  readonly use: ConnectionUse;
  readonly timeout: Milliseconds;
  /** The target is a server that was started for this, and is cold itself: it gets a ping beforehand, and a herald. */
  readonly isOurs: boolean;
}

/** A probe of a real database, with all that it needs. */
export interface Instrument extends AsyncDisposable {
  readonly probe: Probe;
  /** What the server says that it is. Never rejects. */
  readonly version: (signal: AbortSignal) => Promise<ServerVersion>;
}

/** What takes longer over an emulated network has a round trip that the server's own start is nothing against. */
const WARM_UP: Milliseconds = 1_000;

/** Makes a probe ready to measure: nothing of the first ping is the instrument's own start. */
export async function openInstrument(options: InstrumentOptions, signal: AbortSignal): Promise<Instrument> {
  const { target, ca, tcpRoundTrip, isOurs, use, timeout } = options;
  const remote = target.kind === "remote" ? target : undefined;
  const names = remote && NameLookup.isNeededFor(remote.host) ? new NameLookup() : undefined;
  const rehearsal = remote && (await Rehearsal.start(remote, signal));
  const dial: DialOptions = { ca, tcpRoundTrip, lookup: names?.lookup };
  const herald = isOurs ? new Herald(connectTo(target, dial), signal) : undefined;
  const before: Rehearsal["before"] = async (kind) => {
    await rehearsal?.before(kind);
    await herald?.goAhead();
  };
  const probeFor = (how: ConnectionUse): Probe =>
    new Probe({
      target,
      use: how,
      timeout,
      clock: realClock,
      rehearsal: { before },
      connector: (wire) => connectTo(target, { ...dial, wire }),
    });
  if (isOurs) await probeFor("cold").ping(signal, Math.min(timeout, WARM_UP));
  // The engine itself is loaded with the first database that is opened, whatever that is.
  if (!remote) await firstOfAll(signal);
  const probe = probeFor(use);
  return {
    probe,
    version: async (stop) =>
      remote
        ? askVersion(remote, { ...dial, timeout }, stop)
        : { version: null, reason: "a local database has no server" },
    [Symbol.asyncDispose]: async () => {
      names?.[Symbol.dispose]();
      await probe.close();
      await rehearsal?.[Symbol.asyncDispose]();
      await herald?.[Symbol.asyncDispose]();
    },
  };
}

/** Pings a database that is thrown away. */
async function firstOfAll(signal: AbortSignal): Promise<void> {
  const target = parseTarget(":memory:");
  const connector = (wire: WireListener): Connect => connectTo(target, { wire });
  await new Probe({ target, use: "cold", timeout: WARM_UP, clock: realClock, connector }).ping(signal);
}
