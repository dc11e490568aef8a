import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RequestReader } from "../../src/rehearse/proxy/request-reader.js";

const ascii = fc.string({ unit: fc.constantFrom("a", "b", " ", "\r", "\n", ":", "{", "}"), maxLength: 300 });

const http = ascii.map((body) =>
  Buffer.from(`POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
);
const chunked = fc.array(ascii.filter((chunk) => chunk !== "")).map((chunks) => {
  const parts = [...chunks, ""].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return Buffer.from(`POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n${parts.join("")}`);
});
const upgrade = Buffer.from("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
const frame = fc
  .tuple(
    fc.uint8Array({ maxLength: 70_000 }),
    fc.constantFrom(1, 2, 9),
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
  )
  .map(([payload, opcode, mask]) => {
    const { length } = payload;
    const size = length < 126 ? [0x80 | length] : length < 65_536 ? [0x80 | 126] : [0x80 | 127];
    const long = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
    if (long.length === 2) long.writeUInt16BE(length);
    if (long.length === 8) long.writeBigUInt64BE(BigInt(length));
    return Buffer.concat([
      Buffer.from([0x80 | opcode, ...size]),
      long,
      mask,
      payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
    ]);
  });
const record = fc
  .tuple(fc.constantFrom(20, 22, 23), fc.uint8Array({ maxLength: 300 }))
  .map(([type, body]) =>
    Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 255]), body]),
  );
const hello = Buffer.from([22, 3, 1, 0, 1, 1]);

const streams = fc.oneof(
  fc.array(fc.oneof(http, chunked), { minLength: 1 }),
  fc.array(frame).map((frames) => [upgrade, ...frames]),
  fc.array(record).map((records) => [hello, ...records]),
);

/** Cuts bytes at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe("what a client sends", () => {
  it("is cut into the same requests however it comes", () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(200_000), { maxLength: 12 }), (pieces, places) => {
        const reader = new RequestReader();
        const found = cut(Buffer.concat(pieces), places)
          .filter((chunk) => chunk.length > 0)
          .flatMap((chunk) => reader.read(chunk));
        expect(found.map(({ rest }) => rest.toString("latin1"))).toEqual(
          pieces.map((piece) => piece.toString("latin1")),
        );
        expect(found.some(({ isBegun }) => isBegun)).toBe(false);
        expect(reader.letThrough()).toHaveLength(0);
      }),
    );
  });

  it("is let through once, whether it is held or not from time to time", () => {
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.nat(200_000), { maxLength: 12 }),
        fc.nat(),
        (pieces, places, holds) => {
          const reader = new RequestReader();
          const whole = Buffer.concat(pieces);
          const through = cut(whole, places).flatMap((chunk, index) => {
            const rests = reader.read(chunk).map(({ rest }) => rest);
            return (holds >> index) & 1 ? rests : [...rests, reader.letThrough()];
          });
          expect(Buffer.concat([...through, reader.letThrough()]).equals(whole)).toBe(true);
        },
      ),
    );
  });

  it("may be anything: it is let through, and nothing throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          "",
          "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
          upgrade.toString(),
          "\x16\x03\x01\0\x01\0",
        ),
        fc.array(fc.uint8Array({ maxLength: 200 })),
        (start, chunks) => {
          const reader = new RequestReader();
          const all = [Buffer.from(start, "latin1"), ...chunks.map((chunk) => Buffer.from(chunk))];
          const through = all.flatMap((chunk) => reader.read(chunk).map(({ rest }) => rest));
          expect(Buffer.concat([...through, reader.letThrough()]).equals(Buffer.concat(all))).toBe(true);
        },
      ),
    );
  });

  it("is read: what matches can be found in it", () => {
    const reader = new RequestReader();
    const mask = Buffer.from([1, 2, 3, 4]);
    const masked = Buffer.from("grüß").map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    const [first, second] = [
      ...reader.read(upgrade),
      ...reader.read(Buffer.concat([Buffer.from([0x81, 0x80 | masked.length]), mask, masked])),
    ];
    expect([first?.request.kind, first?.request.header("upgrade")]).toEqual(["upgrade", "websocket"]);
    expect([second?.request.kind, second?.request.text()]).toEqual(["message", "grüß"]);
  });
});
