// Where files are dropped, or chosen with a button. Whatever is in it stays usable.

import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Upload as UploadIcon } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { HIDDEN } from "../ui/hidden";

interface AreaProps {
  disabled: boolean;
  hint: string; // while files are over it
  take: (files: readonly File[]) => void;
  children: ReactNode;
}

export function DropArea({ disabled, hint, take, children }: AreaProps) {
  const [over, setOver] = useState(false);
  const depth = useRef(0); // of what the pointer has entered: leaving a child is no leaving
  if (disabled) return children;

  const has = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes("Files");
  function entered(event: DragEvent): void {
    if (!has(event)) return;
    event.preventDefault();
    depth.current += 1;
    setOver(true);
  }
  function left(event: DragEvent): void {
    if (!has(event)) return;
    depth.current -= 1;
    if (depth.current === 0) setOver(false);
  }
  function dropped(event: DragEvent): void {
    if (!has(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    take([...event.dataTransfer.files]);
  }

  return (
    <Box
      onDragEnter={entered}
      onDragOver={(event) => has(event) && event.preventDefault()}
      onDragLeave={left}
      onDrop={dropped}
      sx={{ position: "relative" }}
    >
      {children}
      {over && (
        <Box
          aria-hidden
          sx={{
            position: "absolute",
            inset: -8,
            display: "grid",
            placeItems: "center",
            typography: "body1",
            fontWeight: 500,
            color: "primary.main",
            border: "2px dashed",
            borderColor: "primary.main",
            borderRadius: "6px",
            bgcolor: "color-mix(in srgb, var(--mui-palette-primary-main) 8%, var(--mui-palette-background-paper))",
            pointerEvents: "none",
          }}
        >
          {hint}
        </Box>
      )}
    </Box>
  );
}

interface ChooseProps {
  label: string;
  accept?: string;
  take: (files: readonly File[]) => void;
}

export function ChooseFiles({ label, accept, take }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button startIcon={<UploadIcon size={16} aria-hidden />} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <Box
        component="input"
        ref={input}
        type="file"
        multiple
        accept={accept}
        tabIndex={-1}
        aria-hidden
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => {
          take([...(event.target.files ?? [])]);
          event.target.value = ""; // the same one may be chosen again
        }}
        sx={HIDDEN}
      />
    </>
  );
}
