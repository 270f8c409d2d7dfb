// Opens sockets of either kind and tells when each of them had each commit. A JSON document a line:
// in:  {"open": "ours", "urls": [...]} or {"open": "socket.io", "urls": [...], "options": {}}, then {"report": true}
// out: {"opened": kind}; {"kind", "seq", "times": [ns]} once all sockets have a commit; {"seqs": {kind: [[seq]]}}
import { createInterface } from "node:readline";
import { io } from "socket.io-client";
import WebSocket from "ws";

const SIDE_BY_SIDE = 50; // sockets that open at the same time
const seqs = {}; // by kind: what each socket has had
const times = {}; // by kind and seq
const tell = (news) => process.stdout.write(JSON.stringify(news) + "\n");

function had(kind, socket, seq) {
  const now = Number(process.hrtime.bigint());
  seqs[kind][socket].push(seq);
  const all = ((times[kind] ??= {})[seq] ??= []);
  all.push(now);
  if (all.length === seqs[kind].length) {
    tell({ kind, seq, times: all });
    delete times[kind][seq];
  }
}

const kinds = {
  ours: (kind, number, url) =>
    new Promise((opened, failed) => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      socket.on("open", () => socket.send('{"action":"sync","id":"1","positions":{}}'));
      socket.on("message", (data) => {
        const frame = JSON.parse(data);
        if (frame.reply) return frame.ok ? opened() : failed(new Error(JSON.stringify(frame)));
        for (const commit of frame.commits) had(kind, number, commit.seq);
      });
      socket.on("error", failed);
    }),
  "socket.io": (kind, number, url, options) =>
    new Promise((opened) => {
      const socket = io(url, { forceNew: true, ...options });
      socket.on("commit", (commit) => had(kind, number, commit.seq));
      socket.on("connect", opened);
    }),
};

async function open({ open: kind, as: name = kind, urls, options = {} }) {
  seqs[name] = urls.map(() => []);
  for (let start = 0; start < urls.length; start += SIDE_BY_SIDE) {
    const some = urls.slice(start, start + SIDE_BY_SIDE);
    await Promise.all(some.map((url, place) => kinds[kind](name, start + place, url, options)));
  }
  tell({ opened: name });
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line);
    if (order.open) open(order);
    else tell({ seqs });
  })
  .on("close", () => process.exit());
