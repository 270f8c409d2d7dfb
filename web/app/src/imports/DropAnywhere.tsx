// A file that is dropped anywhere is imported, but where something else takes files: such a place has handled the event by then.

import Box from "@mui/material/Box";
import { useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { MODULES } from "../modules/modules";
import { useSpoken } from "../ui/Announcer";
import { part } from "../ui/part";
import { offer, useOffered } from "./offered";

const ImportDialog = part(() => import("./ImportDialog"));

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;
/** What is open over the page is to be finished first. */
const isBusy = (): boolean => document.querySelector("[role=dialog]") !== null;

export function DropAnywhere() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const module = MODULES.find((each) => path === `/${each.path}`);
  const noun = module?.noun;
  const [over, setOver] = useState<number>(); // how many files
  const offered = useOffered();
  const several = over !== undefined && over > 1;
  const title = several ? "One file at a time" : `Drop to import ${module ? module.label.toLowerCase() : "this file"}`;
  useSpoken(over === undefined ? undefined : title);

  useEffect(() => () => offer(undefined), []);
  useEffect(() => {
    let isOwn = false; // such as a picture of the page
    const begun = () => (isOwn = true);
    const ended = () => (isOwn = false);
    function moved(event: DragEvent): void {
      if (!hasFiles(event) || isOwn) return;
      const isTaken = event.defaultPrevented || isBusy();
      setOver(isTaken ? undefined : (event.dataTransfer?.items.length ?? 1));
      event.preventDefault(); // the browser would open it
      if (isTaken && isBusy() && event.dataTransfer) event.dataTransfer.dropEffect = "none";
    }
    function left(event: DragEvent): void {
      if (event.relatedTarget === null) setOver(undefined);
    }
    function dropped(event: DragEvent): void {
      setOver(undefined);
      if (!hasFiles(event) || isOwn || event.defaultPrevented) return;
      event.preventDefault();
      const [file, ...others] = event.dataTransfer?.files ?? [];
      if (file && others.length === 0 && !isBusy()) offer({ file, noun });
    }
    const listeners = { dragstart: begun, dragend: ended, dragenter: moved, dragover: moved, dragleave: left, drop: dropped };
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener as EventListener);
    };
  }, [noun]);

  return (
    <>
      {over !== undefined && (
        <Box
          data-drop
          aria-hidden
          sx={{
            position: "fixed",
            inset: 0,
            zIndex: 1250,
            p: { xs: 1, sm: 2 },
            pointerEvents: "none",
            bgcolor: "color-mix(in srgb, var(--mui-palette-background-default) 80%, transparent)",
          }}
        >
          <Box
            sx={{
              height: 1,
              display: "grid",
              alignContent: "center",
              justifyItems: "center",
              gap: 1,
              p: 3,
              textAlign: "center",
              border: "2px dashed",
              borderColor: "primary.main",
              borderRadius: "10px",
            }}
          >
            <Box sx={{ typography: "h2", color: "primary.main" }}>{title}</Box>
            <Box sx={{ color: "text.secondary" }}>
              {several
                ? "Each file is looked at by itself: drop one, then the next."
                : `You ${module ? "" : "say what its rows are, "}see what each column becomes, and nothing is written before you say so.`}
            </Box>
          </Box>
        </Box>
      )}
      <Suspense>{offered && <ImportDialog offered={offered} close={() => offer(undefined)} />}</Suspense>
    </>
  );
}
