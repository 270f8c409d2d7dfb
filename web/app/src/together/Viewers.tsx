import { lazy, Suspense } from "react";
import type { Module } from "../modules/modules";
import { useOthers } from "./ViewersContext";

const ViewerAvatars = lazy(() => import("./ViewerAvatars"));

/** Who else looks at the record. */
export function Viewers({ module }: { module: Module }) {
  const others = useOthers();
  return <Suspense>{others.length > 0 && <ViewerAvatars module={module} others={others} />}</Suspense>;
}
