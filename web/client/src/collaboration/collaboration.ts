/** Working together: who is there, who looks at what, who edits what, what one is notified of. Built on a client. */

import type { Client } from "../client.js";
import { Attendance } from "./attendance.js";
import { LiveList } from "./live-list.js";
import { Locks } from "./locks.js";
import { NotificationList } from "./notifications.js";
import { Preferences } from "./preferences.js";
import { ServerClock } from "./server-clock.js";
import { SystemNews } from "./system.js";
import { Views } from "./views.js";
import type { Presence } from "./wire.js";

export class Collaboration {
  readonly time: ServerClock;
  readonly attendance: Attendance;
  readonly presence: LiveList<Presence>;
  readonly locks: Locks;
  readonly views: Views;
  readonly notifications: NotificationList;
  readonly preferences: Preferences;
  readonly system: SystemNews;

  constructor(client: Client) {
    const time = (this.time = new ServerClock(client));
    const attendance = (this.attendance = new Attendance(client, time));
    this.presence = new LiveList<Presence>(client, time, { noun: "presence", path: "presence" });
    this.locks = new Locks(client, time, attendance);
    this.views = new Views(client, time, attendance);
    this.preferences = new Preferences(client);
    this.notifications = new NotificationList(client, time, this.preferences);
    this.system = new SystemNews(client, time);
    let isAtWork = false;
    const follow = (): void => {
      const { status, code } = client.state;
      const was = isAtWork;
      isAtWork = status !== "disconnected" || code !== undefined; // it was not told to disconnect
      if (isAtWork) attendance.start();
      else if (was) {
        this.locks.stop();
        attendance.stop();
      }
    };
    client.onState(follow);
    follow();
  }
}

const known = new WeakMap<Client, Collaboration>();

/** Of a client; always the same. From then on the server is told that its person is there. */
export function collaboration(client: Client): Collaboration {
  let found = known.get(client);
  if (!found) known.set(client, (found = new Collaboration(client)));
  return found;
}
