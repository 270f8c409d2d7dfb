// At the bottom right: what the server works on for this person, what waits for them, and what has ended since they looked. It is
// the same after a reload and on every device; what has gone well goes by itself, in all tabs.

import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { useTasks } from "@openhouse/client/react/tasks";
import { ChevronDown, ChevronUp, ListTodo } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useSpeak } from "../ui/Announcer";
import { Going } from "./Going";
import { Reviewed } from "./Reviewed";
import { lookOf, titleOf } from "./looks";
import { TaskLine } from "./TaskLine";
import { inTray, type Known, LASTS, newsOf, type Shown, statusesOf, summaryOf } from "./tray";
import { useCollapsed } from "./useCollapsed";
import { useHeight } from "./useHeight";

const BOTTOM = 60; // of the bar with the places, on a phone

/** `path`: of the page that somebody is at. What waits for them on that needs no line. */
export function TaskTray({ path }: { path?: string }) {
  const { items, isPending, look } = useTasks();
  const [reviewed, setReviewed] = useState<string>();
  const [isCollapsed, setCollapsed] = useCollapsed();
  const list = useId();
  const head = useRef<HTMLButtonElement>(null);
  const lines = useRef(new Map<string, HTMLElement>());
  const isHovered = useRef(false);
  const hasReviewed = useRef(false);
  const shown = inTray(items).filter((task) => task.status !== "proposed" || path === undefined || lookOf(task.kind).page?.(task) !== path);
  const measured = useHeight("--tray");
  useSpokenNews(items, isPending);

  useEffect(() => {
    // What the dialog would give the focus back to may be gone by what was decided.
    if (reviewed === undefined && document.activeElement === document.body && hasReviewed.current) head.current?.focus();
    hasReviewed.current = reviewed !== undefined;
  }, [reviewed]);

  const isEmpty = shown.length === 0;
  useEffect(() => {
    if (isEmpty) isHovered.current = false; // what goes from under a pointer tells nobody that it is left
  }, [isEmpty]);

  /** What goes would move the others from under a pointer, wherever in the tray that is. */
  const isHeld = (id: string): boolean => isHovered.current || lines.current.get(id)?.contains(document.activeElement) === true;

  /** Whoever was in its line goes on with what is left. */
  function close(id: string): void {
    if (shown.length > 1) head.current?.focus();
    else document.querySelector<HTMLElement>("#content")?.focus({ preventScroll: true });
    look([id]);
  }

  return (
    <>
      {shown.length > 0 && (
        <Box
          component="section"
          aria-label="Tasks"
          ref={measured}
          onPointerEnter={({ pointerType }) => (isHovered.current = pointerType === "mouse")}
          onPointerLeave={() => (isHovered.current = false)}
          sx={{
            position: "fixed",
            zIndex: 1100, // over the page, below drawers
            right: { xs: 8, md: 16 },
            bottom: { xs: BOTTOM + 8, md: 16 },
            width: isCollapsed ? "auto" : { xs: "calc(100vw - 16px)", sm: 380 },
            maxWidth: "calc(100vw - 16px)",
            maxHeight: { xs: "45dvh", md: "60dvh" },
            display: "flex",
            flexDirection: "column",
            bgcolor: "background.paper",
            border: 1,
            borderColor: "divider",
            borderRadius: "10px",
            boxShadow: 3,
            overflow: "hidden",
          }}
        >
          <ButtonBase
            ref={head}
            onClick={() => setCollapsed(!isCollapsed)}
            aria-expanded={!isCollapsed}
            aria-controls={isCollapsed ? undefined : list}
            sx={{ flex: "none", display: "flex", gap: 1, px: 2, minHeight: 44, textAlign: "left", borderRadius: "10px", "&:focus-visible": { outlineOffset: -2 } }}
          >
            <ListTodo size={16} aria-hidden />
            <Box component="span" sx={{ fontWeight: 600 }}>
              Tasks
            </Box>
            <Box component="span" sx={{ flex: 1, typography: "body2", color: "text.secondary" }}>
              {summaryOf(shown)}
            </Box>
            {isCollapsed ? <ChevronUp size={16} aria-hidden /> : <ChevronDown size={16} aria-hidden />}
          </ButtonBase>
          {!isCollapsed && (
            <Box component="ul" id={list} aria-label="Tasks" tabIndex={-1} sx={{ m: 0, p: 0, listStyle: "none", overflowY: "auto" }}>
              {shown.map((task) => (
                <TaskLine
                  key={task.id}
                  task={task}
                  review={() => setReviewed(task.id)}
                  close={() => close(task.id)}
                  line={(element) => {
                    if (element) lines.current.set(task.id, element);
                    return () => void lines.current.delete(task.id);
                  }}
                />
              ))}
            </Box>
          )}
        </Box>
      )}
      {shown.map((task) => {
        const lasts = lookOf(task.kind).stays(task) ? Infinity : LASTS[task.status];
        return lasts < Infinity && <Going key={task.id} lasts={lasts} isHeld={() => isHeld(task.id)} go={() => look([task.id])} />;
      })}
      <Reviewed task={items.find(({ id }) => id === reviewed)} close={() => setReviewed(undefined)} />
    </>
  );
}

/** What had begun or ended before this page was opened is no news in it. */
function useSpokenNews(items: readonly Shown[], isPending: boolean): void {
  const speak = useSpeak();
  const known = useRef<Known>(undefined);
  useEffect(() => {
    if (isPending) return;
    const text = known.current ? newsOf(items, known.current, titleOf) : "";
    known.current = statusesOf(items);
    if (text) speak(text);
  }, [items, isPending, speak]);
}
