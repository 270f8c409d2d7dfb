// The browser's own notifications: whether this browser may show them, and one of them.

export type Permission = NotificationPermission | "unsupported";

export interface Notice {
  readonly id: string; // shown once, however many tabs say so
  readonly title: string;
  readonly text: string;
  readonly path: string; // where a click leads
}

export function permission(): Permission {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/** Asks the person, once: who has answered is not asked again. */
export async function askPermission(): Promise<Permission> {
  return permission() === "default" ? Notification.requestPermission() : permission();
}

/** Shows it. Returns how to take it back, as when it is read elsewhere. */
export function showNotice({ id, title, text, path }: Notice, go: (path: string) => void): () => void {
  try {
    const shown = new Notification(title, { body: text, tag: id });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
      go(path);
    });
    return () => shown.close();
  } catch {
    void showByWorker({ id, title, text, path }); // phones have no other way
    return () => void takeBack(id);
  }
}

async function showByWorker({ id, title, text, path }: Notice): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.showNotification(title, { body: text, tag: id, data: { path } });
}

async function takeBack(id: string): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications({ tag: id })) ?? []) shown.close();
}

/** Hears where a click on one of the worker's leads. Returns how to stop. */
export function onWorkerClick(go: (path: string) => void): () => void {
  const { serviceWorker } = navigator;
  const hear = ({ data }: MessageEvent): void => {
    const { open } = (data ?? {}) as { open?: unknown };
    if (typeof open === "string") go(open);
  };
  serviceWorker?.addEventListener("message", hear);
  return () => serviceWorker?.removeEventListener("message", hear);
}
