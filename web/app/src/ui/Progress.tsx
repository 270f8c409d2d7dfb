import type { CSSProperties } from "react";

/** How much is done, as a bar and in figures. */
export function Progress({ done, of, label, width = 64 }: { done: number; of: number; label: string; width?: number | string }) {
  if (of === 0) return null;
  const size = { "--size": typeof width === "number" ? `${width}px` : width } as CSSProperties;
  return (
    <span className="progress">
      <span
        role="progressbar"
        aria-label={label}
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuetext={`${done} of ${of} done`}
        style={size}
      >
        <span style={{ width: `${Math.round((done / of) * 100)}%` }} />
      </span>
      <span aria-hidden>
        {done}/{of}
      </span>
    </span>
  );
}
