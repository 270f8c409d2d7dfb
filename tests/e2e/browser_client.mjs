// The browser client in Node, for tests: says what it hears, one JSON object a line, and does what it is told by lines.
// Arguments: the folder that it was built into, the address of the API, a token, the id of its user.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, httpUrl, idToken, user] = process.argv.slice(2);
const { Client, browser } = await import(pathToFileURL(`${folder}/index.js`).href);
const { collaboration } = await import(pathToFileURL(`${folder}/collaboration/index.js`).href);

const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const nothing = () => undefined;
const page = { visible: true, touched: nothing, left: nothing };
let gets = 0;
let socket;

const client = new Client({
  httpUrl,
  user,
  token: async () => idToken,
  environment: {
    ...browser(),
    fetch: (url, request) => {
      if (request.method === "GET") gets += 1;
      return fetch(url, request);
    },
    socket: (url) => (socket = new WebSocket(url)),
    visible: () => page.visible,
    online: () => true,
    onWake: () => nothing,
    onLeave: (left) => ((page.left = left), nothing),
    onTouch: (touched) => ((page.touched = touched), nothing),
    session: { getItem: () => null, setItem: nothing, removeItem: nothing },
    lock: undefined,
    report: (error) => say({ failed: String(error) }),
  },
});

const list = (signal) => client.rest.list("escrow", { limit: 200 }, signal);
client.onState(({ status, reason }) => say({ status, reason }));
client.onRecovered(({ missed, reset }) => say({ missed, reset }));
client.on("escrow:*", ({ type, data }) => {
  if ("escrowId" in data) say({ event: type, record: client.record("escrow", data.escrowId) ?? null, gets });
});
client.use({ noun: "escrow", load: list });
await client.load("escrow", () => list());
client.connect();

/** Says who is there, now and whenever that changes. */
function follow(presence) {
  const tell = () => say({ people: Object.fromEntries(presence.snapshot().items.map(({ id, status }) => [id, status])) });
  presence.subscribe(tell);
  tell();
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "cut") socket.close(); // the client did not ask for it
  if (line === "together") follow(collaboration(client).presence);
  if (line === "hide" || line === "show") {
    page.visible = line === "show";
    if (page.visible) page.touched();
    else page.left();
  }
  if (line === "ping") say({ pong: Object.keys((await client.request("ping")).rooms) });
}
client.disconnect();
