import { Suspense } from "react";
import type { Module } from "../modules/modules";
import { part } from "../ui/part";
import { useOthers } from "./ViewersContext";

const ViewerAvatars = part(() => import("./ViewerAvatars"));

/** Who else looks at the record. */
export function Viewers({ module }: { module: Module }) {
  const others = useOthers();
  return <Suspense>{others.length > 0 && <ViewerAvatars module={module} others={others} />}</Suspense>;
}
