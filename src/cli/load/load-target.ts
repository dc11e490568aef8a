import type { Target } from "../../libsql/target.js";
import type { LoadTarget } from "./messages.js";

/** What there is to know of a target that is not in its address. */
export interface TargetFacts {
  readonly embedded: boolean;
  readonly network: Readonly<Record<string, number | boolean | null>> | null;
}

/** A target as the load process gets it. */
export function loadTarget(target: Target, { embedded, network }: TargetFacts): LoadTarget {
  const address =
    target.kind === "local"
      ? { url: target.url, authToken: undefined }
      : { url: target.baseUrl.href.replace(/\/$/, ""), authToken: target.authToken };
  return {
    ...address,
    shown: {
      url: target.display,
      transport: target.transport,
      tls: target.kind === "remote" && target.tls,
      embedded,
      network,
    },
  };
}
