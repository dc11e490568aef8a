import { plan } from "./answer.js";
import { cursorEntries } from "./cursor.js";
import { ProtocolError, RequestError, notSupported } from "./hrana-errors.js";
import { planBatch, type RequestContext } from "./program.js";
import type { CursorEntry, SqlStoreRequest, WireValue, WsRequest } from "./protocol.js";
import { SqlStream, type StreamContext } from "./sql-stream.js";

type StreamsRequest = Exclude<WsRequest, SqlStoreRequest>;

interface Cursor {
  readonly id: number;
  /** Set when the stream has come to opening it. */
  entries: AsyncGenerator<CursorEntry, void, undefined> | undefined;
}

/** Somebody who may be slow to take answers: see `WsPeer`. */
interface Congested {
  readonly congestion: Promise<void> | undefined;
}

interface Slot {
  readonly id: number;
  readonly opened: Promise<SqlStream>;
  cursor: Cursor | undefined;
}

/** The streams of one WebSocket, by the ids that its client chose. */
export class WsStreams {
  readonly #context: StreamContext;
  readonly #slots = new Map<number, Slot>();
  /** Streams by the id of the cursor that is open on them. */
  readonly #cursors = new Map<number, Slot>();
  readonly #peer: Congested;
  #outstanding = 0;

  constructor(context: StreamContext, peer: Congested) {
    this.#context = context;
    this.#peer = peer;
  }

  /** Requests under way. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /**
   * Does what a request asks for. Requests of one stream are done in order.
   * @throws {ProtocolError} for an id that is not, or must not be, in use; rejects with {RequestError}.
   */
  async respond(request: StreamsRequest, context: RequestContext): Promise<object> {
    this.#outstanding++;
    try {
      // Nothing may be awaited before this has entered the request in its stream's queue.
      return await this.#respond(request, context);
    } finally {
      this.#outstanding--;
    }
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    this.#cursors.clear();
    await Promise.all(
      slots.map((slot) =>
        slot.opened.then(
          (stream) => stream.close(),
          () => undefined,
        ),
      ),
    );
  }

  #respond(request: StreamsRequest, context: RequestContext): Promise<object> {
    switch (request.type) {
      case "open_stream":
        return this.#open(request.streamId);
      case "close_stream":
        return this.#close(this.#slot(request.streamId));
      case "stream":
        return this.#job(this.#slot(request.streamId), plan(request.request, context));
      case "open_cursor":
        return this.#openCursor(request, context);
      case "fetch_cursor":
        return this.#fetchCursor(request.cursorId, request.maxCount, context);
      case "close_cursor":
        return this.#closeCursor(request.cursorId, context);
    }
  }

  async #open(id: number): Promise<object> {
    if (this.#slots.has(id)) throw new ProtocolError("policy", `Stream ${id} already exists`);
    const opened = SqlStream.open(this.#context);
    this.#slots.set(id, { id, opened, cursor: undefined });
    await opened;
    return { type: "open_stream" };
  }

  async #close(slot: Slot): Promise<object> {
    this.#slots.delete(slot.id);
    if (slot.cursor) this.#cursors.delete(slot.cursor.id);
    const stream = await slot.opened.catch(() => undefined);
    // What was asked before is done before: the stream itself would refuse what it has not begun.
    await stream?.run(() => Promise.resolve());
    await stream?.close();
    return { type: "close_stream" };
  }

  #openCursor(
    request: Extract<StreamsRequest, { type: "open_cursor" }>,
    context: RequestContext,
  ): Promise<object> {
    if (context.version < 3) throw notSupported("The `open_cursor` request", 3);
    const slot = this.#slot(request.streamId);
    if (slot.cursor) throw new ProtocolError("policy", `Stream ${slot.id} already has an open cursor`);
    if (this.#cursors.has(request.cursorId))
      throw new ProtocolError("policy", `Cursor ${request.cursorId} already exists`);
    const steps = planBatch(request.batch, context);
    const cursor: Cursor = { id: request.cursorId, entries: undefined };
    slot.cursor = cursor;
    this.#cursors.set(cursor.id, slot);
    return this.#job(slot, (stream) => {
      cursor.entries = cursorEntries(stream, steps, context);
      return Promise.resolve({ type: "open_cursor" });
    });
  }

  #fetchCursor(id: number, maxCount: number, context: RequestContext): Promise<object> {
    if (context.version < 3) throw notSupported("The `fetch_cursor` request", 3);
    const { slot, cursor } = this.#cursor(id);
    return this.#job(slot, async () => {
      if (!cursor.entries) throw new RequestError("CURSOR_NOT_OPEN", `Cursor ${id} has failed to open`);
      const entries: CursorEntry[] = [];
      let size = 0;
      // One answer holds an eighth of what a result may, as in sqld; the client asks again.
      while (entries.length < maxCount && size < context.budget.total / 8) {
        const next = await cursor.entries.next();
        if (next.done === true) return { type: "fetch_cursor", entries, done: true };
        entries.push(next.value);
        size += sizeOf(next.value);
      }
      return { type: "fetch_cursor", entries, done: false };
    });
  }

  #closeCursor(id: number, context: RequestContext): Promise<object> {
    if (context.version < 3) throw notSupported("The `close_cursor` request", 3);
    const { slot, cursor } = this.#cursor(id);
    this.#cursors.delete(id);
    slot.cursor = undefined;
    return this.#job(slot, async () => {
      await cursor.entries?.return();
      return { type: "close_cursor" };
    });
  }

  async #job(slot: Slot, job: (stream: SqlStream) => Promise<object>): Promise<object> {
    const stream = await slot.opened.catch(() => {
      throw new RequestError("STREAM_NOT_OPEN", `Stream ${slot.id} has failed to open`);
    });
    return stream.run(async () => {
      // Hundreds of requests fit into one packet: their results must not pile up in memory.
      await this.#peer.congestion;
      return job(stream);
    });
  }

  #slot(id: number): Slot {
    const slot = this.#slots.get(id);
    if (slot) return slot;
    throw new ProtocolError("policy", `Stream ${id} not found`);
  }

  #cursor(id: number): { slot: Slot; cursor: Cursor } {
    const slot = this.#cursors.get(id);
    if (slot?.cursor) return { slot, cursor: slot.cursor };
    throw new ProtocolError("policy", `Cursor ${id} not found`);
  }
}

function sizeOf(entry: CursorEntry): number {
  switch (entry.type) {
    case "row":
      return entry.row.reduce((size, value) => size + sizeOfValue(value), 20);
    case "step_begin":
      return entry.cols.reduce(
        (size, { name, decltype }) => size + 40 + name.length + (decltype?.length ?? 0),
        50,
      );
    case "step_error":
    case "error":
      return 100 + entry.error.message.length;
    case "step_end":
      return 100;
  }
}

function sizeOfValue(value: WireValue): number {
  return 40 + (value.type === "text" ? value.value.length : value.type === "blob" ? value.base64.length : 0);
}
