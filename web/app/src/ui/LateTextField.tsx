// A text field beside what a page is opened for: no first page waits for it.

import Box from "@mui/material/Box";
import type { TextFieldProps } from "@mui/material/TextField";
import { Suspense } from "react";
import { part } from "./part";

const TextField = part(() => import("@mui/material/TextField"));

export function LateTextField(props: TextFieldProps) {
  return (
    <Suspense fallback={<Box sx={{ width: 148, height: 36 }} />}>
      <TextField {...props} />
    </Suspense>
  );
}
