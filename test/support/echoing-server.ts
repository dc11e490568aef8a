import type { Socket } from "node:net";
import { httpAnswer, onRequest, rawServer, type RawServer } from "./raw-server.js";
import { CLOSE, frame, readFrames, TEXT, upgradeAnswer } from "./ws-frames.js";

const JSON_HEADERS = ["content-type: application/json"];
const TEXT_HEADERS = ["content-type: text/plain"];

const results = (count: number, response: object): string =>
  JSON.stringify({ baton: null, base_url: null, results: Array(count).fill(response) });
const refusal = (said: string) => ({ message: said, code: `CODE_${said}` });
/** An integer that is none, about which a parser complains in its own words. */
const wrongInteger = (said: string) => ({
  type: "execute",
  result: {
    cols: [{ name: "a", decltype: null }],
    rows: [[{ type: "integer", value: said }]],
    affected_row_count: 0,
    last_insert_rowid: null,
  },
});

/** What to answer to so many requests of a pipeline. */
type HttpEcho = (said: string, count: number) => string;

/** Answers over HTTP that repeat the request, its token included, wherever errors come from. */
export const HTTP_ECHOES: Readonly<Record<string, HttpEcho>> = {
  "401 with the request": (said) => httpAnswer(said, { status: "401 No", headers: TEXT_HEADERS }),
  "404 with the request": (said) => httpAnswer(said, { status: "404 No", headers: TEXT_HEADERS }),
  "429 with the request": (said) => httpAnswer(said, { status: "429 No", headers: TEXT_HEADERS }),
  "500 with its headers": (said) =>
    httpAnswer(JSON.stringify(refusal(said)), { status: "500 No", headers: JSON_HEADERS }),
  "400 as Hrana says it": (said) =>
    httpAnswer(JSON.stringify(refusal(said)), { status: "400 No", headers: JSON_HEADERS }),
  "a status of the request's words": (said) => httpAnswer("", { status: `418 ${said.replace(/\s+/g, " ")}` }),
  "an error of a statement": (said, count) =>
    httpAnswer(results(count, { type: "error", error: refusal(said) })),
  "a value that is none": (said, count) =>
    httpAnswer(results(count, { type: "ok", response: wrongInteger(said) })),
  "what is no JSON": (said) => httpAnswer(said),
  "what is no HTTP": (said) => said,
  "a header that is none": (said) => `HTTP/1.1 200 OK\r\n${said.replace(/\s+/g, " ")}\x01\r\n\r\n`,
  "the end": () => "",
};

/** As {@link HTTP_ECHOES}, over WebSocket: to the greeting, or to the request after it. */
export const WS_ECHOES: Readonly<
  Record<string, (said: string, requestId: number | undefined) => Buffer | string>
> = {
  "a refused greeting": (said) => message({ type: "hello_error", error: refusal(said) }),
  "an error of a statement": (said, id) =>
    id === undefined ? welcome : message({ type: "response_error", request_id: id, error: refusal(said) }),
  "a value that is none": (said, id) =>
    id === undefined
      ? welcome
      : message({ type: "response_ok", request_id: id, response: wrongInteger(said) }),
  "what is no JSON": (said) => frame(TEXT, said),
  "a reason to close": (said) =>
    frame(CLOSE, Buffer.concat([Buffer.from([3, 0xf0]), Buffer.from(said.slice(0, 120))])),
  "what is no frame": (said) => said,
  "the end": () => "",
};

const message = (value: object): Buffer => frame(TEXT, JSON.stringify(value));
const welcome = message({ type: "hello_ok" });

/** A server that knows its clients' tokens, and repeats them. */
export function echoingServer(
  http: HttpEcho,
  ws: (said: string, requestId: number | undefined) => Buffer | string,
): Promise<RawServer> {
  return rawServer((socket) => {
    onRequest(socket, (head, body) => {
      if (!/^upgrade: websocket/im.test(head)) {
        const { requests = [] } = (body === "" ? {} : JSON.parse(body)) as { requests?: unknown[] };
        return answer(socket, http(head + body, requests.length));
      }
      socket.removeAllListeners("data");
      socket.write(upgradeAnswer(head));
      let jwt = "";
      readFrames(socket, (text) => {
        const heard = JSON.parse(text) as { jwt?: string; request_id?: number };
        jwt = heard.jwt ?? jwt;
        answer(socket, ws(`${jwt} was heard in ${text}`, heard.request_id));
      });
    });
  });
}

function answer(socket: Socket, what: Buffer | string): void {
  if (what.length === 0) socket.end();
  else if (!socket.writableEnded) socket.write(what);
}
