// A Socket.IO server with one room. Each line on standard input is a commit: it is sent to the room, and the moment
// is told on standard output. Ends with its standard input. Usage: node socket_io_server.mjs [recovery]
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const ROOM = "team:north";
const recovery = process.argv[2] === "recovery" ? { connectionStateRecovery: {} } : {};
const http = createServer();
const io = new Server(http, recovery);
const tell = (news) => process.stdout.write(JSON.stringify(news) + "\n");

io.on("connection", (socket) => {
  if (!socket.recovered) socket.join(ROOM);
});
http.listen(0, "127.0.0.1", 2_048, () => tell({ port: http.address().port }));

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const commit = JSON.parse(line);
    const at = Number(process.hrtime.bigint());
    io.to(ROOM).emit("commit", commit);
    tell({ sent: commit.seq, at });
  })
  .on("close", () => process.exit());
