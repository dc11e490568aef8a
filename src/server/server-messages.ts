import type { ServerConfig } from "./config.js";
import type { ServerMetrics } from "./metrics.js";

/** What the parent says to the child that runs the server. */
export type ParentMessage =
  | { readonly type: "start"; readonly config: ServerConfig; readonly folder: string }
  | { readonly type: "metrics"; readonly id: number }
  | { readonly type: "close" };

/** What the child says to its parent. */
export type ChildMessage =
  | { readonly type: "booted" }
  | {
      readonly type: "listening";
      readonly host: string;
      readonly port: number;
      readonly caFile: string | undefined;
    }
  | { readonly type: "failed"; readonly message: string; readonly hint: string | undefined }
  | { readonly type: "metrics"; readonly id: number; readonly metrics: ServerMetrics };
