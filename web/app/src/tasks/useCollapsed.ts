import { useState } from "react";

const NAME = "openhouse-tray";

/** Whether the tray is closed but for its head, as somebody has left it in this browser. */
export function useCollapsed(): [isCollapsed: boolean, put: (isCollapsed: boolean) => void] {
  const [isCollapsed, setCollapsed] = useState(read);
  return [
    isCollapsed,
    (next) => {
      setCollapsed(next);
      try {
        localStorage.setItem(NAME, next ? "collapsed" : "");
      } catch {
        // for this visit then
      }
    },
  ];
}

function read(): boolean {
  try {
    return localStorage.getItem(NAME) === "collapsed";
  } catch {
    return false;
  }
}
