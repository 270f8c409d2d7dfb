// A page and a server, as far as the README's first example asks for them. Prints what the page shows in the end.
const POSITION = { epoch: "e", seq: 0 };
const escrow = { id: "1", version: 1, room: "team:north", city: "Davis", status: "opened" };
const later = (call, milliseconds = 0) => setTimeout(call, milliseconds);
const data = { escrowId: "1", version: 2, updatedBy: "ava", changes: { status: "closed", version: 2 } };
const commit = { room: "team:north", epoch: "e", seq: 1, id: "c", at: "2026-03-02T12:00:00.000Z", by: "ava" };
const commits = [{ ...commit, events: [{ type: "escrow:closed", data }] }];

const answers = {
  "/config.json": { httpUrl: "http://api" },
  "http://api/escrows?limit=50": { items: [escrow], positions: { "team:north": POSITION } },
  "http://api/realtime/tickets": {
    url: "ws://api/live?ticket=t",
    ticket: "t",
    expiresAt: "2026-03-02T12:00:30.000Z",
    sessionExpiresAt: "2026-03-02T13:00:00.000Z",
    pingSeconds: 240,
  },
};

class FakeWebSocket {
  constructor() {
    later(() => this.onopen());
  }

  send(text) {
    const { id, positions = {} } = JSON.parse(text);
    const reset = !("team:north" in positions);
    const reply = { reply: id, ok: true, rooms: { "team:north": { ...POSITION, reset } }, more: false };
    later(() => this.onmessage({ data: JSON.stringify(reply) }));
    later(() => this.onmessage({ data: JSON.stringify({ commits }) }), 100);
  }

  close() {}
}

Object.assign(globalThis, {
  document: Object.assign(new EventTarget(), { body: { innerText: "" }, visibilityState: "visible" }),
  window: new EventTarget(),
  sessionStorage: { getItem: () => "token" },
  WebSocket: FakeWebSocket,
  fetch: async (url) => Response.json(answers[url]),
});

const end = Date.now() + 20_000;
setInterval(() => {
  if (!document.body.innerText.includes("closed") && Date.now() < end) return;
  process.stdout.write(document.body.innerText);
  process.exit();
}, 50);
