import { NO_ARGS } from "./bind-args.js";
import { ProtocolError } from "./hrana-errors.js";
import type {
  Batch,
  BatchCond,
  BatchStep,
  ClientMessage,
  CursorBody,
  EngineValue,
  PipelineBody,
  PipelineRequest,
  SqlSource,
  Stmt,
  WsRequest,
} from "./protocol.js";
import { decodeValue } from "./values.js";

type Fields = Readonly<Record<string, unknown>>;

/** Conditions nest; serde stops at this depth too, and nobody writes deeper ones by hand. */
const MAX_COND_DEPTH = 100;

/** Reads a message from a WebSocket client. @throws {ProtocolError} when it is not one. */
export function decodeClientMessage(text: string): ClientMessage {
  const message = object(parseJson(text), "message");
  switch (message.type) {
    case "hello":
      return { type: "hello", jwt: optionalString(message, "jwt") };
    case "request":
      return {
        type: "request",
        requestId: int32(message, "request_id"),
        request: decodeWsRequest(object(message.request, "request")),
      };
    default:
      throw unknownVariant("message", message.type);
  }
}

/** Reads the body of a pipeline request. @throws {ProtocolError} when it is not one. */
export function decodePipelineBody(text: string): PipelineBody {
  const body = object(parseJson(text), "body");
  return {
    baton: optionalString(body, "baton"),
    requests: array(body.requests, "requests").map((request) =>
      decodePipelineRequest(object(request, "request")),
    ),
  };
}

/** Reads the body of a cursor request. @throws {ProtocolError} when it is not one. */
export function decodeCursorBody(text: string): CursorBody {
  const body = object(parseJson(text), "body");
  return { baton: optionalString(body, "baton"), batch: decodeBatch(body.batch) };
}

/** Reads `{ stmt }` of Hrana-over-HTTP 1. @throws {ProtocolError} when it is not one. */
export function decodeExecuteBody(text: string): Stmt {
  return decodeStmt(object(parseJson(text), "body").stmt);
}

/** Reads `{ batch }` of Hrana-over-HTTP 1. @throws {ProtocolError} when it is not one. */
export function decodeBatchBody(text: string): Batch {
  return decodeBatch(object(parseJson(text), "body").batch);
}

function decodeWsRequest(request: Fields): WsRequest {
  switch (request.type) {
    case "open_stream":
    case "close_stream":
      return { type: request.type, streamId: int32(request, "stream_id") };
    case "open_cursor":
      return {
        type: "open_cursor",
        streamId: int32(request, "stream_id"),
        cursorId: int32(request, "cursor_id"),
        batch: decodeBatch(request.batch),
      };
    case "close_cursor":
      return { type: "close_cursor", cursorId: int32(request, "cursor_id") };
    case "fetch_cursor":
      return {
        type: "fetch_cursor",
        cursorId: int32(request, "cursor_id"),
        maxCount: uint32(request, "max_count"),
      };
    default: {
      const decoded = decodePipelineRequest(request);
      if (decoded.type === "close") throw unknownVariant("request", "close");
      if (decoded.type === "store_sql" || decoded.type === "close_sql") return decoded;
      return { type: "stream", streamId: int32(request, "stream_id"), request: decoded };
    }
  }
}

function decodePipelineRequest(request: Fields): PipelineRequest {
  switch (request.type) {
    case "execute":
      return { type: "execute", stmt: decodeStmt(request.stmt) };
    case "batch":
      return { type: "batch", batch: decodeBatch(request.batch) };
    case "sequence":
    case "describe":
      return { type: request.type, source: decodeSource(request) };
    case "store_sql":
      return { type: "store_sql", sqlId: int32(request, "sql_id"), sql: string(request.sql, "sql") };
    case "close_sql":
      return { type: "close_sql", sqlId: int32(request, "sql_id") };
    case "get_autocommit":
    case "close":
      return { type: request.type };
    default:
      throw unknownVariant("request", request.type);
  }
}

function decodeSource(fields: Fields): SqlSource {
  const sql = optionalString(fields, "sql");
  const given = fields.sql_id !== undefined && fields.sql_id !== null;
  if (sql !== undefined) return given ? { by: "both" } : { by: "text", sql };
  return given ? { by: "id", sqlId: int32(fields, "sql_id") } : { by: "neither" };
}

function decodeStmt(value: unknown): Stmt {
  const stmt = object(value, "stmt");
  const { args, named_args: named, want_rows: wantRows } = stmt;
  if (wantRows !== undefined && wantRows !== null && typeof wantRows !== "boolean")
    throw malformed("`want_rows` must be a boolean");
  return {
    source: decodeSource(stmt),
    args: args === undefined ? NO_ARGS.args : array(args, "args").map(decodeValue),
    namedArgs: named === undefined ? NO_ARGS.namedArgs : decodeNamedArgs(array(named, "named_args")),
    wantRows: wantRows ?? true,
  };
}

function decodeNamedArgs(named: readonly unknown[]): ReadonlyMap<string, EngineValue> {
  if (named.length === 0) return NO_ARGS.namedArgs;
  return new Map(
    named.map((entry) => {
      const arg = object(entry, "named argument");
      return [string(arg.name, "name"), decodeValue(arg.value)];
    }),
  );
}

function decodeBatch(value: unknown): Batch {
  return { steps: array(object(value, "batch").steps, "steps").map(decodeStep) };
}

function decodeStep(value: unknown): BatchStep {
  const step = object(value, "step");
  const given = step.condition !== undefined && step.condition !== null;
  return { condition: given ? decodeCond(step.condition, 0) : undefined, stmt: decodeStmt(step.stmt) };
}

function decodeCond(value: unknown, depth: number): BatchCond {
  if (depth > MAX_COND_DEPTH) throw malformed("recursion limit exceeded in a batch condition");
  const cond = object(value, "condition");
  switch (cond.type) {
    case "ok":
    case "error":
      return { type: cond.type, step: uint32(cond, "step") };
    case "not":
      return { type: "not", cond: decodeCond(cond.cond, depth + 1) };
    case "and":
    case "or":
      return {
        type: cond.type,
        conds: array(cond.conds, "conds").map((inner) => decodeCond(inner, depth + 1)),
      };
    case "is_autocommit":
      return { type: "is_autocommit" };
    default:
      throw unknownVariant("condition", cond.type);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error));
  }
}

function malformed(why: string): ProtocolError {
  return new ProtocolError("malformed", `Cannot deserialize client message from JSON: ${why}`);
}

function unknownVariant(what: string, type: unknown): ProtocolError {
  return malformed(
    typeof type === "string" ? `unknown ${what} type \`${type.slice(0, 80)}\`` : `missing type of ${what}`,
  );
}

function object(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw malformed(`${what} must be an object`);
}

function array(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformed(`\`${what}\` must be an array`);
}

function string(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw malformed(`\`${what}\` must be a string`);
}

function optionalString(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : string(value, name);
}

function int32(fields: Fields, name: string): number {
  return integer(fields, name, -2_147_483_648, 2_147_483_647);
}

function uint32(fields: Fields, name: string): number {
  return integer(fields, name, 0, 4_294_967_295);
}

function integer(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw malformed(`\`${name}\` must be a whole number from ${min} to ${max}`);
}
