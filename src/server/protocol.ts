/**
 * The shapes of Hrana 1, 2 and 3 in JSON, as this server uses them after decoding.
 * Source: HRANA_1_SPEC.md to HRANA_3_SPEC.md of github.com/tursodatabase/libsql.
 */

/** Protocol version; a later one has all that an earlier one has. */
export type HranaVersion = 1 | 2 | 3;

/** What the engine binds. Nothing else may reach it: binding a boolean aborts the process. */
export type EngineValue = null | bigint | number | string | Buffer;

/** A value on the wire. */
export type WireValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "blob"; readonly base64: string };

/** SQL given as text, or as the id of a text stored before. */
export type SqlSource =
  | { readonly by: "text"; readonly sql: string }
  | { readonly by: "id"; readonly sqlId: number }
  | { readonly by: "both" }
  | { readonly by: "neither" };

export interface Stmt {
  readonly source: SqlSource;
  readonly args: readonly EngineValue[];
  readonly namedArgs: ReadonlyMap<string, EngineValue>;
  readonly wantRows: boolean;
}

export type BatchCond =
  | { readonly type: "ok"; readonly step: number }
  | { readonly type: "error"; readonly step: number }
  | { readonly type: "not"; readonly cond: BatchCond }
  | { readonly type: "and"; readonly conds: readonly BatchCond[] }
  | { readonly type: "or"; readonly conds: readonly BatchCond[] }
  | { readonly type: "is_autocommit" };

export interface BatchStep {
  readonly condition: BatchCond | undefined;
  readonly stmt: Stmt;
}

export interface Batch {
  readonly steps: readonly BatchStep[];
}

/** What can be asked of a stream, over either transport. */
export type StreamRequest =
  | { readonly type: "execute"; readonly stmt: Stmt }
  | { readonly type: "batch"; readonly batch: Batch }
  | { readonly type: "sequence"; readonly source: SqlSource }
  | { readonly type: "describe"; readonly source: SqlSource }
  | { readonly type: "get_autocommit" };

/** What can be asked of the texts stored for a stream (HTTP) or a connection (WebSocket). */
export type SqlStoreRequest =
  | { readonly type: "store_sql"; readonly sqlId: number; readonly sql: string }
  | { readonly type: "close_sql"; readonly sqlId: number };

/** One entry of a pipeline over HTTP. */
export type PipelineRequest = StreamRequest | SqlStoreRequest | { readonly type: "close" };

/** One request over WebSocket. */
export type WsRequest =
  | { readonly type: "open_stream"; readonly streamId: number }
  | { readonly type: "close_stream"; readonly streamId: number }
  | { readonly type: "stream"; readonly streamId: number; readonly request: StreamRequest }
  | SqlStoreRequest
  | {
      readonly type: "open_cursor";
      readonly streamId: number;
      readonly cursorId: number;
      readonly batch: Batch;
    }
  | { readonly type: "close_cursor"; readonly cursorId: number }
  | { readonly type: "fetch_cursor"; readonly cursorId: number; readonly maxCount: number };

/** One message from a WebSocket client. */
export type ClientMessage =
  | { readonly type: "hello"; readonly jwt: string | undefined }
  | { readonly type: "request"; readonly requestId: number; readonly request: WsRequest };

export interface PipelineBody {
  readonly baton: string | undefined;
  readonly requests: readonly PipelineRequest[];
}

export interface CursorBody {
  readonly baton: string | undefined;
  readonly batch: Batch;
}

export interface Col {
  readonly name: string;
  readonly decltype: string | null;
}

export interface StmtResult {
  readonly cols: readonly Col[];
  readonly rows: readonly (readonly WireValue[])[];
  readonly affected_row_count: number;
  readonly last_insert_rowid: string | null;
  readonly replication_index: null;
  readonly rows_read: number;
  readonly rows_written: number;
  readonly query_duration_ms: number;
}

export interface HranaError {
  readonly message: string;
  readonly code: string;
  /** SQLite's extended code, where the engine gives one. Not in the specification, so clients skip it. */
  readonly extended_code?: string;
}

export interface BatchResult {
  readonly step_results: readonly (StmtResult | null)[];
  readonly step_errors: readonly (HranaError | null)[];
  readonly replication_index: null;
}

export interface DescribeResult {
  readonly params: readonly { readonly name: string | null }[];
  readonly cols: readonly Col[];
  readonly is_explain: boolean;
  readonly is_readonly: boolean;
}

export type CursorEntry =
  | { readonly type: "step_begin"; readonly step: number; readonly cols: readonly Col[] }
  | {
      readonly type: "step_end";
      readonly affected_row_count: number;
      readonly last_insert_rowid: string | null;
    }
  | { readonly type: "step_error"; readonly step: number; readonly error: HranaError }
  | { readonly type: "row"; readonly row: readonly WireValue[] }
  | { readonly type: "error"; readonly error: HranaError };

/** The answer to a {@link StreamRequest} or {@link SqlStoreRequest}. */
export type StreamResponse =
  | { readonly type: "execute"; readonly result: StmtResult }
  | { readonly type: "batch"; readonly result: BatchResult }
  | { readonly type: "describe"; readonly result: DescribeResult }
  | { readonly type: "sequence" | "store_sql" | "close_sql" }
  | { readonly type: "get_autocommit"; readonly is_autocommit: boolean };
